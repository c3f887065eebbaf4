"""Answers from memory: what a reader is given in place of the network."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal, TypedDict, Unpack

from servanda.instruments.routes import Canary, Platform, Route, Source
from servanda.scrapers.exchange import Exchange, Unreachable, Validators

PAGES = Path(__file__).parent.parent / "pages"
AT = datetime(2025, 12, 1, 12, tzinfo=UTC)

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".xml": "application/rss+xml; charset=UTF-8",
    ".json": "application/json",
}


def exchange_of(
    url: str,
    body: bytes,
    content_type: str | None = "text/html; charset=utf-8",
    *,
    status: int = 200,
    headers: tuple[tuple[str, str], ...] = (),
    at: datetime = AT,
) -> Exchange:
    """A finished exchange with this body."""
    typed = (("Content-Type", content_type),) if content_type is not None else ()
    return Exchange(
        url=url,
        final_url=url,
        request_headers=(),
        status=status,
        reason="OK",
        headers=(*typed, *headers),
        wire=body,
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        at=at,
        seconds=0.1,
    )


@dataclass
class Answers:
    """Serves what it was given, by address, and remembers what it was asked. Anything else is a 404."""

    pages: dict[str, Exchange] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    validators: list[Validators | None] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    def serve(self, url: str, body: bytes, content_type: str | None = "text/html; charset=utf-8") -> Answers:
        self.pages[url] = exchange_of(url, body, content_type)
        return self

    def serve_page(self, url: str, name: str) -> Answers:
        """Serve one of our own pages under ``tests/pages``."""
        path = PAGES / name
        return self.serve(url, path.read_bytes(), TYPES[path.suffix])

    def __call__(self, url: str, *, pause_seconds: float, validators: Validators | None = None) -> Exchange:
        self.asked.append(url)
        self.validators.append(validators)
        self.pauses.append(pause_seconds)
        if url not in self.pages:
            raise Unreachable("http_404", f"{url} is not there")
        return self.pages[url]


class RouteFields(TypedDict, total=False):
    """What a test may say of a route, beside its address and how it is read."""

    begins: date | None
    canaries: tuple[Canary, ...]
    content: str | None
    depth: bool
    empty: Literal["fault", "news"]
    max_pages: int
    minimum_items: int
    on_demand: bool
    pause: timedelta
    sampled: bool


def source_with(
    read: Platform,
    *,
    url: str,
    zone: str = "America/New_York",
    language: str = "en",
    **route: Unpack[RouteFields],
) -> tuple[Source, Route]:
    """A source with one route that is read by ``read``."""
    given = RouteFields(minimum_items=1, empty="fault") | route
    made = Route(id="route", url=url, reader="recorded", read=read, cadence=timedelta(hours=1), **given)
    source = Source.model_validate(
        {
            "id": "source",
            "title": "A source",
            "publisher": "A publisher",
            "party": None,
            "language": language,
            "zone": zone,
            "lag": timedelta(0),
            "longest_silence": timedelta(days=7),
            "routes": (made,),
        }
    )
    return source, made
