"""A webhook on loopback: what it gets, how it is signed, and what its answers mean."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from servanda.alerts.channels.chat import ChatSender
from servanda.alerts.channels.delivery import DeliveryError, DeliveryWithheld, Receipt
from servanda.alerts.channels.webhook import WebhookSender
from servanda.alerts.formats.chat_and_json import CHAT_LIMIT, chat_content, webhook_content
from servanda.alerts.formats.late_notice import with_notice_in_json
from servanda.alerts.formats.mail import Footer, render
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.text.translation import ENGLISH
from servanda.network.retry_after import retry_after

NOW = datetime(2019, 9, 6, 4, tzinfo=UTC)
KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()
ID = "<a7.w3.0123456789ab@monitor.example.org>"


@dataclass
class Hook:
    """What it answers, and the requests it got."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""
    port: int = 0


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.got.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(made.status)
            for name, value in made.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"said <b>so</b>\r\n\x1b[2J" + b"x" * 9_000)

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    made.port = int(server.server_address[1])
    made.url = f"http://127.0.0.1:{made.port}/hook?token=s3cret"
    yield made
    server.shutdown()
    server.server_close()


def sender(port: int, **options: Any) -> WebhookSender:
    return WebhookSender(user_agent="Servanda", allow_hosts=frozenset({("127.0.0.1", port)}), **options)


def post(hook: Hook, body: bytes = b"{}", **more: Any) -> Receipt:
    with sender(hook.port) as to:
        return to.deliver(body, hook.url, SECRET, ID, now=NOW, **more)


def refused(hook: Hook) -> DeliveryError:
    with pytest.raises(DeliveryError) as raised:
        post(hook)
    return raised.value


def test_it_gets_the_bytes_signed_as_standard_webhooks_says(hook: Hook) -> None:
    receipt = post(hook, b'{"a": 1}')
    ((path, headers, body),) = hook.got
    assert (path, body) == ("/hook?token=s3cret", b'{"a": 1}')
    assert headers["content-type"] == "application/json"
    assert headers["webhook-id"] == "a7-w3-0123456789ab@monitor-example-org"
    assert headers["webhook-timestamp"] == "1567742400"
    mac = hmac.new(KEY, f"{headers['webhook-id']}.1567742400.".encode() + body, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(mac).decode()}"
    assert receipt.code == 200
    assert receipt.answer.startswith("said <b>so</b> ")
    assert receipt.answer.isprintable() and len(receipt.answer) <= 500


@pytest.mark.parametrize(
    ("status", "permanent", "gone"),
    [(301, True, False), (302, True, False), (400, True, False), (404, True, False), (408, False, False),
     (410, True, True), (425, False, False), (429, False, False), (500, False, False), (503, False, False)],
)  # fmt: skip
def test_its_status_says_whether_to_come_again(hook: Hook, status: int, permanent: bool, gone: bool) -> None:
    hook.status, hook.headers = status, {"Location": hook.url, "Retry-After": "120"}
    error = refused(hook)
    assert (error.permanent, error.gone, error.code, error.uncertain) == (permanent, gone, status, False)
    assert error.wait == timedelta(minutes=2)
    assert len(hook.got) == 1, "redirects are not followed"


@pytest.mark.parametrize(
    ("value", "wait"),
    [(None, None), ("90", timedelta(seconds=90)), ("Fri, 06 Sep 2019 05:00:00 GMT", timedelta(hours=1)),
     ("Fri, 06 Sep 2019 03:00:00 GMT", timedelta(0)), ("soon", None), ("-5", None), ("9" * 400, None), ("", None)],
)  # fmt: skip
def test_how_long_to_wait(value: str | None, wait: timedelta | None) -> None:
    assert retry_after(value, NOW) == wait


ENDLESS = [
    "Fri, 01 Jan 99999999999999999999 00:00:00 GMT",
    "Fri, 06 Sep 2019 99999999999999999999:00:00 GMT",
    "Fri, 06 Sep 2019 05:00:00 +99999999999999999999",
]


@pytest.mark.parametrize("value", ENDLESS)
def test_a_date_without_bounds_says_nothing_and_what_was_taken_was_taken(hook: Hook, value: str) -> None:
    hook.headers = {"Retry-After": value}
    assert post(hook).code == 200
    hook.status = 503
    assert refused(hook).wait is None


SECRET_PATHS = [
    "https://127.0.0.1/s3cr3t",
    "https://[::1]/s3cr3t?key=s3cr3t",
    "https://[::ffff:127.0.0.1]/s3cr3t",
    "http://example.org/s3cr3t",
    "https://a..b/s3cr3t",
    "https://2130706433/s3cr3t",
    "https://127.0.0.1\\@example.org/s3cr3t",
]


@pytest.mark.parametrize("url", SECRET_PATHS)
def test_an_address_that_is_refused_is_named_by_its_host_alone(url: str) -> None:
    with WebhookSender(user_agent="Servanda") as to, pytest.raises(DeliveryError) as caught:
        to.deliver(b"{}", url, SECRET, ID, now=NOW)
    assert "is not permitted" in caught.value.answer
    assert "s3cr3t" not in str(caught.value)


