"""Documents whose text their listing gives whole: read from its kept answer, and asked for there again.

What proves that such a document was retrieved is that its title and text stand in one row, under its address.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from servanda.instruments.routes import Route, Source
from servanda.jobs.documents.document_reader import restore_exchange
from servanda.jobs.documents.intake import DocumentIntake
from servanda.models.archive.folder import ArchiveError
from servanda.models.captures.captures import Capture, answers_of_poll
from servanda.models.documents.observations import ArchivedResponse
from servanda.models.documents.reading_queue import ReadingQueueEntry
from servanda.scrapers.exchange import Exchange, ScrapeError
from servanda.scrapers.platforms.wordpress_queries import item_url
from servanda.scrapers.platforms.wordpress_rows import is_rest_answer, page_of_row


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A kept answer that holds a document's text: the exchange on record, and the same as it came."""

    capture: Capture
    exchange: Exchange


def find_listed_row(intake: DocumentIntake, route: Route, document: ReadingQueueEntry) -> ListedRow | None:
    """The answer by which a document was listed, if its text stands there; None where it does not."""
    if not route.gives_text:
        return None
    with intake.ledger.reading() as (db, _):
        kept = [one for one in answers_of_poll(db, document.poll) if one.url.startswith(route.url)]
    for one in kept:
        try:
            stored = intake.reader.archive.load(one.place, sha256=one.sha256)
            kept_as = ArchivedResponse(one.id, one.url, one.at, one.sha256, one.place)
            answer = restore_exchange(stored, kept_as)
            if is_rest_answer(answer):
                page_of_row(answer, document.url)
                return ListedRow(one, answer)
        except (ScrapeError, ArchiveError):
            continue
    return None


def row_address(source: Source, url: str, seen_at: str) -> tuple[Route, str] | None:
    """Where a document is asked for again whose text came from a list at ``seen_at``; None for a page's."""
    for route in source.routes:
        if route.gives_text and seen_at.startswith(route.url):
            slug = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
            return (route, item_url(route, slug)) if slug else None
    return None
