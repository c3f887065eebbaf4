"""Read a source: poll its routes, keep what they say, read the documents behind new items.

Gather over the network first, then record in one transaction a poll; a run killed in between has lost a
request, not a fact. A source's failure is an outcome, never an exception: the other sources go on.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from compliance.intervals import Interval
from instruments.routes import Route, Source
from jobs import health
from jobs.archiving import place
from jobs.articles import read_articles
from jobs.confirming import confirmed_routes, counts
from jobs.poll_plan import HEAL_BACK, asks_for_range, plan_ask, routes_to_read
from jobs.progress import OnStep, quietly
from jobs.readings import judge_reading
from jobs.screening import screen
from jobs.wiring import Wiring
from models import documents, identity, polls
from models.polls import Failure, PollRecord, RouteState
from scrapers.exchange import Exchange, Recording, ScrapeError
from scrapers.platforms import READERS
from scrapers.reading import Ask, Reading, Unchanged

log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(hours=1)
"""A route that failed is tried again after this, or after its cadence if that is shorter."""

SLACK = 0.05
"""A route is due a little before its cadence has passed, so that a daily run stays within its day."""


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """What came of one poll. ``covered`` says what it proves, or why it proves nothing."""

    route: str
    outcome: polls.Outcome
    failure: Failure | None
    items: int
    new_documents: int
    covered: str


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """What came of reading one source."""

    source: str
    polls: tuple[PollOutcome, ...]
    read_documents: int = 0
    unread_documents: int = 0
    new_evidence: int = 0
    new_alerts: int = 0

    @property
    def failures(self) -> tuple[str, ...]:
        return tuple(f"{p.route}: {p.failure}" for p in self.polls if p.failure)

    @property
    def failed(self) -> bool:
        return bool(self.failures)

    @property
    def new_documents(self) -> int:
        return sum(p.new_documents for p in self.polls)


@dataclass(frozen=True, slots=True)
class _Gathered:
    """One poll, before it is recorded."""

    started_at: datetime
    result: Reading | Unchanged | Failure
    exchanges: tuple[Exchange, ...]
    state: RouteState | None
    counts: bool


def due(wiring: Wiring) -> dict[str, tuple[str, ...]]:
    """The sources that are due now, each with its due routes."""
    pairs = [(s.id, r.id) for s in wiring.catalogue.sources for r in s.live_routes]
    with wiring.store.reading() as db:
        found = polls.due_routes(db, pairs, wiring.now)
    return {source: tuple(r for s, r in found if s == source) for source in dict(found)}


def collect_source(
    wiring: Wiring,
    source_id: str,
    *,
    routes: Sequence[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    dry_run: bool = False,
    on_step: OnStep = quietly,
) -> SourceOutcome:
    """Read a source once.

    ``routes`` None: all live ones; with ``since`` or ``until`` (civil days in the source's zone, both
    inclusive) all that reach back. ``dry_run`` reads the routes and keeps nothing.
    """
    source = wiring.catalogue.source(source_id)
    chosen = routes_to_read(source, routes, ranged=asks_for_range(since, until))
    outcomes: list[PollOutcome] = []
    last_poll: int | None = None
    for n, route in enumerate(chosen):
        on_step(f"{source_id}: {route.id}", n, len(chosen))
        gathered = _gather(wiring, source, route, since, until)
        if dry_run:
            outcomes.append(_describe(source, route, gathered, wiring.now))
        else:
            outcome, last_poll = _record(wiring, source, route, gathered)
            outcomes.append(outcome)
    if dry_run or last_poll is None:
        return SourceOutcome(source_id, tuple(outcomes))
    articles = read_articles(wiring, source, last_poll, on_step)
    screened = screen(wiring, after_the_last=True)
    return SourceOutcome(
        source_id,
        tuple(outcomes),
        read_documents=articles.read,
        unread_documents=articles.unread,
        new_evidence=screened.evidence,
        new_alerts=screened.alerts,
    )


def _gather(
    wiring: Wiring, source: Source, route: Route, since: date | None, until: date | None
) -> _Gathered:
    """Everything that needs the network, and nothing that writes."""
    started = wiring.now
    with wiring.store.reading() as db:
        state = polls.route_state(db, source.id, route.id)
        covered = polls.coverage_of_source(db, source.id, started, since=started - HEAL_BACK)
        counted = route.counts or counts(source, route, confirmed_routes(db, started))
    published = min((i.published_at for i in wiring.catalogue.instruments), default=started)
    ask = plan_ask(source, route, state, covered, now=started, since=since, until=until, earliest=published)
    recording = Recording()
    result = read_route(wiring, source, route, ask, recording)
    if isinstance(result, Reading) and state is not None and not asks_for_range(since, until):
        result = _refuse_stale(result, state)
    return _Gathered(started, result, tuple(recording.exchanges), state, counted)


def read_route(
    wiring: Wiring, source: Source, route: Route, ask: Ask, recording: Recording
) -> Reading | Unchanged | Failure:
    """Read a route; whatever goes wrong comes back as a Failure. This is the edge of the job."""
    fetch = wiring.fetcher.session(recording)
    try:
        return READERS[route.read.platform](source, route, fetch, ask)
    except ScrapeError as error:
        return Failure(error.family, error.kind, error.reason)
    except Exception as error:
        log.exception("the reader of %s/%s broke", source.id, route.id)
        return Failure("unrecognised", "reader_broke", f"{type(error).__name__}: {error}"[:500])


def _refuse_stale(reading: Reading, state: RouteState) -> Reading | Failure:
    """A copy older than the last valid reading proves nothing; sites serve such copies now and then."""
    newest = newest_at(reading)
    if reading.asked is None and state.newest_at and newest and newest < state.newest_at:
        reason = (
            f"its newest item is of {newest.isoformat()}, the last reading had {state.newest_at.isoformat()}"
        )
        return Failure("unreachable", "stale", reason)
    return reading


def newest_at(reading: Reading) -> datetime | None:
    """The publication time of the newest item."""
    return max((item.published.interval.from_at for item in reading.items), default=None)


def _record(wiring: Wiring, source: Source, route: Route, gathered: _Gathered) -> tuple[PollOutcome, int]:
    """Everything of one poll, in one transaction: exchanges, items, coverage, state, alerts."""
    placed = [place(wiring, exchange) for exchange in gathered.exchanges]
    result, now = gathered.result, wiring.now
    failure = result if isinstance(result, Failure) else None
    items = result.items if isinstance(result, Reading) else ()
    proof = judge_reading(source, route, result, gathered.state, gathered.started_at, counts=gathered.counts)
    outcome = _outcome(result)
    with wiring.store.writing() as db:
        identified = identity.identify_items(db, source.id, items, now)
        poll = polls.record_poll(
            db,
            PollRecord(
                source=source.id,
                route=route.id,
                started_at=gathered.started_at,
                finished_at=now,
                outcome=outcome,
                failure=failure,
                pages=result.pages if isinstance(result, Reading) else 0,
                items=len(items),
                new_documents=identified.new,
                catalogue=wiring.catalogue.digest,
            ),
        )
        for exchange in placed:
            polls.record_exchange(db, poll, None, exchange)
        documents.record_listings(
            db, poll, identified.documents, items, now, first_stands=route.first_date_stands
        )
        for covered in proof.covered:
            if _is_new(db, source, covered.interval, now):
                polls.record_coverage(db, poll, source.id, route.id, covered.interval, covered.basis, now)
        polls.save_route_state(db, source.id, route.id, _next_state(route, gathered, now))
        health.record_alerts(db, wiring.catalogue, source, route, poll, failed=failure is not None, now=now)
    return PollOutcome(route.id, outcome, failure, len(items), identified.new, proof.basis), poll


def _is_new(db: Connection, source: Source, interval: Interval, now: datetime) -> bool:
    """Whether a reading covers anything that was not covered before; if not, its poll is record enough."""
    return not polls.coverage_of_source(db, source.id, now, since=interval.from_at).includes(interval)


def _outcome(result: Reading | Unchanged | Failure) -> polls.Outcome:
    if isinstance(result, Failure):
        return "failed"
    return "read" if isinstance(result, Reading) else "unchanged"


def _next_state(route: Route, gathered: _Gathered, now: datetime) -> RouteState:
    """What the next poll of this route will need."""
    result, before = gathered.result, gathered.state
    wait = route.cadence * (1 - SLACK)
    if isinstance(result, Failure):
        wait = min(wait, RETRY_AFTER)
    next_due = gathered.started_at + wait
    if isinstance(result, Reading):
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
    failing = isinstance(result, Failure)
    return RouteState(
        etag=kept.etag,
        last_modified=kept.last_modified,
        items=kept.items,
        reached_end=kept.reached_end,
        newest_at=kept.newest_at,
        last_valid_at=kept.last_valid_at if failing else now,
        failing_since=(kept.failing_since or gathered.started_at) if failing else None,
        next_due_at=next_due,
    )


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(one, other) if one and other else one or other


def _describe(source: Source, route: Route, gathered: _Gathered, now: datetime) -> PollOutcome:
    """What a dry run saw."""
    result = gathered.result
    proof = judge_reading(source, route, result, gathered.state, now, counts=gathered.counts)
    failure = result if isinstance(result, Failure) else None
    items = len(result.items) if isinstance(result, Reading) else 0
    return PollOutcome(route.id, _outcome(result), failure, items, 0, proof.basis)
