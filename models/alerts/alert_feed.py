"""The newest alerts of some kinds, for a feed."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from servanda.models import tables
from servanda.models.alerts.alerts import StoredAlert, alerts_by_id


def newest_alerts(
    db: Connection, kinds: Iterable[str], *, instrument: str | None = None, limit: int
) -> list[StoredAlert]:
    """Newest first; of one instrument, or of every one. Alerts of no instrument are left out."""
    rows = tables.alert.c
    query = select(rows.id).where(rows.kind.in_(sorted(kinds)), rows.instrument.is_not(None))
    if instrument is not None:
        query = query.where(rows.instrument == instrument)
    ids = list(db.execute(query.order_by(rows.id.desc()).limit(limit)).scalars())
    return alerts_by_id(db, ids)[::-1]
