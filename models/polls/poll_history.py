"""What became of a source's polls, as few rows: half-hourly polls of one route are 17,000 a year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, extract, func, or_, select

from servanda.compliance.intervals import Interval, IntervalSet, between
from servanda.compliance.timeline import PollRun
from servanda.models import tables
from servanda.models.types import Instant

APART = timedelta(days=7)
"""Gaps no further apart than this are asked about together: polls between them are then looked at too."""

_poll = tables.poll.c
_of_route = (_poll.source == bindparam("source"), _poll.route == bindparam("route"))
_known = _poll.finished_at <= bindparam("as_of")
_ordinary = _poll.asked_from_at.is_(None)  # it is the newest that was wanted, and not certain days
_state = func.coalesce(_poll.failure_family + ":" + _poll.failure_kind, "")


def _seconds(later: ColumnElement[Any], earlier: ColumnElement[Any]) -> ColumnElement[int]:
    return extract("epoch", later) - extract("epoch", earlier)


def _runs() -> Select[Any]:
    """The first poll of each run of polls of a route with one outcome and without a long pause.

    With the last poll before it, and the last one of all; from the last poll that showed nothing of the time
    in question to the first one that could have shown all of it.
    """
    earlier = (
        select(_poll.started_at)
        .where(*_of_route, _known, _ordinary, _poll.started_at <= bindparam("from_at"))
        .order_by(_poll.started_at.desc())
        .limit(1)
    )
    later = (
        select(_poll.started_at)
        .where(*_of_route, _known, _ordinary, _poll.started_at >= bindparam("until_at"))
        .order_by(_poll.started_at)
        .limit(1)
    )
    in_order: dict[str, Any] = {"order_by": (_poll.started_at, _poll.id)}
    rows = (
        select(
            _poll.started_at,
            _poll.failure_family.label("family"),
            _poll.failure_kind.label("kind"),
            _state.label("state"),
            func.lag(_state).over(**in_order).label("before_state"),
            func.lag(_poll.started_at, type_=Instant).over(**in_order).label("before_at"),
            func.max(_poll.started_at, type_=Instant).over().label("last_at"),
        )
        .where(
            *_of_route,
            _known,
            _ordinary,
            _poll.started_at >= func.coalesce(earlier.scalar_subquery(), bindparam("from_at", type_=Instant)),
            _poll.started_at <= func.coalesce(later.scalar_subquery(), bindparam("as_of", type_=Instant)),
        )
        .subquery()
    )
    row = rows.c
    paused = _seconds(row.started_at, row.before_at) > bindparam("reach")
    begins = or_(row.before_at.is_(None), row.state != row.before_state, paused)
    return select(rows).where(begins).order_by(row.started_at)


_RUNS = _runs()
_ASKED = (
    select(tables.poll)
    .where(
        _poll.source == bindparam("source"),
        _poll.route.in_(bindparam("routes", expanding=True)),
        _poll.asked_from_at < bindparam("until_at"),
        _known,
    )
    .order_by(_poll.id)
)


def attempts(
    db: Connection,
    source: str,
    routes: Sequence[str],
    gaps: IntervalSet,
    *,
    lag: timedelta,
    reach: timedelta,
    as_of: datetime,
) -> list[PollRun]:
    """The polls of a source's routes, known at ``as_of``, that would have shown what lies in ``gaps``.

    Polls of one route with one outcome, one after the other, are one ``PollRun``. ``reach``: how far back a
    reading goes by itself.
    """
    if not gaps:
        return []
    named: dict[str, Any] = {"source": source, "as_of": as_of, "reach": reach.total_seconds()}
    near = IntervalSet.of(Interval(g.from_at, g.until_at + APART) for g in gaps.intervals)
    found = [
        attempt
        for route in routes
        for g in near.intervals
        for attempt in _attempts_near(
            db, route, named | {"from_at": g.from_at + lag, "until_at": g.until_at - APART + lag}
        )
    ]
    asked = {"routes": list(routes), "until_at": gaps.intervals[-1].until_at}
    for row in db.execute(_ASKED, named | asked):
        began, family, kind = row.started_at, row.failure_family, row.failure_kind
        wanted = between(row.asked_from_at, row.asked_until_at)
        found.append(PollRun(row.route, began, began, family=family, kind=kind, asked=wanted))
    return found


def _attempts_near(db: Connection, route: str, named: dict[str, Any]) -> list[PollRun]:
    """A run that began before what is asked about answers for nothing before its first poll that was seen."""
    rows: Sequence[Row[Any]] = db.execute(_RUNS, named | {"route": route}).all()
    ends = [row.before_at for row in rows[1:]] + [row.last_at for row in rows[-1:]]
    befores = [
        row.started_at if row.before_at is None and row.started_at <= named["from_at"] else row.before_at
        for row in rows
    ]
    return [
        PollRun(route, row.started_at, end, before, row.family, row.kind)
        for row, end, before in zip(rows, ends, befores, strict=True)
        if before != end
    ]
