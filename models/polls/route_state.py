"""What the next poll of a route needs of the last ones: a cache of what the ledgers say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, select, update

from servanda.compliance.publication import PublicationTime
from servanda.models import tables
from servanda.models.publication_columns import published_from_json, published_json
from servanda.models.upsert import upsert


@dataclass(frozen=True, slots=True)
class RouteState:
    """``items`` are the publication times of the last valid reading, top to bottom.

    ``read_whole_at``: when it was last read in full; ``unchanged_at``: when its publisher last said that it
    had not changed since, None where it was read in full after that. ``distrusted``: it once said so falsely.
    """

    etag: str | None
    last_modified: str | None
    items: tuple[PublicationTime, ...]
    reached_end: bool
    newest_at: datetime | None
    last_valid_at: datetime | None
    failing_since: datetime | None
    next_due_at: datetime
    read_whole_at: datetime | None = None
    unchanged_at: datetime | None = None
    distrusted: bool = False


_rows, _distrust = tables.route_state.c, tables.route_distrust.c
_IS_DISTRUSTED = exists().where(_distrust.source == _rows.source, _distrust.route == _rows.route)
_OF_ROUTE = select(tables.route_state, _IS_DISTRUSTED.label("distrusted")).where(
    _rows.source == bindparam("source"), _rows.route == bindparam("route")
)


def route_state(db: Connection, source: str, route: str) -> RouteState | None:
    row = db.execute(_OF_ROUTE, {"source": source, "route": route}).one_or_none()
    if row is None:
        return None
    return RouteState(
        etag=row.etag,
        last_modified=row.last_modified,
        items=tuple(published_from_json(item) for item in row.items),
        reached_end=row.reached_end,
        newest_at=row.newest_at,
        last_valid_at=row.last_valid_at,
        failing_since=row.failing_since,
        next_due_at=row.next_due_at,
        read_whole_at=row.read_whole_at,
        unchanged_at=row.unchanged_at,
        distrusted=row.distrusted,
    )


def save_route_state(db: Connection, source: str, route: str, state: RouteState) -> None:
    upsert(
        db,
        tables.route_state,
        {"source": source, "route": route},
        {
            "etag": state.etag,
            "last_modified": state.last_modified,
            "items": [published_json(item) for item in state.items],
            "reached_end": state.reached_end,
            "newest_at": state.newest_at,
            "last_valid_at": state.last_valid_at,
            "failing_since": state.failing_since,
            "next_due_at": state.next_due_at,
            "read_whole_at": state.read_whole_at,
            "unchanged_at": state.unchanged_at,
        },
    )


_TIMES = (
    update(tables.route_state)
    .where(_rows.source == bindparam("of_source"), _rows.route == bindparam("of_route"))
    .values(
        last_valid_at=bindparam("last_valid_at"),
        failing_since=bindparam("failing_since"),
        next_due_at=bindparam("next_due_at"),
        unchanged_at=bindparam("unchanged_at"),
    )
)


def save_route_times(db: Connection, source: str, route: str, state: RouteState) -> None:
    """Save when a route was read validly, since when it fails, when it is due: all that a poll changes
    which brought no reading. The rest of ``state`` is what was saved before."""
    named = {
        "of_source": source,
        "of_route": route,
        "last_valid_at": state.last_valid_at,
        "failing_since": state.failing_since,
        "next_due_at": state.next_due_at,
        "unchanged_at": state.unchanged_at,
    }
    db.execute(_TIMES, named)


def due_routes(db: Connection, routes: Sequence[tuple[str, str]], now: datetime) -> list[tuple[str, str]]:
    """Those of the (source, route) pairs whose next poll is due; one never polled is."""
    waiting = {
        (row.source, row.route)
        for row in db.execute(select(_rows.source, _rows.route).where(_rows.next_due_at > now))
    }
    return [pair for pair in routes if pair not in waiting]
