"""Give every alert its recipients, once: who is told, in what manner, why, and when."""

from __future__ import annotations

from datetime import datetime, timedelta

from alerts.model import Alert, AlertKind, from_json
from alerts.reasons import to_json
from alerts.routing import Routed, Topic, routed
from instruments.catalogue import Catalogue
from jobs.wiring import Wiring
from models import alert_rows, recipients
from models.alert_rows import StoredAlert
from models.recipients import Recipient
from models.store import Store
from models.watchers import watchers


def route_alerts(wiring: Wiring) -> int:
    """Route every alert that was not; returns how many there were.

    Each in a transaction of its own: a run that is killed and run again gives each its recipients once.
    """
    with wiring.store.reading() as db:
        unrouted = alert_rows.unrouted_alerts(db)
    for stored in unrouted:
        _route(wiring, stored)
    return len(unrouted)


def _route(wiring: Wiring, stored: StoredAlert) -> None:
    alert = alert_of(wiring.store, stored)
    now = wiring.now
    with wiring.store.writing() as db:
        found = routed(topic(alert, wiring.catalogue), watchers(db))
        if recipients.mark_routed(db, stored.id, len(found), now):
            recipients.add_recipients(db, [_recipient(alert, one, now) for one in found])


def _recipient(alert: Alert, one: Routed, now: datetime) -> Recipient:
    assert alert.id is not None
    return Recipient(
        alert.id, one.watcher.id, one.manner, to_json(one.why), _due_at(alert, one, now), now
    )  # fmt: skip


def _due_at(alert: Alert, one: Routed, now: datetime) -> datetime:
    wait = one.why.unacknowledged_after
    return now if wait is None else alert.known_at + timedelta(minutes=wait)


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


def topic(alert: Alert, catalogue: Catalogue) -> Topic:
    """What an alert is about: its commitments as its payload names them, and who owes them."""
    named = commitments_of(alert)
    parties: set[str] = set()
    for instrument in catalogue.instruments:
        if instrument.id == alert.instrument:
            owed = [c for c in instrument.commitments if c.id in named]
            parties.update(debtor for commitment in owed for debtor in commitment.debtors)
    return Topic(alert.kind, alert.instrument, named, tuple(sorted(parties)))


def commitments_of(alert: Alert) -> tuple[str, ...]:
    """The ids of the commitments that an alert's payload names, in any of its ways to name them."""
    payload = alert.payload
    one = getattr(payload, "commitment", None)
    touched = (evidence.commitment for evidence in getattr(payload, "evidence", ()))
    named = [*([one] if one is not None else []), *getattr(payload, "commitments", ()), *touched]
    return tuple(dict.fromkeys(commitment.id for commitment in named))
