"""Whether mail is held back: a restored copy sends none until a person says which side lives."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, exists, insert, select, update

from servanda.models import tables

_rows, _envelope = tables.mail_hold.c, tables.envelope.c
_LAST = select(_rows.held, _rows.reason).order_by(_rows.id.desc()).limit(1)


def held_because(db: Connection) -> str | None:
    """Why no mail is sent; None where it is."""
    row = db.execute(_LAST).one_or_none()
    return None if row is None or not row.held else str(row.reason)


def record_hold(db: Connection, held: bool, by: str, reason: str, now: datetime) -> None:
    db.execute(insert(tables.mail_hold).values(held=held, by=by, reason=reason, known_at=now))


def withdraw_told_elsewhere(db: Connection, until_at: datetime) -> int:
    """Withdraw the envelopes that wait and tell of nothing later than ``until_at``; returns how many."""
    told, alert = tables.told.alias().c, tables.alert.alias().c
    later = exists().where(
        told.envelope == _envelope.id, alert.id == told.alert, alert.effective_at > until_at
    )
    tells = exists().where(tables.told.c.envelope == _envelope.id)
    change = update(tables.envelope).where(_envelope.state == "queued", tells, ~later)
    return int(db.execute(change.values(state="withdrawn")).rowcount)
