"""Which routes to read, and how far back. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from compliance.intervals import IntervalSet, between
from compliance.publication import start_of_day
from instruments.routes import Route, Source
from models.polls import RouteState
from scrapers.exchange import Validators
from scrapers.reading import Ask

HEAL_BACK = timedelta(days=7)
"""A daily reading goes back over gaps of this age; older ones are closed by asking for their dates."""


def asks_for_range(since: date | None, until: date | None) -> bool:
    return since is not None or until is not None


def routes_to_read(source: Source, routes: Sequence[str] | None, *, ranged: bool) -> tuple[Route, ...]:
    """The routes named; else the live ones; for a range of dates those that reach back, archives included."""
    if routes is not None:
        return tuple(source.route(route) for route in routes)
    if ranged:
        return tuple(r for r in source.routes if not r.retired and r.depth)
    return source.live_routes


def plan_ask(
    source: Source,
    route: Route,
    state: RouteState | None,
    covered: IntervalSet,
    *,
    now: datetime,
    since: date | None,
    until: date | None,
    earliest: datetime,
) -> Ask:
    """How far back to read: to ``since`` where dates are asked for, else to the first gap of the last days.

    ``earliest``: the first publication of an instrument; nothing before it is of interest. The request is
    conditional unless a gap lies deeper than the last reading went, which an unchanged page would not close.
    """
    if asks_for_range(since, until):
        return Ask(
            now,
            back_to=start_of_day(since, source.zone) if since else earliest,
            until=start_of_day(until + timedelta(days=1), source.zone) if until else None,
        )
    recent = between(max(earliest, now - HEAL_BACK, source.existence.from_at), now - source.lag)
    gaps = covered.gaps(recent).intervals if recent is not None else ()
    only_the_tail = bool(gaps) and recent is not None and gaps[0].until_at == recent.until_at
    conditional = state is not None and (not route.depth or not gaps or only_the_tail)
    return Ask(
        now,
        back_to=gaps[0].from_at if gaps else None,
        validators=Validators(state.etag, state.last_modified) if conditional and state else None,
    )
