"""Read the documents behind listed items, those that failed before included."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from compliance.publication import Published
from instruments.routes import Source
from jobs.archiving import place
from jobs.progress import OnStep
from jobs.wiring import Wiring
from models import documents, polls, unread
from models.unread import Unread
from scrapers.exchange import Recording, ScrapeError, Unrecognised
from scrapers.extract import read_article
from scrapers.reading import Article, Item

log = logging.getLogger(__name__)

FIRST_RETRY = timedelta(hours=1)
LONGEST_RETRY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ArticlesOutcome:
    """How many documents were read, and how many still wait."""

    read: int
    unread: int


def read_articles(wiring: Wiring, source: Source, poll: int, on_step: OnStep) -> ArticlesOutcome:
    """Read every listed document that has no text yet, as far as its next try is due."""
    with wiring.store.reading() as db:
        waiting = unread.to_read(db, source.id)
    due = [document for document in waiting if is_due(document, wiring.now)]
    read = 0
    for n, document in enumerate(due):
        on_step(f"{source.id}: {document.title[:60]}", n, len(due))
        read += _read_one(wiring, source, poll, document)
    return ArticlesOutcome(read, len(waiting) - read)


def is_due(document: Unread, now: datetime) -> bool:
    """Whether to try again: after 1, 2, 4 … hours, at most a day."""
    if document.last_attempt_at is None:
        return True
    doubled = FIRST_RETRY * 2.0 ** min(document.attempts - 1, 10)
    return now >= document.last_attempt_at + min(LONGEST_RETRY, doubled)


def _read_one(wiring: Wiring, source: Source, poll: int, document: Unread) -> bool:
    recording = Recording()
    article = _fetch(wiring, source, document, recording)
    placed = [place(wiring, exchange) for exchange in recording.exchanges]
    with wiring.store.writing() as db:
        exchanges = [polls.record_exchange(db, poll, document.document, record) for record in placed]
        if article is None or not exchanges:
            return False
        published = _dated(db, source, document, article, wiring.now)
        version, _ = documents.record_version(db, document.document, article, published, wiring.now)
        documents.record_observation(
            db, document.document, version, exchanges[-1], "seen", recording.exchanges[-1].at
        )
    return True


def _dated(db: Connection, source: Source, document: Unread, article: Article, now: datetime) -> Published:
    """When the document was published. What it says itself is kept beside the listing that only found it."""
    said = article.published
    if said is None or not source.route(document.route).dated_by_document:
        return document.published
    item = Item(article.title, document.url, said, aliases=())
    documents.record_listings(db, document.poll, (document.document,), (item,), now)
    return said


def _fetch(wiring: Wiring, source: Source, document: Unread, recording: Recording) -> Article | None:
    """The article, or None where it cannot be read now; why stands in its exchanges and in the log.

    Where the route's items have stand-ins for title and time, the document must say both itself.
    """
    route = source.route(document.route)
    fetch = wiring.fetcher.session(recording)
    title = "" if route.dated_by_document else document.title
    try:
        address = route.address_of(document.url, document.published)
        exchange = fetch(address, pause_seconds=route.pause.total_seconds())
        article = read_article(exchange, route=route, source=source, item_title=title)
        if route.dated_by_document and (article.published is None or not article.title):
            raise Unrecognised("undated", f"{document.url} does not say when it was published, or its title")
        return article
    except ScrapeError as error:
        log.warning("%s could not be read: %s", document.url, error)
    except Exception:
        log.exception("reading %s broke", document.url)
    return None
