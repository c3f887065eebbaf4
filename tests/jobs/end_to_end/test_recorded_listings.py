"""The real job over recorded listing pages and API responses, at the moments of their capture."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from support.catalogues import federal_register_route, listing_route, source
from support.monitors import Monitor
from support.site import article

from servanda.jobs.collect import collect_source
from servanda.jobs.views import status as views
from servanda.jobs.views.coverage import coverage
from servanda.jobs.views.json_values import Json

Row = tuple[str, str, datetime]
Api = Callable[[str, int], list[Json]]


def white_house_rows(body: str, local: str) -> list[Row]:
    """Title, address and instant of each row, read by other selectors than the catalogue's."""
    page = BeautifulSoup(body, "html.parser")
    rows = []
    for heading in page.find_all("h2", class_="wp-block-post-title"):
        item = heading.find_parent("li")
        assert item is not None
        link = attribute(heading, "a", "href")
        address = local + link.split(local, 1)[1] if local in link else link
        at = datetime.fromisoformat(attribute(item, "time", "datetime"))
        rows.append((" ".join(heading.get_text().split()), address, at))
    return rows


def attribute(tag: Tag, selector: str, name: str) -> str:
    """The attribute of the first tag within ``tag`` that the selector finds."""
    inner = tag.select_one(selector)
    assert inner is not None
    return str(inner[name])


@pytest.mark.parametrize(
    "file, captured_at, rows",
    [
        ("wb_news_2025-02-09T2220440000.html", "2025-02-09T22:20:44+00:00", 10),
        ("wb_page_121.html", "2025-10-14T20:22:42+00:00", 3),
        ("wb_page_2.html", "2025-11-03T15:25:19+00:00", 10),
    ],
)
def test_white_house_listing_pages(
    monitor: Monitor, real: Path, file: str, captured_at: str, rows: int
) -> None:
    site = monitor.site
    body = (
        (real / "whitehouse_news_listing_html" / file)
        .read_text()
        .replace("https://www.whitehouse.gov", site.url)
    )
    expected = white_house_rows(body, site.url)
    site.fallback = article
    site.put("/news/", body)
    monitor.catalogue({"us-wh": source("us-wh", listing_route(f"{site.url}/news/", pages=1, minimum=1))})
    with monitor.at(datetime.fromisoformat(captured_at)) as wiring:
        outcome = collect_source(wiring, "us-wh")
        held = views.document_list(wiring.ledger, wiring.catalogue, wiring.now)
    assert not outcome.failed, outcome.failures
    assert len(expected) == rows
    assert sorted((d["title"], d["url"], datetime.fromisoformat(d["published"])) for d in held) == sorted(
        expected
    )


def test_the_gob_mx_listing(monitor: Monitor, real: Path) -> None:
    site = monitor.site
    body = (real / "gobmx_sep_prensa_listing" / "archivo_prensa_page1.html").read_text()
    page = BeautifulSoup(body, "html.parser")
    expected = [
        (
            " ".join("".join(h2.get_text() for h2 in a.select("h2")[:1]).split()),
            site.url + attribute(a, "a.small-link", "href"),
            attribute(a, "time", "datetime"),
        )
        for a in page.select("#prensa article")
    ]
    site.fallback = article
    site.put("/sep/archivo/prensa?order=DESC&page=1", body)
    route = listing_route(
        f"{site.url}/sep/archivo/prensa?order=DESC&page=1", pages=1, row="#prensa article", title="h2",
        link="a.small-link", date="time", format="%Y-%m-%d %H:%M:%S", next="ul.pagination a[rel=next]",
    )  # fmt: skip
    monitor.catalogue(
        {"mx-sep": source("mx-sep", route, language="es", party="MX", zone="America/Mexico_City")}
    )
    with monitor.at(datetime.fromisoformat("2025-11-26T02:00:00+00:00")) as wiring:
        outcome = collect_source(wiring, "mx-sep")
        held = views.document_list(wiring.ledger, wiring.catalogue, wiring.now)
    assert not outcome.failed, outcome.failures
    assert len(expected) == 9
    assert sorted((d["title"], d["published"][:19].replace("T", " ")) for d in held) == sorted(
        (t, at) for t, _, at in expected
    )
    assert {d["url"].partition("?")[0] for d in held} == {url.partition("?")[0] for _, url, _ in expected}
    assert all(d["published"].endswith("-06:00") for d in held), (
        "Mexico City, which no longer keeps summer time"
    )


@pytest.fixture
def api(monitor: Monitor, real: Path) -> Api:
    """Answer every query with one recorded response; returns the polls' outcomes and what they cover."""
    site = monitor.site
    monitor.catalogue(
        {"us-fr": source("us-fr", federal_register_route(f"{site.url}/api/v1/documents.json"), lag="P1D")}
    )

    def ask(file: str, status: int) -> list[Json]:
        from support.site import Page

        body = (
            (real / "federal_register_api" / file)
            .read_bytes()
            .replace(b"https://www.federalregister.gov", site.url.encode())
        )
        site.fallback = lambda path: (
            Page(body, "application/json", status) if path.startswith("/api") else article(path)
        )
        with monitor.at(datetime.fromisoformat("2026-09-26T12:00:00+00:00")) as wiring:
            collect_source(wiring, "us-fr")
            return coverage(wiring.ledger, wiring.catalogue, wiring.now)

    return ask


def test_a_query_without_hits_covers_nothing_where_its_control_finds_nothing_either(api: Api) -> None:
    (answer,) = api("search-terminal.json", 200)
    assert (answer["routes"][0]["outcome"], answer["covered"]) == ("failed", [])
    assert "control_failed" in answer["routes"][0]["failure"]


@pytest.mark.parametrize(
    "file, status, failure",
    [
        ("fields-unknown.json", 400, "http_400"),
        ("search-newest-page-one.json", 200, "capped"),
        ("documents_bears_ears_page1.json", 200, ""),
    ],
)
def test_an_answer_that_is_not_the_whole_covers_nothing(
    api: Api, file: str, status: int, failure: str
) -> None:
    (answer,) = api(file, status)
    assert answer["covered"] == [], json.dumps(answer)
    assert failure in (answer["routes"][0]["failure"] or ""), json.dumps(answer)
