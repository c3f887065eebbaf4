"""Small feeds, read as a job would read them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Unpack

import pytest
from support.answers import Answers, RouteFields, source_with

from servanda.instruments.routes import FeedOptions
from servanda.scrapers.exchange import ScrapeError, Unrecognised
from servanda.scrapers.platforms.feed import read_feed
from servanda.scrapers.route_reading import ReadRequest, RouteReading

URL = "https://www.external.example/rss-feed/press-releases/feed/"
NOW = datetime(2019, 9, 6, 12, tzinfo=UTC)
FEED = FeedOptions(platform="feed", guid_scheme="external-guid")
XML = "application/rss+xml; charset=UTF-8"
ITEM = (
    "<item><title>A title</title><link>https://www.external.example/a-title/</link>"
    "<pubDate>Thu, 05 Sep 2019 14:00:00 +0000</pubDate><guid>1</guid></item>"
)


def read(
    body: bytes, content_type: str | None = XML, *, now: datetime = NOW, **route: Unpack[RouteFields]
) -> RouteReading:
    source, made = source_with(FEED, url=URL, **route)
    reading = read_feed(source, made, Answers().serve(URL, body, content_type), ReadRequest(now))
    assert isinstance(reading, RouteReading)
    return reading


def refusal(body: bytes, content_type: str | None = XML, **route: Unpack[RouteFields]) -> ScrapeError:
    with pytest.raises(Unrecognised) as caught:
        read(body, content_type, **route)
    return caught.value


def feed_of(*items: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    return f'{head}<rss version="2.0"><channel><title>F</title>{"".join(items)}</channel></rss>'.encode()
