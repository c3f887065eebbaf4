"""One poll of one route: gathered over the network first, then recorded in one transaction.

A run killed in between has lost a request, not a fact. A failure is an outcome, never an exception.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from servanda.compliance.intervals import Interval
from servanda.compliance.publication import PublicationTime
from servanda.compliance.recheck_times import GONE_RECHECK_AFTER
from servanda.instruments.routes import Route, Source
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.documents.archiving import archive_exchange, archive_exchanges
from servanda.jobs.documents.observations import record_gone
from servanda.jobs.knowledge.confirmed_routes import confirmed_routes, counts_toward_coverage
from servanda.jobs.polling import health_alerts as health
from servanda.jobs.polling.backfill import backfill_range
from servanda.jobs.polling.cadence import cadence_for_windows, polling_windows
from servanda.jobs.polling.coverage_claims import CoverageProof, prove_coverage
from servanda.jobs.polling.crosscheck import (
    Crosscheck,
    check_moved_dates,
    crosscheck_reading,
    newer_elsewhere,
)
from servanda.jobs.polling.plan import HEAL_BACK, DateRange, PollPlan, plan_backfill, plan_poll, plan_range
from servanda.models.documents import identity, listings
from servanda.models.documents import recheck_queue as reread
from servanda.models.polls import canaries, polls
from servanda.models.polls.polls import Failure, PollRecord, RouteState
from servanda.scrapers.exchange import Exchange, Recording, ScrapeError
from servanda.scrapers.platforms import READERS
from servanda.scrapers.route_reading import ReadRequest, RouteReading, Unchanged

log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(hours=1)
"""A route that failed is tried again after this, or after its cadence if that is shorter."""

SLACK = 0.05
"""A route is due a little before its cadence has passed, so that a daily run stays within its day."""


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """What came of one poll. ``covered`` says what it proves, or why it proves nothing."""

    route: str
    outcome: polls.PollStatus
    failure: Failure | None
    items: int
    new_documents: int
    covered: str


@dataclass(frozen=True, slots=True)
class GatheredPoll:
    """One poll, before it is recorded. ``result`` is what its reader made of it, ``proof`` what that proves.

    A reading that ``check`` contradicts is a failed poll: what it shows is kept, and it covers nothing.
    """

    started_at: datetime
    plan: PollPlan
    result: RouteReading | Unchanged | Failure
    exchanges: tuple[Exchange, ...]
    state: RouteState | None
    proof: CoverageProof
    check: Crosscheck = field(default_factory=Crosscheck)

    @property
    def failure(self) -> Failure | None:
        return self.result if isinstance(self.result, Failure) else self.check.failure

    @property
    def outcome(self) -> polls.PollStatus:
        if self.failure is not None:
            return "failed"
        return "read" if isinstance(self.result, RouteReading) else "unchanged"


def gather_poll(
    wiring: Wiring, source: Source, route: Route, span: DateRange, *, sought: Interval | None = None
) -> GatheredPoll:
    """Everything of a poll that needs the network, and nothing that writes.

    ``sought``: the day of a canary that is being looked for.
    """
    started = wiring.now
    with wiring.store.reading() as db:
        state = polls.route_state(db, source.id, route.id)
        counted = route.counts or counts_toward_coverage(source, route, confirmed_routes(db, started))
        plan = _plan(db, wiring, source, route, state, span)
    recording = Recording()
    result = read_route(wiring, source, route, plan.ask, recording)
    asked_by_person = span.asks and sought is None
    if isinstance(result, RouteReading) and state is not None and not asked_by_person:
        result = _refuse_stale(result, state)
    if isinstance(result, RouteReading) and not asked_by_person:
        result = check_moved_dates(wiring, source, route, result) or result
    published = _rests_on(result, state)
    items = result.items if isinstance(result, RouteReading) else ()
    elsewhere = newer_elsewhere(wiring, source, route, items, published) if counted else ()
    proof = prove_coverage(source, route, result, state, started, counts=counted, elsewhere=elsewhere)
    check = Crosscheck()
    if isinstance(result, RouteReading) and (counted or sought):
        check = crosscheck_reading(wiring, source, route, result, proof, sought=sought, recording=recording)
    if check.failure is not None:
        proof = CoverageProof((), f"covers nothing: {check.failure}")
    return GatheredPoll(started, plan, result, tuple(recording.exchanges), state, proof, check)


def _plan(
    db: Connection, wiring: Wiring, source: Source, route: Route, state: RouteState | None, span: DateRange
) -> PollPlan:
    now = wiring.now
    earliest = min((i.published_at for i in wiring.catalogue.instruments), default=now)
    if span.asks:
        return plan_range(source, span, now=now, earliest=earliest)
    gaps = backfill_range(db, wiring.catalogue, source, route, now)
    if gaps is not None:
        return plan_backfill(route, gaps, now)
    covered = polls.coverage_of_source(db, source.id, now, since=now - HEAL_BACK)
    return plan_poll(source, route, state, covered, now=now, earliest=earliest)


def _rests_on(
    result: RouteReading | Unchanged | Failure, state: RouteState | None
) -> tuple[PublicationTime, ...]:
    """The publication times, top to bottom, on which a listing's claim rests; none for other readings."""
    if isinstance(result, Unchanged) and state is not None:
        return state.items
    if isinstance(result, RouteReading) and result.asked is None and not result.listings:
        return tuple(item.published for item in result.items)
    return ()


