"""The day: three official sites, two windows that end, a candidate, evidence, a page that was edited."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

BEGUN_AT = datetime(2031, 3, 10, 12, tzinfo=UTC)
"""The baseline: all that stood before is no news."""

EVE_AT = datetime(2031, 3, 11, 12, tzinfo=UTC)
"""The day before: whoever gets digests has something waiting after it."""

DAY_AT = datetime(2031, 3, 12, 18, tzinfo=UTC)
"""The day that is disturbed: both windows ended at its start, 04:00 UTC."""

SOURCES = {"us-press": "US", "mx-press": "MX", "joint-press": "US"}

_EVERYDAY = (
    "Ordinary business of the day, told in a sentence that is long enough to be the main text of a page. "
    "A second sentence goes on about the weather in the capital, and the exhibition that they saw."
)


@dataclass(frozen=True, slots=True)
class Release:
    """One published page: when, and what it says; ``edited`` is what it says from ``DAY_AT`` on."""

    source: str
    slug: str
    title: str
    at: datetime
    text: str = _EVERYDAY
    edited: str | None = None

    def says(self, now: datetime) -> str:
        return self.edited if self.edited is not None and now >= DAY_AT else self.text


_GUARD = "Mexico deployed its National Guard on the border, as the Secretary of State noted with thanks. "
RELEASES = (
    *(
        Release(source, f"everyday-{n}", f"Business of day {n}", datetime(2031, 3, n, 16, tzinfo=UTC))
        for source in SOURCES
        for n in range(1, 13)
    ),
    Release(
        "us-press",
        "guard",
        "On the border",
        datetime(2031, 3, 11, 9, tzinfo=UTC),
        _GUARD + _EVERYDAY,
        _GUARD + "Two thousand were counted. " + _EVERYDAY,
    ),
    Release(
        "mx-press",
        "second-guard",
        "Again on the border",
        datetime(2031, 3, 12, 9, tzinfo=UTC),
        "Mexico deployed its National Guard along the whole border this week. " + _EVERYDAY,
    ),
    Release(
        "joint-press",
        "heron",
        "Joint statement on Project Heron",
        datetime(2031, 3, 11, 20, tzinfo=UTC),
        "The United States and Mexico announced additional measures on migration: Project Heron is "
        "concluded, said the Secretary of State. " + _EVERYDAY,
    ),
)


class Site:
    """The official sites at one moment; ``now`` is set from outside and is all that changes."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, path: str) -> str | None:
        """The page at a path, None where there is none (yet)."""
        source, _, slug = path.strip("/").partition("/")
        shown = [r for r in RELEASES if r.source == source and r.at <= self.now]
        if not slug:
            return _listing(sorted(shown, key=lambda r: r.at, reverse=True)) if shown else None
        return next((_article(r, self.now) for r in shown if r.slug == slug), None)

    @contextmanager
    def running(self) -> Iterator[Site]:
        server = _Server(("127.0.0.1", 0), _handler(self))
        server.daemon_threads = True
        self.port = int(server.server_address[1])
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()


class _Server(ThreadingHTTPServer):
    """Says nothing of readers that hang up: they are killed here."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            page = site.answer(self.path)
            body = (page or "<h1>not found</h1>").encode()
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            status = 404 if page is None else 200
            if status == 200 and self.headers.get("If-None-Match") == etag:
                status, body = 304, b""
            self.send_response(status)
            self.send_header("ETag", etag)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: the polls are on record."""

    return Handler


def _listing(releases: list[Release]) -> str:
    rows = "".join(
        f'<li class="row"><a href="/{r.source}/{r.slug}">{escape(r.title)}</a>'
        f'<time datetime="{r.at.isoformat()}">{r.at.isoformat()}</time></li>'
        for r in releases
    )
    return f"<html><body><main><ul>{rows}</ul></main></body></html>"


def _article(release: Release, now: datetime) -> str:
    return (
        f"<html lang='en'><head><title>{escape(release.title)}</title></head><body><main>"
        f"<h1>{escape(release.title)}</h1><p>{escape(release.says(now))}</p></main></body></html>"
    )
