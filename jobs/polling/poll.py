"""One poll of one route, as far as it needs the network: nothing of it is recorded here.

A run killed in between has lost a request, not a fact. A failure is an outcome, never an exception.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from servanda.compliance.intervals import Interval
from servanda.compliance.publication import PublicationTime
from servanda.instruments.routes import Route, Source
from servanda.jobs.documents.archiving import KnownAnswers
from servanda.jobs.knowledge.confirmed_routes import confirmed_routes_of, counts_toward_coverage
from servanda.jobs.polling.backfill import backfill_range
from servanda.jobs.polling.clock_checks import ClockLook, look_at_clocks, start_watch
from servanda.jobs.polling.coverage_claims import CoverageProof, KnownCoverage, prove_coverage
from servanda.jobs.polling.crosscheck import (
    Comparison,
    Crosscheck,
    GoneDocuments,
    check_moved_dates,
    compare_reading,
    listed_after_newest,
    look_up_missing,
    newer_elsewhere,
    seen_withdrawn,
    witnesses,
)
from servanda.jobs.polling.plan import HEAL_BACK, DateRange, PollPlan, plan_backfill, plan_poll, plan_range
from servanda.jobs.polling.poller import Poller
from servanda.models.captures.revisits import last_answers_of_route
from servanda.models.polls import polls
from servanda.models.polls.polls import Failure
from servanda.models.polls.route_state import RouteState, route_state
from servanda.scrapers.exchange import Exchange, Recording, ScrapeError, Validators
from servanda.scrapers.http.fetch import Fetcher
from servanda.scrapers.platforms import read_by_platform
from servanda.scrapers.route_reading import Item, ReadRequest, RouteReading, Unchanged

log = logging.getLogger(__name__)

KNOWN_BACK = timedelta(days=60)
"""So far back a poll looks at once for what its claim may add to; a claim that goes further is looked at when
it is recorded."""

CLOCK = "clock"
"""The kind of failure of a poll whose instant is not believed."""

Result = RouteReading | Unchanged | Failure
"""What a reader made of a route."""


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
class PollStart:
    """What is known of a route before it is asked, and what it is asked for.

    ``counts``: whether a valid reading may enter coverage. ``known``: what the source's readings had covered,
    None where that was not asked. ``answers``: what the route's address last gave, where it is asked whether
    that has changed. ``answered_at``: the latest instant of which the answer speaks, by its publisher's word.
    """

    source: Source
    route: Route
    at: datetime
    state: RouteState | None
    counts: bool
    plan: PollPlan
    known: KnownCoverage | None
    answers: KnownAnswers
    answered_at: datetime | None = None

    @property
    def read_at(self) -> datetime:
        """The instant for which a reading can speak: a copy from a cache speaks for the time it was made."""
        return self.at if self.answered_at is None else min(self.at, self.answered_at)


@dataclass(frozen=True, slots=True)
class GatheredPoll:
    """One poll, before it is recorded. ``result`` is what its reader made of it, ``proof`` what that proves.

    A reading that ``check`` contradicts is a failed poll: what it shows is kept, and it covers nothing.
    ``look``: what the clocks said, None in a replay. While they disagree nothing of a reading is kept.
    """

    start: PollStart
    result: Result
    exchanges: tuple[Exchange, ...]
    proof: CoverageProof
    check: Crosscheck = field(default_factory=Crosscheck)
    look: ClockLook | None = None

    @property
    def is_misdated(self) -> bool:
        """Whether the instant of the poll itself is not believed."""
        return self.failure is not None and self.failure.kind == CLOCK

    @property
    def failure(self) -> Failure | None:
        return self.result if isinstance(self.result, Failure) else self.check.failure

    @property
    def outcome(self) -> polls.PollStatus:
        if self.failure is not None:
            return "failed"
        return "read" if isinstance(self.result, RouteReading) else "unchanged"

    @property
    def items(self) -> tuple[Item, ...]:
        """What the reader understood, top to bottom; nothing where no reading came."""
        return self.result.items if isinstance(self.result, RouteReading) else ()


def gather_poll(
    poller: Poller, source: Source, route: Route, span: DateRange, *, sought: Interval | None = None
) -> GatheredPoll:
    """Everything of a poll that needs the network, and nothing that writes.

    ``sought``: the day of a canary that is being looked for.
    """
    with poller.ledger.reading() as (db, now):
        start = _begin(db, now, poller, source, route, span)
    recording, began = Recording(), start_watch(poller.ledger)
    result = read_route(poller.fetcher, source, route, start.plan.ask, recording)
    look = look_at_clocks(poller.ledger, began, recording.exchanges)
    if look is not None and _is_misdated(look, result):
        return _misdated(start, look, recording)
    start = replace(start, answered_at=None if look is None else look.answered_at)
    gathered = _gather(poller, start, result, recording, span, sought)
    return replace(gathered, look=look)


def _is_misdated(look: ClockLook, result: Result) -> bool:
    """Whether clocks disagree; a reading, which proves something, also needs one that bears ours out."""
    if isinstance(result, Failure):
        return look.judgement.trust == "disagrees"
    return not look.judgement.is_trusted


def _misdated(start: PollStart, look: ClockLook, recording: Recording) -> GatheredPoll:
    """A poll whose instant is not to be believed: its bytes are kept, and nothing is read from them."""
    failure = Failure("unreachable", "clock", look.judgement.reason)
    proof = CoverageProof((), f"covers nothing: {failure}")
    return GatheredPoll(start, failure, tuple(recording.exchanges), proof, look=look)


def _gather(
    poller: Poller,
    start: PollStart,
    result: Result,
    recording: Recording,
    span: DateRange,
    sought: Interval | None,
) -> GatheredPoll:
    """What a result proves, beside what is known and what else the publisher says."""
    source, route = start.source, start.route
    if not isinstance(result, RouteReading):
        proof = _proof_without_reading(poller, start, result)
        return GatheredPoll(start, result, tuple(recording.exchanges), proof)
    by_person = span.asks and sought is None
    withdrawn = None if by_person else _withdrawn_newest(poller, start, result, recording)
    with poller.ledger.reading() as (db, now):
        accepted = result if by_person else _accept(db, start, result, withdrawn)
        proof = _proof(db, now, start, accepted)
        compared = Comparison()
        if isinstance(accepted, RouteReading) and (start.counts or sought):
            compared = compare_reading(db, source, route, accepted, proof, sought)
    check = look_up_missing(poller.fetcher, route, compared, recording)
    if check.failure is not None:
        proof = CoverageProof((), f"covers nothing: {check.failure}")
    check = replace(check, gone=tuple(dict([*check.gone, *(withdrawn or ())]).items()))
    return GatheredPoll(start, accepted, tuple(recording.exchanges), proof, check)


def _begin(
    db: Connection, now: datetime, poller: Poller, source: Source, route: Route, span: DateRange
) -> PollStart:
    state = route_state(db, source.id, route.id)
    counts = counts_toward_coverage(source, route, confirmed_routes_of(db, source, now))
    earliest = poller.windows.earliest or now
    known = None
    if span.asks:
        plan = plan_range(source, span, now=now, earliest=earliest)
    elif (gaps := backfill_range(db, poller.windows, source, route, now)) is not None:
        plan = plan_backfill(route, gaps, now)
    else:
        since = _known_since(state, now)
        known = KnownCoverage(polls.coverage_of_source(db, source.id, now, since=since), since)
        closing = any(window.due_at <= now for window in poller.windows.current(source.id, now))
        plan = plan_poll(
            source,
            route,
            state,
            known.covered,
            now=now,
            earliest=earliest,
            closing=closing,
        )
    return PollStart(source, route, now, state, counts, plan, known, _answers(db, source, route, plan))


def _answers(db: Connection, source: Source, route: Route, plan: PollPlan) -> KnownAnswers:
    if plan.ask.validators in (None, Validators()):
        return {}
    return {route.url: last_answers_of_route(db, source.id, route.id, route.url)}


def _known_since(state: RouteState | None, now: datetime) -> datetime:
    """How far back a poll needs to know what is covered: to the gaps that it may heal, and to the last item
    of the listing, on which its claim will rest if nothing has changed."""
    if state is None or not state.items:
        return now - HEAL_BACK
    return min(now - HEAL_BACK, max(state.items[-1].interval.from_at, now - KNOWN_BACK))


def read_route(
    fetcher: Fetcher, source: Source, route: Route, ask: ReadRequest, recording: Recording
) -> Result:
    """Read a route; whatever goes wrong comes back as a Failure. This is the edge of the job."""
    fetch = fetcher.session(recording)
    try:
        return read_by_platform(source, route, fetch, ask)
    except ScrapeError as error:
        return Failure(error.family, error.kind, error.reason)
    except Exception as error:
        log.exception("the reader of %s/%s broke", source.id, route.id)
        return Failure("unrecognised", "reader_broke", f"{type(error).__name__}: {error}"[:500])


def _withdrawn_newest(
    poller: Poller, start: PollStart, reading: RouteReading, recording: Recording
) -> GoneDocuments | None:
    """Where a reading looks like an old copy: the items that it lacks, if each says itself that it is gone.
    None for any other reading, and for an old copy."""
    if start.state is None or _why_stale(reading, start.state) is None:
        return None
    with poller.ledger.reading() as (db, now):
        missing = listed_after_newest(db, start.source, start.route, reading, now)
    return seen_withdrawn(poller.fetcher, start.route, missing, recording)


def _accept(
    db: Connection, start: PollStart, reading: RouteReading, withdrawn: GoneDocuments | None
) -> RouteReading | Failure:
    """The reading, or why nothing of it can be believed. What a person asks for is believed.

    ``withdrawn``: what stood above its newest item and is gone, None where that is not known.
    """
    stale = None if start.state is None or withdrawn is not None else _why_stale(reading, start.state)
    return stale or check_moved_dates(db, start.source, start.route, reading) or reading


def _why_stale(reading: RouteReading, state: RouteState) -> Failure | None:
    """A copy older than the last valid reading proves nothing; sites serve such copies now and then."""
    newest = max((item.published.interval.until_at for item in reading.items), default=None)
    if reading.asked is not None or not state.newest_at or not newest or newest > state.newest_at:
        return None
    reason = (
        f"its newest item is of before {newest.isoformat()}, "
        f"the last reading had one of {state.newest_at.isoformat()}"
    )
    return Failure("unreachable", "stale", reason)


def _proof(db: Connection, now: datetime, start: PollStart, result: Result) -> CoverageProof:
    """What a result proves, beside what other routes of the source show."""
    items = result.items if isinstance(result, RouteReading) else ()
    published = _rests_on(result, start.state)
    source, route, counts = start.source, start.route, start.counts
    elsewhere = newer_elsewhere(db, source, route, items, published, now) if counts else ()
    return prove_coverage(
        source, route, result, start.state, start.read_at, counts=counts, elsewhere=elsewhere
    )


def _proof_without_reading(poller: Poller, start: PollStart, result: Unchanged | Failure) -> CoverageProof:
    """The same where no items came; the ledgers are asked only where they could know of others."""
    source, route, counts = start.source, start.route, start.counts
    if isinstance(result, Failure) or not counts or not witnesses(source, route):
        return prove_coverage(source, route, result, start.state, start.read_at, counts=counts)
    with poller.ledger.reading() as (db, now):
        return _proof(db, now, start, result)


def _rests_on(result: Result, state: RouteState | None) -> tuple[PublicationTime, ...]:
    """The publication times, top to bottom, on which a listing's claim rests; none for other readings."""
    if isinstance(result, Unchanged) and state is not None:
        return state.items
    if isinstance(result, RouteReading) and result.asked is None and not result.listings:
        return tuple(item.published for item in result.items)
    return ()


def summarise_poll(gathered: GatheredPoll, new_documents: int = 0) -> PollOutcome:
    """A poll in a few words."""
    return PollOutcome(
        gathered.start.route.id,
        gathered.outcome,
        gathered.failure,
        len(gathered.items),
        new_documents,
        gathered.proof.basis,
    )


def is_clock_failure(outcome: PollOutcome) -> bool:
    """Whether a poll failed because our clock is not believed: then nothing else is read by it either."""
    return outcome.failure is not None and outcome.failure.kind == CLOCK