def read_route(
    wiring: Wiring, source: Source, route: Route, ask: ReadRequest, recording: Recording
) -> RouteReading | Unchanged | Failure:
    """Read a route; whatever goes wrong comes back as a Failure. This is the edge of the job."""
    fetch = wiring.fetcher.session(recording)
    try:
        return READERS[route.read.platform](source, route, fetch, ask)
    except ScrapeError as error:
        return Failure(error.family, error.kind, error.reason)
    except Exception as error:
        log.exception("the reader of %s/%s broke", source.id, route.id)
        return Failure("unrecognised", "reader_broke", f"{type(error).__name__}: {error}"[:500])


def _refuse_stale(reading: RouteReading, state: RouteState) -> RouteReading | Failure:
    """A copy older than the last valid reading proves nothing; sites serve such copies now and then."""
    newest = max((item.published.interval.until_at for item in reading.items), default=None)
    if reading.asked is None and state.newest_at and newest and newest <= state.newest_at:
        reason = (
            f"its newest item is of before {newest.isoformat()}, "
            f"the last reading had one of {state.newest_at.isoformat()}"
        )
        return Failure("unreachable", "stale", reason)
    return reading


def newest_at(reading: RouteReading) -> datetime | None:
    """The publication time of the newest item."""
    return max((item.published.interval.from_at for item in reading.items), default=None)


def record_gathered_poll(
    wiring: Wiring, source: Source, route: Route, gathered: GatheredPoll
) -> tuple[PollOutcome, int]:
    """Everything of one poll, in one transaction: exchanges, items, coverage, state, alerts."""
    placed = archive_exchanges(wiring, gathered.exchanges, (source.id, route.id))
    gone = [(document, seen, archive_exchange(wiring, seen)) for document, seen in gathered.check.gone]
    result, now = gathered.result, wiring.now
    items = result.items if isinstance(result, RouteReading) else ()
    with wiring.store.writing() as db:
        identified = identity.identify_items(db, source.id, items, now)
        poll = polls.record_poll(db, _poll_record(wiring, source, route, gathered, identified.new))
        for exchange in placed:
            polls.record_exchange(db, poll, None, exchange)
        for document, seen, kept in gone:
            exchange_id = polls.record_exchange(db, poll, document, kept)
            record_gone(db, wiring, document, exchange_id, seen.at)
            reread.due_later(db, document, seen.at + GONE_RECHECK_AFTER)  # else it may be asked again at once
        listings.record_listings(
            db, poll, identified.documents, items, now, route=route.id, first_stands=route.first_date_stands
        )
        canaries.record_canary_checks(db, poll, gathered.check.looks)
        for covered in gathered.proof.covered:
            if _is_new(db, source, covered.interval, now):
                polls.record_coverage(db, poll, source.id, route.id, covered.interval, covered.basis, now)
        polls.save_route_state(db, source.id, route.id, _next_state(wiring, source, route, gathered))
        failed = gathered.failure is not None
        health.record_health_alerts(db, wiring.catalogue, source, route, poll, failed=failed, now=now)
    return summarise_poll(route, gathered, identified.new), poll


def _poll_record(
    wiring: Wiring, source: Source, route: Route, gathered: GatheredPoll, new_documents: int
) -> PollRecord:
    result = gathered.result
    return PollRecord(
        source=source.id,
        route=route.id,
        started_at=gathered.started_at,
        finished_at=wiring.now,
        outcome=gathered.outcome,
        failure=gathered.failure,
        pages=result.pages if isinstance(result, RouteReading) else 0,
        items=len(result.items) if isinstance(result, RouteReading) else 0,
        new_documents=new_documents,
        catalogue=wiring.catalogue.digest,
        asked=gathered.plan.asked,
    )


def _is_new(db: Connection, source: Source, interval: Interval, now: datetime) -> bool:
    """Whether a reading covers anything that was not covered before; if not, its poll is record enough."""
    return not polls.coverage_of_source(db, source.id, now, since=interval.from_at).includes(interval)


def _next_state(wiring: Wiring, source: Source, route: Route, gathered: GatheredPoll) -> RouteState:
    """What the next poll of this route will need."""
    result, before, now = gathered.result, gathered.state, wiring.now
    near = polling_windows(wiring.catalogue, source.id, now)
    wait = cadence_for_windows(route.cadence, near, now) * (1 - SLACK)
    failing = gathered.failure is not None
    next_due = gathered.started_at + (min(wait, RETRY_AFTER) if failing else wait)
    if isinstance(result, RouteReading) and not failing:
        return RouteState(
            etag=result.validators.etag,
            last_modified=result.validators.last_modified,
            items=tuple(item.published for item in result.items),
            reached_end=result.reached_end,
            newest_at=_later(newest_at(result), before.newest_at if before else None),
            last_valid_at=now,
            failing_since=None,
            next_due_at=next_due,
        )
    kept = before or RouteState(None, None, (), False, None, None, None, next_due)
    return replace(
        kept,
        last_valid_at=kept.last_valid_at if failing else now,
        failing_since=(kept.failing_since or gathered.started_at) if failing else None,
        next_due_at=next_due,
    )


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(one, other) if one and other else one or other


def summarise_poll(route: Route, gathered: GatheredPoll, new_documents: int = 0) -> PollOutcome:
    """A poll in a few words."""
    items = len(gathered.result.items) if isinstance(gathered.result, RouteReading) else 0
    return PollOutcome(
        route.id, gathered.outcome, gathered.failure, items, new_documents, gathered.proof.basis
    )
