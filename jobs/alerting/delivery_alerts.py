"""What happened to mail → the alert that tells operators of it. Decides nothing but whether there is one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from servanda.alerts.payloads.delivery_payloads import AddressSuspended, MailGivenUp
from servanda.alerts.payloads.kinds import AlertKind
from servanda.compliance.watchers import Watcher, shown_address
from servanda.jobs.alerting.window_alerts import new_alert
from servanda.models.alerts import alerts as alert_rows
from servanda.models.alerts.alerts import NewAlert
from servanda.models.delivery import recipients
from servanda.models.delivery.attempts import first_attempt_at
from servanda.models.delivery.envelopes import AttemptOutcome, Envelope
from servanda.models.delivery.watchers import watchers

ABOUT_MAIL = frozenset({AlertKind.ADDRESS_SUSPENDED.value, AlertKind.MAIL_GIVEN_UP.value})


def suspended_alert(
    watcher: Watcher, standing: int, refused: int, answer: str, withdrawn: int, now: datetime
) -> NewAlert:
    """That an address gets nothing more; ``standing`` is the row that says so."""
    return new_alert(
        AlertKind.ADDRESS_SUSPENDED,
        str(standing),
        AddressSuspended(shown_address(watcher), watcher.channel, refused, answer, withdrawn),
        subject=f"watcher:{watcher.id}",
        instrument=None,
        cause=("standing", standing),
        now=now,
    )


def given_up_alert(db: Connection, envelope: Envelope, attempt: AttemptOutcome) -> NewAlert | None:
    """That an envelope is not tried again; None for one that told of nothing but mail: it would never end."""
    carried = recipients.alerts_in(db, envelope.id)
    kinds = {stored.alert.kind for stored in alert_rows.alerts_by_id(db, carried)}
    if kinds and kinds <= ABOUT_MAIL:
        return None
    (watcher,) = watchers(db, ids=(envelope.watcher,))
    payload = MailGivenUp(
        address=shown_address(watcher),
        channel=envelope.channel,
        message_id=envelope.message_id,
        alerts=tuple(carried),
        kinds=tuple(sorted(kinds)),
        attempts=envelope.attempts + 1,
        first_at=first_attempt_at(db, envelope.id) or attempt.at,
        last_at=attempt.at,
        answer=f"{attempt.code} {attempt.answer}" if attempt.code else attempt.answer,
    )
    return new_alert(
        AlertKind.MAIL_GIVEN_UP,
        str(envelope.id),
        payload,
        subject=f"watcher:{envelope.watcher}",
        instrument=None,
        cause=("envelope", envelope.id),
        now=attempt.at,
    )
