"""A watcher's mail as their standing has it: questions asked, and what is withdrawn from who leaves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, or_, select, update

from servanda.models import tables
from servanda.models.delivery.envelopes import EnvelopeKind


def asked_at(db: Connection, watcher: int) -> list[datetime]:
    """When a watcher was asked to confirm, since they last agreed to anything; oldest first."""
    standing, envelope = tables.standing.c, tables.envelope.c
    agreed = (
        select(standing.known_at)
        .where(standing.watcher == watcher, standing.state == "active")
        .order_by(standing.id.desc())
        .limit(1)
    )
    query = (
        select(envelope.known_at)
        .where(envelope.watcher == watcher, envelope.kind == "confirmation")
        .order_by(envelope.id)
    )
    since = db.execute(agreed).scalar_one_or_none()
    return [at for at in db.execute(query).scalars() if since is None or at > since]


def times_asked(db: Connection, watcher: int) -> int:
    """How often a watcher was ever asked."""
    envelope = tables.envelope.c
    query = select(envelope.id).where(envelope.watcher == watcher, envelope.kind == "confirmation")
    return len(db.execute(query).all())


def withdraw_queued(db: Connection, watcher: int, now: datetime, *, kind: EnvelopeKind | None = None) -> int:
    """Withdraw what waits to be sent to a watcher; returns how many envelopes.

    One under a lease is on its way: whoever holds the lease settles it, and looks at the watcher's standing
    before it is queued again.
    """
    rows = tables.envelope.c
    free = or_(rows.lease_until.is_(None), rows.lease_until <= now)
    change = update(tables.envelope).where(rows.watcher == watcher, rows.state == "queued", free)
    if kind is not None:
        change = change.where(rows.kind == kind)
    return int(db.execute(change.values(state="withdrawn")).rowcount)


def mail_counts(db: Connection, watcher: int) -> dict[str, int]:
    """How many of a watcher's envelopes are in each state."""
    rows = tables.envelope.c
    query = select(rows.state, func.count()).where(rows.watcher == watcher).group_by(rows.state)
    return {state: int(n) for state, n in db.execute(query)}
