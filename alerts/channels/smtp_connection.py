"""A connection to a mail server that cannot be held for ever: every wait ends by a time."""

from __future__ import annotations

import io
import smtplib
import ssl
from dataclasses import dataclass
from typing import Any

from servanda.alerts.channels.smtp_server import SmtpServer
from servanda.network.clock import Monotonic
from servanda.network.deadline import Deadline, DeadlineStream


@dataclass(frozen=True, slots=True)
class SmtpTimeouts:
    """How long to wait at most, in seconds.

    ``command``: for the answer to one command, to connect included; ``content``: to hand the content over;
    ``verdict``: for the answer to its end. RFC 5321, 4.5.3.2.6, asks for ten minutes: who gives up sooner has
    many a mail arrive twice.
    """

    command: float = 30.0
    content: float = 120.0
    verdict: float = 600.0

    @property
    def handover_seconds(self) -> float:
        """From the recheck before the content until all is over."""
        return self.content + self.verdict


class _Smtp(smtplib.SMTP):
    """smtplib's connection, which reads and sends only until its deadline."""

    deadline: Deadline
    file: Any

    def __init__(self, host: str, port: int, deadline: Deadline) -> None:
        self.deadline = deadline
        smtplib.SMTP.__init__(self, host, port, timeout=deadline.left())

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(DeadlineStream(self.sock, self.deadline))
        return super().getreply()

    def send(self, s: Any) -> None:
        if self.sock is not None:
            self.sock.settimeout(self.deadline.left())
        super().send(s)


class _SmtpOverTls(_Smtp, smtplib.SMTP_SSL):
    def __init__(self, host: str, port: int, deadline: Deadline, tls: ssl.SSLContext) -> None:
        self.deadline = deadline
        smtplib.SMTP_SSL.__init__(self, host, port, timeout=deadline.left(), context=tls)


class SmtpConnection:
    """One open connection, greeted and logged in. Raises what smtplib and the socket raise.

    ``carried`` counts the mails that went over it; ``begun`` says that a transaction is open.
    """

    def __init__(
        self,
        server: SmtpServer,
        timeouts: SmtpTimeouts,
        tls: ssl.SSLContext,
        monotonic: Monotonic | None,
    ) -> None:
        self._timeouts = timeouts
        self._deadline = Deadline(monotonic)
        self.carried = 0
        self.begun = False
        self._smtp = self._opened(server, tls)

    def _opened(self, server: SmtpServer, tls: ssl.SSLContext) -> smtplib.SMTP:
        self._deadline.allow(self._timeouts.command)
        smtp: smtplib.SMTP
        if server.scheme == "smtps":
            smtp = _SmtpOverTls(server.host, server.port, self._deadline, tls)
        else:
            smtp = _Smtp(server.host, server.port, self._deadline)
        try:
            self._greet(smtp, server, tls)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _greet(self, smtp: smtplib.SMTP, server: SmtpServer, tls: ssl.SSLContext) -> None:
        smtp.ehlo_or_helo_if_needed()
        if server.scheme == "smtp+starttls":
            self._deadline.allow(self._timeouts.command)
            smtp.starttls(context=tls)
            smtp.ehlo_or_helo_if_needed()
        if server.user is not None and server.password is not None:
            self._deadline.allow(self._timeouts.command)
            smtp.login(server.user, server.password)

    def introduce(
        self, sender: str, recipient: str, size: int
    ) -> tuple[tuple[int, bytes], tuple[int, bytes]]:
        """MAIL and RCPT with their answers, sent together where the server takes that (RFC 2920).

        The second answer is (0, b"") where the first refuses and the second was not asked.
        """
        smtp = self._smtp
        self._deadline.allow(self._timeouts.command)
        if self.begun:
            smtp.rset()
        self.begun = True
        mail = f"MAIL FROM:<{sender}>" + (f" size={size}" if smtp.has_extn("size") else "")
        rcpt = f"RCPT TO:<{recipient}>"
        if smtp.has_extn("pipelining"):
            smtp.send(f"{mail}\r\n{rcpt}\r\n")
            return smtp.getreply(), smtp.getreply()
        first = smtp.docmd(mail)
        return (first, smtp.docmd(rcpt)) if first[0] // 100 == 2 else (first, (0, b""))

    def ask_to_begin(self) -> tuple[int, bytes]:
        """DATA and its answer."""
        self._deadline.allow(self._timeouts.command)
        return self._smtp.docmd("DATA")

    def hand_over(self, content: bytes) -> tuple[int, bytes]:
        """The content and the answer to its end."""
        self._deadline.allow(self._timeouts.content)
        self._smtp.send(_quoted(content))
        self._deadline.allow(self._timeouts.verdict)
        answer = self._smtp.getreply()
        self.begun = False
        self.carried += 1
        return answer

    def quit(self) -> None:
        self._deadline.allow(self._timeouts.command)
        self._smtp.quit()

    def close(self) -> None:
        self._smtp.close()


def _quoted(content: bytes) -> bytes:
    """Lines that begin with a dot get another (RFC 5321, 4.5.2), and a lone dot ends it all."""
    dotted = content.replace(b"\r\n.", b"\r\n..")
    if dotted.startswith(b"."):
        dotted = b"." + dotted
    return dotted + (b".\r\n" if dotted.endswith(b"\r\n") else b"\r\n.\r\n")
