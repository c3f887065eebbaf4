"""Read the documents behind listed items, those that failed before included."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from servanda.compliance.prefilter import Scan
from servanda.compliance.publication import Published
from servanda.instruments.routes import Route, Source
from servanda.jobs.bootstrap.progress import OnStep
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.documents.archiving import place, place_new
from servanda.jobs.documents.observations import note_gone, note_seen
from servanda.jobs.documents.recheck_schedule import plan_next_look, restore_plan
from servanda.jobs.documents.screened_marks import note_scanned
from servanda.models.documents import documents, listings, quarantine
from servanda.models.documents import reading_queue as unread
from servanda.models.documents.reading_queue import Unread
from servanda.models.polls import polls
from servanda.models.polls.polls import ExchangeRecord, Failure
from servanda.scrapers.exchange import Exchange, Recording, ScrapeError, Unrecognised, Validators
from servanda.scrapers.platforms.rules import validators_of
from servanda.scrapers.reading import Article, Item

log = logging.getLogger(__name__)

FIRST_RETRY = timedelta(hours=1)
LONGEST_RETRY = timedelta(days=1)

GONE_KINDS = frozenset({"http_404", "http_410", "not_found", "soft_404"})
"""The failures by which a publisher says that a document is not there."""

POISON = "poison_"
"""How the kinds of failure begin in which a document broke its reader."""

HELD_FOR = timedelta(days=7)
"""A document that broke its reader is left alone for so long."""


TOGETHER = 20
LONGEST_UNRECORDED = 5.0
"""Tries are recorded together: so many, or those of so many seconds. Their bytes are on disk before; a run
that is killed in between has lost requests, not facts."""


@dataclass(frozen=True, slots=True)
class _Gathered:
    """One try at a document, before it is recorded: without bodies, which lie in the archive."""

    document: Unread
    route: Route
    got: Article | Failure
    placed: tuple[ExchangeRecord, ...]
    validators: Validators


@dataclass(frozen=True, slots=True)
class ArticlesOutcome:
    """How many documents were read, and how many still wait."""

    read: int
    unread: int


def read_articles(wiring: Wiring, source: Source, poll: int, on_step: OnStep) -> ArticlesOutcome:
    """Read every listed document that has no text yet, as far as its next try is due."""
    restore_plan(wiring, source)
    with wiring.store.reading() as db:
        waiting = unread.to_read(db, source.id)
    due = [document for document in waiting if is_due(document, wiring.now)]
    read, got, since = 0, [], wiring.clock.monotonic()
    try:
        for n, document in enumerate(due):
            on_step(f"{source.id}: {document.title[:60]}", n, len(due))
            got.append(_gather(wiring, source, document))
            if len(got) == TOGETHER or wiring.clock.monotonic() - since >= LONGEST_UNRECORDED:
                kept, got, since = got, [], wiring.clock.monotonic()
                read += _record(wiring, source, poll, kept)
    finally:
        read += _record(wiring, source, poll, got)
    return ArticlesOutcome(read, len(waiting) - read)


def is_due(document: Unread, now: datetime) -> bool:
    """Whether to try again: after 1, 2, 4 … hours, at most a day; later where it is held back."""
    if document.held_until is not None and now < document.held_until:
        return False
    if document.last_attempt_at is None:
        return True
    doubled = FIRST_RETRY * 2.0 ** min(document.attempts - 1, 10)
    return now >= document.last_attempt_at + min(LONGEST_RETRY, doubled)


def _gather(wiring: Wiring, source: Source, document: Unread) -> _Gathered:
    """Everything that needs the network; the bytes go into the archive, and nothing into SQL."""
    recording = Recording()
    route = source.route(document.route)
    got = _get(wiring, source, route, document, recording)
    placed = tuple(
        place(wiring, exchange, document.document) if document.attempts else place_new(wiring, exchange)
        for exchange in recording.exchanges
    )
    validators = validators_of(recording.exchanges[-1]) if recording.exchanges else Validators()
    return _Gathered(document, route, got, placed, validators)


def _record(wiring: Wiring, source: Source, poll: int, gathered: Sequence[_Gathered]) -> int:
    """Keep what came of some tries, in one transaction; how many documents were read."""
    if not gathered:
        return 0
    with wiring.store.writing() as db:
        return sum(_record_one(db, wiring, source, poll, one) for one in gathered)


def _record_one(db: Connection, wiring: Wiring, source: Source, poll: int, gathered: _Gathered) -> bool:
    document, got, now = gathered.document.document, gathered.got, wiring.now
    exchanges = [polls.record_exchange(db, poll, document, record) for record in gathered.placed]
    if not exchanges:
        return False
    at = gathered.placed[-1].at
    if isinstance(got, Failure):
        _note_failure(db, wiring, document, exchanges[-1], got, at)
        return False
    published = _dated(db, gathered.route, gathered.document, got, now)
    version, _ = documents.record_version(db, document, got, published, now)
    if got.text is None:
        note_scanned(db, wiring, version)
    is_first = not gathered.document.attempts
    noted = note_seen(db, wiring, document, version, exchanges[-1], at, first=is_first)
    plan_next_look(db, source, gathered.route, document, published, noted, gathered.validators)
    return True


def _note_failure(
    db: Connection, wiring: Wiring, document: int, exchange: int, failure: Failure, at: datetime
) -> None:
    """What a failed try says of a document: that it is gone, that it breaks its reader, or nothing."""
    if failure.kind in GONE_KINDS:
        note_gone(db, wiring, document, exchange, at)
    elif failure.kind.startswith(POISON):
        put_aside(db, wiring, document, exchange, failure)


def put_aside(db: Connection, wiring: Wiring, document: int, exchange: int, failure: Failure) -> None:
    """Quarantine a document: its bytes are kept, and nobody reads it for a while."""
    now = wiring.now
    quarantine.record_quarantine(db, document, exchange, failure.kind, failure.reason, now)
    unread.hold(db, document, now + HELD_FOR)


def _dated(db: Connection, route: Route, document: Unread, article: Article, now: datetime) -> Published:
    """When the document was published. What it says itself is kept beside the listing that only found it."""
    said = article.published
    if said is None or not route.dated_by_document:
        return document.published
    item = Item(article.title, document.url, said, aliases=())
    listings.record_listings(db, document.poll, (document.document,), (item,), now, route=document.route)
    return said


def _get(
    wiring: Wiring, source: Source, route: Route, document: Unread, recording: Recording
) -> Article | Failure:
    """The article, or why it cannot be read now.

    Where the route's items have stand-ins for title and time, the document must say both itself.
    """
    fetch = wiring.fetcher.session(recording)
    title = "" if route.dated_by_document else document.title
    try:
        address = route.address_of(document.url, document.published)
        exchange = fetch(address, pause_seconds=route.pause.total_seconds())
        article = read_page(wiring, exchange, source, route, title, wiring.scan)
        if route.dated_by_document and (article.published is None or not article.title):
            raise Unrecognised("undated", f"{document.url} does not say when it was published, or its title")
        return article
    except Exception as error:
        return failure_of(error, document.url)


def read_page(
    wiring: Wiring, exchange: Exchange, source: Source, route: Route, title: str, scan: Scan | None
) -> Article:
    """The document in a response; its text only where the scan says that a rule may match, or without one."""
    return wiring.article_reader.read(exchange, route=route, source=source, item_title=title, scan=scan)


def failure_of(error: Exception, url: str) -> Failure:
    """What went wrong with a document, told in the log; a fault of ours with its traceback."""
    if isinstance(error, ScrapeError):
        log.warning("%s could not be read: %s", url, error)
        return Failure(error.family, error.kind, error.reason)
    log.error("reading %s broke", url, exc_info=error)
    return Failure("unrecognised", "reader_broke", f"{type(error).__name__}: {error}"[:500])
