"""A WordPress site that answers as a real one does, in memory; each way in which it may go wrong is a switch."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from support.answers import exchange_of

from servanda.scrapers.exchange import Blocked, Exchange, Unreachable, Validators

ROOT = "https://www.department.example"
URL = f"{ROOT}/wp-json/wp/v2/press_release"
ZONE = "America/New_York"

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Release:
    """One published item. ``gmt`` None: its two times agree."""

    id: int
    at: datetime
    title: str
    content: str = "<p>The Secretary met the Foreign Secretary and spoke of migration at length today.</p>"
    protected: bool = False
    gmt: datetime | None = None

    @property
    def slug(self) -> str:
        return f"release-number-{self.id}"

    def row(self) -> dict[str, Any]:
        content = {"rendered": "" if self.protected else self.content, "protected": self.protected}
        return {
            "id": self.id,
            "date": f"{self.at.astimezone(ZoneInfo(ZONE)):%Y-%m-%dT%H:%M:%S}",
            "date_gmt": f"{(self.gmt or self.at).astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
            "slug": self.slug,
            "link": f"{ROOT}/releases/{self.slug}/",
            "title": {"rendered": self.title},
            "content": content,
        }


@dataclass
class WordPress:
    """``bound``: the most rows on a page. ``before``: called with the query and its number before each answer.

    ``withheld``: ids that are counted and not given; ``ignored``: parameters that the site does not know.
    """

    releases: list[Release]
    bound: int = 100
    clamps: bool = False
    zone: str = ZONE
    takes_civil: bool = False
    withheld: frozenset[int] = frozenset()
    ignored: frozenset[str] = frozenset()
    before: Callable[[dict[str, str], int], None] = lambda query, n: None
    says: dict[str, Answer] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def answer(self, url: str) -> Answer:
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query))
        if not parts.path.rstrip("/").endswith("press_release"):
            site = {"timezone_string": self.zone, "gmt_offset": -5}
            return self.says.get("root", (200, {}, json.dumps(site).encode()))
        self.asked.append(query)
        self.before(query, len(self.asked))
        kind = "item" if "slug" in query else "window" if "after" in query else "control"
        return self.says.get(kind) or self._rows({k: v for k, v in query.items() if k not in self.ignored})

    def _rows(self, query: dict[str, str]) -> Answer:
        size = int(query.get("per_page", "10"))
        if size > self.bound and not self.clamps:
            told = f"per_page must be between 1 (inclusive) and {self.bound} (inclusive)"
            return error(400, "rest_invalid_param", "Invalid parameter(s): per_page", {"per_page": told})
        size = min(size, self.bound)
        found = [one for one in self.releases if self._is_asked_for(one, query)]
        by_id = query.get("orderby") == "id"
        found.sort(
            key=lambda one: one.id if by_id else one.at.timestamp(), reverse=query.get("order") != "asc"
        )
        page, pages = int(query.get("page", "1")), -(-len(found) // size)
        if page > pages and page > 1 and found:
            return error(400, "rest_post_invalid_page_number", "The page number is larger than there are.")
        shown = [one.row() for one in found[(page - 1) * size : page * size] if one.id not in self.withheld]
        headers = {"X-WP-Total": str(len(found)), "x-wp-totalpages": str(pages)}
        return 200, headers, json.dumps(shown).encode()

    def _is_asked_for(self, one: Release, query: dict[str, str]) -> bool:
        if "slug" in query and query["slug"] != one.slug:
            return False
        after, before = (self._limit(query.get(name)) for name in ("after", "before"))
        return (after is None or one.at > after) and (before is None or one.at < before)

    def _limit(self, text: str | None) -> datetime | None:
        """An instant; civil time at the site where it does not know zones."""
        if text is None:
            return None
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=ZoneInfo(ZONE)) if self.takes_civil or at.tzinfo is None else at

    def __call__(self, url: str, *, pause_seconds: float, validators: Validators | None = None) -> Exchange:
        status, headers, body = self.answer(url)
        kind = headers.get("Content-Type", "application/json; charset=UTF-8")
        exchange = exchange_of(url, body, kind, status=status, headers=tuple(headers.items()))
        return exchange if status == 200 else _raise(exchange)


def error(status: int, code: str, message: str, params: dict[str, str] | None = None) -> Answer:
    body = {"code": code, "message": message, "data": {"status": status, "params": params or {}}}
    return status, {}, json.dumps(body).encode()


def daily(first: datetime, days: int) -> list[Release]:
    """A release a day, numbered from 41."""
    return [
        Release(41 + n, first + timedelta(days=n), f"Release number {n} &amp; \u201cquoted\u201d")
        for n in range(days)
    ]


def recorded_exchange(path: Path, url: str) -> Exchange:
    """A whole answer as it came over the socket; raises what its status would raise."""
    head, _, body = path.read_bytes().partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = tuple((name, value) for name, _, value in (line.partition(": ") for line in lines))
    exchange = exchange_of(url, body, None, status=int(first.split()[1]), headers=headers)
    return exchange if exchange.status == 200 else _raise(exchange)


def _raise(exchange: Exchange) -> Exchange:
    family = Blocked if exchange.status in (401, 403) else Unreachable
    raise family(f"http_{exchange.status}", f"{exchange.url} answered {exchange.status}", exchange)
