"""One look at a document that was read before: what it says now. Nothing of it is recorded here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from servanda.compliance.prefilter import Prefilter
from servanda.instruments.routes import Route, Source
from servanda.jobs.documents.archiving import archive_exchange
from servanda.jobs.documents.failures import failure_of
from servanda.jobs.documents.fetching import GONE_KINDS
from servanda.jobs.documents.intake import DocumentIntake
from servanda.jobs.documents.listed_rows import row_address
from servanda.jobs.documents.parts import DocumentPart, WholeDocument, read_whole_document
from servanda.models.documents import recheck_queue as reread
from servanda.models.documents.observations import archived_response
from servanda.models.documents.recheck_queue import RecheckQueueEntry
from servanda.models.polls.polls import ExchangeRecord, Failure
from servanda.scrapers.exchange import (
    Recording,
    Validators,
)
from servanda.scrapers.platforms.item_checks import validators_of
from servanda.scrapers.platforms.wordpress_rows import fetch_row
from servanda.scrapers.route_reading import Article, Unchanged

NOTHING = Prefilter.of(())
"""To read what is kept for its digest alone."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a document gave, before it is recorded. ``at``: of its last answer, None for none.

    ``validators``: those of a new content, else those that there were.
    """

    document: RecheckQueueEntry
    route: Route
    got: Article | Unchanged | Failure
    parts: tuple[DocumentPart, ...]
    placed: tuple[ExchangeRecord, ...]
    at: datetime | None
    validators: Validators

    @property
    def gone(self) -> bool:
        return isinstance(self.got, Failure) and self.got.kind in GONE_KINDS


def look_at(intake: DocumentIntake, source: Source, route: Route, document: RecheckQueueEntry) -> Look:
    """Read a document again: everything that needs the network; nothing goes into SQL."""
    recording = Recording()
    found = _get(intake, source, route, document, recording)
    got, parts = (found.article, found.parts) if isinstance(found, WholeDocument) else (found, ())
    placed = tuple(
        archive_exchange(intake.ledger, intake.reader.archive, exchange, document.document)
        for exchange in recording.exchanges
    )
    last = recording.exchanges[-1] if placed else None
    new = isinstance(got, Article) and last is not None
    validators = validators_of(last) if new and last else Validators(document.etag, document.last_modified)
    if parts:
        validators = Validators()
    return Look(document, route, got, parts, placed, last.at if last else None, validators)


def _get(
    intake: DocumentIntake, source: Source, route: Route, document: RecheckQueueEntry, recording: Recording
) -> WholeDocument | Unchanged | Failure:
    """What a document says now, Unchanged where it is what it was, or why it cannot be read.

    All of it is drawn where anything rests on it, so that an edit can be told.
    """
    fetch = intake.fetcher.session(recording)
    title = "" if route.dated_by_document else document.title
    with intake.ledger.reading() as (db, _):
        scan = None if reread.windows_of(db, document.document) else intake.reader.scan
        row = row_address(source, document.url, archived_response(db, document.version).url)
    route = row[0] if row is not None else route
    try:
        pause = route.pause.total_seconds()
        if row is not None:
            exchange = fetch_row(fetch, route, row[1], document.url)
        else:
            address = route.address_of(document.url, document.published)
            exchange = fetch(address, pause_seconds=pause, validators=_validators(document, title))
        if exchange.status == 304:
            return Unchanged()
        whole = read_whole_document(
            intake, source, route, document.document, exchange, title, scan, document.url
        )
    except Exception as error:
        return failure_of(error, document.url)
    if _is_same(intake, source, route, document, whole, title):
        return replace(whole, article=replace(whole.article, digest=document.digest))
    return whole


def _validators(document: RecheckQueueEntry, title: str) -> Validators | None:
    """None where a listing gives it another title now: an answer "unchanged" would hide that."""
    if title and title != document.version_title:
        return None
    return Validators(document.etag, document.last_modified)


def _is_same(
    intake: DocumentIntake,
    source: Source,
    route: Route,
    document: RecheckQueueEntry,
    whole: WholeDocument,
    title: str,
) -> bool:
    """Whether a content is that of before, although its digest is another.

    It is where the kept bytes, read as the new ones were, have the new digest too: then it is we who read
    otherwise, by another route, selector or release, and nothing was edited.
    """
    if whole.article.digest == document.digest:
        return True
    if title and title != document.version_title:
        return False
    with intake.ledger.reading() as (db, _):
        kept = archived_response(db, document.version)
    try:
        before = intake.reader.read_archived(kept, source, route, title, NOTHING, whole.beside, document.url)
    except Exception as error:
        failure_of(error, f"what was kept of {document.url}")
        return False
    return before.digest == whole.article.digest
