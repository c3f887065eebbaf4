"""Conversations with a real SMTP server on loopback."""

from __future__ import annotations

import socket
import ssl
import threading
from asyncio import WriteTransport
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from servanda.alerts.channels.delivery import DeliveryError, Receipt
from servanda.alerts.channels.smtp import SmtpSender
from servanda.alerts.formats.mail import Mail
from servanda.alerts.formats.mime import compose
from servanda.compliance.watchers import Profile, Watcher

pytestmark = pytest.mark.smtp

FROM, TO = "servanda@monitor.example.org", "ana@example.org"
TIMEOUT = 5.0
MAIL = compose(
    Mail("Window ended", "text\n.\n..dots\n", "<p>html</p>\n"),
    sender=FROM,
    watcher=Watcher(3, TO, profile=Profile(name="Ana")),
    message_id="<a7.w3.0123456789ab@monitor.example.org>",
    date=datetime(2019, 9, 6, 4, tzinfo=UTC),
)

Answer = str | Callable[[SMTP], str]


@dataclass
class Desk:
    """What the server answers, in order (the last answer stays), and what it took."""

    rcpt: list[Answer] = field(default_factory=lambda: ["250 2.1.5 ok"])
    data: list[Answer] = field(default_factory=lambda: ["250 2.0.0 taken as 4F1"])
    mail: list[Answer] = field(default_factory=lambda: ["250 2.1.0 ok"])
    taken: list[Envelope] = field(default_factory=list)
    connections: int = 0
    commands: list[str] = field(default_factory=list)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.commands.append("EHLO" if session.ssl is None else "EHLO over TLS")
        self.connections += session.ssl is None
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self._answer(self.mail, server)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.commands.append(f"RCPT {address}")
        answer = self._answer(self.rcpt, server)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self._answer(self.data, server)
        if answer.startswith("2"):
            self.taken.append(envelope)
        return answer

    @staticmethod
    def _answer(answers: list[Answer], server: SMTP) -> str:
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return answer if isinstance(answer, str) else answer(server)


