"""Routes that said "unchanged" when they were not: what they cover by that word counts no longer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from servanda.models import tables

_rows = tables.route_distrust.c
_ADD = insert(tables.route_distrust)


def record_distrust(db: Connection, source: str, route: str, poll: int, why: str, now: datetime) -> None:
    """Note that a route's word "unchanged" was wrong, as a poll has shown."""
    named = {"source": source, "route": route, "poll": poll, "why": why, "known_at": now}
    db.execute(_ADD, named)


def distrusted_routes(db: Connection, as_of: datetime) -> dict[tuple[str, str], str]:
    """Why each such (source, route) is not believed, by ``as_of``; the first finding of each."""
    rows = db.execute(select(tables.route_distrust).where(_rows.known_at <= as_of).order_by(_rows.id.desc()))
    return {(row.source, row.route): row.why for row in rows}
