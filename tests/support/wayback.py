"""A web archive in memory: an index in plain text, and captures with the archive's own time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

from support.answers import exchange_of

from servanda.scrapers.exchange import Exchange, ScrapeError, Unreachable, Validators


@dataclass
class Wayback:
    """Answers as the Internet Archive does. ``bodies`` by time; ``asked`` are the times of captures asked for.

    ``errors`` by time are raised; ``shifted`` times are answered with the capture of another time.
    """

    original: str
    at: datetime
    bodies: dict[datetime, bytes] = field(default_factory=dict)
    content_type: str = "text/html; charset=utf-8"
    errors: dict[datetime, ScrapeError] = field(default_factory=dict)
    shifted: dict[datetime, datetime] = field(default_factory=dict)
    index_errors: list[str] = field(default_factory=list)
    asked: list[datetime] = field(default_factory=list)

    def __call__(self, url: str, *, pause_seconds: float, validators: Validators | None = None) -> Exchange:
        path = urlsplit(url).path
        if path == "/cdx/search/cdx":
            return exchange_of(url, self._index(url).encode(), "text/plain;charset=UTF-8", at=self.at)
        prefix, _, original = path.removeprefix("/web/").partition("id_/")
        at = datetime.strptime(prefix, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        assert original == self.original
        self.asked.append(at)
        if at in self.errors:
            raise self.errors[at]
        if at not in self.bodies:
            raise Unreachable("http_404", f"{url} is not there")
        stated = format_datetime(self.shifted.get(at, at), usegmt=True)
        headers = (("Memento-Datetime", stated),)
        return exchange_of(url, self.bodies[at], self.content_type, headers=headers, at=self.at)

    def _index(self, url: str) -> str:
        query = parse_qs(urlsplit(url).query)
        assert query["url"] == [self.original]
        first, last = query["from"][0], query["to"][0]
        stamps = (f"{at:%Y%m%d%H%M%S}" for at in sorted(self.bodies))
        lines = [
            f"key {stamp} {self.original} text/html 200 DIGEST 1"
            for stamp in stamps
            if first <= stamp <= last
        ]
        return "\n".join([*lines, *self.index_errors, ""])
