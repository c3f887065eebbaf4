"""An official site on loopback, whose pages a test sets and whose requests it can read."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Page:
    """What one address answers. With ``etag`` a conditional request is answered 304 while it holds."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    conditional: bool = True

    @property
    def etag(self) -> str:
        return f'"{sha256(self.body).hexdigest()[:16]}"'


NOT_FOUND = Page(b"<h1>not found</h1>", status=404)


def article(path: str) -> Page:
    """A page with a main text, for whatever address is asked for."""
    paragraphs = "".join(
        f"<p>Paragraph {n} of the release at {escape(path)} reports on ordinary business of the day, in a "
        "sentence long enough to be taken for the main text of a page.</p>"
        for n in range(1, 4)
    )
    return Page(
        f"<html lang='en'><head><title>Release</title></head><body><main><h1>Release</h1>{paragraphs}</main>"
        "</body></html>".encode()
    )


class Site:
    """``pages`` by path with query; a path without a page is 404. ``requests`` are (path, status) in order.

    ``clock`` says what ``Date`` states, in seconds since 1970, or None for no ``Date``; unset it is the machine's.
    """

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.requests: list[tuple[str, int]] = []
        self.down = False
        self.clock: Callable[[], float | None] | None = None
        self.fallback: Callable[[str], Page | None] = lambda path: None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def put(
        self,
        path: str,
        body: str | bytes,
        content_type: str = "text/html; charset=utf-8",
        *,
        headers: dict[str, str] | None = None,
    ) -> None:
        content = body.encode() if isinstance(body, str) else body
        self.pages[path] = Page(content, content_type, headers=headers or {})

    def asked(self, path: str) -> list[int]:
        """The statuses that requests for a path got."""
        return [status for asked, status in self.requests if asked == path]

    @contextmanager
    def running(self) -> Iterator[Site]:
        thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        thread.start()
        yield self
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one segment, or each answer waits for a delayed ACK

            def do_GET(self) -> None:
                page = site.pages.get(self.path) or site.fallback(self.path) or NOT_FOUND
                if site.down:
                    page = Page(b"down", status=503)
                elif (
                    page.status == 200 and page.conditional and self.headers.get("If-None-Match") == page.etag
                ):
                    page = Page(b"", status=304)
                site.requests.append((self.path, page.status))
                self.send_response_only(page.status)
                stated = site.clock() if site.clock else time.time()
                if stated is not None and "Date" not in page.headers:
                    self.send_header("Date", self.date_time_string(stated))
                for name, value in page.headers.items():
                    self.send_header(name, value)
                if page.status == 200 and page.conditional:
                    self.send_header("ETag", page.etag)
                self.send_header("Content-Type", page.content_type)
                self.send_header("Content-Length", str(len(page.body)))
                self.end_headers()
                self.wfile.write(page.body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler
