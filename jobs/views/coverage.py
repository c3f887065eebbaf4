"""What ``servanda coverage`` answers: each source's time, tiled, and the last poll of each of its routes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from servanda.compliance.intervals import Interval, IntervalSet, between, utc_text
from servanda.compliance.timeline import NOT_ASKED, Tile, build_timeline
from servanda.instruments.catalogue import Catalogue
from servanda.instruments.routes import Source
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.knowledge.confirmed_routes import confirmed_routes, counts_toward_coverage
from servanda.jobs.polling.plan import HEAL_BACK
from servanda.jobs.views.json_values import Json, instant_or_none, intervals
from servanda.models.polls import poll_history, polls
from servanda.models.polls.polls import LastPoll

NONE_COUNTS = "none of its routes may prove absence"


def coverage(ledger: Ledger, catalogue: Catalogue, as_of: datetime) -> list[Json]:
    """For each source: what became of the time since the first instrument, and its routes' last polls."""
    start = min((i.published_at for i in catalogue.instruments), default=as_of)
    with ledger.reading() as (db, _):
        covered = polls.coverage_by_source(db, as_of)
        last = polls.last_polls(db, as_of)
        confirmed = confirmed_routes(db, as_of)
        return [
            _coverage_json(db, source, covered.get(source.id, IntervalSet()), start, confirmed, last, as_of)
            for source in catalogue.sources
        ]


def _coverage_json(
    db: Connection,
    source: Source,
    covered: IntervalSet,
    start: datetime,
    confirmed: frozenset[str],
    last: dict[tuple[str, str], LastPoll],
    as_of: datetime,
) -> Json:
    existed = source.existence
    bounds = between(max(start, existed.from_at), min(as_of, existed.until_at))
    return {
        "source": source.id,
        "covered": intervals(covered.within(bounds).intervals if bounds else ()),
        "gaps": intervals(covered.gaps(bounds).intervals if bounds else ()),
        "tiles": [
            {
                "from": utc_text(tile.interval.from_at),
                "until": utc_text(tile.interval.until_at),
                "state": tile.state.value,
                "why": tile.why,
            }
            for tile in (source_timeline(db, source, bounds, covered, confirmed, as_of) if bounds else ())
        ],
        "routes": [
            {
                "route": route.id,
                "reader": route.reader,
                "last_poll_at": instant_or_none(poll.started_at if poll else None),
                "outcome": poll.outcome if poll else ("retired" if route.retired else None),
                "failure": str(poll.failure) if poll and poll.failure else None,
            }
            for route in source.routes
            for poll in [last.get((source.id, route.id))]
        ],
    }


def source_timeline(
    db: Connection,
    source: Source,
    bounds: Interval,
    covered: IntervalSet,
    confirmed: frozenset[str],
    as_of: datetime,
) -> tuple[Tile, ...]:
    """``bounds`` tiled by what became of them, by the polls of the routes that count."""
    counting = [route.id for route in source.routes if counts_toward_coverage(source, route, confirmed)]
    gaps = covered.gaps(bounds)
    found = poll_history.attempts(db, source.id, counting, gaps, lag=source.lag, reach=HEAL_BACK, as_of=as_of)
    why = NOT_ASKED if counting else NONE_COUNTS
    return build_timeline(bounds, covered, found, source.lag, now=as_of, reach=HEAL_BACK, unasked=why)
