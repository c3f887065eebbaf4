"""robots.txt of each origin as last read: a cache between processes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from servanda.models import tables
from servanda.models.store import Store
from servanda.models.upsert import upsert


class StoredRobots:
    """What ``scrapers.http.robots.RobotsMemory`` asks for, in SQL."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def recall(self, origin: str, not_before: datetime) -> bytes | None:
        """The file as last read, unless that was before ``not_before``."""
        rows = tables.robots.c
        query = select(rows.body).where(rows.origin == origin, rows.read_at >= not_before)
        with self._store.reading() as db:
            body: bytes | None = db.execute(query).scalar_one_or_none()
        return None if body is None else bytes(body)

    def remember(self, origin: str, body: bytes, at: datetime) -> None:
        with self._store.writing() as db:
            upsert(db, tables.robots, {"origin": origin[:300]}, {"body": body, "read_at": at})
