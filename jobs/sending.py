"""Send every envelope that is due, under a lease, and record what the server answered.

An envelope counts as sent once the server has said 250, and not before.
"""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta

from alerts.email import DeliveryError, next_attempt_at
from jobs.progress import OnStep, quietly
from jobs.wiring import Wiring
from models import envelopes
from models.envelopes import Envelope, EnvelopeState

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
"""Longer than one delivery can take; a sender that died is followed by another after it."""


def send_envelopes(wiring: Wiring, on_step: OnStep = quietly) -> dict[str, int]:
    """Send what is due; returns how many were ``sent``, ``deferred`` and ``refused``."""
    counts = {"sent": 0, "deferred": 0, "refused": 0}
    sender = uuid.uuid4().hex
    with wiring.sender:
        while (envelope := _lease(wiring, sender)) is not None:
            on_step(envelope.recipient, sum(counts.values()), 0)
            counts[_deliver(wiring, sender, envelope)] += 1
    return counts


def _lease(wiring: Wiring, by: str) -> Envelope | None:
    with wiring.store.writing() as db:
        return envelopes.lease_envelope(db, by, wiring.now, LEASE)


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
        envelopes.settle_envelope(
            db, envelope.id, by, state=state, due_at=due_at, code=code, answer=answer, now=wiring.now
        )
