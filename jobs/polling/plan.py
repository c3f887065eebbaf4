"""Which routes to read, and how far back. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from servanda.compliance.intervals import Interval, IntervalSet, between
from servanda.compliance.publication import start_of_day
from servanda.instruments.routes import Route, Source
from servanda.models.polls.route_state import RouteState
from servanda.scrapers.exchange import Validators
from servanda.scrapers.route_reading import ReadRequest

HEAL_BACK = timedelta(days=7)
"""A daily reading goes back over gaps of this age; older ones are closed by asking for their dates."""


@dataclass(frozen=True, slots=True)
class DateRange:
    """Civil days in a source's zone, both inclusive; None for no bound."""

    since: date | None = None
    until: date | None = None

    @property
    def asks(self) -> bool:
        return self.since is not None or self.until is not None


@dataclass(frozen=True, slots=True)
class PollPlan:
    """What to read. ``asked``: the publication times wanted, None where it is the newest that is wanted."""

    ask: ReadRequest
    asked: Interval | None


def routes_to_read(source: Source, routes: Sequence[str] | None, *, ranged: bool) -> tuple[Route, ...]:
    """The routes named; else the live ones; for a range of dates those that reach back, archives included."""
    if routes is not None:
        return tuple(source.route(route) for route in routes)
    if ranged:
        return tuple(r for r in source.routes if not r.retired and r.depth)
    return source.live_routes


def plan_range(source: Source, span: DateRange, *, now: datetime, earliest: datetime) -> PollPlan:
    """Read the days that somebody asked for. ``earliest``: nothing before it is of interest to anybody."""
    back_to = start_of_day(span.since, source.zone) if span.since else earliest
    until = start_of_day(span.until + timedelta(days=1), source.zone) if span.until else None
    return PollPlan(ReadRequest(now, back_to=back_to, until=until), between(back_to, until or now))


def plan_backfill(route: Route, gaps: Interval, now: datetime) -> PollPlan:
    """Go back to what a window that is ending still lacks; on a live route up to the newest, on an archive no
    further than the last gap."""
    until = min(gaps.until_at, now) if route.on_demand else None
    return PollPlan(ReadRequest(now, back_to=gaps.from_at, until=until), Interval(gaps.from_at, until or now))


def _is_believed(route: Route, state: RouteState, now: datetime) -> bool:
    """Whether the word "unchanged" would prove anything now."""
    whole_at = state.read_whole_at
    return whole_at is not None and now - whole_at < route.unchanged_for and not state.distrusted


def plan_poll(
    source: Source,
    route: Route,
    state: RouteState | None,
    covered: IntervalSet,
    *,
    now: datetime,
    earliest: datetime,
    closing: bool = False,
) -> PollPlan:
    """The ordinary poll: the newest, and back to the first gap of the last days.

    ``earliest``: the first publication of an instrument; nothing before it is of interest. The request is
    conditional unless a gap lies deeper than the last reading went, which an unchanged page would not close;
    the last full reading is too old; a final word may rest on it (``closing``); or the route once said
    "unchanged" and was not.
    """
    recent = between(max(earliest, now - HEAL_BACK, source.existence.from_at), now - source.lag)
    gaps = covered.gaps(recent).intervals if recent is not None else ()
    only_the_tail = bool(gaps) and recent is not None and gaps[0].until_at == recent.until_at
    believed = state is not None and not closing and _is_believed(route, state, now)
    conditional = believed and (not route.depth or not gaps or only_the_tail)
    ask = ReadRequest(
        now,
        back_to=gaps[0].from_at if gaps else None,
        validators=Validators(state.etag, state.last_modified) if conditional and state else None,
    )
    return PollPlan(ask, None)
