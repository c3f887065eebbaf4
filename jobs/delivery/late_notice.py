"""Which bytes leave: those fixed when the envelope was written, or, once, ones that say how late it is.

Written anew is only what certainly never arrived: what may have must be repeated as it was.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from servanda.alerts.channels.delivery import DeliveryWithheld
from servanda.alerts.formats.late_notice import (
    late_notice,
    with_notice,
    with_notice_in_chat,
    with_notice_in_json,
)
from servanda.alerts.formats.letterhead import Letterhead
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.text.translation import words
from servanda.jobs.alerting.stored_alerts import alert_of
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.delivery.mail_headers import compose_mail
from servanda.models.alerts import alerts as alert_rows
from servanda.models.delivery import envelopes, recipients
from servanda.models.delivery.attempts import last_failure
from servanda.models.delivery.envelopes import Envelope
from servanda.models.delivery.watchers import watchers
from servanda.models.store import Store

LATE_AFTER = timedelta(hours=1)
"""A mail that leaves so long after it was written says so."""


def content_to_send(ledger: Ledger, letterhead: Letterhead, by: str, envelope: Envelope) -> bytes:
    """What is handed over. Withheld where somebody else has the envelope by now."""
    if envelope.uncertain or envelope.delayed_at is not None:
        return envelope.bytes
    if ledger.clock.now() - envelope.known_at < LATE_AFTER:
        return envelope.bytes
    with ledger.writing() as (db, now):
        content = _with_notice(db, ledger.store, letterhead, envelope, now)
        if not envelopes.rewrite_envelope(db, envelope.id, by, content, now):
            raise DeliveryWithheld("another sender has it by now")
    return content


def _with_notice(
    db: Connection, store: Store, letterhead: Letterhead, envelope: Envelope, now: datetime
) -> bytes:
    (watcher,) = watchers(db, ids=(envelope.watcher,))
    because = last_failure(db, envelope.channel, envelope.known_at)
    language = words(watcher.profile.language)
    notice = late_notice(envelope.known_at, now, because, watcher.profile.zone, language)
    if envelope.channel == "webhook":
        return with_notice_in_json(envelope.bytes, notice)
    if envelope.channel == "chat":
        return with_notice_in_chat(envelope.bytes, notice)
    # the same words below the notice, under the same Message-ID and in the same thread
    mail, about = with_notice(envelope.bytes, notice), _alert_in(db, store, envelope)
    return compose_mail(letterhead, watcher, mail, envelope.message_id, now, about=about)


def _alert_in(db: Connection, store: Store, envelope: Envelope) -> Alert | None:
    """The one alert that an envelope carries; None where it is of another kind."""
    if envelope.kind != "alert":
        return None
    (alert,) = recipients.alerts_in(db, envelope.id)
    (stored,) = alert_rows.alerts_by_id(db, [alert])
    return alert_of(store, stored)
