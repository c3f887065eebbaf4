"""What was told together: the digests of each watcher's slots, of storms, and of quiet days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, func, select

from servanda.models import tables
from servanda.models.upsert import insert_new

DigestKind = Literal["daily", "weekly", "quiet", "storm"]

SCHEDULED = ("daily", "weekly", "quiet")
"""The kinds that close a watcher's period; a storm comes in between."""


@dataclass(frozen=True, slots=True)
class Digest:
    """``slot`` names it among its watcher's; ``payload`` is what it tells beside its alerts, as JSON data.

    It speaks of the time from ``from_at`` up to ``until_at``.
    """

    watcher: int
    slot: str
    kind: DigestKind
    payload: dict[str, Any]
    from_at: datetime
    until_at: datetime


def add_digest(db: Connection, new: Digest, now: datetime) -> int | None:
    """Keep a digest once for its watcher and slot; its id, None where that slot had one."""
    return insert_new(
        db,
        tables.digest,
        watcher=new.watcher,
        slot=new.slot,
        kind=new.kind,
        payload=new.payload,
        from_at=new.from_at,
        until_at=new.until_at,
        known_at=now,
    )


def digest(db: Connection, digest_id: int) -> Digest:
    r = db.execute(select(tables.digest).where(tables.digest.c.id == digest_id)).one()
    return Digest(r.watcher, r.slot, r.kind, r.payload, r.from_at, r.until_at)


def last_closed(db: Connection, watchers: Iterable[int]) -> dict[int, datetime]:
    """Up to when the scheduled digests of these watchers have told, of those that had any."""
    rows = tables.digest.c
    query = (
        select(rows.watcher, func.max(rows.until_at).label("until_at"))
        .where(rows.watcher.in_(sorted(watchers)), rows.kind.in_(SCHEDULED))
        .group_by(rows.watcher)
    )
    return {r.watcher: r.until_at for r in db.execute(query)}


def last_storms(db: Connection, watchers: Iterable[int], since: datetime) -> dict[int, datetime]:
    """When a storm was last bundled for each of these watchers, of those for whom one was since then."""
    rows = tables.digest.c
    query = (
        select(rows.watcher, func.max(rows.known_at).label("known_at"))
        .where(rows.watcher.in_(sorted(watchers)), rows.kind == "storm", rows.known_at > since)
        .group_by(rows.watcher)
    )
    return {r.watcher: r.known_at for r in db.execute(query)}
