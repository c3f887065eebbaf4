"""What tests of the watchdog share: a sign of life, its settings, its mails, and a monitor on another host."""

from __future__ import annotations

import email
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from servanda.jobs.watchdog.heartbeat_files import Heartbeat
from servanda.jobs.watchdog.settings import WatchdogSettings

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
DUE = NOON + timedelta(minutes=15)
PULSE = Heartbeat("notify", "ended", NOON, DUE, "airflow", NOON)
TEN = timedelta(minutes=10)


def settings_in(folder: Path) -> WatchdogSettings:
    """Mails become files."""
    return WatchdogSettings(
        folder / "pulse", folder / "outbox", "op@example.org", "servanda@example.org", None
    )


def mails(settings: WatchdogSettings) -> list[EmailMessage]:
    read = (email.message_from_bytes(p.read_bytes(), policy=default) for p in settings.outbox.glob("*.eml"))
    return sorted(read, key=lambda mail: mail["Date"].datetime)


def text(mail: EmailMessage) -> str:
    return str(mail.get_content()).replace("\r\n", "\n")


@contextmanager
def answering(status: int, body: bytes, **headers: str) -> Iterator[str]:
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/health"
        finally:
            server.shutdown()
            thread.join()
