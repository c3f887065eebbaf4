"""Stored alerts as the rest of the program takes them."""

from __future__ import annotations

from servanda.alerts.payloads.alert import Alert, from_json
from servanda.alerts.payloads.kinds import AlertKind
from servanda.models.alerts.alerts import StoredAlert
from servanda.models.store import Store


def alert_of(store: Store, stored: StoredAlert) -> Alert:
    """A stored alert as the renderer takes it."""
    row = stored.alert
    return Alert(
        id=stored.id,
        kind=AlertKind(row.kind),
        subject=row.subject,
        instrument=row.instrument,
        dedup_key=row.dedup_key,
        known_at=row.known_at,
        effective_at=row.effective_at,
        mode=store.mode,
        payload=from_json(row.kind, row.payload),
    )
