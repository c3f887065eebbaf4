"""A publisher's server on loopback that answers as a test says, and a clock that only a test moves."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from servanda.scrapers.exchange import Recording
from servanda.scrapers.http.fetch import Fetcher

USER_AGENT = "Servanda/0.1 (commitment compliance monitor; contact: watch@example.org)"


class FakeClock:
    """Time stands still except while someone sleeps."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._passed = 0.0
        self.sleeps: list[float] = []

    def now(self) -> datetime:
        return datetime(2019, 9, 5, 12, 0, tzinfo=UTC) + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        return self._passed

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.sleeps.append(seconds)
            self._passed += seconds

    def uptime(self) -> None:
        return None


@dataclass(frozen=True)
class Reply:
    """One response, sent with a Content-Length unless ``headers`` have one of their own."""

    status: int = 200
    body: bytes = b"<html><title>Press releases</title></html>"
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Reply | Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    second: float


class Publisher:
    """``say`` sets what a path answers: each answer once, the last one for ever; unset paths are 404."""

    def __init__(self, clock: FakeClock | None = None) -> None:
        self.clock = clock or FakeClock()
        self.seen: list[Seen] = []
        self._answers: dict[str, list[Answer]] = {}
        self.server = _Server(("127.0.0.1", 0), _handler(self))

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        """The paths asked for, in order, robots.txt left out."""
        return [seen.path for seen in self.seen if seen.path != "/robots.txt"]

    def say(self, path: str, *answers: Answer) -> str:
        """Set what ``path`` answers; its address."""
        self._answers[path] = list(answers)
        return self.url + path

    def answer(self, path: str) -> Answer:
        answers = self._answers.get(path, [Reply(404, b"not here")])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def fetcher(self, names: tuple[str, ...] = (), **more: Any) -> Fetcher:
        """A fetcher that may reach this server, also under ``names``."""
        options: dict[str, Any] = {
            "user_agent": USER_AGENT,
            "clock": self.clock,
            "resolver": resolver_of(*names),
            "allow_hosts": frozenset((host, self.port) for host in ("127.0.0.1", *names)),
        }
        return Fetcher(**(options | more))

    def get(self, path_or_url: str, pause_seconds: float = 0.0, **more: Any) -> tuple[Any, Recording]:
        """What a new fetcher's reader gets: the exchange, or the failure raised, and everything recorded."""
        recording = Recording()
        url = self.url + path_or_url if path_or_url.startswith("/") else path_or_url
        validators = more.pop("validators", None)
        fetch = self.fetcher(**more).session(recording)
        try:
            return fetch(url, pause_seconds=pause_seconds, validators=validators), recording
        except Exception as failure:
            return failure, recording

    @contextmanager
    def running(self) -> Iterator[Publisher]:
        thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        thread.start()
        yield self
        self.server.shutdown()
        self.server.server_close()


def resolver_of(*names: str) -> Callable[..., Any]:
    """A resolver that knows ``names`` to be on loopback and asks the system for the rest."""

    def resolve(host: str, port: int, *rest: Any) -> Any:
        if host in names:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        return socket.getaddrinfo(host, port, *rest)

    return resolve


class _Server(ThreadingHTTPServer):
    """Says nothing of clients that hang up, which many tests are about."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """An answer: close the connection without a word."""
    handler.close_connection = True
    handler.connection.close()


def _handler(publisher: Publisher) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            second = publisher.clock.monotonic()
            publisher.seen.append(Seen(self.path, dict(self.headers.items()), second))
            answer = publisher.answer(self.path)
            try:
                self.send(answer) if isinstance(answer, Reply) else answer(self)
            except OSError:
                self.close_connection = True

        def send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if "Content-Length" not in reply.headers and reply.status != 304:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if reply.status != 304:
                self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
