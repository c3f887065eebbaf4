"""The listings of Homeland Security and Justice, as they are described or recorded, read by the built-in catalogue's routes."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from support.answers import PAGES, exchange_of

from servanda.instruments.catalogue import Catalogue, builtin_catalogue, load_catalogue
from servanda.scrapers.exchange import Unrecognised
from servanda.scrapers.platforms.listing_rows import read_page
from servanda.scrapers.platforms.page_walk import ListingPage

NOW = datetime(2025, 12, 13, tzinfo=UTC)
# fmt: off
EXPECTED = {
    "us-dhs/news": [
        ("Department Announces New Border Agreement", "/news/2025/12/12/department-announces-new-border-agreement",
         "2025-12-12T18:07:38-05:00"),
        ("Readout of the Secretary’s Meeting", "/news/2025/12/12/readout-secretarys-meeting", "2025-12-12T09:30:00-05:00"),
        ("Statement on Asylum", "/news/2025/12/11/statement-on-asylum", "2025-12-11T16:00:00-05:00"),
    ],
    "us-cbp/media-releases": [
        ("CBP Releases November Monthly Update", "/newsroom/national-media-release/monthly-update-november",
         "2025-12-11T10:00:00-05:00"),
        ("Officers Seize Narcotics at the Port of Laredo", "/newsroom/local-media-release/officers-seize-narcotics",
         "2025-12-10T16:00:00-05:00"),
    ],
    "us-uscis/all-news": [
        ("USCIS Announces New Form Edition", "/newsroom/news-releases/new-form-edition", "2025-12-12T13:21:04-05:00"),
        ("Changes to Asylum Interviews", "/newsroom/alerts/changes-to-asylum-interviews", "2025-12-09T08:10:49-05:00"),
    ],
    "us-eoir/notices": [
        ("Office Announces New Immigration Judges", "/eoir/pr/office-announces-new-immigration-judges", "2025-12-08"),
        ("Policy Memorandum 26-04: Case Priorities", "/eoir/media/1234567/dl", "2025-11-26"),
    ],
}
# fmt: on


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(builtin_catalogue())


def read(catalogue: Catalogue, name: str, change: tuple[str, str] = ("", "")) -> ListingPage:
    """The page of a route, with one passage changed. Ours are shorter than those of the publishers."""
    source_id, _, route_id = name.partition("/")
    source = catalogue.source(source_id)
    route = source.route(route_id).model_copy(update={"minimum_items": len(EXPECTED[name])})
    markup = (PAGES / f"{source_id.replace('-', '_')}_listing.html").read_text(encoding="utf-8")
    assert change[0] in markup
    body = markup.replace(change[0], change[1], 1).encode()
    return read_page(exchange_of(route.url, body), source, route, NOW, is_first=True)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_rows_of_a_listing(catalogue: Catalogue, name: str) -> None:
    page = read(catalogue, name)
    host = page.items[0].url.split("/")[2]
    assert [(i.title, i.url.partition(host)[2], str(i.published)) for i in page.items] == EXPECTED[name]
    assert page.next_url is not None
    assert page.next_url.endswith("?page=1")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("us-dhs/news", ('class="news-updates-title"', 'class="news-title"')),
        ("us-dhs/news", ('datetime="2025-12-12T18:07:38-05:00"', 'datetime="12/12/2025"')),
        ("us-cbp/media-releases", ("<time ", "<span ")),
        ("us-uscis/all-news", ("2025-12-12T18:21:04Z", "12/12/2025")),
        ("us-eoir/notices", ("node-date", "node-day")),
    ],
)
def test_a_row_that_changed_is_refused(catalogue: Catalogue, name: str, change: tuple[str, str]) -> None:
    with pytest.raises(Unrecognised) as caught:
        read(catalogue, name, change)
    assert caught.value.kind == "bad_row"


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("all-news_2025-07-06.html", "2025-07-03T14:21:04-04:00", "2025-06-16T12:38:37-04:00"),
        ("alerts_2025-07-06.html", None, None),
    ],
)
def test_the_recorded_pages_of_uscis(
    catalogue: Catalogue, real: Path, name: str, first: str | None, last: str | None
) -> None:
    source = catalogue.source("us-uscis")
    route = source.route("all-news")
    body = (real / "uscis_all_news_listing" / name).read_bytes()
    page = read_page(
        exchange_of(route.url, body), source, route, datetime(2025, 7, 7, tzinfo=UTC), is_first=True
    )
    assert len(page.items) == 10 and page.next_url is not None and page.next_url.endswith("?page=1")
    assert all(item.published.at is not None for item in page.items)
    if first is not None:
        assert (str(page.items[0].published), str(page.items[-1].published)) == (first, last)
    times = [item.published.interval.from_at for item in page.items]
    widest = max(newer - older for newer, older in pairwise(times))
    assert name != "all-news_2025-07-06.html" or widest <= source.longest_silence
