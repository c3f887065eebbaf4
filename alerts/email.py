"""A rendered mail as bytes, fixed when it is routed, and the way out: a mail server or a folder."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from pathlib import Path

from alerts.addresses import validate_address
from alerts.delivery import DeliveryError, Receipt, Sender, next_attempt_at
from alerts.folder import FolderSender
from alerts.plain import one_line
from alerts.render import Mail
from alerts.smtp import SmtpSender
from compliance.watching import Watcher

SENDER_NAME = "Servanda"
NAME_LIMIT = 80
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._-]+@[A-Za-z0-9.-]+>")


class _Wire(EmailPolicy):
    """The SMTP policy, with the subject on as few lines as it can be.

    The library's own folding puts a subject of about 70 characters below an empty line, and may lose spaces
    between encoded words. An ASCII subject is bounded well below the 998 characters that a line may have.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        if name != "Subject":
            return super().fold_binary(name, value)
        subject = one_line(str(value))
        if not subject.isascii():
            subject = Header(subject, "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {subject}{self.linesep}".encode("ascii")


_WIRE = _Wire(linesep="\r\n")


def compose(mail: Mail, *, sender: str, watcher: Watcher, message_id: str, date: datetime) -> bytes:
    """The mail as it goes over the wire: text and HTML alternatives, 7-bit, CRLF.

    The same arguments give the same bytes: the boundary is derived from the Message-ID. ValueError for an
    address or a Message-ID that is none.
    """
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError(f"{message_id!r} is not a Message-ID such as <1.2.ab@example.org>")
    message = EmailMessage(policy=_WIRE)
    message["Date"] = format_datetime(date)
    message["Message-ID"] = message_id
    message["From"] = Address(SENDER_NAME, addr_spec=validate_address(sender))
    message["To"] = Address(_name(watcher), addr_spec=validate_address(watcher.address))
    message["Subject"] = one_line(mail.subject).replace("=?", "= ?")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, cte="quoted-printable")
    message.make_alternative(boundary=_boundary(message_id))
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    return message.as_bytes()


def _name(watcher: Watcher) -> str:
    name = watcher.profile.name
    return one_line(name, NAME_LIMIT).replace("=?", "= ?") if name.strip() else ""


def _boundary(message_id: str) -> str:
    """Holds ``=_``, which no quoted-printable line can hold."""
    return f"=_{hashlib.sha256(message_id.encode()).hexdigest()[:32]}"


def new_message_id(database_id: str, what: str, watcher_id: int, domain: str) -> str:
    """The Message-ID of the mail that tells one thing of one database to one watcher: always the same.

    ``what`` names it in letters, digits, dots and hyphens: ``a17`` for an alert, ``d3`` for a digest.
    """
    host = validate_address(f"postmaster@{domain}").partition("@")[2]
    database = hashlib.sha256(database_id.encode()).hexdigest()[:12]
    return f"<{what}.w{watcher_id}.{database}@{host}>"


def sender_from_url(url: str | None, folder: Path) -> Sender:
    """Who delivers: the mail server at ``url``, or files in ``folder``. ValueError for a bad URL."""
    return FolderSender(folder) if url is None else SmtpSender(url)


__all__ = [
    "DeliveryError",
    "FolderSender",
    "Receipt",
    "Sender",
    "SmtpSender",
    "compose",
    "new_message_id",
    "next_attempt_at",
    "sender_from_url",
]
