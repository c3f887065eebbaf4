"""The reconstructed sites over real HTTP: what they show, and what they refuse."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from servanda.demo.pages import FOOTER, address
from servanda.demo.site import Site, serving
from servanda.demo.story import StoryItem, read_story

NOW = datetime(2019, 7, 20, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    shown = Site(read_story("The text\n\nof the declaration"), NOW)
    with serving(shown):
        yield shown


@pytest.fixture(autouse=True)
def in_july(site: Site) -> None:
    site.now = NOW


def get(site: Site, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    host = site.root.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=5)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): v for name, v in headers.items()})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()
    finally:
        connection.close()


def expected(site: Site, source: str) -> list[StoryItem]:
    return [item for item in reversed(site.story.items) if item.source == source and item.at <= site.now]


@pytest.mark.parametrize(
    "source, first, link, following",
    [
        ("us-state-press", "/press-releases/", "a.collection-result__link", "a.next.page-numbers"),
        ("us-white-house", "/news/", "h2.wp-block-post-title a", "a.wp-block-query-pagination-next"),
        ("mx-sre", "/sre/archivo/prensa?order=DESC&page=1", "a.small-link", "ul.pagination a[rel=next]"),
        (
            "mx-presidencia",
            "/presidencia/archivo/prensa?order=DESC&page=1",
            "a.small-link",
            "ul.pagination a[rel=next]",
        ),
    ],
)
def test_a_listing_leads_through_all_pages_to_everything_published_by_now(
    site: Site, source: str, first: str, link: str, following: str
) -> None:
    found: list[str] = []
    path: str | None = first
    while path is not None:
        status, _, body = get(site, path)
        assert status == 200
        page = BeautifulSoup(body, "lxml")
        found += [str(a["href"]).removesuffix("?idiom=es") for a in page.select(link)]
        onward = {str(a["href"]) for a in page.select(following)}
        assert len(onward) <= 1
        path = onward.pop() if onward else None
    assert found == [address(item) for item in expected(site, source)]


def test_the_feed_holds_the_ten_newest_items(site: Site) -> None:
    _, headers, body = get(site, "/rss-feed/press-releases/feed/")
    assert headers["Content-Type"].startswith("application/rss+xml")
    links = [str(link.text) for link in BeautifulSoup(body, "xml").select("item > link")]
    assert links == [site.root + address(item) for item in expected(site, "us-state-press")[:10]]


def test_the_register_answers_by_date_range_page_after_page(site: Site) -> None:
    query = (
        "/api/v1/documents.json?conditions[publication_date][gte]=2019-07-01"
        "&conditions[publication_date][lte]=2019-07-16&per_page=3"
    )
    _, _, body = get(site, query)
    first = json.loads(body)
    _, _, body = get(site, first["next_page_url"].removeprefix(site.root))
    second = json.loads(body)
    numbers = [row["document_number"] for answer in (first, second) for row in answer["results"]]
    assert first["count"] == 7 and first["total_pages"] == 3
    assert numbers[0] == "2019-15246" and len(set(numbers)) == 6


def test_the_register_has_no_results_key_where_it_found_nothing(site: Site) -> None:
    query = "/api/v1/documents.json?conditions[publication_date][gte]=2019-07-20"
    assert set(json.loads(get(site, query)[2])) == {"description", "count"}


@pytest.mark.parametrize("query", ["conditions[publication_date][gte]=soon", "fields[]=colour", "per_page=0"])
def test_the_register_refuses_what_it_does_not_know(site: Site, query: str) -> None:
    query = f"conditions[publication_date][lte]=2019-07-19&{query}"
    status, _, body = get(site, f"/api/v1/documents.json?{query}")
    assert (status, json.loads(body)["status"]) == (400, 400)


def test_an_unchanged_page_costs_one_conditional_request(site: Site) -> None:
    _, headers, body = get(site, "/news/")
    status, _, nothing = get(site, "/news/", If_None_Match=headers["ETag"])
    assert (status, nothing) == (304, "")
    site.now = NOW + timedelta(days=3)
    status, _, later = get(site, "/news/", If_None_Match=headers["ETag"])
    assert status == 200 and later != body


def test_an_article_appears_when_it_is_published(site: Site) -> None:
    item = next(item for item in site.story.items if item.slug == "u-s-poland-joint-declaration-on-5g")
    site.now = item.at - timedelta(seconds=1)
    assert get(site, address(item))[0] == 404
    site.now = item.at
    status, _, body = get(site, address(item))
    assert status == 200
    assert item.title in body and FOOTER in body


def test_a_cut_connection_is_no_orderly_end(site: Site) -> None:
    site.now = datetime(2019, 6, 26, tzinfo=UTC)
    with pytest.raises(ConnectionError):
        get(site, "/sre/archivo/prensa?order=DESC&page=1")
    assert get(site, "/news/")[0] == 200, "the other sites go on"


def test_a_block_answers_200_with_a_page_that_is_no_listing(site: Site) -> None:
    site.now = datetime(2019, 8, 2, tzinfo=UTC)
    for path in ("/presidencia/archivo/prensa", address(expected(site, "mx-presidencia")[0])):
        status, _, body = get(site, path)
        assert status == 200 and "Verificación de seguridad" in body and "<article>" not in body


def test_the_port_is_free_again_afterwards() -> None:
    with serving(Site(read_story("text"), NOW)) as (host, port):
        pass
    with pytest.raises(ConnectionRefusedError):
        http.client.HTTPConnection(host, port, timeout=5).request("GET", "/news/")
