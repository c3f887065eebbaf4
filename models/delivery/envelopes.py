"""The envelopes that carry alerts to watchers: fixed byte for byte when written, sent under a lease.

Statements that run for each mail are built once: building one takes longer than running it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, case, exists, func, insert, or_, select, update

from servanda.compliance.watchers import Channel, State
from servanda.models import tables
from servanda.models.upsert import insert_new

EnvelopeKind = Literal["alert", "digest", "confirmation"]
EnvelopeState = Literal["queued", "sent", "refused", "given_up", "withdrawn"]
"""``withdrawn``: its recipient left, or is suspended, before it was sent."""

WANTED_BY: dict[EnvelopeKind, tuple[State, ...]] = {
    "alert": ("active",),
    "digest": ("active",),
    "confirmation": ("asked", "active"),
}
"""The standings in which a watcher is sent each kind."""


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
    """An envelope under a lease. ``attempts`` were made before; ``first_at`` is when the first was that did
    not fail for the server's sake, if any.

    ``uncertain``: an attempt may have delivered it, so its bytes must stay as they are. ``secret`` signs what
    a webhook gets.
    """

    id: int
    watcher: int
    kind: EnvelopeKind
    channel: Channel
    recipient: str
    secret: str | None = field(repr=False)
    message_id: str
    bytes: bytes = field(repr=False)
    attempts: int
    first_at: datetime | None
    uncertain: bool
    delayed_at: datetime | None
    known_at: datetime


@dataclass(frozen=True, slots=True)
class AttemptOutcome:
    """What came of one try. ``due_at``: when to try again, for ``queued``; ``of_server``: any mail would have
    failed.
    """

    envelope: int
    state: EnvelopeState
    due_at: datetime
    code: int
    answer: str
    at: datetime
    uncertain: bool = False
    of_server: bool = False


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


# --- leases ---------------------------------------------------------------------------------------------

_rows = tables.envelope.c
_made = tables.attempt.c
_FREE = or_(_rows.lease_until.is_(None), _rows.lease_until <= bindparam("now"))

_said = tables.standing.c
_STANDING = (
    select(_said.state)
    .where(_said.watcher == _rows.watcher)
    .order_by(_said.id.desc())
    .limit(1)
    .correlate(tables.envelope)
    .scalar_subquery()
)

_next = tables.attempt.alias("next").c
_OF_SERVER = or_(
    _made.of_server,
    (_made.code == 0) & exists().where(_next.id == _made.id + 1, _next.of_server).correlate(tables.attempt),
)
"""An attempt that failed for the server's sake, or was lost right before one that did."""

_FOUND = (
    select(
        tables.envelope,
        _STANDING.label("standing"),
        tables.watcher.c.channel,
        tables.watcher.c.secret,
        func.count(_made.id).label("attempts"),
        func.min(case((~_OF_SERVER, _made.at))).label("first_at"),
        func.max(case((_made.uncertain, 1), else_=0)).label("doubt"),
    )
    .join(tables.watcher, tables.watcher.c.id == _rows.watcher)
    .outerjoin(tables.attempt, _made.envelope == _rows.id)
    .where(
        _rows.id == bindparam("envelope"), _rows.state == "queued", _rows.due_at <= bindparam("now"), _FREE
    )
    .group_by(_rows.id, tables.watcher.c.channel, tables.watcher.c.secret)
)

_TAKE = (
    update(tables.envelope)
    .where(_rows.id == bindparam("envelope"))
    .values(lease_until=bindparam("until"), lease_by=bindparam("by"))
)


def lease_envelope(
    db: Connection, envelope: int, by: str, now: datetime, length: timedelta
) -> Envelope | None:
    """Take an envelope for ``length``; nobody else gets it meanwhile. None: somebody has, or it is not due.

    A lease that was never given back leaves its mark: whoever held it may have delivered the mail. What is
    no longer wanted is withdrawn instead: its recipient left while a sender had it that did not come back.
    """
    row = db.execute(_FOUND, {"envelope": envelope, "now": now}).one_or_none()
    if row is None:
        return None
    if row.standing not in WANTED_BY[row.kind]:
        db.execute(update(tables.envelope).where(_rows.id == envelope).values(state="withdrawn"))
        return None
    db.execute(_TAKE, {"envelope": envelope, "until": now + length, "by": by})
    return _envelope(row)


