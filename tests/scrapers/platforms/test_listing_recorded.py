"""Every recorded listing page: how many rows, and what the first and the last one are."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from support.answers import exchange_of, source_with

from servanda.instruments.routes import DateField, ListingOptions
from servanda.scrapers.platforms.listing_rows import read_page
from servanda.scrapers.platforms.page_walk import ListingPage
from servanda.scrapers.route_reading import Item

NOW = datetime(2025, 11, 27, tzinfo=UTC)
NEWS = ListingOptions(
    platform="listing",
    row="li.wp-block-post",
    title="h2.wp-block-post-title a",
    link="h2.wp-block-post-title a",
    date=DateField(selector=".wp-block-post-date time[datetime]", attribute="datetime", formats=("iso",)),
    next="a.wp-block-query-pagination-next",
)
PRENSA = ListingOptions(
    platform="listing",
    row="#prensa article",
    title="h2",
    link="a.small-link",
    date=DateField(selector="time[datetime]", attribute="datetime", formats=("%Y-%m-%d %H:%M:%S",)),
    next="ul.pagination a[rel~=next]",
)


class Row(NamedTuple):
    """Read off the recorded markup by eye: title, link as it was before the archive rewrote it, instant."""

    title: str
    url: str
    at: str


class Recorded(NamedTuple):
    """A page of https://www.whitehouse.gov/news/ as the Wayback Machine played it back."""

    archived: str
    rows: int
    first: Row
    last: Row
    next_url: str | None


WHITE_HOUSE = "https://www.whitehouse.gov"
# fmt: off
RECORDED = {
    "wb_news_2025-02-09T2220440000.html": Recorded(
        "http://web.archive.org/web/20250209213408/https://www.whitehouse.gov/news/",
        10,
        Row("Addressing Egregious Actions of The Republic of South Africa", f"{WHITE_HOUSE}/presidential-actions/2025/02/addressing-egregious-actions-of-the-republic-of-south-africa/", "2025-02-07T19:05:10-05:00"),
        Row("Remarks by President Trump at the National Prayer Breakfast", f"{WHITE_HOUSE}/remarks/2025/02/remarks-by-president-trump-at-the-national-prayer-breakfast/", "2025-02-06T16:45:29-05:00"),
        "http://web.archive.org/web/20250209213408/https://www.whitehouse.gov/news/page/2/",
    ),
    "wb_page_2.html": Recorded(
        "https://web.archive.org/web/20251103152519/https://www.whitehouse.gov/news/page/2/",
        10,
        Row("Fact Sheet: President Donald J. Trump Drives Forward Billions in Investments from Japan", f"{WHITE_HOUSE}/fact-sheets/2025/10/28195/", "2025-10-28T09:13:17-04:00"),
        Row("Memorandum of Understanding Between the Government of the United States of America and the Government of Malaysia Concerning Cooperation to Diversify Global Critical Minerals Supply Chains and Promote Investments", f"{WHITE_HOUSE}/briefings-statements/2025/10/memorandum-of-understanding-between-the-government-of-the-united-states-of-america-and-the-government-of-malaysia-concerning-cooperation-to-diversify-global-critical-minerals-supply-chains-and-promote/", "2025-10-26T02:12:46-04:00"),
        "https://web.archive.org/web/20251103152519/https://www.whitehouse.gov/news/page/3/",
    ),
    "wb_page_121.html": Recorded(
        "https://web.archive.org/web/20251014202242/https://www.whitehouse.gov/news/page/121/",
        3,
        Row("President Trump Announces Sub-Cabinet Appointments", f"{WHITE_HOUSE}/presidential-actions/2025/01/sub-cabinet-appointments/", "2025-01-20T14:35:00-05:00"),
        Row("President Trump’s America First Priorities", f"{WHITE_HOUSE}/briefings-statements/2025/01/president-trumps-america-first-priorities/", "2025-01-20T14:00:12-05:00"),
        None,
    ),
}
# fmt: on


def as_row(item: Item) -> Row:
    return Row(item.title, item.url, str(item.published))


