"""The mail to the operator: plain text, written with the standard library alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from servanda.alerts.channels.delivery import Sender
from servanda.alerts.channels.folder import FolderSender
from servanda.alerts.channels.smtp import SmtpSender
from servanda.alerts.text.addresses import validate_address
from servanda.alerts.text.sanitising import REASON_LIMIT, one_line
from servanda.jobs.watchdog.diagnosis import duration_text, moment_text
from servanda.jobs.watchdog.incidents import Incident, IncidentUpdate


def compose_notice(news: IncidentUpdate, *, sender: str, operator: str, watched: str, now: datetime) -> bytes:
    """The mail. The same news told on the same day has the same Message-ID, should it arrive twice."""
    message = EmailMessage(policy=SMTP)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = _message_id(news, sender, operator, now)
    message["From"] = f"Servanda watchdog <{validate_address(sender)}>"
    message["To"] = validate_address(operator)
    message["Subject"] = _subject(news)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n".join(_lines(news, watched, now)) + "\n", cte="quoted-printable")
    return message.as_bytes()


def sender_of(smtp_url: str | None, outbox: Path) -> Sender:
    """The mail server, or files where none is named. ValueError for an address that cannot be read."""
    return FolderSender(outbox) if smtp_url is None else SmtpSender(smtp_url)


def _subject(news: IncidentUpdate) -> str:
    named = ", ".join(one.about for one in (*news.begun, *news.lasting))
    if named:
        return one_line(f"Servanda: something is wrong with {named}", 120)
    over = ", ".join(one.about for one in news.over)
    return one_line(f"Servanda: all is well again with {over}", 120)


def _lines(news: IncidentUpdate, watched: str, now: datetime) -> Iterator[str]:
    yield f"The watchdog looked at {one_line(watched)} at {moment_text(now)}."
    for title, incidents in (
        ("New:", news.begun),
        ("Still so:", news.lasting),
        ("Over:", news.over),
    ):
        if incidents:
            yield ""
            yield title
            yield from (f"- {_told(one, now)}" for one in incidents)
    if news.begun or news.lasting:
        yield ""
        yield "While this lasts, what the monitor does not say means nothing: a deadline may pass untold."
        yield "docs/operations.md says what to do. You are told once, again each day, and when it is over."


def _told(one: Incident, now: datetime) -> str:
    words = one_line(one.words, REASON_LIMIT)
    return words if one.times == 0 else f"{words} (first seen {duration_text(now - one.seen_at)} ago)"


def _message_id(news: IncidentUpdate, sender: str, operator: str, now: datetime) -> str:
    parts = [
        f"{kind} {one.about} {one.seen_at.isoformat()} {one.times}"
        for kind, incidents in (("begun", news.begun), ("lasting", news.lasting), ("over", news.over))
        for one in incidents
    ]
    digest = hashlib.sha256("\n".join((operator, *parts)).encode()).hexdigest()[:24]
    return f"<watchdog.{now:%Y%m%d}.{digest}@{sender.rpartition('@')[2]}>"
