"""Carry alerts to their watchers: route each once, send what is due, record what the server answered.

An alert is routed in one transaction: its envelopes, with fixed Message-IDs and bytes, and the mark that it
was. An envelope is sent under a lease and counts as sent once the server has said 250.
"""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from alerts.email import DeliveryError, compose, new_message_id, next_attempt_at
from alerts.model import Alert, AlertKind, from_json
from alerts.render import render
from alerts.routing import Routed, Subscription, Watcher, routed
from jobs.progress import OnStep, quietly
from jobs.wiring import Wiring
from models import mail
from models.mail import Envelope, EnvelopeState, StoredAlert, WatcherRow

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
"""Longer than one delivery can take; a sender that died is followed by another after it."""


@dataclass(frozen=True, slots=True)
class NotifyOutcome:
    """How many envelopes were sent, put off, or refused. ``folder``: where mails were written instead."""

    routed: int
    sent: int
    deferred: int
    refused: int
    folder: Path | None


def notify(wiring: Wiring, on_step: OnStep = quietly) -> NotifyOutcome:
    """Route every alert that was not, and send every envelope that is due."""
    with wiring.store.reading() as db:
        waiting = mail.unrouted_alerts(db)
    for stored in waiting:
        _route(wiring, stored)
    counts = {"sent": 0, "deferred": 0, "refused": 0}
    sender = f"{uuid.uuid4().hex}"
    with wiring.sender:
        while (envelope := _lease(wiring, sender)) is not None:
            on_step(envelope.recipient, sum(counts.values()), 0)
            counts[_deliver(wiring, sender, envelope)] += 1
    folder = None if wiring.settings.smtp_url else wiring.settings.outbox
    return NotifyOutcome(len(waiting), counts["sent"], counts["deferred"], counts["refused"], folder)


def _route(wiring: Wiring, stored: StoredAlert) -> None:
    alert = alert_of(wiring, stored)
    now = wiring.now
    with wiring.store.writing() as db:
        rows = mail.watchers(db)
        recipients = routed(alert, [_watcher(row) for row in rows], [_subscription(row) for row in rows])
        if not mail.mark_routed(db, stored.id, len(recipients), now):
            return
        for recipient in recipients:
            _add_envelope(db, wiring, alert, recipient, now)


def alert_of(wiring: Wiring, stored: StoredAlert) -> Alert:
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
        mode=wiring.store.mode,
        payload=from_json(kept.kind, kept.payload),
    )


def _add_envelope(db: Connection, wiring: Wiring, alert: Alert, recipient: Routed, now: datetime) -> None:
    assert alert.id is not None
    sender = wiring.settings.mail_from
    domain = sender.rpartition("@")[2] or "localhost"
    message_id = new_message_id(wiring.store.identity.id, alert.id, recipient.watcher.id, domain)
    content = compose(
        render(alert, recipient), sender=sender, watcher=recipient.watcher, message_id=message_id, date=now
    )
    mail.add_envelope(
        db,
        watcher=recipient.watcher.id,
        alert=alert.id,
        recipient=recipient.watcher.address,
        message_id=message_id,
        content=content,
        now=now,
    )


def _lease(wiring: Wiring, by: str) -> Envelope | None:
    with wiring.store.writing() as db:
        return mail.lease_envelope(db, by, wiring.now, LEASE)


def _deliver(wiring: Wiring, by: str, envelope: Envelope) -> str:
    """Send one envelope and record the answer; returns what came of it."""
    try:
        receipt = wiring.sender.deliver(envelope.bytes, wiring.settings.mail_from, envelope.recipient)
    except DeliveryError as error:
        log.warning("mail to %s not delivered: %s", envelope.recipient, error)
        state, due_at = _after_failure(error, envelope, wiring.now)
        _settle(wiring, by, envelope, state, due_at, error.code, error.answer)
        return "deferred" if state == "queued" else "refused"
    _settle(wiring, by, envelope, "sent", wiring.now, receipt.code, receipt.answer)
    return "sent"


def _after_failure(error: DeliveryError, envelope: Envelope, now: datetime) -> tuple[EnvelopeState, datetime]:
    """Refused for good, given up after days, or to be tried again later."""
    if error.permanent:
        return "refused", now
    again = next_attempt_at(envelope.attempts + 1, now)
    return ("given_up", now) if again is None else ("queued", again)


def _settle(
    wiring: Wiring,
    by: str,
    envelope: Envelope,
    state: EnvelopeState,
    due_at: datetime,
    code: int,
    answer: str,
) -> None:
    with wiring.store.writing() as db:
        mail.settle_envelope(
            db, envelope.id, by, state=state, due_at=due_at, code=code, answer=answer, now=wiring.now
        )


def _watcher(row: WatcherRow) -> Watcher:
    return Watcher(row.id, row.address, row.name, row.operator, row.active)


def _subscription(row: WatcherRow) -> Subscription:
    return Subscription(row.id, row.instruments, row.kinds)
