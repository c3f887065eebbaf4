"""What every mail carries beside its words: who can be asked, how to leave, what list and thread it is of."""

from __future__ import annotations

import hashlib
from datetime import datetime

from servanda.alerts.formats.chat_and_json import chat_content, webhook_content
from servanda.alerts.formats.letterhead import Letterhead
from servanda.alerts.formats.mail import Footer, Mail
from servanda.alerts.formats.mime import MailHeaders, compose, new_message_id
from servanda.alerts.payloads.alert import Alert
from servanda.compliance.watchers import Watcher
from servanda.jobs.delivery.signed_links import links_for

WHOLE_MONITOR = "monitor"
"""The list of mails that are of no instrument, or of several."""


def compose_mail(
    letterhead: Letterhead,
    watcher: Watcher,
    mail: Mail,
    message_id: str,
    now: datetime,
    *,
    about: Alert | None = None,
) -> bytes:
    """What a watcher gets, written now for their channel. ``about`` None: it tells of several, or none."""
    if watcher.channel == "webhook":
        return webhook_content(
            mail, message_id=message_id, date=now, replay=letterhead.replay, about=about
        )  # fmt: skip
    if watcher.channel == "chat":
        return chat_content(mail)
    return compose(
        mail,
        sender=letterhead.mail_from,
        watcher=watcher,
        message_id=message_id,
        date=now,
        headers=mail_headers_for(letterhead, watcher, now, about=about),
    )


def mail_headers_for(
    letterhead: Letterhead, watcher: Watcher, now: datetime, *, about: Alert | None = None
) -> MailHeaders:
    """How to leave and to answer; the instrument's list, and the thread of what the alert is about."""
    links = links_for(letterhead.pages, watcher, now)
    lists = about.instrument if about is not None and about.instrument else WHOLE_MONITOR
    return MailHeaders(
        unsubscribe_url=None if links is None else links.unsubscribe_url,
        list_id=f"{lists}.{letterhead.domain}",
        thread=None if about is None else message_id_for(letterhead, _thread(about), watcher),
        reply_to=letterhead.reply_to,
        signer=letterhead.signer,
    )


def footer_for(
    letterhead: Letterhead, watcher: Watcher, why: str, now: datetime, about: Alert | None = None
) -> Footer:
    """What ends a mail: the public page of its window, why it was sent, and the pages of the watcher, or whom
    to write to."""
    links, page = links_for(letterhead.pages, watcher, now), _public_page(letterhead, watcher, about)
    if links is None:
        return Footer(why, letterhead.whom_to_ask, page_url=page)
    return Footer(why, letterhead.whom_to_ask, links.preferences_url, links.unsubscribe_url, page)


def _public_page(letterhead: Letterhead, watcher: Watcher, about: Alert | None) -> str | None:
    """Where the site that ``servanda site`` writes has the window of an alert, in the watcher's language."""
    window = about.payload.references.window if about is not None else None
    if letterhead.site is None or about is None or about.instrument is None or window is None:
        return None
    tree = "" if watcher.profile.language == "en" else f"{watcher.profile.language}/"
    return f"{letterhead.site}/{tree}{about.instrument}/{window.id}/"


def message_id_for(letterhead: Letterhead, what: str, watcher: Watcher) -> str:
    """The Message-ID of the mail that tells this watcher ``what``: always the same."""
    return new_message_id(letterhead.database, what, watcher.id, letterhead.domain)


def _thread(about: Alert) -> str:
    """Names the thread of a window, wherever an alert speaks of one; else of what the alert is about."""
    window = about.payload.references.window
    subject = about.subject if window is None else f"window:{window.id}"
    return f"t{hashlib.sha256(f'{about.instrument} {subject}'.encode()).hexdigest()[:16]}"
