"""The publisher: ``python -m benchmarks.publisher`` serves on loopback until its standard input is closed.

It prints its port. HTTP/1.1 with keep-alive, answers written in one piece (or each would wait for a delayed
ACK), ETags and gzip, as official sites have them. ``/-/served`` tells how many answers of each status were
given since it was last asked; ``/-/edition/N`` adds N new items to the feeds.
"""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import threading
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

from benchmarks.pages import Weight, article_page, feed_page

ROBOTS = b"User-agent: *\nDisallow: /search/\n"
_FEED = re.compile(r"/(full|light|official)/feed-(\d+)\.xml")
_ARTICLE = re.compile(r"/(full|light|official)/release-(\d+)-(\d+)/")


@dataclass(frozen=True)
class _Page:
    content_type: str
    body: bytes
    packed: bytes
    etag: str


@dataclass
class _Site:
    base: str = ""
    edition: int = 0
    served: Counter[int] = field(default_factory=Counter)
    pages: dict[tuple[str, int], _Page | None] = field(default_factory=dict)

    def page(self, path: str) -> _Page | None:
        """Made when it is first asked for, then kept."""
        key = (path, self.edition if _FEED.fullmatch(path) else 0)
        if key not in self.pages:
            self.pages[key] = self._made(path)
        return self.pages[key]

    def _made(self, path: str) -> _Page | None:
        if path == "/robots.txt":
            return _page("text/plain", ROBOTS)
        if found := _FEED.fullmatch(path):
            weight, feed = cast(Weight, found[1]), int(found[2])
            return _page(
                "application/rss+xml; charset=UTF-8", feed_page(self.base, weight, feed, self.edition)
            )
        if found := _ARTICLE.fullmatch(path):
            weight = cast(Weight, found[1])
            return _page("text/html; charset=UTF-8", article_page(weight, int(found[2]), int(found[3])))
        return None

    def controlled(self, path: str) -> bytes | None:
        """The answer to what only this benchmark asks, None for anything else."""
        if path == "/-/served":
            served, self.served = self.served, Counter()
            return json.dumps(served).encode()
        if path.startswith("/-/edition/"):
            self.edition = int(path.rpartition("/")[2])
            return b"{}"
        return None


def _page(content_type: str, body: bytes) -> _Page:
    packed = gzip.compress(body, compresslevel=6, mtime=0)
    return _Page(content_type, body, packed, f'"{sha256(body).hexdigest()[:16]}"')


def _handler(site: _Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 20  # more than any answer, so that each leaves in one piece
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            if (answer := site.controlled(self.path)) is not None:
                self._send(200, {"Content-Type": "application/json"}, answer)
            elif (page := site.page(self.path)) is None:
                self._count_and_send(404, {"Content-Type": "text/html"}, b"<h1>not found</h1>")
            elif self.headers.get("If-None-Match") == page.etag:
                self._count_and_send(304, {"ETag": page.etag}, b"")
            else:
                headers = {"Content-Type": page.content_type, "ETag": page.etag, "Content-Encoding": "gzip"}
                self._count_and_send(200, headers, page.packed)

        def _count_and_send(self, status: int, headers: dict[str, str], body: bytes) -> None:
            site.served[status] += 1
            self._send(status, headers, body)

        def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@dataclass(frozen=True)
class Publisher:
    """A running publisher, as the benchmark sees it."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def served(self) -> dict[int, int]:
        """How many answers of each status were given since this was last asked."""
        with urllib.request.urlopen(f"{self.url}/-/served") as answer:
            return {int(status): int(count) for status, count in json.load(answer).items()}


def set_edition(url: str, edition: int) -> None:
    """Have every feed of the site at ``url`` show this edition from now on."""
    with urllib.request.urlopen(f"{url}/-/edition/{edition}"):
        pass


@contextmanager
def running_publisher() -> Iterator[Publisher]:
    """A publisher in a process of its own, ended when the block ends."""
    command = [sys.executable, "-m", "benchmarks.publisher"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        yield Publisher(int(process.stdout.readline()))
        process.stdin.close()


def main() -> None:
    site = _Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(site))
    site.base = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    main()
