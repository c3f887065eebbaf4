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
from servanda.alerts.text.translation import words
from servanda.compliance.watchers import Watcher
from servanda.jobs.alerting.stored_alerts import alert_of
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.delivery.mail_headers import compose_mail
from servanda.models.alerts import alerts as alert_rows
from servanda.models.delivery import envelopes, recipients
from servanda.models.delivery.attempts import last_failure
from servanda.models.delivery.envelopes import Envelope
from servanda.models.delivery.watchers import watchers

LATE_AFTER = timedelta(hours=1)
"""A mail that leaves so long after it was written says so."""


def content_to_send(wiring: Wiring, by: str, envelope: Envelope) -> bytes:
    """What is handed over. Withheld where somebody else has the envelope by now."""
    if envelope.uncertain or envelope.delayed_at is not None:
        return envelope.bytes
    now = wiring.now
    if now - envelope.known_at < LATE_AFTER:
        return envelope.bytes
    with wiring.store.writing() as db:
        content = _anew(db, wiring, envelope, now)
        if not envelopes.rewrite_envelope(db, envelope.id, by, content, now):
            raise DeliveryWithheld("another sender has it by now")
    return content


def _anew(db: Connection, wiring: Wiring, envelope: Envelope, now: datetime) -> bytes:
    (watcher,) = watchers(db, ids=(envelope.watcher,))
    because = last_failure(db, envelope.channel, envelope.known_at)
    told = words(watcher.profile.language)
    first = late_notice(envelope.known_at, now, because, watcher.profile.zone, told)
    if envelope.channel == "webhook":
        return with_notice_in_json(envelope.bytes, first)
    if envelope.channel == "chat":
        return with_notice_in_chat(envelope.bytes, first)
    return _mail_anew(db, wiring, watcher, envelope, first)


def _mail_anew(db: Connection, wiring: Wiring, watcher: Watcher, envelope: Envelope, first: str) -> bytes:
    """The same words below the notice, under the same Message-ID and in the same thread."""
    about = None
    if envelope.kind == "alert":
        (alert,) = recipients.alerts_in(db, envelope.id)
        (stored,) = alert_rows.alerts_by_id(db, [alert])
        about = alert_of(wiring.store, stored)
    mail = with_notice(envelope.bytes, first)
    return compose_mail(wiring, watcher, mail, envelope.message_id, about=about)
