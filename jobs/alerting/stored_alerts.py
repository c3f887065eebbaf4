"""Stored alerts as the rest of the program takes them."""

from __future__ import annotations

from servanda.alerts.payloads.alert import Alert, from_json
from servanda.alerts.payloads.kinds import AlertKind
from servanda.models.alerts.alerts import StoredAlert
from servanda.models.store import Store


def alert_of(store: Store, stored: StoredAlert) -> Alert:
    """A stored alert as the renderer takes it."""
    kept = stored.alert
    return Alert(
        id=stored.id,
        kind=AlertKind(kept.kind),
        subject=kept.subject,
        instrument=kept.instrument,
        dedup_key=kept.dedup_key,
        known_at=kept.known_at,
        effective_at=kept.effective_at,
        mode=store.mode,
        payload=from_json(kept.kind, kept.payload),
    )
