"""Mails over SMTP: one connection for several, and the server's own words for each.

``smtplib.sendmail`` returns refused recipients without raising and keeps the answer to the end of DATA to
itself, so the commands are given one by one.
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, urlsplit

from alerts.addresses import validate_address
from alerts.delivery import Closing, DeliveryError, Receipt
from alerts.plain import REASON_LIMIT, one_line

TIMEOUT_SECONDS = 30.0
DEFAULT_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
_NO_PLACE = {421, 530, 534, 535, 538}
"""Answers about the connection or our log-in, to whichever command: nothing is wrong with the mail."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where to send. ``scheme``: in the clear, TLS from the start, or STARTTLS required."""

    scheme: Literal["smtp", "smtps", "smtp+starttls"]
    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, url: str) -> SmtpServer:
        """Read ``smtp://user:password@host:port``; ValueError says what is valid, never the password."""
        valid = "valid: smtp://, smtps:// or smtp+starttls:// with [user:password@]host[:port]"
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise ValueError(f"the mail server's address cannot be read ({error}); {valid}") from error
        if parts.scheme not in DEFAULT_PORTS:
            raise ValueError(f"{parts.scheme or 'no scheme'} is not how mail is sent; {valid}")
        if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError(f"the mail server's address names no host, or more than one; {valid}")
        if (parts.username is None) != (parts.password is None):
            raise ValueError(f"a log-in needs both user and password; {valid}")
        return cls(
            parts.scheme,  # type: ignore[arg-type]  # one of DEFAULT_PORTS
            parts.hostname,
            port or DEFAULT_PORTS[parts.scheme],
            None if parts.username is None else unquote(parts.username),
            None if parts.password is None else unquote(parts.password),
        )


class SmtpSender(Closing):
    """Sends over a connection that it opens when needed, keeps, and opens again when it was lost."""

    def __init__(
        self, url: str, *, timeout: float = TIMEOUT_SECONDS, tls: ssl.SSLContext | None = None
    ) -> None:
        self._server = SmtpServer.parse(url)
        self._timeout = timeout
        self._tls = tls or ssl.create_default_context()
        self._connection: smtplib.SMTP | None = None

    def deliver(self, envelope: bytes, sender: str, recipient: str) -> Receipt:
        """One mail to one recipient. Only RCPT and DATA refuse for good; the rest is our set-up."""
        _check_addresses(sender, recipient)
        with self._told_as_delivery_error():
            connection = self._ready()
            _expect(connection.mail(sender, _mail_options(connection, envelope)), set_up=True)
            _expect(connection.rcpt(recipient))
            return _hand_over(connection, envelope)

    def close(self) -> None:
        """Take leave of the server; a connection that is already lost is no matter."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()

    @contextmanager
    def _told_as_delivery_error(self) -> Iterator[None]:
        """Turn what smtplib and the socket raise into DeliveryError, and drop the connection then."""
        try:
            yield
        except DeliveryError as error:
            if error.code in _NO_PLACE or error.code == 0:
                self.close()
            raise
        except smtplib.SMTPResponseException as error:
            self.close()
            raise DeliveryError(False, error.smtp_code, _words(error.smtp_error)) from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self.close()
            where = f"{self._server.host}:{self._server.port}"
            raise DeliveryError(False, 0, f"{where}: {error or type(error).__name__}") from error

    def _ready(self) -> smtplib.SMTP:
        """The open connection, with no mail begun, or a new one."""
        if self._connection is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                if self._connection.rset()[0] == 250:
                    return self._connection
            self.close()
        self._connection = self._open()
        return self._connection

    def _open(self) -> smtplib.SMTP:
        server = self._server
        connection: smtplib.SMTP
        if server.scheme == "smtps":
            connection = smtplib.SMTP_SSL(server.host, server.port, timeout=self._timeout, context=self._tls)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=self._timeout)
        try:
            connection.ehlo_or_helo_if_needed()
            if server.scheme == "smtp+starttls":
                connection.starttls(context=self._tls)
                connection.ehlo_or_helo_if_needed()
            if server.user is not None and server.password is not None:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection


def _check_addresses(sender: str, recipient: str) -> None:
    """Both stand in commands; whoever is no single plain address does not get that far."""
    for address, permanent in ((recipient, True), (sender, False)):
        try:
            validate_address(address)
        except ValueError as error:
            raise DeliveryError(permanent, 0, str(error)) from error


def _mail_options(connection: smtplib.SMTP, envelope: bytes) -> list[str]:
    return [f"size={len(envelope)}"] if connection.has_extn("size") else []


def _expect(reply: tuple[int, bytes], *, set_up: bool = False) -> None:
    """Go on only if the server agreed. ``set_up``: a refusal speaks of us, unless the mail is too big."""
    code, answer = reply
    if not 200 <= code < 300:
        raise DeliveryError(_is_permanent(code) and (not set_up or code == 552), code, _words(answer))


def _hand_over(connection: smtplib.SMTP, envelope: bytes) -> Receipt:
    """The content, and the answer to its end."""
    try:
        code, answer = connection.data(envelope)
    except smtplib.SMTPDataError as error:
        code, answer = error.smtp_code, error.smtp_error  # type: ignore[assignment]
    except smtplib.SMTPServerDisconnected as error:
        lost = "the connection was lost before the server's answer; the mail may arrive twice"
        raise DeliveryError(False, 0, f"{lost} ({error})") from error
    if not 200 <= code < 300:
        raise DeliveryError(_is_permanent(code), code, _words(answer))
    return Receipt(code, one_line(_words(answer), REASON_LIMIT))


def _is_permanent(code: int) -> bool:
    return 500 <= code < 600 and code not in _NO_PLACE


def _words(answer: bytes | str) -> str:
    return answer if isinstance(answer, str) else answer.decode("utf-8", "replace")
