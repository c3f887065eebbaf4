"""Read documents again that were read before: releases are edited, withdrawn and restored.

When is declared by their route (``reread``), and by what rests on them. A look costs one conditional request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from servanda.compliance.document_history import derive_history, is_withdrawn
from servanda.compliance.intervals import END
from servanda.compliance.prefilter import Prefilter
from servanda.compliance.recheck_times import GONE_RECHECK_AFTER, retry_at
from servanda.instruments.routes import Route, Source
from servanda.jobs.bootstrap.progress import OnStep
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.documents.archived_pages import read_archived_page
from servanda.jobs.documents.archiving import archive_exchange
from servanda.jobs.documents.fetching import (
    GONE_KINDS,
    POISON,
    QUARANTINE_PERIOD,
    failure_of,
    quarantine_document,
    read_page,
)
from servanda.jobs.documents.observations import (
    DocumentStep,
    ObservationOutcome,
    record_combined_alerts,
    record_gone,
    record_seen,
)
from servanda.jobs.documents.prefilter_marks import mark_unmatchable
from servanda.jobs.documents.recheck_schedule import next_recheck_due, recheck_route, schedule_next_recheck
from servanda.models.documents import documents
from servanda.models.documents import recheck_queue as reread
from servanda.models.documents.observations import archived_response, observations
from servanda.models.documents.recheck_queue import RecheckQueueEntry
from servanda.models.polls import polls
from servanda.models.polls.polls import ExchangeRecord, Failure
from servanda.scrapers.exchange import Recording, Validators
from servanda.scrapers.platforms.item_checks import validators_of
from servanda.scrapers.route_reading import Article, Unchanged

MOST_AT_ONCE = 50
"""Documents of a source that are read again in one run, those first that waited longest; the others wait."""

NOTHING = Prefilter.of(())
"""To read what is kept for its digest alone."""

GIVE_UP_AFTER = 3
"""Looks in a row that failed; then the source is left alone until its next run."""


@dataclass(frozen=True, slots=True)
class RecheckOutcome:
    """Documents that were read again, and how many of them were edited, or were gone."""

    reread: int = 0
    edited: int = 0
    gone: int = 0
    alerts: int = 0

    def plus(self, noted: ObservationOutcome) -> RecheckOutcome:
        return RecheckOutcome(
            self.reread + 1,
            self.edited + noted.shows("edited"),
            self.gone + noted.gone,
            self.alerts + noted.alerts,
        )


@dataclass(frozen=True, slots=True)
class _Look:
    """What a look at a document gave, before it is recorded. ``at``: of its last answer, None for none.

    ``validators``: those of a new content, else those that there were.
    """

    document: RecheckQueueEntry
    route: Route
    got: Article | Unchanged | Failure
    placed: tuple[ExchangeRecord, ...]
    at: datetime | None
    validators: Validators

    @property
    def gone(self) -> bool:
        return isinstance(self.got, Failure) and self.got.kind in GONE_KINDS


def recheck_documents(wiring: Wiring, source: Source, poll: int, on_step: OnStep) -> RecheckOutcome:
    """Read those documents of a source again that are due; the requests are told of ``poll``.

    What was found gone, or back, is recorded at the end, in one transaction: where a whole site answers "not
    found" that is one alert, not one a document. A run that is killed before has lost requests, not facts.
    """
    outcome, failed, held = RecheckOutcome(), 0, list[_Look]()
    with wiring.store.reading() as db:
        due = reread.due_rechecks(db, source.id, wiring.now, MOST_AT_ONCE)
    try:
        for n, document in enumerate(due):
            on_step(f"{source.id}: again: {document.title[:50]}", n, len(due))
            with wiring.store.reading() as db:
                route = recheck_route(db, source, document)
            if route is None:
                _leave_alone(wiring, document)
                continue
            look = _look(wiring, source, route, document)
            if _is_told_together(wiring, look):
                held.append(look)
                failed = 0
                continue
            noted = _record(wiring, source, poll, look)
            failed = 0 if noted else failed + 1
            if noted is not None:
                outcome = outcome.plus(noted)
            if failed == GIVE_UP_AFTER:
                break
    finally:
        outcome = _record_together(wiring, source, poll, held, outcome)
    return outcome


def _leave_alone(wiring: Wiring, document: RecheckQueueEntry) -> None:
    with wiring.store.writing() as db:
        reread.due_later(db, document.document, END)


def _look(wiring: Wiring, source: Source, route: Route, document: RecheckQueueEntry) -> _Look:
    """Read a document again: everything that needs the network; nothing goes into SQL."""
    recording = Recording()
    got = _get(wiring, source, route, document, recording)
    placed = tuple(archive_exchange(wiring, exchange, document.document) for exchange in recording.exchanges)
    last = recording.exchanges[-1] if placed else None
    new = isinstance(got, Article) and last is not None
    validators = validators_of(last) if new and last else Validators(document.etag, document.last_modified)
    return _Look(document, route, got, placed, last.at if last else None, validators)


def _is_told_together(wiring: Wiring, look: _Look) -> bool:
    """Whether a look found a document gone, or one that was withdrawn back."""
    if look.at is None or isinstance(look.got, Failure):
        return look.at is not None and look.gone
    with wiring.store.reading() as db:
        return is_withdrawn(derive_history(observations(db, look.document.document)))


def _record(wiring: Wiring, source: Source, poll: int, look: _Look) -> ObservationOutcome | None:
    """Record what was seen; None where nothing can be said of the document."""
    document = look.document
    with wiring.store.writing() as db:
        exchange = _exchange(db, poll, look)
        if exchange is not None and not isinstance(look.got, Failure):
            return _seen(db, wiring, source, look, exchange)
        if exchange is not None and isinstance(look.got, Failure) and look.got.kind.startswith(POISON):
            quarantine_document(db, wiring, document.document, exchange, look.got)
            reread.due_later(db, document.document, wiring.now + QUARANTINE_PERIOD)
        else:
            reread.due_later(db, document.document, retry_at(document.seen_at, wiring.now))
    return None


def _record_together(
    wiring: Wiring, source: Source, poll: int, held: Sequence[_Look], outcome: RecheckOutcome
) -> RecheckOutcome:
    """Record what was found gone or back, and tell it, all in one transaction."""
    if not held:
        return outcome
    together: list[DocumentStep] = []
    with wiring.store.writing() as db:
        for look in held:
            exchange = _exchange(db, poll, look)
            assert exchange is not None, "something answered"
            if look.gone:
                noted = _gone(db, wiring, source, look, exchange, together)
            else:
                noted = _seen(db, wiring, source, look, exchange, together)
            outcome = outcome.plus(noted)
        told = record_combined_alerts(db, wiring, together)
    return replace(outcome, alerts=outcome.alerts + told)


def _exchange(db: Connection, poll: int, look: _Look) -> int | None:
    """Record the requests of a look; the last one, None where none was answered."""
    document = look.document.document
    exchanges = [polls.record_exchange(db, poll, document, record) for record in look.placed]
    return exchanges[-1] if exchanges else None


def _seen(
    db: Connection,
    wiring: Wiring,
    source: Source,
    look: _Look,
    exchange: int,
    together: list[DocumentStep] | None = None,
) -> ObservationOutcome:
    """The content that was seen: the one of before, or another, which is matched like any new one."""
    document, got = look.document, look.got
    version, at = document.version, look.at
    assert at is not None
    if isinstance(got, Article):
        version, _ = documents.record_version(db, document.document, got, document.published, wiring.now)
        if got.text is None:
            mark_unmatchable(db, wiring, version)
    noted = record_seen(db, wiring, document.document, version, exchange, at, together=together)
    schedule_next_recheck(
        db, source, look.route, document.document, document.published, noted, look.validators
    )
    return noted


def _gone(
    db: Connection, wiring: Wiring, source: Source, look: _Look, exchange: int, together: list[DocumentStep]
) -> ObservationOutcome:
    """Asked again an hour later, as long as it may be a mishap; then as seldom as one that stands."""
    document, at = look.document, look.at
    assert at is not None
    noted = record_gone(db, wiring, document.document, exchange, at, together=together)
    settled = is_withdrawn(noted.history)
    due_at = next_recheck_due(db, source, document, at) if settled else at + GONE_RECHECK_AFTER
    reread.due_later(db, document.document, due_at)
    return noted


def _get(
    wiring: Wiring, source: Source, route: Route, document: RecheckQueueEntry, recording: Recording
) -> Article | Unchanged | Failure:
    """What a document says now, Unchanged where it is what it was, or why it cannot be read.

    All of it is drawn where anything rests on it, so that an edit can be told.
    """
    fetch = wiring.fetcher.session(recording)
    title = "" if route.dated_by_document else document.title
    with wiring.store.reading() as db:
        scan = None if reread.windows_of(db, document.document) else wiring.scan
    try:
        address = route.address_of(document.url, document.published)
        pause = route.pause.total_seconds()
        exchange = fetch(address, pause_seconds=pause, validators=_validators(document, title))
        if exchange.status == 304:
            return Unchanged()
        article = read_page(wiring, exchange, source, route, title, scan)
    except Exception as error:
        return failure_of(error, document.url)
    return (
        replace(article, digest=document.digest)
        if _is_same(wiring, source, route, document, article, title)
        else article
    )


def _validators(document: RecheckQueueEntry, title: str) -> Validators | None:
    """None where a listing gives it another title now: an answer "unchanged" would hide that."""
    if title and title != document.version_title:
        return None
    return Validators(document.etag, document.last_modified)


def _is_same(
    wiring: Wiring, source: Source, route: Route, document: RecheckQueueEntry, article: Article, title: str
) -> bool:
    """Whether a content is that of before, although its digest is another.

    It is where the kept bytes, read as the new ones were, have the new digest too: then it is we who read
    otherwise, by another route, selector or release, and nothing was edited.
    """
    if article.digest == document.digest:
        return True
    if title and title != document.version_title:
        return False
    with wiring.store.reading() as db:
        kept = archived_response(db, document.version)
    try:
        before = read_archived_page(wiring, kept, source, route, title, NOTHING)
    except Exception as error:
        failure_of(error, f"what was kept of {document.url}")
        return False
    return before.digest == article.digest