def _envelope(row: Any) -> Envelope:
    return Envelope(
        id=row.id,
        watcher=row.watcher,
        kind=row.kind,
        channel=row.channel,
        recipient=row.recipient,
        secret=row.secret,
        message_id=row.message_id,
        bytes=row.bytes,
        attempts=int(row.attempts),
        first_at=row.first_at,
        uncertain=bool(row.doubt) or row.lease_by is not None,
        delayed_at=row.delayed_at,
        known_at=row.known_at,
    )


_HELD = select(_rows.id).where(
    _rows.id == bindparam("envelope"),
    _rows.lease_by == bindparam("by"),
    _rows.lease_until > bindparam("now"),
    _rows.state == "queued",
)


def holds_lease(db: Connection, envelope: int, by: str, now: datetime) -> bool:
    """Whether it is still to be sent, and by us."""
    return db.execute(_HELD, {"envelope": envelope, "by": by, "now": now}).first() is not None


def lease_holders(db: Connection) -> list[str]:
    """Who holds leases, whether their time is over or not."""
    query = select(_rows.lease_by).distinct().where(_rows.state == "queued", _rows.lease_by.is_not(None))
    return [str(holder) for holder in db.execute(query).scalars()]


def release_leases(db: Connection, by: str, now: datetime) -> int:
    """Free what a sender held that is known to have ended; its mark stays. Returns how many there were."""
    change = update(tables.envelope).where(_rows.state == "queued", _rows.lease_by == by)
    return db.execute(change.where(_rows.lease_until > now).values(lease_until=now)).rowcount


def release_lease(db: Connection, envelope: Envelope, by: str) -> None:
    """End a lease under which nothing was handed over; a mark that was there before stays."""
    change = update(tables.envelope).where(_rows.id == envelope.id, _rows.lease_by == by)
    db.execute(change.values(lease_until=None, lease_by=by if envelope.uncertain else None))


# --- what came of it --------------------------------------------------------------------------------------

_TRIED = insert(tables.attempt)
_SENT = (
    update(tables.envelope)
    .where(_rows.id == bindparam("envelope"), _rows.state.in_(("queued", "withdrawn")))
    .values(state="sent", due_at=bindparam("due"), lease_until=None, lease_by=None)
)
_NOT_SENT = (
    update(tables.envelope)
    .where(_rows.id == bindparam("envelope"), _rows.lease_by == bindparam("by"), _rows.state == "queued")
    .values(state=bindparam("next"), due_at=bindparam("due"), lease_until=None, lease_by=None)
)


def record_attempt(db: Connection, done: AttemptOutcome, by: str) -> bool:
    """Record an attempt and its outcome; False where somebody else has settled it, or holds it by now.

    A failure changes the envelope only while the lease is ours. What a server has taken is sent, whoever
    holds the lease by now, and even if it was withdrawn meanwhile.
    """
    db.execute(
        _TRIED,
        {
            "envelope": done.envelope,
            "at": done.at,
            "code": done.code,
            "answer": done.answer,
            "uncertain": done.uncertain,
            "of_server": done.of_server,
        },
    )
    values = {"envelope": done.envelope, "due": done.due_at}
    if done.state == "sent":
        return db.execute(_SENT, values).rowcount == 1
    return db.execute(_NOT_SENT, {**values, "by": by, "next": done.state}).rowcount == 1


def rewrite_envelope(db: Connection, envelope: int, by: str, content: bytes, now: datetime) -> bool:
    """Replace the bytes of what never left us, once; False where it was done before, or is not ours."""
    change = (
        update(tables.envelope)
        .where(_rows.id == envelope, _rows.lease_by == by, _rows.state == "queued")
        .where(_rows.delayed_at.is_(None))
    )
    return db.execute(change.values(bytes=content, delayed_at=now)).rowcount == 1


def postpone(
    db: Connection, channel: Channel, now: datetime, until: datetime, *, watcher: int | None = None
) -> int:
    """Let everything due this way (or to one watcher) wait, without counting a try; how many there were."""
    of_channel = select(tables.watcher.c.id).where(tables.watcher.c.channel == channel)
    change = update(tables.envelope).where(
        _rows.state == "queued",
        _rows.due_at < until,
        or_(_rows.lease_until.is_(None), _rows.lease_until <= now),
        _rows.watcher.in_(of_channel) if watcher is None else _rows.watcher == watcher,
    )
    return db.execute(change.values(due_at=until)).rowcount


def envelope_counts(db: Connection) -> dict[str, int]:
    """How many envelopes are in each state."""
    query = select(_rows.state, func.count()).group_by(_rows.state)
    return {state: int(n) for state, n in db.execute(query)}
