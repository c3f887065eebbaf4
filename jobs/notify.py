"""Carry alerts to their watchers: give each its recipients, write their envelopes, send what is due."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from servanda.jobs.bootstrap.progress import OnStep, no_progress
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.delivery.bounces import ingest_configured_mailbox
from servanda.jobs.delivery.dispatch import Transports
from servanda.jobs.delivery.envelopes import write_envelopes
from servanda.jobs.delivery.routing import route_alerts
from servanda.jobs.delivery.sending import SenderSetup, send_envelopes
from servanda.jobs.delivery.silences import end_expired_silences
from servanda.jobs.polling.clock_checks import confirm_clock
from servanda.models.delivery.mail_hold import held_because

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NotifyOutcome:
    """How many envelopes were sent, put off, or refused. ``folder``: where mails were written instead;
    ``held``: why none was sent at all."""

    routed: int
    sent: int
    deferred: int
    refused: int
    folder: Path | None
    held: str | None = None


def notify(wiring: Wiring, on_step: OnStep = no_progress) -> NotifyOutcome:
    """Tell what is to be told by now. Each step may be killed and run again.

    ClockUntrusted where our clock and others disagree: nothing is mailed early.
    """
    ledger, settings = wiring.ledger, wiring.settings
    confirm_clock(ledger, lambda: wiring.fetcher, wiring.catalogue)
    end_expired_silences(ledger)
    routed = route_alerts(ledger, wiring.catalogue)
    write_envelopes(ledger, wiring.catalogue, wiring.letterhead)
    ingest_configured_mailbox(ledger, settings.bounces, settings.suspend_after)
    return_path = settings.return_path or settings.mail_from
    with ledger.reading() as (db, _):
        held = held_because(db)
    folder = None if settings.smtp_url else settings.outbox
    if held is not None:
        log.warning("no mail is sent: %s", held)
        return NotifyOutcome(routed, 0, 0, 0, folder, held)
    setup = SenderSetup(
        ledger=ledger,
        transports=Transports(wiring.sender, wiring.webhook, wiring.chat, return_path),
        letterhead=wiring.letterhead,
        locks=settings.outbox / "senders",
        mail_rate=settings.smtp_rate,
        suspend_after=settings.suspend_after,
    )
    counts = send_envelopes(setup, on_step)
    return NotifyOutcome(routed, counts["sent"], counts["deferred"], counts["refused"], folder)
