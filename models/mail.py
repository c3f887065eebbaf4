"""Alerts, watchers, and the envelopes that carry the one to the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, or_, select, update

from models import tables
from models.upsert import insert_or_ignore

CauseKind = Literal["verdict", "evidence", "observation", "poll", "monitored"]
EnvelopeState = Literal["queued", "sent", "refused", "given_up"]


@dataclass(frozen=True, slots=True)
class NewAlert:
    """Something worth telling, once. ``cause`` is the id of the row of ``cause_kind`` that made it."""

    dedup_key: str
    kind: str
    instrument: str | None
    subject: str
    cause_kind: CauseKind
    cause: int
    payload: dict[str, Any]
    effective_at: datetime
    known_at: datetime


@dataclass(frozen=True, slots=True)
class StoredAlert:
    id: int
    alert: NewAlert


@dataclass(frozen=True, slots=True)
class WatcherRow:
    """A watcher with the last subscription; empty filters mean everything."""

    id: int
    address: str
    name: str
    operator: bool
    active: bool
    instruments: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Envelope:
    """The mail to one watcher that carries one alert, fixed byte for byte when it was routed."""

    id: int
    alert: int
    recipient: str
    message_id: str
    bytes: bytes
    attempts: int


def record_alert(db: Connection, alert: NewAlert) -> bool:
    """Keep an alert unless its key was told before; call it in the transaction of its cause."""
    return insert_or_ignore(
        db,
        tables.alert,
        dedup_key=alert.dedup_key,
        kind=alert.kind,
        instrument=alert.instrument,
        subject=alert.subject,
        cause_kind=alert.cause_kind,
        cause=alert.cause,
        payload=alert.payload,
        effective_at=alert.effective_at,
        known_at=alert.known_at,
    )


def alerts(db: Connection, condition: ColumnElement[bool] | None = None) -> list[StoredAlert]:
    """Alerts in the order they were made."""
    query = select(tables.alert).order_by(tables.alert.c.id)
    if condition is not None:
        query = query.where(condition)
    return [_stored_alert(row) for row in db.execute(query)]


def _stored_alert(r: Any) -> StoredAlert:
    alert = NewAlert(
        r.dedup_key, r.kind, r.instrument, r.subject, r.cause_kind, r.cause, r.payload, r.effective_at,
        r.known_at,
    )  # fmt: skip
    return StoredAlert(r.id, alert)


def unrouted_alerts(db: Connection) -> list[StoredAlert]:
    routed = select(tables.routing.c.alert)
    return alerts(db, tables.alert.c.id.not_in(routed))


_LAST_ALERT = (
    select(tables.alert)
    .where(
        tables.alert.c.subject == bindparam("subject"),
        tables.alert.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .order_by(tables.alert.c.id.desc())
    .limit(1)
)


def last_alert(db: Connection, subject: str, kinds: Sequence[str]) -> StoredAlert | None:
    """The newest alert of these kinds about a subject."""
    row = db.execute(_LAST_ALERT, {"subject": subject, "kinds": list(kinds)}).one_or_none()
    return None if row is None else _stored_alert(row)


def add_watcher(db: Connection, address: str, name: str, now: datetime) -> tuple[int, bool]:
    """Keep a watcher once; returns the id and whether it is new."""
    added = insert_or_ignore(db, tables.watcher, address=address, name=name, known_at=now)
    query = select(tables.watcher.c.id).where(tables.watcher.c.address == address)
    return int(db.execute(query).scalar_one()), added


def subscribe(
    db: Connection,
    watcher: int,
    *,
    active: bool,
    operator: bool,
    instruments: Sequence[str],
    kinds: Sequence[str],
    now: datetime,
) -> None:
    """Append what a watcher wants from now on; the last row counts."""
    db.execute(
        insert(tables.subscription),
        {
            "watcher": watcher,
            "active": active,
            "operator": operator,
            "instruments": list(instruments),
            "kinds": list(kinds),
            "known_at": now,
        },
    )


def watchers(db: Connection) -> list[WatcherRow]:
    watcher, subscription = tables.watcher, tables.subscription
    newest = select(func.max(subscription.c.id)).group_by(subscription.c.watcher)
    query = (
        select(
            watcher,
            subscription.c.active,
            subscription.c.operator,
            subscription.c.instruments,
            subscription.c.kinds,
        )
        .join(subscription, subscription.c.watcher == watcher.c.id)
        .where(subscription.c.id.in_(newest))
        .order_by(watcher.c.id)
    )
    return [
        WatcherRow(r.id, r.address, r.name, r.operator, r.active, tuple(r.instruments), tuple(r.kinds))
        for r in db.execute(query)
    ]


def mark_routed(db: Connection, alert: int, recipients: int, now: datetime) -> bool:
    """Note that an alert went to its recipients' envelopes; False if it had before."""
    return insert_or_ignore(db, tables.routing, alert=alert, recipients=recipients, known_at=now)


def add_envelope(
    db: Connection,
    *,
    watcher: int,
    alert: int,
    recipient: str,
    message_id: str,
    content: bytes,
    now: datetime,
) -> bool:
    return insert_or_ignore(
        db,
        tables.envelope,
        watcher=watcher,
        alert=alert,
        recipient=recipient,
        message_id=message_id,
        bytes=content,
        state="queued",
        due_at=now,
        known_at=now,
    )


def lease_envelope(db: Connection, by: str, now: datetime, length: timedelta) -> Envelope | None:
    """Take the next due envelope for ``length``; nobody else gets it meanwhile. None: nothing is due."""
    rows = tables.envelope.c
    free = or_(rows.lease_until.is_(None), rows.lease_until <= now)
    query = (
        select(tables.envelope)
        .where(rows.state == "queued", rows.due_at <= now, free)
        .order_by(rows.due_at, rows.id)
        .limit(1)
    )
    row = db.execute(query).one_or_none()
    if row is None:
        return None
    change = update(tables.envelope).where(rows.id == row.id)
    db.execute(change.values(lease_until=now + length, lease_by=by))
    made = select(func.count()).where(tables.attempt.c.envelope == row.id)
    tried = int(db.execute(made).scalar_one())
    return Envelope(row.id, row.alert, row.recipient, row.message_id, row.bytes, tried)


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
) -> bool:
    """Record an attempt and its outcome; the state changes only while the lease is still ours."""
    db.execute(insert(tables.attempt), {"envelope": envelope, "at": now, "code": code, "answer": answer})
    rows = tables.envelope.c
    change = update(tables.envelope).where(rows.id == envelope, rows.lease_by == by, rows.state == "queued")
    done = db.execute(change.values(state=state, due_at=due_at, lease_until=None, lease_by=None))
    return done.rowcount == 1


def envelope_counts(db: Connection) -> dict[str, int]:
    """How many envelopes are in each state."""
    rows = tables.envelope.c
    query = select(rows.state, func.count()).group_by(rows.state)
    return {state: int(n) for state, n in db.execute(query)}
