"""Suspend an address that is refused for good again and again; others are not touched by it."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import Connection

from servanda.jobs.alerting.delivery_alerts import suspended_alert
from servanda.models.alerts import alerts as alert_rows
from servanda.models.delivery.attempts import EnvelopeOutcome, active_since, envelope_outcomes
from servanda.models.delivery.watcher_mail import withdraw_queued
from servanda.models.delivery.watchers import set_standing, watchers

BY_MONITOR = "monitor"

_NOT_ABOUT_THE_ADDRESS = re.compile(r"(#|\b)5\.[3-7]\.\d")
"""Enhanced codes (RFC 3463) about systems, networks, protocol, content, policy: they would meet anybody."""


def suspend_after_refusals(
    db: Connection, watcher: int, limit: int, now: datetime, *, gone: bool = False
) -> None:
    """Suspend a watcher whose last ``limit`` mails were refused or came back, or whose address is gone."""
    since = active_since(db, watcher)
    if since is None:
        return
    last = envelope_outcomes(db, watcher, since, limit)
    if gone or (len(last) >= limit and all(map(is_dead, last))):
        answer = f"{last[0].code} {last[0].answer}" if last else "the address is gone"
        suspend(db, watcher, len(last), answer, now)


def is_dead(outcome: EnvelopeOutcome) -> bool:
    """Whether this mail's end speaks of the address: it came back, or was refused for the address's sake."""
    if outcome.bounced:
        return True
    return not outcome.sent and _NOT_ABOUT_THE_ADDRESS.search(outcome.answer) is None


def suspend(db: Connection, watcher_id: int, refused: int, answer: str, now: datetime) -> None:
    """Send a watcher nothing more until somebody resumes it; what waits for them is withdrawn."""
    (watcher,) = watchers(db, ids=(watcher_id,))
    if not watcher.active:
        return
    reason = f"{refused} mails in a row were refused or came back, the last with: {answer}"
    standing = set_standing(db, watcher_id, "suspended", BY_MONITOR, reason, now)
    withdrawn = withdraw_queued(db, watcher_id, now)
    alert = suspended_alert(watcher, standing, refused, answer, withdrawn, now)
    alert_rows.record_alert(db, alert)
