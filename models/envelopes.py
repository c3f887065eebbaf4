"""The envelopes that carry alerts to watchers: fixed byte for byte when written, sent under a lease."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, func, insert, or_, select, update

from models import tables
from models.upsert import insert_new

EnvelopeKind = Literal["alert", "digest", "confirmation"]
EnvelopeState = Literal["queued", "sent", "refused", "given_up", "withdrawn"]
"""``withdrawn``: its recipient left, or is suspended, before it was sent."""


@dataclass(frozen=True, slots=True)
class NewEnvelope:
    """What one watcher is to get. ``deadline_at``: the nearest end of a window that it speaks of."""

    watcher: int
    kind: EnvelopeKind
    recipient: str
    message_id: str
    bytes: bytes
    deadline_at: datetime | None = None
    digest: int | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """An envelope under a lease. ``attempts`` were made before; ``first_at`` is when the first was, if any.

    ``uncertain``: an attempt may have delivered it, so its bytes must stay as they are.
    """

    id: int
    watcher: int
    kind: EnvelopeKind
    recipient: str
    message_id: str
    bytes: bytes
    attempts: int
    first_at: datetime | None
    uncertain: bool
    delayed_at: datetime | None
    known_at: datetime


def add_envelope(db: Connection, new: NewEnvelope, now: datetime) -> int | None:
    """Queue an envelope; its id, None where one with this Message-ID is there already."""
    return insert_new(
        db,
        tables.envelope,
        watcher=new.watcher,
        kind=new.kind,
        digest=new.digest,
        recipient=new.recipient,
        message_id=new.message_id,
        bytes=new.bytes,
        state="queued",
        deadline_at=new.deadline_at,
        due_at=now,
        known_at=now,
    )


def lease_envelope(db: Connection, by: str, now: datetime, length: timedelta) -> Envelope | None:
    """Take the next due envelope for ``length``; nobody else gets it meanwhile. None: nothing is due.

    The nearest deadline comes first, then what has been due longest.
    """
    rows = tables.envelope.c
    free = or_(rows.lease_until.is_(None), rows.lease_until <= now)
    query = (
        select(tables.envelope)
        .where(rows.state == "queued", rows.due_at <= now, free)
        .order_by(rows.deadline_at.is_(None), rows.deadline_at, rows.due_at, rows.id)
        .limit(1)
    )
    row = db.execute(query).one_or_none()
    if row is None:
        return None
    change = update(tables.envelope).where(rows.id == row.id)
    db.execute(change.values(lease_until=now + length, lease_by=by))
    return _envelope(db, row)


def _envelope(db: Connection, row: Any) -> Envelope:
    """A lease that was never given back leaves its mark: whoever held it may have delivered the mail."""
    made = tables.attempt.c
    query = select(func.count(), func.min(made.at), func.max(made.uncertain)).where(made.envelope == row.id)
    if db.dialect.name == "postgresql":
        query = select(func.count(), func.min(made.at), func.bool_or(made.uncertain)).where(
            made.envelope == row.id
        )
    count, first_at, uncertain = db.execute(query).one()
    return Envelope(
        id=row.id,
        watcher=row.watcher,
        kind=row.kind,
        recipient=row.recipient,
        message_id=row.message_id,
        bytes=row.bytes,
        attempts=int(count),
        first_at=first_at,
        uncertain=bool(uncertain) or row.lease_by is not None,
        delayed_at=row.delayed_at,
        known_at=row.known_at,
    )


def settle_envelope(
    db: Connection,
    envelope: int,
    by: str,
    *,
    state: EnvelopeState,
    due_at: datetime,
    code: int,
    answer: str,
    now: datetime,
    uncertain: bool = False,
) -> bool:
    """Record an attempt and its outcome; the state changes only while the lease is still ours."""
    row = {"envelope": envelope, "at": now, "code": code, "answer": answer, "uncertain": uncertain}
    db.execute(insert(tables.attempt), row)
    rows = tables.envelope.c
    change = update(tables.envelope).where(rows.id == envelope, rows.lease_by == by, rows.state == "queued")
    done = db.execute(change.values(state=state, due_at=due_at, lease_until=None, lease_by=None))
    return done.rowcount == 1


def envelope_counts(db: Connection) -> dict[str, int]:
    """How many envelopes are in each state."""
    rows = tables.envelope.c
    query = select(rows.state, func.count()).group_by(rows.state)
    return {state: int(n) for state, n in db.execute(query)}
