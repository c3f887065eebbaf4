"""Mails over SMTP: one connection for several, and the server's own words for each.

``smtplib.sendmail`` returns refused recipients without raising and keeps the answer to the end of DATA to
itself, so the commands are given one by one.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from typing import Literal

from servanda.alerts.channels.delivery import ClosingSender, DeliveryError, Receipt, RecheckContent
from servanda.alerts.channels.smtp_connection import SmtpConnection, SmtpTimeouts
from servanda.alerts.channels.smtp_server import SmtpServer
from servanda.alerts.text.addresses import validate_address
from servanda.alerts.text.sanitising import REASON_LIMIT, one_line
from servanda.network.clock import Monotonic

TIMEOUT_SECONDS = 30.0

Stage = Literal["opening", "asking", "handed over"]
"""How far a conversation got: until the log-in, until the content, after it."""

_OF_THE_SERVER = {421, 454, 530, 534, 535, 538}
"""Answers about the connection or our log-in, to whichever command: nothing is wrong with the mail."""

_TOO_FAST = re.compile(
    r"too (many|much|fast|quick)|rate.?limit|throttl|limit exceeded|exceeded.{0,40}(rate|limit)"
    r"|4\.3\.[12] |4\.7\.28|insufficient system"
)
"""What servers say to whom they want to send less; greylisting, with the same codes, says otherwise."""

_ABOUT_THE_MAILBOX = re.compile(r"4\.2\.\d|mailbox|over quota|quota exceeded")


class SmtpSender(ClosingSender):
    """Sends over a connection that it opens when needed, keeps, and opens again when it was lost.

    ``monotonic`` bounds each step as a whole; without it every single read may take so long.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float = TIMEOUT_SECONDS,
        timeouts: SmtpTimeouts | None = None,
        tls: ssl.SSLContext | None = None,
        monotonic: Monotonic | None = None,
    ) -> None:
        self._server = SmtpServer.parse(url)
        self.timeouts = timeouts or SmtpTimeouts(command=timeout)
        self._tls = tls or ssl.create_default_context()
        self._monotonic = monotonic
        self._connection: SmtpConnection | None = None

    def deliver(
        self,
        envelope: bytes,
        sender: str,
        recipient: str,
        recheck_before_content: RecheckContent | None = None,
    ) -> Receipt:
        """One mail to one recipient. Only RCPT and DATA refuse for good; the rest is our set-up.

        A kept connection that turns out to be closed, or that has carried as many mails as its server likes,
        is opened again, once.
        """
        _check_addresses(sender, recipient)
        kept = self._connection is not None
        try:
            self._introduce(sender, recipient, len(envelope))
        except DeliveryError as error:
            if not kept or error.code not in (0, 421):
                raise
            self._introduce(sender, recipient, len(envelope))
        return self._hand_over(
            envelope
            if recheck_before_content is None
            else self._content_after_recheck(recheck_before_content)
        )

    def close(self) -> None:
        """Take leave of the server; a connection that is already lost is no matter."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()

    def _introduce(self, sender: str, recipient: str, size: int) -> None:
        """Everything up to the server's word that it waits for the content."""
        connection = self._ready()
        try:
            mail, rcpt = connection.introduce(sender, recipient, size)
            _expect_sender(mail)
            _expect(rcpt, 200)
            _expect(connection.ask_to_begin(), 300)
        except DeliveryError as error:
            self._drop_if(error.concerns == "server")
            raise
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise self._connection_failure(error, "asking") from error

    def _content_after_recheck(self, recheck_before_content: RecheckContent) -> bytes:
        """What is to be sent. Where nothing is, the server waits for content that must not come: hang up."""
        try:
            return recheck_before_content()
        except BaseException:
            self._close_connection()
            raise

    def _hand_over(self, content: bytes) -> Receipt:
        """The content, and the answer to its end."""
        connection = self._connection
        assert connection is not None
        try:
            code, words = connection.hand_over(content)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise self._connection_failure(error, "handed over") from error
        if not 200 <= code < 600 or code // 100 == 3:
            raise self._connection_failure(
                ValueError(f"an answer that is none: {code} {_words(words)}"), "handed over"
            )
        try:
            _expect((code, words), 200)
        except DeliveryError as error:
            self._drop_if(error.concerns == "server")
            raise
        return Receipt(code, one_line(_words(words), REASON_LIMIT))

    def _ready(self) -> SmtpConnection:
        if self._connection is None:
            try:
                self._connection = SmtpConnection(self._server, self.timeouts, self._tls, self._monotonic)
            except (smtplib.SMTPException, OSError, ValueError) as error:
                raise self._connection_failure(error, "opening") from error
        return self._connection

    def _drop_if(self, lost: bool) -> None:
        if lost:
            self.close()

    def _close_connection(self) -> None:
        """Drop the connection without a word."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _connection_failure(self, error: Exception, stage: Stage) -> DeliveryError:
        """The failure that a lost or never opened connection is; what is left of it is dropped."""
        self._close_connection()
        if stage == "handed over":
            lost = "the connection was lost before the server's answer; the mail may arrive twice"
            return DeliveryError(False, 0, f"{lost} ({error})", uncertain=True)
        concerns: Literal["server", "envelope"] = "server" if stage == "opening" else "envelope"
        if isinstance(error, smtplib.SMTPResponseException) and stage == "opening":
            return DeliveryError(False, error.smtp_code, _words(error.smtp_error), concerns=concerns)
        words = f"{self._server.where}: {error or type(error).__name__}"
        return DeliveryError(False, 0, words, concerns=concerns)


def _check_addresses(sender: str, recipient: str) -> None:
    """Both stand in commands; whoever is no single plain address does not get that far."""
    for address, permanent in ((recipient, True), (sender, False)):
        try:
            validate_address(address)
        except ValueError as error:
            concerns: Literal["server", "envelope"] = "envelope" if permanent else "server"
            raise DeliveryError(permanent, 0, str(error), concerns=concerns) from error


def _expect_sender(reply: tuple[int, bytes]) -> None:
    """A refusal of our own address speaks of us and would meet every mail, unless this one is too big."""
    code, answer = reply
    if code == 552:
        raise DeliveryError(True, code, _words(answer))
    if not 200 <= code < 300:
        raise DeliveryError(False, code, _words(answer), concerns="server")


def _expect(reply: tuple[int, bytes], family: int) -> None:
    """Go on only if the answer is of this family: 200 agrees, 300 waits for more."""
    code, answer = reply
    if family <= code < family + 100:
        return
    words = _words(answer)
    if code in _OF_THE_SERVER or (400 <= code < 500 and _asks_for_less(words)):
        raise DeliveryError(False, code, words, concerns="server")
    raise DeliveryError(500 <= code < 600, code, words)


def _asks_for_less(answer: str) -> bool:
    said = answer.lower()
    return _TOO_FAST.search(said) is not None and _ABOUT_THE_MAILBOX.search(said) is None


def _words(answer: bytes | str) -> str:
    return answer if isinstance(answer, str) else answer.decode("utf-8", "replace")
