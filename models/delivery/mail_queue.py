"""What is to be sent next: the nearest deadline first, and of the words on one window the oldest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, exists, or_, select
from sqlalchemy.types import Integer

from servanda.compliance.watchers import Channel
from servanda.models import tables

_rows = tables.envelope.c
_older = tables.envelope.alias("older").c


def _is_flag(envelope: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether an envelope carries an alert of the kinds named ``flags``."""
    told, alert = tables.told.alias().c, tables.alert.alias().c
    return exists().where(
        told.envelope == envelope,
        alert.id == told.alert,
        alert.kind.in_(bindparam("flags", expanding=True)),
    )


_OVERTAKES = exists().where(
    _older.watcher == _rows.watcher,
    _older.id < _rows.id,
    _older.state == "queued",
    _older.deadline_at == _rows.deadline_at,
    _is_flag(_older.id),
    _is_flag(_rows.id),
)
"""An older flag of the same window still waits for the same watcher: the later word comes after it."""

_DUE = (
    select(_rows.id)
    .join(tables.watcher, tables.watcher.c.id == _rows.watcher)
    .where(
        _rows.state == "queued",
        _rows.due_at <= bindparam("now"),
        or_(_rows.lease_until.is_(None), _rows.lease_until <= bindparam("now")),
        ~_OVERTAKES,
    )
    .where(tables.watcher.c.channel == bindparam("channel"))
    .order_by(_rows.deadline_at.is_(None), _rows.deadline_at, _rows.due_at, _rows.id)
    .limit(bindparam("most", type_=Integer))
)


def due_envelopes(
    db: Connection, channel: Channel, now: datetime, most: int, flags: Iterable[str]
) -> list[int]:
    """The ids of what is to be sent this way now: the nearest deadline first, then what is due longest.

    ``flags``: the kinds of alert that say what is known of a window; what else is about it waits for none.
    """
    due = db.execute(_DUE, {"channel": channel, "now": now, "most": most, "flags": sorted(flags)})
    return [int(envelope) for envelope in due.scalars()]
