"""A host of its own for each publisher, on loopback."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Protocol

from fault_injection.publishers.served import Served

DRIP_SECONDS = 1.2
"""Longer than the patience of the bench's fetcher with a single read."""


class Answering(Protocol):
    """A site: what it answers, and where it is told that it stands."""

    root: str

    def answer(self, target: str) -> Served: ...


@contextmanager
def serving(sites: Sequence[Answering]) -> Iterator[frozenset[tuple[str, int]]]:
    """Serve every site; gives host and port of each, and ends the servers afterwards."""
    with ExitStack() as closing:
        yield frozenset(("127.0.0.1", closing.enter_context(_serving(site))) for site in sites)


@contextmanager
def _serving(site: Answering) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(site))
    server.daemon_threads = True
    port = int(server.server_address[1])
    site.root = f"http://127.0.0.1:{port}"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield port
    finally:
        server.shutdown()
        server.server_close()


def _handler(site: Answering) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30
        wbufsize = 1 << 18
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            served = site.answer(self.path)
            if served.cut == -1:
                self._break_off()
            elif _is_whole(served) and self.headers.get("If-None-Match") == _etag(served):
                self._send(served, 304, b"")
            else:
                self._send(served, served.status, served.body)

        def _send(self, served: Served, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", served.content_type)
            self.send_header("Content-Length", str(len(body)))
            if status in (200, 304):
                self.send_header("ETag", _etag(served))
            for name, value in served.headers:
                self.send_header(name, value)
            self.end_headers()
            if served.drip:
                self.wfile.flush()
                time.sleep(DRIP_SECONDS)
            if served.cut is None or status != 200:
                self.wfile.write(body)
                return
            self.wfile.write(body[: served.cut])
            self.wfile.flush()
            self._break_off()

        def _break_off(self) -> None:
            """Close so that the client sees a reset, not an orderly end."""
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the polls are on record."""

    return Handler


def _is_whole(served: Served) -> bool:
    return served.status == 200 and served.cut is None and not served.drip


def _etag(served: Served) -> str:
    if served.tag is not None:
        return f'"{served.tag}"'
    return f'"{sha256(served.body + served.content_type.encode()).hexdigest()[:16]}"'
