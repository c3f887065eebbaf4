"""How the mail does, for faces."""

from __future__ import annotations

from datetime import datetime

from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.delivery.mail_trouble import describe_trouble
from servanda.jobs.views.json_values import Json, instant_or_none
from servanda.models.delivery.mail_health import mail_health


def mail_state(ledger: Ledger, now: datetime) -> Json:
    """What waits, since when, and what was answered last; ``trouble`` None while mail goes out."""
    with ledger.reading() as (db, _):
        health = mail_health(db)
    return {
        "waiting": health.waiting,
        "waiting_since": instant_or_none(health.waiting_since),
        "last_sent_at": instant_or_none(health.sent_at),
        "last_refused_at": instant_or_none(health.refused_at),
        "last_refusal": health.refusal,
        "trouble": describe_trouble(health, now),
    }