def hang_up(server: SMTP) -> str:
    """End the connection instead of an answer."""
    assert isinstance(server.transport, WriteTransport)
    server.transport.abort()
    return "451 never read"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(desk: Desk, **options: Any) -> Iterator[int]:
    """The desk behind a port of its own."""
    controller = Controller(desk, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop(no_assert=True)


def sender_to(port: int, scheme: str = "smtp", login: str = "", **options: Any) -> SmtpSender:
    return SmtpSender(f"{scheme}://{login}127.0.0.1:{port}", timeout=TIMEOUT, **options)


def refused(sender: SmtpSender) -> DeliveryError:
    with pytest.raises(DeliveryError) as raised:
        sender.deliver(MAIL, FROM, TO)
    return raised.value


# --- answers ------------------------------------------------------------------------------------------------


def test_the_receipt_is_the_servers_own_answer() -> None:
    desk = Desk()
    with serving(desk) as port, sender_to(port) as sender:
        assert sender.deliver(MAIL, FROM, TO) == Receipt(250, "2.0.0 taken as 4F1")
    (envelope,) = desk.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == (FROM, [TO])
    assert envelope.content == MAIL


@pytest.mark.parametrize(
    ("desk", "permanent", "code", "sentence"),
    [
        (Desk(rcpt=["550 5.1.1 no such user"]), True, 550, "an unknown recipient"),
        (Desk(rcpt=["451 4.7.1 greylisted"]), False, 451, "greylisting"),
        (Desk(rcpt=["452 4.2.2 mailbox full"]), False, 452, "a full mailbox"),
        (Desk(rcpt=["530 5.7.0 log in first"]), False, 530, "our log-in is missing"),
        (Desk(rcpt=["421 4.3.2 closing"]), False, 421, "the server goes away"),
        (Desk(mail=["550 5.7.1 sender not allowed"]), False, 550, "our sender address is not allowed"),
        (Desk(mail=["552 5.3.4 too big"]), True, 552, "too big at once"),
        (Desk(data=["554 5.6.0 content refused"]), True, 554, "refused content"),
        (Desk(data=["451 4.3.0 try later"]), False, 451, "put off after the content"),
        (Desk(data=["421 4.3.2 closing"]), False, 421, "the server goes away after the content"),
    ],
)
def test_refusals_say_whether_to_try_again(desk: Desk, permanent: bool, code: int, sentence: str) -> None:
    with serving(desk) as port, sender_to(port) as sender:
        error = refused(sender)
    assert (error.permanent, error.code) == (permanent, code)
    assert error.answer in str([*desk.rcpt, *desk.mail, *desk.data])
    assert desk.taken == []


def test_after_a_refusal_the_next_mail_goes_over_the_same_connection() -> None:
    desk = Desk(rcpt=["451 4.7.1 greylisted", "250 2.1.5 ok"])
    with serving(desk) as port, sender_to(port) as sender:
        assert not refused(sender).permanent
        assert sender.deliver(MAIL, FROM, TO).code == 250
    assert (desk.connections, len(desk.taken)) == (1, 1)


def test_a_refused_content_leaves_no_recipient_behind() -> None:
    desk = Desk(data=["554 5.6.0 content refused", "250 2.0.0 taken"])
    with serving(desk) as port, sender_to(port) as sender:
        assert refused(sender).permanent
        sender.deliver(MAIL, FROM, "ben@example.org")
    assert [envelope.rcpt_tos for envelope in desk.taken] == [["ben@example.org"]]


# --- connections --------------------------------------------------------------------------------------------


def test_one_connection_carries_several_mails() -> None:
    desk = Desk()
    with serving(desk) as port, sender_to(port) as sender:
        for _ in range(3):
            sender.deliver(MAIL, FROM, TO)
    assert (desk.connections, len(desk.taken)) == (1, 3)


def test_a_closed_sender_opens_again() -> None:
    desk = Desk()
    with serving(desk) as port:
        sender = sender_to(port)
        for _ in range(2):
            with sender:
                sender.deliver(MAIL, FROM, TO)
            sender.close()
    assert (desk.connections, len(desk.taken)) == (2, 2)


def test_a_connection_lost_between_mails_is_opened_again() -> None:
    first, second = Desk(), Desk()
    port = free_port()
    with sender_to(port) as sender:
        for desk in (first, second):
            controller = Controller(desk, hostname="127.0.0.1", port=port)
            controller.start()
            sender.deliver(MAIL, FROM, TO)
            controller.stop()
    assert (len(first.taken), len(second.taken)) == (1, 1)


def test_a_connection_dropped_after_the_content_is_not_a_delivery() -> None:
    desk = Desk(data=[hang_up, "250 2.0.0 taken"])
    with serving(desk) as port, sender_to(port) as sender:
        error = refused(sender)
        assert (error.permanent, error.code) == (False, 0)
        assert "may arrive twice" in error.answer
        assert sender.deliver(MAIL, FROM, TO).code == 250
    assert (desk.connections, len(desk.taken)) == (2, 1)


def test_a_connection_dropped_at_the_recipient_is_tried_again_later() -> None:
    with serving(Desk(rcpt=[hang_up])) as port, sender_to(port) as sender:
        error = refused(sender)
    assert (error.permanent, error.code) == (False, 0)
    assert f"127.0.0.1:{port}" in error.answer


def test_no_server_is_tried_again_later() -> None:
    error = refused(sender_to(free_port()))
    assert (error.permanent, error.code) == (False, 0)
    assert "refused" in error.answer


def test_a_silent_server_is_not_waited_for_without_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        sender = SmtpSender(f"smtp://127.0.0.1:{listener.getsockname()[1]}", timeout=0.2)
        error = refused(sender)
    assert (error.permanent, error.code) == (False, 0)
    assert "timed out" in error.answer


def test_a_server_that_does_not_speak_smtp_is_tried_again_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def speak_http() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                connection.recv(1000)

        thread = threading.Thread(target=speak_http)
        thread.start()
        error = refused(sender_to(listener.getsockname()[1]))
        thread.join(TIMEOUT)
    assert not error.permanent


@pytest.mark.parametrize(
    ("sender_address", "recipient", "permanent"),
    [
        (FROM, "ana@example.org>\r\nRCPT TO:<eve@example.org", True),
        (FROM, "ana@example.org, eve@example.org", True),
        ("servanda@x.org> SIZE=1\r\nDATA", TO, False),
    ],
)
def test_an_address_cannot_carry_a_command(sender_address: str, recipient: str, permanent: bool) -> None:
    desk = Desk()
    with serving(desk) as port, sender_to(port) as sender:
        with pytest.raises(DeliveryError, match="is one address") as raised:
            sender.deliver(MAIL, sender_address, recipient)
        assert raised.value.permanent is permanent
        assert sender.deliver(MAIL, FROM, TO).code == 250
    assert (desk.commands, len(desk.taken)) == (["EHLO", f"RCPT {TO}"], 1)


# --- TLS and log-in -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and self-signed certificate of 127.0.0.1, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


@contextmanager
def serving_tls(desk: Desk, scheme: str, certificate: Path) -> Iterator[int]:
    """A server with STARTTLS, or with TLS from the start."""
    tls = server_tls(certificate)
    options = {"tls_context": tls} if scheme == "smtp+starttls" else {"ssl_context": tls}
    with serving(desk, **options) as port:
        yield port


@pytest.mark.parametrize(
    ("scheme", "commands"),
    [("smtps", ["EHLO", f"RCPT {TO}"]), ("smtp+starttls", ["EHLO", "EHLO over TLS", f"RCPT {TO}"])],
)
def test_a_trusted_server_is_spoken_to_over_tls(certificate: Path, scheme: str, commands: list[str]) -> None:
    desk = Desk()
    with (
        serving_tls(desk, scheme, certificate) as port,
        sender_to(port, scheme, tls=trusting(certificate)) as sender,
    ):
        assert sender.deliver(MAIL, FROM, TO).code == 250
    assert desk.commands == commands


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_certificate_that_nobody_vouches_for_stops_the_mail(certificate: Path, scheme: str) -> None:
    desk = Desk()
    with serving_tls(desk, scheme, certificate) as port:
        error = refused(sender_to(port, scheme))
    assert not error.permanent
    assert "certificate verify failed" in error.answer
    assert desk.taken == []


def test_starttls_is_required_where_asked_for() -> None:
    desk = Desk()
    with serving(desk) as port:
        error = refused(sender_to(port, "smtp+starttls"))
    assert not error.permanent
    assert "STARTTLS" in error.answer
    assert desk.taken == []


def log_in(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
) -> AuthResult:
    return AuthResult(success=data == LoginPassword(b"servanda", b"p@ss:w/rd"), handled=False)


@pytest.mark.parametrize(("password", "taken"), [("p%40ss%3Aw%2Frd", 1), ("wrong", 0)])
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_log_in_that_is_refused_is_our_matter(password: str, taken: int) -> None:
    desk = Desk()
    options = {"authenticator": log_in, "auth_required": True, "auth_require_tls": False}
    with serving(desk, **options) as port, sender_to(port, login=f"servanda:{password}@") as sender:
        if taken:
            sender.deliver(MAIL, FROM, TO)
        else:
            error = refused(sender)
            assert (error.permanent, error.code) == (False, 535)
    assert len(desk.taken) == taken
