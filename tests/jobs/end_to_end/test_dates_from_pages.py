"""Documents that a sitemap or a watched page only found: when they were published, they say themselves or nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from support.catalogues import feed_route, source
from support.monitors import Monitor
from support.site import Page

from servanda.jobs.collect import collect_source
from servanda.jobs.views import status as views
from servanda.jobs.views.coverage import coverage

NOW = datetime(2019, 9, 6, 12, tzinfo=UTC)
DAY = timedelta(days=1)

SITEMAP = """\
  - id: sitemap
    url: {url}/sitemap.xml
    reader: recorded
    sampled: true
    cadence: PT1H
    pause: PT0S
    minimum_items: 1
    empty: fault
    read: {{platform: sitemap, paths: [/news/]}}
"""

WATCHED = """\
  - id: agreements
    url: {url}/agreements
    reader: recorded
    sampled: true
    cadence: PT1H
    pause: PT0S
    minimum_items: 1
    empty: fault
    read: {{platform: page}}
"""


def sitemap_of(url: str, *pairs: tuple[str, str]) -> str:
    rows = "".join(f"<url><loc>{url}{path}</loc><lastmod>{when}</lastmod></url>" for path, when in pairs)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'


def article(
    title: str, published: str | None, text: str = "The two sides met and agreed on further steps."
) -> Page:
    said = f"<meta property='article:published_time' content='{published}'>" if published else ""
    return Page(
        f"<html lang='en'><head>{said}</head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>".encode()
    )


def collected(monitor: Monitor, now: datetime) -> list[tuple[str, str, int]]:
    """Title, publication time and number of versions of each document, after a reading at ``now``."""
    with monitor.at(now) as wiring:
        outcome = collect_source(wiring, "us-state")
        assert not outcome.failed, outcome.failures
        held = views.document_list(wiring.ledger, wiring.catalogue, now)
    return sorted((d["title"], d["published"], d["versions"]) for d in held)


@pytest.fixture
def found(monitor: Monitor) -> Monitor:
    """A site whose sitemap lists one release, changed a day after it was published."""
    url = monitor.site.url
    monitor.catalogue({"us-state": source("us-state", SITEMAP.format(url=url))})
    monitor.site.put(
        "/sitemap.xml", sitemap_of(url, ("/news/joint-statement", "2019-09-05T22:00:00Z")), "text/xml"
    )
    monitor.site.pages["/news/joint-statement"] = article(
        "Joint statement on migration", "2019-09-04T18:30:00Z"
    )
    return monitor


def test_a_document_that_a_sitemap_found_is_dated_and_named_by_itself(found: Monitor) -> None:
    assert collected(found, NOW) == [("Joint statement on migration", "2019-09-04T14:30:00-04:00", 1)]


def test_a_later_change_does_not_move_it(found: Monitor) -> None:
    first = collected(found, NOW)
    changed = sitemap_of(found.site.url, ("/news/joint-statement", "2019-09-07T09:00:00Z"))
    found.site.put("/sitemap.xml", changed, "text/xml")
    assert collected(found, NOW + DAY) == first


def test_a_document_that_says_nothing_of_its_time_stays_unread_until_it_does(found: Monitor) -> None:
    path = "/news/joint-statement"
    found.site.pages[path] = article("Joint statement on migration", None)
    assert collected(found, NOW) == [("joint statement", "2019-09-05", 0)]
    found.site.pages[path] = article("Joint statement on migration", "2019-09-04T18:30:00Z")
    assert collected(found, NOW + DAY) == [("Joint statement on migration", "2019-09-04T14:30:00-04:00", 1)]


def test_what_another_route_says_of_it_stands(found: Monitor) -> None:
    """The feed states the time; the sitemap, read after it, takes nothing back."""
    url = found.site.url
    monitor_source = source("us-state", feed_route(f"{url}/feed"), SITEMAP.format(url=url))
    (found.folder / "catalogue" / "sources" / "us-state.yml").write_text(monitor_source)
    found.site.put(
        "/feed",
        "<rss version='2.0'><channel><title>News</title><item><title>Statement</title>"
        f"<link>{url}/news/joint-statement</link><pubDate>Wed, 04 Sep 2019 18:00:00 +0000</pubDate></item></channel></rss>",
        "application/rss+xml",
    )
    assert collected(found, NOW) == [("Statement", "2019-09-04T14:00:00-04:00", 1)]


def test_each_content_of_a_watched_page_is_a_document_of_the_day_it_was_first_seen(monitor: Monitor) -> None:
    monitor.catalogue({"us-state": source("us-state", WATCHED.format(url=monitor.site.url))})
    monitor.site.pages["/agreements"] = article("Agreements", None)
    before = ("Agreements", "2019-09-06", 1)
    assert collected(monitor, NOW) == [before]
    assert collected(monitor, NOW + DAY) == [before]
    monitor.site.pages["/agreements"] = article(
        "Agreements", None, "A further agreement was added to this list."
    )
    assert collected(monitor, NOW + 2 * DAY) == [before, ("Agreements", "2019-09-08", 1)]
    with monitor.at(NOW + 2 * DAY) as wiring:
        assert coverage(wiring.ledger, wiring.catalogue, NOW + 2 * DAY)[0]["covered"] == []
