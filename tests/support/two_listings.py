"""The two listings under ``tests/pages``, of two pages each, and how they are read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Unpack

import pytest
from support.answers import PAGES, Answers, RouteFields, source_with

from servanda.instruments.routes import DateField, ListingOptions
from servanda.scrapers.exchange import ScrapeError, Unrecognised
from servanda.scrapers.platforms.listing import read_listing
from servanda.scrapers.route_reading import ReadRequest, RouteReading

NOW = datetime(2019, 9, 6, 18, tzinfo=UTC)
LONG_AGO = datetime(2019, 1, 1, tzinfo=UTC)

NEWS_URL = "https://www.residence.example/news/"
NEWS_2 = "https://www.residence.example/news/page/2/"
NEWS = ListingOptions(
    platform="listing",
    row="li.wp-block-post",
    title="h2.wp-block-post-title a",
    link="h2.wp-block-post-title a",
    date=DateField(selector=".wp-block-post-date time[datetime]", attribute="datetime", formats=("iso",)),
    next="a.wp-block-query-pagination-next",
)
PRENSA_URL = "https://www.gobierno.example/relaciones/archivo/prensa?order=DESC&page=1"
PRENSA_2 = "https://www.gobierno.example/relaciones/archivo/prensa?order=DESC&page=2"
PRENSA = ListingOptions(
    platform="listing",
    row="#prensa article",
    title="h2",
    link="a.small-link",
    date=DateField(selector="time[datetime]", attribute="datetime", formats=("%Y-%m-%d %H:%M:%S",)),
    next="ul.pagination a[rel~=next]",
)
MEXICO = "America/Mexico_City"


def news(body_1: bytes | None = None, body_2: bytes | None = None) -> Answers:
    """The two pages of the news listing, as they stand in ``tests/pages`` or as given."""
    answers = Answers()
    answers.serve(NEWS_URL, body_1 if body_1 is not None else (PAGES / "news_listing_1.html").read_bytes())
    return answers.serve(
        NEWS_2, body_2 if body_2 is not None else (PAGES / "news_listing_2.html").read_bytes()
    )


def read_news(
    answers: Answers, back_to: datetime | None = None, **route: Unpack[RouteFields]
) -> RouteReading:
    source, made = source_with(NEWS, url=NEWS_URL, **(RouteFields(max_pages=10) | route))
    reading = read_listing(source, made, answers, ReadRequest(NOW, back_to=back_to))
    assert isinstance(reading, RouteReading)
    return reading


def refusal(answers: Answers, back_to: datetime | None = None, **route: Unpack[RouteFields]) -> ScrapeError:
    with pytest.raises(Unrecognised) as caught:
        read_news(answers, back_to, **route)
    return caught.value


def changed(name: str, old: str, new: str, count: int = -1) -> bytes:
    """One of our pages with something changed."""
    page = (PAGES / name).read_text(encoding="utf-8")
    assert old in page
    return page.replace(old, new, count).encode()
