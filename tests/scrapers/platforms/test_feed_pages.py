"""Feeds with pages: followed there and back, until the window's beginning, or until there are no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from support.answers import exchange_of, source_with
from support.wordpress import recorded_exchange

from servanda.instruments.routes import FeedOptions
from servanda.scrapers.exchange import Exchange, ScrapeError, Unreachable, Validators
from servanda.scrapers.platforms.feed import read_feed
from servanda.scrapers.route_reading import ReadRequest, RouteReading, Unchanged

URL = "https://www.house.example/news/feed/"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RSS = "application/rss+xml; charset=UTF-8"


@dataclass
class PagedFeed:
    """Items by number, the newest first; a page past the last one is 404, as WordPress answers it."""

    items: list[int]
    size: int = 10
    ignores_pages: bool = False
    before: Callable[[int], None] = lambda n: None
    asked: list[str] = field(default_factory=list)

    def __call__(self, url: str, *, pause_seconds: float, validators: Validators | None = None) -> Exchange:
        self.asked.append(urlsplit(url).query)
        self.before(len(self.asked))
        page = 1 if self.ignores_pages else int(parse_qs(urlsplit(url).query).get("paged", ["1"])[0])
        shown = self.items[(page - 1) * self.size : page * self.size]
        if not shown:
            raise Unreachable("http_404", f"{url} answered 404 Not Found")
        rows = "".join(map(_row, shown))
        body = f"<rss version='2.0'><channel><title>News</title>{rows}</channel></rss>"
        return exchange_of(url, body.encode(), RSS)


def _row(number: int) -> str:
    at = NOW - timedelta(hours=number)
    return (
        f"<item><title>Release {number}</title><link>https://www.house.example/releases/{number}/</link>"
        f"<guid isPermaLink='false'>https://www.house.example/?p={number}</guid>"
        f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
    )


def read(feed: PagedFeed, hours: int, **more: int) -> RouteReading:
    source, route = source_with(
        FeedOptions(platform="feed", pages="paged"),
        url=URL,
        minimum_items=10,
        max_pages=more.get("max_pages", 20),
    )
    reading = read_feed(source, route, feed, ReadRequest(NOW, back_to=NOW - timedelta(hours=hours)))
    assert isinstance(reading, RouteReading)
    return reading


def numbers(reading: RouteReading) -> list[int]:
    return [int(item.title.partition(" ")[2]) for item in reading.items]


def test_pages_are_followed_until_the_window_begins() -> None:
    feed = PagedFeed(list(range(100)))
    reading = read(feed, 25)
    assert numbers(reading) == list(range(30))
    assert feed.asked == ["", "paged=2", "paged=3", "paged=2", ""]
    assert (reading.pages, reading.reached_end) == (3, False)


def test_the_end_is_recognised_and_proves_nothing_older() -> None:
    reading = read(PagedFeed(list(range(25))), 1000)
    assert numbers(reading) == list(range(25))
    assert reading.reached_end is False


def test_an_end_with_the_last_full_page_is_one_too() -> None:
    assert numbers(read(PagedFeed(list(range(20))), 1000)) == list(range(20))


def test_a_release_that_comes_meanwhile_pushes_none_out_of_sight() -> None:
    feed = PagedFeed(list(range(1, 60)))
    feed.before = lambda n: feed.items.insert(0, 0) if n == 2 else None
    assert set(numbers(read(feed, 25))) >= set(range(30))


def test_a_release_that_is_withdrawn_meanwhile_hides_none() -> None:
    feed = PagedFeed(list(range(60)))
    feed.before = lambda n: feed.items.remove(3) if n == 2 else None
    assert set(numbers(read(feed, 25))) >= set(range(30)) - {3}


def test_a_short_page_before_the_last_is_a_loss() -> None:
    feed = PagedFeed(list(range(60)))
    feed.before = lambda n: setattr(feed, "size", 9) if n == 2 else None
    with pytest.raises(ScrapeError) as caught:
        read(feed, 25)
    assert caught.value.kind in ("too_few_items", "shifted")


def test_a_site_that_knows_no_pages_is_refused() -> None:
    with pytest.raises(ScrapeError, match="an earlier page again"):
        read(PagedFeed(list(range(60)), ignores_pages=True), 25)


def test_the_first_page_alone_is_no_end() -> None:
    with pytest.raises(ScrapeError) as caught:
        read(PagedFeed([]), 25)
    assert caught.value.kind == "http_404"


def test_an_unchanged_first_page_ends_the_reading() -> None:
    source, route = source_with(FeedOptions(platform="feed", pages="paged"), url=URL, max_pages=20)
    unchanged = exchange_of(URL, b"", RSS, status=304)
    ask = ReadRequest(NOW, validators=Validators('"a"'))
    assert read_feed(source, route, lambda url, **_: unchanged, ask) == Unchanged()


def test_the_recorded_feed_of_a_site_ends_where_it_says(real: Path) -> None:
    """Page 2 of a real WordPress 7.1.4, and its answer past the last page."""
    lab, url = real / "wordpress_rest_lab", "http://127.0.0.1:8899/releases/feed/"
    source, route = source_with(FeedOptions(platform="feed", pages="paged"), url=url, max_pages=9)

    def answer(url: str, *, pause_seconds: float, validators: Validators | None = None) -> Exchange:
        name = {"": "feed_posts", "paged=2": "feed_cpt_page2"}.get(urlsplit(url).query, "feed_cpt_page99")
        return recorded_exchange(lab / f"{name}.http", url)

    old = datetime(2001, 1, 1, tzinfo=UTC)
    reading = read_feed(source, route, answer, ReadRequest(datetime(2019, 11, 6, tzinfo=UTC), back_to=old))
    assert isinstance(reading, RouteReading)
    assert (len(reading.items), reading.pages) == (20, 2)
