"""Whether mail goes out, and what to say where it does not. Its own mails cannot say it."""

from __future__ import annotations

from datetime import datetime, timedelta

from servanda.alerts.text.sanitising import one_line
from servanda.compliance.intervals import utc_text
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.models.delivery.mail_health import MailHealth, mail_health

LONGEST_WAIT = timedelta(hours=1)
"""A mail that waits longer is a fault; what single addresses put off is tried again by then."""

ANSWER_LIMIT = 300


class MailTrouble(Exception):
    """Mails wait and do not leave; the message says how many, since when, and what the server said."""


def describe_trouble(health: MailHealth, now: datetime) -> str | None:
    """What is wrong with the mail, as a sentence; None for nothing."""
    if not health.waiting or health.waiting_since is None:
        return None
    late = now - health.waiting_since > LONGEST_WAIT
    idle = health.sent_at is None or now - health.sent_at > LONGEST_WAIT
    if not health.is_refused and not (late and idle):
        return None
    many = f"{health.waiting} mail{'' if health.waiting == 1 else 's'}"
    verb = "waits" if health.waiting == 1 else "wait"
    since = f"{many} {verb}, the oldest since {utc_text(health.waiting_since)}"
    sent = "nothing was ever sent" if health.sent_at is None else f"last sent {utc_text(health.sent_at)}"
    said = f"; last refused: {one_line(health.refusal, ANSWER_LIMIT)}" if health.refusal else ""
    return f"{since}; {sent}{said}"


def require_mail(ledger: Ledger) -> None:
    """Raise MailTrouble where mail does not leave; called last, when all else is done."""
    if ledger.replay:
        return
    with ledger.reading() as (db, now):
        trouble = describe_trouble(mail_health(db), now)
    if trouble is not None:
        raise MailTrouble(trouble)