def read_recording(path: Path, url: str, read: ListingOptions, zone: str) -> ListingPage:
    source, route = source_with(
        read, url=url, zone=zone, language="es" if zone.endswith("Mexico_City") else "en"
    )
    return read_page(exchange_of(url, path.read_bytes()), source, route, NOW, is_first=True)


def news_page(real: Path, name: str, url: str) -> ListingPage:
    return read_recording(real / "whitehouse_news_listing_html" / name, url, NEWS, "America/New_York")


@pytest.fixture
def prensa(real: Path) -> ListingPage:
    path = real / "gobmx_sep_prensa_listing" / "archivo_prensa_page1.html"
    url = "https://www.gob.mx/sep/archivo/prensa?order=DESC&page=1"
    return read_recording(path, url, PRENSA, "America/Mexico_City")


def test_every_recorded_page_has_its_expectation(real: Path) -> None:
    assert {path.name for path in (real / "whitehouse_news_listing_html").glob("*.html")} == set(RECORDED)


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_page_through_the_archive(real: Path, name: str) -> None:
    expected = RECORDED[name]
    page = news_page(real, name, expected.archived)
    found = (len(page.items), as_row(page.items[0]), as_row(page.items[-1]), page.next_url, page.is_whole)
    assert found == (expected.rows, expected.first, expected.last, expected.next_url, True)


@pytest.mark.parametrize("name", RECORDED)
def test_the_same_page_from_elsewhere_is_the_same(real: Path, name: str) -> None:
    through_archive = news_page(real, name, RECORDED[name].archived)
    elsewhere = news_page(real, name, "https://www.whitehouse.gov/news/")
    assert elsewhere.items == through_archive.items
    _, wrapped, original = (RECORDED[name].next_url or "").partition("/https://")
    assert elsewhere.next_url == (f"https://{original}" if wrapped else None)


@pytest.mark.parametrize("name", RECORDED)
def test_every_recorded_row_is_sound(real: Path, name: str) -> None:
    items = news_page(real, name, RECORDED[name].archived).items
    times = [i.published.at for i in items if i.published.at is not None]
    assert len(times) == len(items) and times == sorted(times, reverse=True)
    for item in items:
        assert item.url.startswith(f"{WHITE_HOUSE}/")
        assert item.aliases[0] == ("url", item.url)
        assert not any(unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") or c == "\xa0" for c in item.title)


def test_the_recorded_prensa_listing(prensa: ListingPage) -> None:
    assert (len(prensa.items), prensa.next_url) == (
        9,
        "https://www.gob.mx/sep/archivo/prensa?order=DESC&page=2",
    )
    assert as_row(prensa.items[0]) == Row(
        "Boletín 386. A través del INEA se atiende a 20 mil jóvenes, adultos, indígenas y personas con discapacidad en rezago educativo: secretario",
        "https://www.gob.mx/sep/prensa/boletin-386-a-traves-del-inea-se-atiende-a-20-mil-jovenes-adultos-indigenas-y-personas-con-discapacidad-en-rezago-educativo-secretario?idiom=es",
        "2025-11-25T18:21:00-06:00",
    )
    assert as_row(prensa.items[-1]) == Row(
        "Boletín 378. SaberesMX plataforma diseñada para democratizar el acceso a la educación a lo largo de la vida: secretario Mario Delgado",
        "https://www.gob.mx/sep/prensa/boletin-378-saberesmx-plataforma-disenada-para-democratizar-el-acceso-a-la-educacion-a-lo-largo-de-la-vida-secretario-mario-delgado?idiom=es",
        "2025-11-21T13:23:00-06:00",
    )


def test_the_hours_of_the_recorded_prensa_listing_are_those_of_mexico_city(prensa: ListingPage) -> None:
    assert [i.published.at.strftime("%d %H:%M") for i in prensa.items if i.published.at] == [
        "26 00:21", "25 21:05", "25 19:13", "24 22:18", "23 17:17", "22 21:04", "22 18:09", "22 18:00", "21 19:23",
    ]  # fmt: skip


def test_the_recorded_prensa_rows_are_known_without_their_idiom(prensa: ListingPage) -> None:
    for item in prensa.items:
        address = item.url.removesuffix("?idiom=es")
        assert item.aliases == (("url", address), ("path", address.removeprefix("https://www.gob.mx")))
