"""What single readings claimed, in the order in which they became known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from servanda.compliance.intervals import Interval
from servanda.compliance.late_coverage import CoverageClaim
from servanda.models import tables
from servanda.models.polls.polls import is_believed

_rows = tables.coverage.c
_CLAIMS = (
    select(_rows.source, _rows.route, _rows.poll, _rows.from_at, _rows.until_at, _rows.known_at)
    .where(
        _rows.source.in_(bindparam("sources", expanding=True)),
        _rows.until_at > bindparam("from_at"),
        _rows.from_at < bindparam("until_at"),
        _rows.known_at <= bindparam("as_of"),
        is_believed(_rows),
    )
    .order_by(_rows.id)
)


def coverage_claims(
    db: Connection, sources: Collection[str], bounds: Interval, as_of: datetime
) -> dict[str, list[CoverageClaim]]:
    """The coverage rows of each source that reach into ``bounds``, as far as they stand."""
    found: dict[str, list[CoverageClaim]] = defaultdict(list)
    named = {
        "sources": sorted(sources),
        "from_at": bounds.from_at,
        "until_at": bounds.until_at,
        "as_of": as_of,
    }
    for row in db.execute(_CLAIMS, named):
        interval = Interval(row.from_at, row.until_at)
        found[row.source].append(CoverageClaim(interval, row.route, row.poll, row.known_at))
    return found


_poll = tables.poll.c
_LAST_ASKED = select(func.max(_poll.started_at)).where(
    _poll.source == bindparam("source"),
    _poll.route == bindparam("route"),
    _poll.started_at >= bindparam("since"),
    _poll.asked_from_at <= bindparam("from_at"),
)


def last_asked_for(
    db: Connection, source: str, route: str, from_at: datetime, since: datetime
) -> datetime | None:
    """When a route was last asked to read back to ``from_at`` or further, since ``since``."""
    named = {"source": source, "route": route, "from_at": from_at, "since": since}
    found: datetime | None = db.execute(_LAST_ASKED, named).scalar_one()
    return found
