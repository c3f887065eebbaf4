"""What came of a try: sent, to be tried again, refused, given up; and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from servanda.alerts.channels.delivery import DeliveryError, Receipt, next_attempt_at
from servanda.jobs.alerting.delivery_alerts import given_up_alert
from servanda.jobs.delivery.suspension import suspend_after_refusals
from servanda.models.alerts import alerts as alert_rows
from servanda.models.delivery import envelopes
from servanda.models.delivery.envelopes import AttemptOutcome, Envelope, EnvelopeState

DeliveryState = Literal["sent", "deferred", "refused", "withheld"]


@dataclass(frozen=True, slots=True)
class DeliveryAttempt:
    """A try: what the other side said, or neither where nothing was handed over by our own decision.

    ``of_server``: it failed as any other mail would have.
    """

    envelope: Envelope
    receipt: Receipt | None = None
    error: DeliveryError | None = None
    of_server: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryOutcome:
    """What became of it, and when it is due again."""

    state: DeliveryState
    due_at: datetime


def record_delivery(
    db: Connection, by: str, attempt: DeliveryAttempt, suspend_after: int, now: datetime
) -> DeliveryOutcome:
    """Record a try and all that follows from it, in one transaction."""
    envelope, error, receipt = attempt.envelope, attempt.error, attempt.receipt
    if receipt is not None:
        done = AttemptOutcome(envelope.id, "sent", now, receipt.code, receipt.answer, now)
        envelopes.record_attempt(db, done, by)
        return DeliveryOutcome("sent", now)
    if error is None:
        envelopes.release_lease(db, envelope, by)
        return DeliveryOutcome("withheld", now)
    state, due_at = _after_failure(error, envelope, attempt.of_server, now)
    uncertain = error.uncertain or envelope.uncertain
    done = AttemptOutcome(
        envelope.id, state, due_at, error.code, error.answer, now, uncertain, attempt.of_server
    )  # fmt: skip
    if envelopes.record_attempt(db, done, by):
        _apply_consequences(db, done, envelope, error, suspend_after)
    return DeliveryOutcome("deferred" if state == "queued" else "refused", due_at)


def _after_failure(
    error: DeliveryError, envelope: Envelope, of_server: bool, now: datetime
) -> tuple[EnvelopeState, datetime]:
    """Refused for good, given up after days, or to be tried again later.

    While the server is down nothing is given up: the one that was tried for all has done nothing wrong.
    """
    if error.permanent:
        return "refused", now
    first_at = now if of_server else envelope.first_at or now
    again = next_attempt_at(envelope.attempts + 1, first_at, now, error.wait)
    return ("given_up", now) if again is None else ("queued", again)


def _apply_consequences(
    db: Connection, done: AttemptOutcome, envelope: Envelope, error: DeliveryError, suspend_after: int
) -> None:
    if done.state == "refused":
        suspend_after_refusals(db, envelope.watcher, suspend_after, done.at, gone=error.gone)
    elif done.state == "given_up":
        alert = given_up_alert(db, envelope, done)
        if alert is not None:
            alert_rows.record_alert(db, alert)
