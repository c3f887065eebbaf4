"""A rendered mail as bytes, fixed when it is routed."""

from __future__ import annotations

import hashlib
import re
from binascii import b2a_qp
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.utils import format_datetime

from servanda.alerts.channels.dkim_signing import DkimSigner
from servanda.alerts.formats.mail import Mail
from servanda.alerts.text.addresses import validate_address
from servanda.alerts.text.sanitising import one_line
from servanda.compliance.watchers import Watcher

SENDER_NAME = "Servanda"
NAME_LIMIT = 80
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._-]+@[A-Za-z0-9.-]+>")
_LIST_ID = re.compile(r"(?=.{1,255}$)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_URL = re.compile(r"https?://[!#-;=?-~]{1,800}")
_QUOTED = "Content-Transfer-Encoding: quoted-printable"
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class MailHeaders:
    """What a mail carries beside its words; each is left out where it is None.

    ``unsubscribe_url`` is for RFC 8058: a POST to it ends the mails, nothing else does. ``list_id`` (RFC
    2919) is what filters go by: ``us-mexico-2019.example.org``. ``thread`` is the Message-ID that all mails
    of one thread refer to; no mail has it, so that whoever joined later sees the same thread. ``reply_to``:
    where a person reads.
    """

    unsubscribe_url: str | None = None
    list_id: str | None = None
    thread: str | None = None
    reply_to: str | None = None
    signer: DkimSigner | None = None


NO_MAIL_HEADERS = MailHeaders()


def compose(
    mail: Mail,
    *,
    sender: str,
    watcher: Watcher,
    message_id: str,
    date: datetime,
    headers: MailHeaders = NO_MAIL_HEADERS,
) -> bytes:
    """The mail as it goes over the wire: text and HTML alternatives, 7-bit, CRLF.

    The same arguments give the same bytes: the boundary is derived from the Message-ID. ValueError for an
    address, a Message-ID, a link or a list that is none.
    """
    boundary = _boundary(message_id)
    fields = (
        ("Date", format_datetime(date)),
        ("Message-ID", _checked(_MESSAGE_ID, message_id, "a Message-ID such as <1.2.ab@example.org>")),
        ("From", _mailbox("From", SENDER_NAME, sender)),
        ("To", _mailbox("To", _name(watcher), watcher.address)),
        ("Subject", _words("Subject", one_line(mail.subject).replace("=?", "= ?"))),
        ("Auto-Submitted", "auto-generated"),
        *_fields(headers),
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/alternative;\r\n boundary="{boundary}"'),
    )
    head = "".join(f"{name}: {value}\r\n" for name, value in fields).encode("ascii")
    text, html = _part("plain", mail.text), _part("html", mail.html)
    between = f"\r\n--{boundary}".encode("ascii")
    content = b"".join((head, between, b"\r\n", text, between, b"\r\n", html, between, b"--\r\n"))
    return content if headers.signer is None else headers.signer.sign(content, date)


def _part(kind: str, text: str) -> bytes:
    """A part in quoted-printable: lines of at most 76 ASCII characters, whatever the text is."""
    head = (
        f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    )
    lines = _LINE_END.sub("\r\n", text.removesuffix("\n") + "\n")
    return head.encode("ascii") + b2a_qp(lines.encode("utf-8"))


def _mailbox(header: str, name: str, address: str) -> str:
    """``Ana <ana@example.org>``, on one line where the name is ASCII."""
    local, _, domain = validate_address(address).rpartition("@")
    if name.isascii():
        return str(Address(name, local, domain))
    return f"{_words(header, name)} <{local}@{domain}>"


def _words(header: str, text: str) -> str:
    """A text as it is, or as encoded words (RFC 2047), so many a line as fit."""
    return text if text.isascii() else Header(text, "utf-8", header_name=header).encode(linesep="\r\n")


def _fields(headers: MailHeaders) -> Iterator[tuple[str, str]]:
    if headers.thread is not None:
        root = _checked(_MESSAGE_ID, headers.thread, "a Message-ID such as <1.2.ab@example.org>")
        yield "In-Reply-To", root
        yield "References", root
    if headers.reply_to is not None:
        yield "Reply-To", validate_address(headers.reply_to)
    if headers.list_id is not None:
        yield "List-Id", f"<{_checked(_LIST_ID, headers.list_id, 'a list such as news.example.org')}>"
    if headers.unsubscribe_url is not None:
        url = _checked(_URL, headers.unsubscribe_url, "an https address")
        yield "List-Unsubscribe", f"<{url}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


def _checked(pattern: re.Pattern[str], value: str, valid: str) -> str:
    if not pattern.fullmatch(value):
        raise ValueError(f"{value[:100]!r} is not {valid}")
    return value


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
