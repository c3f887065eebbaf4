"""The captures of an address that a web archive has, by its CDX API.

Documented at https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server. Its answer is plain
text, a capture on each line: key, timestamp, address, type, status, digest, length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from servanda.compliance.intervals import Interval
from servanda.instruments.routes import CdxOptions, Route
from servanda.scrapers.documents.markup import HTML_TYPES, media_type
from servanda.scrapers.exchange import Blocked, Exchange, Fetch, Unrecognised
from servanda.scrapers.failures import sanitise_detail

MOST_CAPTURES = 5_000
"""In one answer. One an hour is asked for: seven months."""

_LINE = re.compile(r"\S+ (?P<at>\d{14}) (?P<url>https?://\S+) \S+ (?P<status>\S+) \S+ \S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CdxCapture:
    """One capture: the archive's own time, and the address as it was asked for then."""

    at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class CdxCaptures:
    """Captures with status 200, oldest first; other lines and malformed ones were ``passed_over``."""

    found: tuple[CdxCapture, ...]
    passed_over: int


def find_captures(route: Route, fetch: Fetch, within: Interval) -> CdxCaptures:
    """The captures of ``route.url`` in an interval, at most one an hour.

    Raises Blocked (``http_403``, ``excluded``: the archive does not show this site), ``html_instead_of_cdx``;
    Unrecognised ``bad_cdx``, ``too_many_captures``; and what ``fetch`` raises.
    """
    exchange = fetch(captures_url(route, within), pause_seconds=route.pause.total_seconds())
    return parse_captures(exchange)


def captures_url(route: Route, within: Interval) -> str:
    """Where the captures of an interval are asked for."""
    assert isinstance(route.read, CdxOptions)
    query = urlencode(
        {
            "url": route.url,
            "from": f"{within.from_at.astimezone(UTC):%Y%m%d%H%M%S}",
            "to": f"{within.until_at.astimezone(UTC):%Y%m%d%H%M%S}",
            "filter": "statuscode:200",
            "collapse": "timestamp:10",
            "limit": MOST_CAPTURES + 1,
        }
    )
    return f"{route.read.archive.rstrip('/')}/cdx/search/cdx?{query}"


def parse_captures(exchange: Exchange) -> CdxCaptures:
    """An answer as captures."""
    url = exchange.final_url
    if media_type(exchange) in HTML_TYPES or exchange.body.lstrip()[:1] == b"<":
        raise Blocked("html_instead_of_cdx", f"{url} answers with a web page")
    if exchange.body.lstrip().startswith(b"org.archive."):
        reason = sanitise_detail(exchange.body[:500].decode("utf-8", "replace"))
        raise Blocked("excluded", f"{url}: the archive does not show this site: {reason}")
    lines = [line for line in exchange.body.decode("utf-8", "replace").splitlines() if line.strip()]
    if len(lines) > MOST_CAPTURES:
        raise Unrecognised("too_many_captures", f"{url} lists more than {MOST_CAPTURES}: ask for fewer days")
    read = [_capture(line) for line in lines]
    found: dict[datetime, CdxCapture] = {}
    for capture in filter(None, read):
        found.setdefault(capture.at, capture)
    if lines and not found:
        raise Unrecognised("bad_cdx", f"{url}: none of {len(lines)} lines is a capture")
    return CdxCaptures(tuple(found[at] for at in sorted(found)), passed_over=read.count(None))


def _capture(line: str) -> CdxCapture | None:
    """One line; None for one that is malformed, such as a timestamp in month 00, or of another status."""
    shape = _LINE.fullmatch(line.strip())
    if shape is None or shape["status"] != "200":
        return None
    try:
        return CdxCapture(datetime.strptime(shape["at"], "%Y%m%d%H%M%S").replace(tzinfo=UTC), shape["url"])
    except ValueError:
        return None
