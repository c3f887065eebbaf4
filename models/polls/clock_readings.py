"""Our clock beside those of publishers, as it was read; and what a wrong clock wrote, set aside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from servanda.compliance.clocks import ClockReading, Moment
from servanda.models import tables

LOOKED_BACK = 2_000
"""Readings: what is older says nothing of the clock any more, and a year of them need not be gone through."""

_rows = tables.clock_reading.c
_ADD = insert(tables.clock_reading)
_NEWEST = select(func.max(_rows.id))
_LAST = (
    select(tables.clock_reading)
    .where(
        _rows.id.in_(
            select(func.max(_rows.id)).where(_rows.id > bindparam("after")).group_by(_rows.publisher)
        )
    )
    .order_by(_rows.id)
)


def record_clock_readings(db: Connection, readings: Iterable[ClockReading]) -> None:
    for reading in readings:
        moment = reading.moment
        named = {"publisher": reading.publisher, "stated_at": reading.stated_at, "at": moment.at}
        db.execute(_ADD, {**named, "boot": moment.boot, "uptime": moment.uptime})


def last_clock_readings(db: Connection) -> list[ClockReading]:
    """The last reading of each publisher, the newest last."""
    newest = db.execute(_NEWEST).scalar_one()
    if newest is None:
        return []
    return [_reading(row) for row in db.execute(_LAST, {"after": newest - LOOKED_BACK})]


def _reading(row: Any) -> ClockReading:
    return ClockReading(Moment(row.at, row.boot, row.uptime), row.publisher, row.stated_at)


_coverage, _fault, _route = tables.coverage.c, tables.clock_fault.c, tables.route_state.c
_MISDATED = select(func.max(_coverage.id)).where(
    _coverage.known_at > bindparam("until_at"),
    _coverage.id > select(func.coalesce(func.max(_fault.last_coverage), 0)).scalar_subquery(),
)
_DUE_NOW = (
    update(tables.route_state)
    .where(_route.next_due_at > bindparam("now"))
    .values(next_due_at=bindparam("now"), read_whole_at=None, etag=None, last_modified=None)
)


def set_misdated_aside(db: Connection, until_at: datetime, now: datetime) -> bool:
    """Set aside the coverage that is dated later than ``until_at``, which a wrong clock wrote; whether there
    was any. What routes remember of that time is forgotten: each is read again, and in full."""
    last = db.execute(_MISDATED, {"until_at": until_at}).scalar_one()
    if last is None:
        return False
    db.execute(insert(tables.clock_fault).values(last_coverage=last, until_at=until_at, known_at=now))
    db.execute(_DUE_NOW, {"now": now})
    return True


_CLAIMS = (tables.verdict.c, tables.alert.c, tables.decision.c)


def newest_claim_at(db: Connection) -> datetime | None:
    """When the newest verdict, alert or decision was written, by the clock of then; None for none."""
    newest = [db.execute(select(c.known_at).order_by(c.id.desc()).limit(1)).scalar() for c in _CLAIMS]
    return max((at for at in newest if at is not None), default=None)
