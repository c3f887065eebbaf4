"""Which alert goes to whom, in what manner and when; and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, insert, select

from models import tables
from models.upsert import insert_or_ignore

Manner = Literal["at_once", "digest", "unacknowledged", "silenced"]
"""``unacknowledged``: told only if nobody has acknowledged it when it falls due."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One alert for one watcher. ``why`` is JSON data that says why they are told; see ``alerts.reasons``."""

    alert: int
    watcher: int
    manner: Manner
    why: dict[str, Any]
    due_at: datetime
    known_at: datetime


def mark_routed(db: Connection, alert: int, recipients: int, now: datetime) -> bool:
    """Note that an alert was given its recipients; False if it had been before."""
    return insert_or_ignore(db, tables.routing, alert=alert, recipients=recipients, known_at=now)


def add_recipients(db: Connection, found: Sequence[Recipient]) -> None:
    if found:
        db.execute(
            insert(tables.recipient),
            [
                {
                    "alert": one.alert,
                    "watcher": one.watcher,
                    "manner": one.manner,
                    "why": one.why,
                    "due_at": one.due_at,
                    "known_at": one.known_at,
                }
                for one in found
            ],
        )


def waiting(
    db: Connection, now: datetime, *, watcher: int | None = None, limit: int | None = None
) -> list[Recipient]:
    """Those that are due and have neither an envelope nor a reason for none, by watcher and age."""
    rows, told = tables.recipient.c, tables.told.c
    query = (
        select(tables.recipient)
        .outerjoin(tables.told, (told.watcher == rows.watcher) & (told.alert == rows.alert))
        .where(told.alert.is_(None), rows.due_at <= now)
        .order_by(rows.watcher, rows.alert)
        .limit(limit)
    )
    if watcher is not None:
        query = query.where(rows.watcher == watcher)
    return [_recipient(r) for r in db.execute(query)]


def recipient(db: Connection, alert: int, watcher: int) -> Recipient:
    rows = tables.recipient.c
    query = select(tables.recipient).where(rows.alert == alert, rows.watcher == watcher)
    return _recipient(db.execute(query).one())


def _recipient(r: Any) -> Recipient:
    return Recipient(r.alert, r.watcher, r.manner, r.why, r.due_at, r.known_at)


def tell(db: Connection, watcher: int, alerts: Iterable[int], envelope: int, now: datetime) -> None:
    """Note that an envelope carries these alerts to a watcher."""
    rows = [{"watcher": watcher, "alert": a, "envelope": envelope, "known_at": now} for a in alerts]
    if rows:
        db.execute(insert(tables.told), rows)


def omit(
    db: Connection, watcher: int, alert: int, reason: str, now: datetime, *, silence: int | None = None
) -> None:
    """Note why a watcher is not told of an alert after all."""
    db.execute(
        insert(tables.told),
        {"watcher": watcher, "alert": alert, "omitted": reason, "silence": silence, "known_at": now},
    )


def alerts_in(db: Connection, envelope: int) -> list[int]:
    """The alerts that an envelope carries, in the order they were made."""
    rows = tables.told.c
    query = select(rows.alert).where(rows.envelope == envelope).order_by(rows.alert)
    return [int(found) for found in db.execute(query).scalars()]
