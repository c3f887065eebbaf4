"""What is not to be told for a while, by whose word and why. A silence ends aloud."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from servanda.models import tables
from servanda.models.upsert import insert_or_ignore


@dataclass(frozen=True, slots=True)
class Silence:
    """Of what: an instrument, a subject (``source:…``, ``document:…``), kinds; None and empty mean any.

    ``ended_at`` is when its end was recorded, ``ended_by`` by whose word; None while it was not.
    """

    id: int
    instrument: str | None
    subject: str | None
    kinds: tuple[str, ...]
    by: str
    reason: str
    from_at: datetime
    until_at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None
    end_reason: str | None = None


def add_silence(
    db: Connection,
    *,
    instrument: str | None,
    subject: str | None,
    kinds: tuple[str, ...],
    by: str,
    reason: str,
    until_at: datetime,
    now: datetime,
) -> int:
    """Begin a silence now; returns its id."""
    row = {
        "instrument": instrument,
        "subject": subject,
        "kinds": list(kinds),
        "by": by,
        "reason": reason,
        "from_at": now,
        "until_at": until_at,
        "known_at": now,
    }
    return int(db.execute(insert(tables.silence).returning(tables.silence.c.id), row).scalar_one())


def end_silence(db: Connection, silence: int, by: str, reason: str, now: datetime) -> bool:
    """Record that a silence has ended, by its time or by somebody's word; False if it was recorded before."""
    return insert_or_ignore(db, tables.silence_end, silence=silence, by=by, reason=reason, known_at=now)


def silences(db: Connection, *, open_only: bool = False) -> list[Silence]:
    """In the order they were made. ``open_only``: those whose end is not recorded, their time over or not."""
    ended = tables.silence_end.c
    query = (
        select(
            tables.silence,
            ended.known_at.label("ended_at"),
            ended.by.label("ended_by"),
            ended.reason.label("end_reason"),
        )
        .outerjoin(tables.silence_end, ended.silence == tables.silence.c.id)
        .order_by(tables.silence.c.id)
    )
    if open_only:
        query = query.where(ended.silence.is_(None))
    return [_silence(row) for row in db.execute(query)]


def _silence(r: Any) -> Silence:
    return Silence(
        r.id, r.instrument, r.subject, tuple(r.kinds), r.by, r.reason, r.from_at, r.until_at, r.ended_at,
        r.ended_by, r.end_reason,
    )  # fmt: skip
