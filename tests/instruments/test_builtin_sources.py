"""The built-in sources: complete, honest about their readers, and right about recorded pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from support.answers import exchange_of

from servanda.instruments.catalogue import Catalogue, builtin_catalogue, load_catalogue
from servanda.instruments.routes import CdxOptions, FeedOptions, ListingOptions
from servanda.scrapers.platforms.listing_rows import read_page

US = {
    "us-state-press", "us-white-house", "us-federal-register", "us-dhs", "us-cbp", "us-uscis", "us-eoir",
}  # fmt: skip
MX = {
    "mx-sre", "mx-segob", "mx-inm", "mx-presidencia", "mx-presidencia-transcripts", "mx-guardia-nacional",
    "mx-dof",
}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(builtin_catalogue())


def listing(catalogue: Catalogue, source: str, route: str) -> ListingOptions:
    read = catalogue.source(source).route(route).read
    assert isinstance(read, ListingOptions)
    return read


def test_the_sources_of_both_parties_are_there_with_their_language_and_zone(catalogue: Catalogue) -> None:
    assert {s.id for s in catalogue.sources} == US | MX
    for source in catalogue.sources:
        expected = (
            ("US", "en", "America/New_York") if source.id in US else ("MX", "es", "America/Mexico_City")
        )
        assert (source.party, source.language, source.zone) == expected


def test_the_only_warnings_are_those_that_are_known(catalogue: Catalogue) -> None:
    assert [(w.file, w.value) for w in catalogue.warnings] == [
        ("declarations/us-mexico-2019/instrument.yml", "us-state-press"),
        ("sources/mx-presidencia-transcripts.yml", "reader: described"),
        ("sources/us-cbp.yml", "reader: unseen"),
        ("sources/us-dhs.yml", "reader: described, sampled: true"),
        ("sources/us-eoir.yml", "reader: described, sampled: true"),
    ]


def test_all_sources_are_watched_and_four_are_required(catalogue: Catalogue) -> None:
    (instrument,) = catalogue.instruments
    assert set(instrument.sources) == US | MX
    (window,) = instrument.windows
    assert set(window.sources) == {"us-state-press", "us-white-house", "mx-sre", "mx-presidencia"}


def test_the_guardia_nacional_began_in_mid_window(catalogue: Catalogue) -> None:
    """It was constituted on 30 June 2019; what lies before that day needs no proof."""
    assert (
        catalogue.source("mx-guardia-nacional").existence.from_at.isoformat() == "2019-06-30T05:00:00+00:00"
    )


def test_each_source_is_read_at_least_daily_and_a_feed_more_often_than_it_was_seen_to_roll_over(
    catalogue: Catalogue,
) -> None:
    for source in catalogue.sources:
        assert source.live_routes
        for route in source.live_routes:
            assert route.cadence <= timedelta(days=1)
            if isinstance(route.read, FeedOptions):
                assert route.cadence < timedelta(minutes=92)


def test_the_ways_back_to_2019_are_read_on_demand_and_the_dead_feed_never(catalogue: Catalogue) -> None:
    on_demand = {(s.id, r.id, r.reader) for s in catalogue.sources for r in s.routes if r.on_demand}
    assert on_demand == {
        ("us-state-press", "archive-2017-2021", "unseen"),
        ("us-state-press", "feed-captures", "described"),
        ("us-state-press", "listing-captures", "unseen"),
        ("us-white-house", "archive-2017-2021", "described"),
        ("us-white-house", "captures-2019", "described"),
        ("mx-sre", "captures-2019", "unseen"),
        ("mx-presidencia", "captures-2019", "unseen"),
    }
    captures = [r for s in catalogue.sources for r in s.routes if isinstance(r.read, CdxOptions)]
    assert len(captures) == 5
    assert not any(route.counts for route in captures), "no capture of 2019 was at hand"
    retired = {(s.id, r.id) for s in catalogue.sources for r in s.routes if r.retired}
    assert retired == {("us-white-house", "briefing-room-feed")}


def test_a_listing_that_began_in_2025_never_speaks_for_2019(catalogue: Catalogue) -> None:
    for source_id in ("us-state-press", "us-white-house"):
        source = catalogue.source(source_id)
        proven = source.proven_by_end(source.route("listing"))
        assert proven.from_at.isoformat() == "2025-01-20T05:00:00+00:00"


def test_every_number_of_a_source_stands_under_a_reason(catalogue: Catalogue) -> None:
    """``lag`` and ``longest_silence`` are what absence rests on: a comment stands right above each."""
    for source in catalogue.sources:
        lines = (
            (builtin_catalogue() / "sources" / f"{source.id}.yml").read_text(encoding="utf-8").splitlines()
        )
        for key in ("lag: ", "longest_silence: "):
            (at,) = [i for i, line in enumerate(lines) if line.startswith(key)]
            assert lines[at - 1].startswith("# "), f"{source.id}: {key}has no reason above it"


# --- the selectors, on pages that were really served ------------------------------------------------


def read_rows(read: ListingOptions, page: Path) -> tuple[list[dict[str, str]], set[str]]:
    """Rows as the selectors find them, each selector matching once, and the addresses of the next page."""
    soup = BeautifulSoup(page.read_bytes(), "lxml")
    rows = [
        {
            "title": one(row, read.title).get_text(" ", strip=True),
            "link": str(one(row, read.link)["href"]),
            "date": str(one(row, read.date.selector)["datetime"]),
        }
        for row in soup.select(read.row)
    ]
    assert read.next is not None
    return rows, {str(link["href"]) for link in soup.select(read.next)}


def one(row: Tag, selector: str) -> Tag:
    (found,) = row.select(selector)
    return found


@pytest.mark.parametrize(
    "page, rows, newest, following",
    [
        ("wb_news_2025-02-09T2220440000.html", 10, "2025-02-07T19:05:10-05:00", 1),
        ("wb_page_2.html", 10, "2025-10-28T09:13:17-04:00", 1),
        ("wb_page_121.html", 3, "2025-01-20T14:35:00-05:00", 0),
    ],
)
def test_the_white_house_selectors_fit_the_recorded_listing(
    page: str, rows: int, newest: str, following: int, catalogue: Catalogue, real: Path
) -> None:
    read = listing(catalogue, "us-white-house", "listing")
    found, after = read_rows(read, real / "whitehouse_news_listing_html" / page)
    assert (len(found), found[0]["date"], len(after)) == (rows, newest, following)
    assert read.date.formats == ("iso",)
    assert all(datetime.fromisoformat(row["date"]).tzinfo for row in found)
    assert all(row["title"] and "whitehouse.gov/" in row["link"] for row in found)


@pytest.mark.parametrize(
    ("source_id", "agency"),
    [
        ("mx-sre", "sre"),
        ("mx-segob", "segob"),
        ("mx-inm", "inm"),
        ("mx-presidencia", "presidencia"),
        ("mx-guardia-nacional", "guardianacional"),
    ],
)
def test_the_selectors_of_the_gob_mx_platform_fit_its_recorded_listing(
    source_id: str, agency: str, catalogue: Catalogue, real: Path
) -> None:
    source = catalogue.source(source_id)
    read = listing(catalogue, source.id, "prensa")
    found, after = read_rows(read, real / "gobmx_sep_prensa_listing" / "archivo_prensa_page1.html")
    assert source.route("prensa").url == f"https://www.gob.mx/{agency}/archivo/prensa?order=DESC&page=1"
    assert (len(found), after) == (9, {"/sep/archivo/prensa?order=DESC&page=2"})
    (form,) = read.date.formats
    assert datetime.strptime(found[0]["date"], form) == datetime(2025, 11, 25, 18, 21)
    assert found[0]["title"].startswith("Boletín 386. A través del INEA")
    assert found[0]["link"].startswith("/sep/prensa/boletin-386-")


def test_the_selectors_of_the_justice_department_fit_its_recorded_listing_of_opinions(
    catalogue: Catalogue, real: Path
) -> None:
    """The notices' own page was not recorded; this one is of the same host and design."""
    source = catalogue.source("us-eoir")
    route = source.route("notices")
    path = real / "justice_gov_html" / "olc_opinions.html"
    exchange = exchange_of("https://www.justice.gov/olc/opinions", path.read_bytes())
    page = read_page(exchange, source, route, datetime(2023, 2, 1, tzinfo=UTC), is_first=True)
    assert [(i.title[:60], str(i.published)) for i in page.items[:2]] == [
        ("Retaining Private Counsel to Represent the DHS Secretary in ", "2023-01-04"),
        ("Application of the Comstock Act to the Mailing of Prescripti", "2022-12-23"),
    ]
    assert page.items[0].url.endswith("/d9/2023-02/2023-01-04-dhs-impeachment-representation.pdf")
    assert (len(page.items), page.next_url) == (
        10, "https://www.justice.gov/olc/opinions?items_per_page=40&page=1",
    )  # fmt: skip
