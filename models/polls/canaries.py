"""Whether readers still find what their sources are known to hold."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select

from servanda.models import tables


@dataclass(frozen=True, slots=True)
class CanaryLook:
    """What a reading was to find, and whether it did."""

    source: str
    route: str
    canary: str
    found: bool


@dataclass(frozen=True, slots=True)
class CanaryCheck(CanaryLook):
    """A look for a canary that is on record."""

    known_at: datetime


_canary = tables.canary
_ADD = insert(_canary)
_newest = (
    select(func.max(_canary.c.id))
    .where(_canary.c.known_at <= bindparam("as_of"))
    .group_by(_canary.c.source, _canary.c.route, _canary.c.canary)
)
_LAST_LOOKS = select(_canary).where(_canary.c.id.in_(_newest)).order_by(_canary.c.id)
_LAST_LOOKS_OF_SOURCES = (
    select(_canary)
    .where(_canary.c.id.in_(_newest.where(_canary.c.source.in_(bindparam("sources", expanding=True)))))
    .order_by(_canary.c.id)
)
_MISSED_SINCE_FOUND = select(_canary.c.known_at).where(
    _canary.c.source == bindparam("source"),
    _canary.c.route == bindparam("route"),
    _canary.c.canary == bindparam("canary"),
    _canary.c.found.is_(False),
)


def record_canary_checks(db: Connection, poll: int, looks: Sequence[CanaryLook], now: datetime) -> None:
    """Keep what one reading found of what it was to find."""
    rows = [
        {
            "poll": poll,
            "source": look.source,
            "route": look.route,
            "canary": look.canary,
            "found": look.found,
            "known_at": now,
        }
        for look in looks
    ]
    if rows:
        db.execute(_ADD, rows)


def latest_canary_checks(
    db: Connection, as_of: datetime, sources: Collection[str] | None = None
) -> list[CanaryCheck]:
    """The newest look for each canary of each route of these sources (None: of all), by ``as_of``."""
    if sources is None:
        rows = db.execute(_LAST_LOOKS, {"as_of": as_of})
    else:
        rows = db.execute(_LAST_LOOKS_OF_SOURCES, {"as_of": as_of, "sources": sorted(sources)})
    return [CanaryCheck(row.source, row.route, row.canary, row.found, row.known_at) for row in rows]


def canary_misses(db: Connection, source: str, route: str, canary: str) -> list[datetime]:
    """When readings of a route did not find it."""
    named = {"source": source, "route": route, "canary": canary}
    return list(db.execute(_MISSED_SINCE_FOUND, named).scalars())
