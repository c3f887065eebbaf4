"""Read the documents behind listed items, those that failed before included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from servanda.compliance.publication import PublicationTime
from servanda.instruments.catalogue import Catalogue
from servanda.instruments.routes import Route, Source
from servanda.jobs.bootstrap.progress import OnStep
from servanda.jobs.documents.archiving import archive_exchange, archive_new_exchange
from servanda.jobs.documents.checking import ListedAs, record_document_check
from servanda.jobs.documents.failures import failure_of
from servanda.jobs.documents.intake import DocumentIntake
from servanda.jobs.documents.listed_rows import ListedRow, find_listed_row
from servanda.jobs.documents.observations import record_gone, record_seen
from servanda.jobs.documents.parts import (
    DocumentPart,
    WholeDocument,
    read_whole_document,
    record_parts,
)
from servanda.jobs.documents.prefilter_marks import mark_unmatchable
from servanda.jobs.documents.recheck_schedule import schedule_next_recheck
from servanda.models.documents import documents, listings, quarantine
from servanda.models.documents import reading_queue as unread
from servanda.models.documents.reading_queue import ReadingQueueEntry
from servanda.models.polls import polls
from servanda.models.polls.polls import ExchangeRecord, Failure
from servanda.scrapers.exchange import Exchange, Recording, Unrecognised, Validators
from servanda.scrapers.platforms.item_checks import validators_of
from servanda.scrapers.route_reading import Article, Item

FIRST_RETRY = timedelta(hours=1)
LONGEST_RETRY = timedelta(days=1)

GONE_KINDS = frozenset({"http_404", "http_410", "not_found", "soft_404"})
"""The failures by which a publisher says that a document is not there."""

POISON = "poison_"
"""How the kinds of failure begin in which a document broke its reader."""

QUARANTINE_PERIOD = timedelta(days=7)
"""A document that broke its reader is left alone for so long."""


TOGETHER = 20
LONGEST_UNRECORDED = 5.0
"""Tries are recorded together: so many, or those of so many seconds. Their bytes are on disk before; a run
that is killed in between has lost requests, not facts."""


@dataclass(frozen=True, slots=True)
class _Gathered:
    """One try at a document, before it is recorded: without bodies, which lie in the archive.

    ``listed``: the list in which its text was found; then nothing was asked for.
    """

    document: ReadingQueueEntry
    route: Route
    got: Article | Failure
    parts: tuple[DocumentPart, ...]
    placed: tuple[ExchangeRecord, ...]
    validators: Validators
    listed: ListedRow | None = None


@dataclass(frozen=True, slots=True)
class FetchOutcome:
    """How many documents were read, and how many still wait."""

    read: int
    unread: int


def fetch_documents(intake: DocumentIntake, source: Source, poll: int, on_step: OnStep) -> FetchOutcome:
    """Read every listed document that has no text yet, as far as its next try is due.

    What is read is planned to be rechecked: ``restore_schedule`` comes before it.
    """
    with intake.ledger.reading() as (db, now):
        waiting = unread.documents_to_read(db, source.id)
    due = [document for document in waiting if is_due(document, now)]
    clock = intake.ledger.clock
    read, got, since = 0, [], clock.monotonic()
    try:
        for n, document in enumerate(due):
            on_step(f"{source.id}: {document.title[:60]}", n, len(due))
            got.append(_gather(intake, source, document))
            if len(got) == TOGETHER or clock.monotonic() - since >= LONGEST_UNRECORDED:
                kept, got, since = got, [], clock.monotonic()
                read += _record(intake, source, poll, kept)
    finally:
        read += _record(intake, source, poll, got)
    return FetchOutcome(read, len(waiting) - read)


def is_due(document: ReadingQueueEntry, now: datetime) -> bool:
    """Whether to try again: after 1, 2, 4 … hours, at most a day; later where it is held back."""
    if document.held_until is not None and now < document.held_until:
        return False
    if document.last_attempt_at is None:
        return True
    doubled = FIRST_RETRY * 2.0 ** min(document.attempts - 1, 10)
    return now >= document.last_attempt_at + min(LONGEST_RETRY, doubled)


def _gather(intake: DocumentIntake, source: Source, document: ReadingQueueEntry) -> _Gathered:
    """Everything that needs the network; the bytes go into the archive, and nothing into SQL."""
    recording = Recording()
    route = source.route(document.route)
    if (from_list := _read_listed(intake, source, route, document)) is not None:
        return from_list
    got = _get(intake, source, route, document, recording)
    placed = _archive(intake, document, recording.exchanges)
    validators = validators_of(recording.exchanges[-1]) if recording.exchanges else Validators()
    if isinstance(got, Failure):
        return _Gathered(document, route, got, (), placed, validators)
    validators = Validators() if got.parts else validators
    return _Gathered(document, route, got.article, got.parts, placed, validators)


def _read_listed(
    intake: DocumentIntake, source: Source, route: Route, document: ReadingQueueEntry
) -> _Gathered | None:
    """A document whose text its list gives; None where it gives none, and its page is to be read."""
    listed = find_listed_row(intake, route, document)
    if listed is None:
        return None
    title, scan = document.title, intake.reader.scan
    try:
        whole = read_whole_document(
            intake, source, route, document.document, listed.exchange, title, scan, document.url
        )
    except Exception as error:
        failure_of(error, document.url)
        return None
    return _Gathered(document, route, whole.article, whole.parts, (), Validators(), listed)


def _archive(
    intake: DocumentIntake, document: ReadingQueueEntry, exchanges: Sequence[Exchange]
) -> tuple[ExchangeRecord, ...]:
    archive = intake.reader.archive
    if not document.attempts:
        return tuple(archive_new_exchange(archive, exchange) for exchange in exchanges)
    return tuple(
        archive_exchange(intake.ledger, archive, exchange, document.document) for exchange in exchanges
    )


def _record(intake: DocumentIntake, source: Source, poll: int, gathered: Sequence[_Gathered]) -> int:
    """Keep what came of some tries, in one transaction; how many documents were read."""
    if not gathered:
        return 0
    with intake.ledger.writing() as (db, now):
        return sum(_record_one(db, now, intake, source, poll, one) for one in gathered)


def _record_one(
    db: Connection, now: datetime, intake: DocumentIntake, source: Source, poll: int, gathered: _Gathered
) -> bool:
    document, got = gathered.document.document, gathered.got
    exchanges = [polls.record_exchange(db, poll, document, record) for record in gathered.placed]
    if gathered.listed is not None:
        kept = gathered.listed.capture
        exchanges, at, answered = [kept.id], kept.at, gathered.document.url
    elif not exchanges:
        return False
    else:
        at, answered = gathered.placed[-1].at, gathered.placed[-1].url
    if isinstance(got, Failure):
        _note_failure(db, now, intake.catalogue, document, exchanges[-1], got, at)
        return False
    record_parts(db, poll, document, gathered.parts, now)
    published = _dated(db, gathered.route, gathered.document, got, now)
    version, _ = documents.record_version(db, document, got, published, now)
    if got.text is None:
        mark_unmatchable(db, version, intake.reader.scan_digest, now)
    title = got.title if gathered.route.dated_by_document else gathered.document.title
    listed = ListedAs(document, gathered.route, title, gathered.document.url, published)
    doubtful = record_document_check(db, version, got, listed, answered, now)
    is_first = not gathered.document.attempts
    noted = record_seen(db, intake.catalogue, document, version, exchanges[-1], at, now=now, first=is_first)
    schedule_next_recheck(
        db, source, gathered.route, document, published, noted, gathered.validators, doubtful=doubtful
    )
    return True


def _note_failure(
    db: Connection,
    now: datetime,
    catalogue: Catalogue,
    document: int,
    exchange: int,
    failure: Failure,
    at: datetime,
) -> None:
    """What a failed try says of a document: that it is gone, that it breaks its reader, or nothing."""
    if failure.kind in GONE_KINDS:
        record_gone(db, catalogue, document, exchange, at, now=now)
    elif failure.kind.startswith(POISON):
        quarantine_document(db, document, exchange, failure, now)


def quarantine_document(
    db: Connection, document: int, exchange: int, failure: Failure, now: datetime
) -> None:
    """Quarantine a document: its bytes are kept, and nobody reads it for a while."""
    quarantine.record_quarantine(db, document, exchange, failure.kind, failure.reason, now)
    unread.hold_document(db, document, now + QUARANTINE_PERIOD)


def _dated(
    db: Connection, route: Route, document: ReadingQueueEntry, article: Article, now: datetime
) -> PublicationTime:
    """When the document was published. What it says itself is kept beside the listing that only found it."""
    said = article.published
    if said is None or not route.dated_by_document:
        return document.published
    item = Item(article.title, document.url, said, aliases=())
    listings.record_listings(
        db, document.poll, (document.document,), (item,), now, route=document.route, by_document=True
    )
    return said


def _get(
    intake: DocumentIntake, source: Source, route: Route, document: ReadingQueueEntry, recording: Recording
) -> WholeDocument | Failure:
    """The document, or why it cannot be read now.

    Where the route's items have stand-ins for title and time, the document must say both itself.
    """
    fetch = intake.fetcher.session(recording)
    title = "" if route.dated_by_document else document.title
    try:
        address = route.address_of(document.url, document.published)
        exchange = fetch(address, pause_seconds=route.pause.total_seconds())
        whole = read_whole_document(
            intake, source, route, document.document, exchange, title, intake.reader.scan, document.url
        )
        article = whole.article
        if route.dated_by_document and (article.published is None or not article.title):
            raise Unrecognised("undated", f"{document.url} does not say when it was published, or its title")
        return whole
    except Exception as error:
        return failure_of(error, document.url)
