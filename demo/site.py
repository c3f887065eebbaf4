"""The reconstructed official sites, on a free port of this machine.

At the simulated time ``now`` the site shows what was published by then, newest first, with the pagination of
the site it stands for, and with its troubles. It answers conditional requests.
"""

from __future__ import annotations

import hashlib
import json
import re
import socket
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from servanda.demo import federal_register_api as register
from servanda.demo import pages
from servanda.demo.story import Story, StoryItem

Listing = Callable[[Sequence[StoryItem], int, bool], str]

FEED_SIZE = 10
SHALLOW_PAGES = 3

_LISTINGS: tuple[tuple[str, re.Pattern[str], int, Listing], ...] = (
    ("us-state-press", re.compile(r"/press-releases/(?:page/(\d{1,3})/)?"), 10, pages.state_listing),
    ("us-white-house", re.compile(r"/news/(?:page/(\d{1,3})/)?"), 10, pages.white_house_listing),
    ("mx-sre", re.compile(r"/sre/archivo/prensa"), 9, pages.gob_mx_listing),
    ("mx-presidencia", re.compile(r"/presidencia/archivo/prensa"), 9, pages.gob_mx_listing),
)
"""Source, path of its listing (with the page's number, else the query has it), rows to a page, writer."""

_FEED = "/rss-feed/press-releases/feed/"
_REGISTER = re.compile(r"/api/v1/documents(?:\.json)?")
_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class SiteResponse:
    """What the server sends; ``status`` None: the connection is cut."""

    status: int | None
    body: bytes = b""
    content_type: str = _HTML

    @classmethod
    def text(cls, status: int, body: str, content_type: str = _HTML) -> SiteResponse:
        return cls(status, body.encode(), content_type)

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


_UNAVAILABLE = SiteResponse.text(503, "Service Unavailable", "text/plain")


class Site:
    """The sites at one moment. ``now`` is set from outside and is the only thing that changes."""

    def __init__(self, story: Story, now: datetime) -> None:
        self.story = story
        self.now = now
        self.root = ""
        self._articles = {pages.address(item): item for item in story.items}

    def answer(self, target: str) -> SiteResponse:
        """Answer a request for a path with its query."""
        path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
        source = self._source(path)
        trouble = self.story.trouble(source, self.now) if source else None
        if trouble is not None and trouble.kind != "shallow":
            return {
                "reset": SiteResponse(None),
                "unavailable": _UNAVAILABLE,
                "challenge": SiteResponse.text(200, pages.challenge()),
            }[trouble.kind]
        if path == "/robots.txt":
            return SiteResponse.text(200, "User-agent: *\nAllow: /\n", "text/plain")
        if path == _FEED:
            items = self.story.published("us-state-press", self.now)[:FEED_SIZE]
            return SiteResponse.text(200, pages.feed(items, self.root), "application/rss+xml; charset=utf-8")
        if _REGISTER.fullmatch(path):
            return self._register(query)
        return self._listing(path, query, is_shallow=trouble is not None) or self._article(path)

    def _source(self, path: str) -> str | None:
        """Whose site a path belongs to."""
        if path in self._articles:
            return self._articles[path].source
        if path == _FEED:
            return "us-state-press"
        if _REGISTER.fullmatch(path):
            return "us-federal-register"
        return next((source for source, form, _, _ in _LISTINGS if form.fullmatch(path)), None)

    def _register(self, query: register.Query) -> SiteResponse:
        published = self.story.published("us-federal-register", self.now)
        try:
            body = register.documents(published, query, self.root)
        except register.BadQuery as error:
            return SiteResponse.text(
                400, json.dumps({"status": 400, "message": str(error)}), "application/json"
            )
        return SiteResponse.text(200, body, "application/json; charset=utf-8")

    def _listing(self, path: str, query: register.Query, *, is_shallow: bool) -> SiteResponse | None:
        for source, form, size, write in _LISTINGS:
            if match := form.fullmatch(path):
                number = match[1] if form.groups else query.get("page", ["1"])[0]
                page = int(number) if number and number.isdigit() else 1
                if is_shallow and page > SHALLOW_PAGES:
                    return _UNAVAILABLE
                items = self.story.published(source, self.now)
                shown = items[(page - 1) * size : page * size]
                if shown:
                    return SiteResponse.text(200, write(shown, page, page * size >= len(items)))
        return None

    def _article(self, path: str) -> SiteResponse:
        item = self._articles.get(path)
        if item is None or item.at > self.now:
            return SiteResponse.text(404, "Not Found", "text/plain")
        return SiteResponse.text(200, pages.article(item))


@contextmanager
def serving(site: Site) -> Iterator[tuple[str, int]]:
    """Serve the site on a free port of 127.0.0.1; gives host and port, and ends the server afterwards."""

    class Handler(_Handler):
        shown = site

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host, port = "127.0.0.1", server.server_address[1]
    site.root = f"http://{host}:{port}"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield host, port
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    shown: ClassVar[Site]
    protocol_version = "HTTP/1.1"
    timeout = 30
    # Headers and body leave together, at once: else each answer waits for the client's acknowledgement.
    wbufsize = 1 << 16
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        answer = self.shown.answer(self.path)
        if answer.status is None:
            self._cut()
        elif answer.status == 200 and self.headers.get("If-None-Match") == answer.etag:
            self._send(304, answer, b"")
        else:
            self._send(answer.status, answer, answer.body)

    def _send(self, status: int, answer: SiteResponse, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", answer.etag)
        self.end_headers()
        self.wfile.write(body)

    def _cut(self) -> None:
        """Close so that the client sees a reset, not an orderly end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the polls are on record."""
