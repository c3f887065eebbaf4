"""The closing sweep: before the final word, routes go back to what a window still lacks.

Older pages of listings, date-ranged queries, captures of archives; at most every few hours, for what cannot
be closed must not be asked for again and again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from servanda.compliance.intervals import Interval, between
from servanda.instruments.routes import Route, Source
from servanda.jobs.knowledge.confirmed_routes import confirmed_routes_of, counts_toward_coverage
from servanda.jobs.polling.cadence import PollingWindows, backfill_start
from servanda.jobs.polling.plan import HEAL_BACK
from servanda.models.polls import coverage_claims as claims
from servanda.models.polls import polls

BACKFILL_EVERY = timedelta(hours=6)


def backfill_range(
    db: Connection, windows: PollingWindows, source: Source, route: Route, now: datetime
) -> Interval | None:
    """The publication times that this route is to go back to now; None where there is nothing to sweep.

    Nothing is where no window is ending, where it has no gap but the last hours, which the ordinary poll
    reads anyway, where the route cannot reach back or does not count, or was asked a short while ago.
    """
    if not route.depth or route.retired:
        return None
    back_to = backfill_start(windows.current(source.id, now), now)
    if back_to is None:
        return None
    existed = source.existence
    bounds = between(max(back_to, existed.from_at), min(now - source.lag, existed.until_at))
    if bounds is None or not counts_toward_coverage(source, route, confirmed_routes_of(db, source, now)):
        return None
    gaps = polls.coverage_of_source(db, source.id, now, since=bounds.from_at).gaps(bounds).intervals
    old = [gap for gap in gaps if gap.until_at < bounds.until_at or gap.from_at < now - HEAL_BACK]
    if not old:
        return None
    if claims.last_asked_for(db, source.id, route.id, old[0].from_at, now - BACKFILL_EVERY) is not None:
        return None
    return Interval(old[0].from_at, old[-1].until_at)


def routes_to_backfill(
    db: Connection, windows: PollingWindows, source: Source, now: datetime, *, on_demand: bool
) -> tuple[Route, ...]:
    """The routes of a source by which a window that ends still has gaps to close.

    ``on_demand``: those that are read only so, archives that no longer change; else the live ones.
    """
    chosen = (r for r in source.routes if r.on_demand is on_demand)
    return tuple(r for r in chosen if backfill_range(db, windows, source, r, now) is not None)
