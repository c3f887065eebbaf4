"""A document that stands on more than its page: its listing gave some of it, or its page leads to the rest.

A page may frame its statement, or offer it as a file beside a sentence or two. Such a part is fetched from
the publisher's own site, in an exchange of its own, and its text is text of the document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from servanda.compliance.document_doubts import DocumentFacts
from servanda.compliance.prefilter import Prefilter
from servanda.compliance.prose import what_hides_words
from servanda.instruments.routes import Route, Source
from servanda.jobs.documents.archiving import archive_exchange
from servanda.jobs.documents.failures import failure_of
from servanda.jobs.documents.intake import DocumentIntake
from servanda.models.documents.given_texts import LISTING, given_texts, record_given_text
from servanda.models.polls import polls
from servanda.models.polls.polls import ExchangeRecord
from servanda.scrapers.documents.extract import BesidePage
from servanda.scrapers.exchange import Exchange, Recording
from servanda.scrapers.platforms.wordpress_rows import is_rest_answer
from servanda.scrapers.redirects import is_same_site
from servanda.scrapers.route_reading import Article


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """One part that was read: where it stands, its text, and the exchange that brought it."""

    url: str
    text: str
    placed: ExchangeRecord


@dataclass(frozen=True, slots=True)
class WholeDocument:
    """A document with its parts; ``beside`` is all of its text that does not stand on its page."""

    article: Article
    parts: tuple[DocumentPart, ...]
    beside: BesidePage


def read_whole_document(
    intake: DocumentIntake,
    source: Source,
    route: Route,
    document: int,
    exchange: Exchange,
    title: str,
    scan: Prefilter | None,
    address: str,
) -> WholeDocument:
    """The document in a response, with what its listing gave and the parts that its page leads to.

    ``address``: its own, by which it is found where the response is a list.
    Raises what reading the page raises. A part that cannot be read stays out; the document is doubtful then.
    """
    with intake.ledger.reading() as (db, _):
        given = given_texts(db, document).get(LISTING)
    beside = BesidePage((given,) if given else ())
    article = intake.reader.read(exchange, source, route, title, scan, beside, address)
    parts = _read_parts(intake, source, route, document, _page_url(exchange, address), article.facts.parts)
    if parts:
        texts = (*beside.texts, *(part.text for part in parts))
        beside = BesidePage(texts, frozenset(part.url for part in parts))
        article = intake.reader.read(exchange, source, route, title, scan, beside, address)
    return WholeDocument(article, parts, beside)


def _page_url(exchange: Exchange, address: str) -> str:
    return address if is_rest_answer(exchange) else exchange.final_url


def record_parts(
    db: Connection, poll: int, document: int, parts: Sequence[DocumentPart], now: datetime
) -> None:
    """Keep the parts of a document, each with its exchange."""
    for part in parts:
        exchange = polls.record_exchange(db, poll, document, part.placed)
        record_given_text(db, document, part.url, part.text, now, exchange=exchange)


def text_beside(db: Connection, document: int) -> BesidePage:
    """What of a document's text was kept that does not stand on its page."""
    given = given_texts(db, document)
    return BesidePage(tuple(given.values()), frozenset(given) - {LISTING})


def _read_parts(
    intake: DocumentIntake, source: Source, route: Route, document: int, page_url: str, urls: Sequence[str]
) -> tuple[DocumentPart, ...]:
    """Those of the addresses, on the publisher's own site, that could be read whole."""
    read = (_read(intake, source, route, document, url) for url in urls if is_same_site(url, page_url))
    return tuple(part for part in read if part is not None)


def _read(
    intake: DocumentIntake, source: Source, route: Route, document: int, url: str
) -> DocumentPart | None:
    bare = route.model_copy(update={"content": None})
    try:
        fetch = intake.fetcher.session(Recording())
        exchange = fetch(url, pause_seconds=route.pause.total_seconds())
        article = intake.reader.read(exchange, source, bare, "", None, BesidePage())
    except Exception as error:
        failure_of(error, url)
        return None
    if not article.text or not _is_whole(article.facts):
        return None
    placed = archive_exchange(intake.ledger, intake.reader.archive, exchange, document)
    return DocumentPart(url, article.text, placed)


def _is_whole(facts: DocumentFacts) -> bool:
    return not facts.missing and facts.cut is None and what_hides_words(facts.prose) is None
