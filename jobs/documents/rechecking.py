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
from servanda.compliance.recheck_times import GONE_RECHECK_AFTER, retry_at
from servanda.instruments.routes import Source
from servanda.jobs.alerting.document_alerts import DocumentStep
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.bootstrap.progress import OnStep
from servanda.jobs.documents.checking import ListedAs, record_document_check
from servanda.jobs.documents.fetching import POISON, QUARANTINE_PERIOD, quarantine_document
from servanda.jobs.documents.intake import DocumentIntake
from servanda.jobs.documents.looks import Look, look_at
from servanda.jobs.documents.observations import (
    ObservationOutcome,
    record_combined_alerts,
    record_gone,
    record_seen,
)
from servanda.jobs.documents.parts import record_parts
from servanda.jobs.documents.prefilter_marks import mark_unmatchable
from servanda.jobs.documents.recheck_schedule import next_recheck_due, recheck_route, schedule_next_recheck
from servanda.models.documents import documents
from servanda.models.documents import recheck_queue as reread
from servanda.models.documents.observations import observations
from servanda.models.documents.recheck_queue import RecheckQueueEntry
from servanda.models.polls import polls
from servanda.models.polls.polls import Failure
from servanda.scrapers.route_reading import Article

MOST_AT_ONCE = 50
"""Documents of a source that are read again in one run, those first that waited longest; the others wait."""

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


def recheck_documents(intake: DocumentIntake, source: Source, poll: int, on_step: OnStep) -> RecheckOutcome:
    """Read those documents of a source again that are due; the requests are told of ``poll``.

    What was found gone, or back, is recorded at the end, in one transaction: where a whole site answers "not
    found" that is one alert, not one a document. A run that is killed before has lost requests, not facts.
    """
    outcome, failed, held = RecheckOutcome(), 0, list[Look]()
    ledger = intake.ledger
    with ledger.reading() as (db, now):
        due = reread.due_rechecks(db, source.id, now, MOST_AT_ONCE)
    try:
        for n, document in enumerate(due):
            on_step(f"{source.id}: again: {document.title[:50]}", n, len(due))
            with ledger.reading() as (db, _):
                route = recheck_route(db, source, document)
            if route is None:
                _leave_alone(ledger, document)
                continue
            look = look_at(intake, source, route, document)
            if _is_told_together(ledger, look):
                held.append(look)
                failed = 0
                continue
            noted = _record(intake, source, poll, look)
            failed = 0 if noted else failed + 1
            if noted is not None:
                outcome = outcome.plus(noted)
            if failed == GIVE_UP_AFTER:
                break
    finally:
        outcome = _record_together(intake, source, poll, held, outcome)
    return outcome


def _leave_alone(ledger: Ledger, document: RecheckQueueEntry) -> None:
    with ledger.writing() as (db, _):
        reread.due_later(db, document.document, END)


def _is_told_together(ledger: Ledger, look: Look) -> bool:
    """Whether a look found a document gone, or one that was withdrawn back."""
    if look.at is None or isinstance(look.got, Failure):
        return look.at is not None and look.gone
    with ledger.reading() as (db, _):
        return is_withdrawn(derive_history(observations(db, look.document.document)))


def _record(intake: DocumentIntake, source: Source, poll: int, look: Look) -> ObservationOutcome | None:
    """Record what was seen; None where nothing can be said of the document."""
    document = look.document
    with intake.ledger.writing() as (db, now):
        exchange = _exchange(db, poll, look)
        if exchange is not None and not isinstance(look.got, Failure):
            return _seen(db, now, intake, source, look, poll, exchange)
        if exchange is not None and isinstance(look.got, Failure) and look.got.kind.startswith(POISON):
            quarantine_document(db, document.document, exchange, look.got, now)
            reread.due_later(db, document.document, now + QUARANTINE_PERIOD)
        else:
            reread.due_later(db, document.document, retry_at(document.seen_at, now))
    return None


def _record_together(
    intake: DocumentIntake, source: Source, poll: int, held: Sequence[Look], outcome: RecheckOutcome
) -> RecheckOutcome:
    """Record what was found gone or back, and tell it, all in one transaction."""
    if not held:
        return outcome
    together: list[DocumentStep] = []
    with intake.ledger.writing() as (db, now):
        for look in held:
            exchange = _exchange(db, poll, look)
            assert exchange is not None, "something answered"
            if look.gone:
                noted = _gone(db, now, intake, source, look, exchange, together)
            else:
                noted = _seen(db, now, intake, source, look, poll, exchange, together)
            outcome = outcome.plus(noted)
        told = record_combined_alerts(db, intake.catalogue, together, now)
    return replace(outcome, alerts=outcome.alerts + told)


def _exchange(db: Connection, poll: int, look: Look) -> int | None:
    """Record the requests of a look; the last one, None where none was answered."""
    document = look.document.document
    exchanges = [polls.record_exchange(db, poll, document, record) for record in look.placed]
    return exchanges[-1] if exchanges else None


def _seen(
    db: Connection,
    now: datetime,
    intake: DocumentIntake,
    source: Source,
    look: Look,
    poll: int,
    exchange: int,
    together: list[DocumentStep] | None = None,
) -> ObservationOutcome:
    """The content that was seen: the one of before, or another, which is matched like any new one."""
    document, got = look.document, look.got
    version, at = document.version, look.at
    assert at is not None
    doubtful = False
    record_parts(db, poll, document.document, look.parts, now)
    if isinstance(got, Article):
        version, _ = documents.record_version(db, document.document, got, document.published, now)
        if got.text is None:
            mark_unmatchable(db, version, intake.reader.scan_digest, now)
        title = got.title if look.route.dated_by_document else document.title
        listed = ListedAs(document.document, look.route, title, document.url, document.published)
        doubtful = record_document_check(db, version, got, listed, look.placed[-1].url, now)
    noted = record_seen(
        db, intake.catalogue, document.document, version, exchange, at, now=now, together=together
    )
    schedule_next_recheck(
        db,
        source,
        look.route,
        document.document,
        document.published,
        noted,
        look.validators,
        doubtful=doubtful,
    )
    return noted


def _gone(
    db: Connection,
    now: datetime,
    intake: DocumentIntake,
    source: Source,
    look: Look,
    exchange: int,
    together: list[DocumentStep] | None,
) -> ObservationOutcome:
    """Asked again an hour later, as long as it may be a mishap; then as seldom as one that stands."""
    document, at = look.document, look.at
    assert at is not None
    noted = record_gone(db, intake.catalogue, document.document, exchange, at, now=now, together=together)
    settled = is_withdrawn(noted.history)
    due_at = next_recheck_due(db, source, document, at) if settled else at + GONE_RECHECK_AFTER
    reread.due_later(db, document.document, due_at)
    return noted
