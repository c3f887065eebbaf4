"""``servanda sources try``: rows and a document of one route, all routes at once, recordings that can be read again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from support.catalogues import feed_route, listing_route, source
from support.command_line import servanda
from support.listing_pages import Release, publish
from support.monitors import Monitor
from support.recordings import SavedAnswers
from support.site import Page

from servanda.jobs.knowledge.confirmed_routes import confirmed_routes
from servanda.scrapers.platforms import read_by_platform
from servanda.scrapers.route_reading import ReadRequest, RouteReading

NOW = datetime(2019, 6, 20, 18, tzinfo=UTC)
TEXT = "The two governments met in Washington on Thursday and agreed to go on with their talks next week."
BANNER = "<div class='banner'>An official website of the government. Here is how you know it is one.</div>"


def typed(*arguments: str) -> tuple[int, str, str]:
    done = servanda(*arguments, COLUMNS="300")
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def tried(monitor: Monitor) -> Monitor:
    """A listing whose pages hold a banner before their text, and a feed that is not there."""
    url = monitor.site.url
    listing = listing_route(f"{url}/us-state/").replace("reader: recorded", "reader: described")
    monitor.catalogue({"us-state": source("us-state", listing, feed_route(f"{url}/no-feed"))})
    publish(
        monitor.site,
        "/us-state/",
        [Release(f"d{n}", f"Readout of day {n}", f"2019-06-{n}T12:00:00-04:00") for n in range(10, 21)],
    )
    for path, page in list(monitor.site.pages.items()):
        if b"Readout of day 20" in page.body and path != "/us-state/":
            monitor.site.pages[path] = Page(
                f"<html lang='en'><body>{BANNER}<main><h1>Readout of day 20</h1><p>{TEXT}</p><p>{TEXT[:60]}, they"
                " said.</p></main></body></html>".encode()
            )
    with monitor.at(NOW):
        pass
    return monitor


def test_a_trial_shows_one_document_as_it_would_be_kept(tried: Monitor) -> None:
    code, out, _ = typed("sources", "try", "us-state/listing")
    assert code == 0
    said = " ".join(out.split())
    assert "One document, as it would be kept:" in said
    assert "title Readout of day 20" in said
    assert "of the page's words" in said and "| The two governments met in Washington" in said
    assert "An official website" not in said


def test_a_document_that_cannot_be_read_is_shown_and_confirms_nothing(tried: Monitor) -> None:
    for path in [path for path, page in tried.site.pages.items() if b"Readout of day 20" in page.body]:
        if path != "/us-state/":
            del tried.site.pages[path]
    code, out, err = typed(
        "sources", "try", "us-state/listing", "--confirm", "--by", "Ana", "--reason", "looked at ten rows"
    )
    assert code == 2
    assert "it cannot be read: unreachable: http_404" in " ".join(out.split())
    assert "nothing is confirmed" in " ".join(err.split())
    with tried.at() as wiring, wiring.ledger.reading() as (db, now):
        assert confirmed_routes(db, now) == frozenset()


def test_all_routes_in_one_table(tried: Monitor) -> None:
    code, out, _ = typed("sources", "try", "--all")
    assert code == 1, "one of them was not there"
    said = " ".join(out.replace("│", " ").split())
    for heading in ("reachable", "understood", "text right", "would cover"):
        assert heading in said
    assert "5 items" in said and "http_404" in said


@pytest.mark.parametrize("arguments", [(), ("us-state/listing", "--all"), ("--all", "--confirm")])
def test_a_trial_is_of_one_route_or_of_all(tried: Monitor, arguments: tuple[str, ...]) -> None:
    code, _, err = typed("sources", "try", *arguments)
    assert code == 2 and "name a route, or give --all" in err


def test_what_was_received_is_a_recording_that_reads_the_same(tried: Monitor, tmp_path: Path) -> None:
    code, _, err = typed("sources", "try", "us-state/listing", "--save", str(tmp_path / "kept"))
    assert code == 0 and "answers kept in" in err
    folder = tmp_path / "kept" / "us_state_listing"
    manifest = json.loads((folder / "MANIFEST.json").read_text())
    assert manifest["source"] == "us-state/listing"
    for entry in manifest["files"]:
        assert sha256((folder / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
        assert entry["captured_at"] and entry["url"].startswith(tried.site.url)
    with tried.at() as wiring:
        made = wiring.catalogue.source("us-state")
        again = read_by_platform(made, made.route("listing"), SavedAnswers(folder), ReadRequest(wiring.now))
    assert isinstance(again, RouteReading) and len(again.items) == 5
    code, _, err = typed("sources", "try", "us-state/listing", "--save", str(tmp_path / "kept"))
    assert code == 2 and "valid: a folder without it" in " ".join(err.split())
