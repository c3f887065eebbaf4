"""Recorded listings with one row lost or changed: the built-in catalogue's routes notice it, whichever it is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from support.answers import exchange_of

from servanda.instruments.catalogue import Catalogue, builtin_catalogue, load_catalogue
from servanda.instruments.routes import ListingOptions, Route, Source
from servanda.scrapers.exchange import ScrapeError
from servanda.scrapers.platforms.listing_rows import read_page
from servanda.scrapers.platforms.page_walk import ListingPage

NOW = datetime(2025, 11, 27, tzinfo=UTC)
RECORDED = [
    pytest.param("gobmx_sep_prensa_listing/archivo_prensa_page1.html", "mx-sre", "prensa", 9, id="gob.mx"),
    pytest.param(
        "whitehouse_news_listing_html/wb_news_2025-02-09T2220440000.html",
        "us-white-house", "listing", 10, id="White House, page 1",
    ),
    pytest.param(
        "whitehouse_news_listing_html/wb_page_2.html", "us-white-house", "listing", 10, id="White House, page 2"
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(builtin_catalogue())


class Recording:
    """A recorded page, its rows, and how it is read."""

    def __init__(self, body: bytes, source: Source, route: Route) -> None:
        self.body, self.source, self.route = body, source, route

    def page(self) -> tuple[BeautifulSoup, list[Tag]]:
        assert isinstance(self.route.read, ListingOptions)
        page = BeautifulSoup(self.body, "lxml")
        return page, list(page.select(self.route.read.row))

    def read(self, markup: object, *, is_first: bool = True) -> ListingPage:
        exchange = exchange_of(self.route.url, str(markup).encode())
        return read_page(exchange, self.source, self.route, NOW, is_first=is_first)

    def kind(self, markup: object, *, is_first: bool = True) -> str | None:
        try:
            self.read(markup, is_first=is_first)
        except ScrapeError as error:
            return error.kind
        return None


def recording(real: Path, catalogue: Catalogue, name: str, source_id: str, route_id: str) -> Recording:
    source = catalogue.source(source_id)
    return Recording((real / name).read_bytes(), source, source.route(route_id))


@pytest.mark.parametrize(("name", "source", "route", "rows"), RECORDED)
@pytest.mark.parametrize("is_first", [True, False], ids=["as the first page", "as a later page"])
def test_each_single_row_that_is_lost_is_noticed(
    real: Path, catalogue: Catalogue, name: str, source: str, route: str, rows: int, is_first: bool
) -> None:
    recorded = recording(real, catalogue, name, source, route)
    assert len(recorded.read(recorded.page()[0], is_first=is_first).items) == rows
    for n in range(rows):
        page, found = recorded.page()
        found[n].decompose()
        assert (n, recorded.kind(page, is_first=is_first)) == (n, "too_few_items")


@pytest.mark.parametrize(("name", "source", "route", "rows"), RECORDED)
def test_each_single_row_that_changes_is_noticed(
    real: Path, catalogue: Catalogue, name: str, source: str, route: str, rows: int
) -> None:
    """Its class or tag is another; so it is with a route that asks for one row alone."""
    recorded = recording(real, catalogue, name, source, route)
    lenient = Recording(
        recorded.body, recorded.source, recorded.route.model_copy(update={"minimum_items": 1})
    )
    assert lenient.kind(lenient.page()[0]) is None
    for n in range(rows):
        page, found = lenient.page()
        if found[n].name == "li":
            found[n]["class"] = "card"
        else:
            found[n].name = "section"
        assert (n, lenient.kind(page)) == (n, "unknown_row")


@pytest.mark.parametrize(("name", "source", "route", "rows"), RECORDED)
def test_a_row_that_loses_its_title_link_or_date_is_named(
    real: Path, catalogue: Catalogue, name: str, source: str, route: str, rows: int
) -> None:
    recorded = recording(real, catalogue, name, source, route)
    read = recorded.route.read
    assert isinstance(read, ListingOptions)
    for selector in {read.title, read.link, read.date.selector}:
        page, found = recorded.page()
        found[rows // 2].select(selector)[0].decompose()
        assert (selector, recorded.kind(page)) == (selector, "bad_row")


def test_the_recorded_last_page_may_be_short(real: Path, catalogue: Catalogue) -> None:
    name = "whitehouse_news_listing_html/wb_page_121.html"
    recorded = recording(real, catalogue, name, "us-white-house", "listing")
    page, _ = recorded.page()
    assert len(recorded.read(page, is_first=False).items) == 3
    assert recorded.kind(page, is_first=True) == "too_few_items"