def test_private_addresses_and_plain_http_are_refused_before_anything_is_sent(hook: Hook) -> None:
    for url in (
        hook.url,
        f"https://127.0.0.1:{hook.port}/",
        "http://example.org/",
        "https://[::1]/",
        "ftp://x/",
    ):
        with WebhookSender(user_agent="Servanda") as to, pytest.raises(DeliveryError) as raised:
            to.deliver(b"{}", url, SECRET, ID, now=NOW)
        assert (raised.value.permanent, raised.value.uncertain) == (False, False)
    assert hook.got == []


def test_nobody_there_is_certain_and_silence_is_not(hook: Hook) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with sender(port) as to, pytest.raises(DeliveryError) as raised:
        to.deliver(b"{}", f"http://127.0.0.1:{port}/s3cret", SECRET, ID, now=NOW)
    assert (raised.value.code, raised.value.uncertain) == (0, False)
    assert "s3cret" not in str(raised.value)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = int(silent.getsockname()[1])
        with sender(port, total_seconds=0.3) as to, pytest.raises(DeliveryError) as raised:
            to.deliver(b"{}", f"http://127.0.0.1:{port}/s3cret", SECRET, ID, now=NOW)
    assert (raised.value.permanent, raised.value.uncertain) == (False, True)
    assert "s3cret" not in str(raised.value)


def test_an_answer_in_drops_is_not_waited_for_without_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
        over = threading.Event()

        def drip() -> None:
            connection, _ = listener.accept()
            with connection:
                while not over.wait(0.05):
                    try:
                        connection.sendall(b"H")
                    except OSError:
                        return

        threading.Thread(target=drip, daemon=True).start()
        begun = time.monotonic()
        with sender(port, monotonic=time.monotonic, total_seconds=0.5) as to, pytest.raises(DeliveryError):
            to.deliver(b"{}", f"http://127.0.0.1:{port}/", SECRET, ID, now=NOW)
        over.set()
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("secret", ["", "s3cret", "whsec_", "whsec_!!", "whsec_c2hvcnQ="])
def test_without_a_secret_nothing_is_sent(hook: Hook, secret: str) -> None:
    with sender(hook.port) as to, pytest.raises(DeliveryError, match="no secret to sign with"):
        to.deliver(b"{}", hook.url, secret, ID, now=NOW)
    assert hook.got == []


def test_the_last_look_gives_the_bytes_or_withholds_them(hook: Hook) -> None:
    def withhold() -> bytes:
        raise DeliveryWithheld("another has it")

    post(hook, b"{}", recheck_before_content=lambda: b'{"late": true}')
    with pytest.raises(DeliveryWithheld):
        post(hook, b"{}", recheck_before_content=withhold)
    assert [body for _, _, body in hook.got] == [b'{"late": true}']


# --- what is said -----------------------------------------------------------------------------------------


def test_json_and_chat_say_what_the_mail_says(sample: Alert, to_ana: Footer) -> None:
    mail = render(sample, to_ana, ENGLISH)
    said = json.loads(webhook_content(mail, message_id=ID, date=NOW, replay=False, about=sample))
    assert said["type"] == f"servanda.{sample.kind.value}"
    assert said["timestamp"] == "2019-09-06T04:00:00Z"
    data = said["data"]
    assert (data["text"], data["subject"], data["message_id"]) == (mail.text, mail.subject, ID)
    assert data["alert"]["payload"], "the payload is there as it is stored"
    assert all(
        link.startswith(("https://", "http://")) and link in mail.html.replace("&amp;", "&")
        for link in data["links"]
    )
    late = json.loads(with_notice_in_json(json.dumps(said).encode(), "Delayed."))
    assert late["data"]["delayed"] == "Delayed."
    assert late["data"]["text"] == f"Delayed.\n\n{mail.text}"
    chat = chat_content(mail).decode()
    assert chat.startswith(mail.subject)
    assert len(chat) <= CHAT_LIMIT + 2_100


def test_a_chat_service_gets_the_text(hook: Hook) -> None:
    receipt = ChatSender().deliver("Window ended – hoy".encode(), f"ntfy://127.0.0.1:{hook.port}/servanda")
    assert receipt.code == 250
    assert json.loads(hook.got[0][2])["message"] == "Window ended – hoy"


@pytest.mark.parametrize(
    "url", ["json://127.0.0.1/", "mailto://a:b@example.org", "file:///etc/passwd", "syslog://", "x"]
)
def test_what_is_no_chat_service_is_not_opened(url: str) -> None:
    with pytest.raises(DeliveryError, match="is no address of a chat service; valid: ") as raised:
        ChatSender().deliver(b"x", url)
    assert raised.value.permanent


def test_a_chat_that_does_not_take_it_is_tried_again(hook: Hook) -> None:
    hook.status = 500
    with pytest.raises(DeliveryError, match="did not take it") as raised:
        ChatSender().deliver(b"x", f"ntfy://127.0.0.1:{hook.port}/servanda")
    assert (raised.value.permanent, raised.value.uncertain) == (False, True)
