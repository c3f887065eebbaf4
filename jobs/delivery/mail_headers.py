"""What every mail carries beside its words: who can be asked, how to leave, what list and thread it is of."""

from __future__ import annotations

import hashlib

from servanda.alerts.formats.chat_and_json import chat_content, webhook_content
from servanda.alerts.formats.mail import Footer, Mail
from servanda.alerts.formats.mime import MailHeaders, compose, new_message_id
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.text.addresses import validate_address
from servanda.compliance.watchers import Watcher
from servanda.jobs.bootstrap.wiring import Settings, Wiring
from servanda.jobs.delivery.signed_links import links_for

WHOLE_MONITOR = "monitor"
"""The list of mails that are of no instrument, or of several."""


def compose_mail(
    wiring: Wiring, watcher: Watcher, mail: Mail, message_id: str, *, about: Alert | None = None
) -> bytes:
    """What a watcher gets, written now for their channel. ``about`` None: it tells of several, or none."""
    if watcher.channel == "webhook":
        return webhook_content(
            mail, message_id=message_id, date=wiring.now, replay=wiring.replay, about=about
        )  # fmt: skip
    if watcher.channel == "chat":
        return chat_content(mail)
    return compose(
        mail,
        sender=wiring.settings.mail_from,
        watcher=watcher,
        message_id=message_id,
        date=wiring.now,
        posting=mail_headers_for(wiring, watcher, about=about),
    )


def mail_headers_for(wiring: Wiring, watcher: Watcher, *, about: Alert | None = None) -> MailHeaders:
    """How to leave and to answer; the instrument's list, and the thread of what the alert is about."""
    links = links_for(wiring, watcher)
    lists = about.instrument if about is not None and about.instrument else WHOLE_MONITOR
    return MailHeaders(
        unsubscribe_url=None if links is None else links.unsubscribe_url,
        list_id=f"{lists}.{_domain(wiring.settings)}",
        thread=None if about is None else message_id_for(wiring, _thread(about), watcher),
        reply_to=_reply_to(wiring.settings),
        signer=wiring.dkim,
    )


def footer_for(wiring: Wiring, watcher: Watcher, why: str) -> Footer:
    """What ends a mail: why it was sent, and the pages of the watcher, or whom to write to."""
    contact = wiring.settings.contact or wiring.settings.operator
    links = links_for(wiring, watcher)
    if links is None:
        return Footer(why, contact)
    return Footer(why, contact, links.preferences_url, links.unsubscribe_url)


def message_id_for(wiring: Wiring, what: str, watcher: Watcher) -> str:
    """The Message-ID of the mail that tells this watcher ``what``: always the same."""
    return new_message_id(wiring.store.identity.id, what, watcher.id, _domain(wiring.settings))


def _thread(about: Alert) -> str:
    """Names the thread of a window, wherever an alert speaks of one; else of what the alert is about."""
    window = about.payload.references.window
    subject = about.subject if window is None else f"window:{window.id}"
    return f"t{hashlib.sha256(f'{about.instrument} {subject}'.encode()).hexdigest()[:16]}"


def _domain(settings: Settings) -> str:
    return settings.mail_from.rpartition("@")[2]


def _reply_to(settings: Settings) -> str | None:
    """The contact, where it is an address to which mail can be written."""
    try:
        return None if settings.contact is None else validate_address(settings.contact)
    except ValueError:
        return None
