"""The time since the instrument, tiled, through the real jobs: what a person sees of an outage and of a block."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from support.catalogues import feed_route, listing_route, source
from support.listing_pages import Release, publish
from support.monitors import Monitor
from support.press import PressOffice

from servanda.cli.commands import servanda
from servanda.jobs.collect import collect_source
from servanda.jobs.decisions.route_confirmations import confirm_route
from servanda.jobs.views.coverage import coverage

START = datetime(2019, 6, 7, 4, tzinfo=UTC)  # the day of the instrument, in Washington
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MANY = [
    Release(f"r-{n}", f"Release {n}", f"{START + (n - 40) * 6 * HOUR:%Y-%m-%dT%H:%M:%S+00:00}")
    for n in range(100)
]


class Listing:
    """A listing whose first page alone is read, five releases: what rolls off it unseen is lost to it."""

    def __init__(self, monitor: Monitor) -> None:
        self.monitor = monitor
        self.page = f"{monitor.site.url}/news/"

    def poll(self, now: datetime, *, status: int = 200, body: str = "") -> None:
        shown = [r for r in MANY if datetime.fromisoformat(r.at) <= now - HOUR / 2]
        publish(self.monitor.site, "/news/", shown)
        page = self.monitor.site.pages["/news/"]
        page.status = status
        if body:
            page.body = body.encode()
        with self.monitor.at(now) as wiring:
            collect_source(wiring, "us-a")

    def tiles(self, as_of: datetime | None = None) -> list[tuple[str, str, str, str | None]]:
        with self.monitor.at() as wiring:
            (row,) = coverage(wiring.ledger, wiring.catalogue, as_of or wiring.now)
        return [(t["from"][5:16], t["until"][5:16], t["state"], t["why"]) for t in row["tiles"]]


@pytest.fixture
def listing(any_monitor: Monitor) -> Listing:
    page = f"{any_monitor.site.url}/news/"
    any_monitor.catalogue({"us-a": source("us-a", listing_route(page, pages=1))})
    return Listing(any_monitor)


def test_an_outage_that_nothing_healed_is_failed_and_what_no_poll_has_shown_yet_is_not_listed(
    listing: Listing,
) -> None:
    listing.poll(START + 12 * HOUR)
    for hours in (24, 36, 48, 60):
        listing.poll(START + hours * HOUR, status=404)
    assert listing.tiles() == [
        ("06-07T04:00", "06-07T15:00", "covered", None),
        ("06-07T15:00", "06-09T15:00", "failed", "listing: unreachable: http_404"),
        ("06-09T15:00", "06-09T16:00", "not_read", "not yet listed"),
    ]


def test_a_later_reading_heals_as_far_as_it_reaches_and_the_past_stays_as_it_was_known(
    listing: Listing,
) -> None:
    listing.poll(START + 12 * HOUR)
    for hours in (36, 60, 84):
        listing.poll(START + hours * HOUR, status=404)
    during = START + 84 * HOUR
    before = listing.tiles(during)
    listing.poll(START + 108 * HOUR)  # shows five releases, six hours apart
    assert listing.tiles()[1:3] == [
        ("06-07T15:00", "06-10T10:00", "failed", "listing: unreachable: http_404"),
        ("06-10T10:00", "06-11T15:00", "covered", None),
    ]
    assert listing.tiles(during) == before
    assert before[1] == ("06-07T15:00", "06-10T15:00", "failed", "listing: unreachable: http_404")


def test_a_feed_that_rolled_over_between_two_valid_readings_leaves_what_was_not_read(
    listing: Listing,
) -> None:
    listing.poll(START + 12 * HOUR)
    listing.poll(START + 108 * HOUR)
    assert listing.tiles()[1] == (
        "06-07T15:00",
        "06-10T10:00",
        "not_read",
        "listing: read, and proves nothing there",
    )


def test_a_block_is_told_from_a_failure(listing: Listing) -> None:
    listing.poll(START + 12 * HOUR)
    listing.poll(START + 24 * HOUR, status=403)
    listing.poll(START + 36 * HOUR, status=404)
    assert [t[2:] for t in listing.tiles()][1:3] == [
        ("blocked", "listing: blocked: http_403"), ("failed", "listing: unreachable: http_404"),
    ]  # fmt: skip


def test_a_page_that_its_reader_does_not_understand_is_a_failure_by_its_kind(listing: Listing) -> None:
    listing.poll(START + 12 * HOUR)
    listing.poll(START + 24 * HOUR, body="<html><body><p>A new design.</p></body></html>")
    ((state, why),) = [t[2:] for t in listing.tiles()][1:2]
    assert state == "failed"
    assert why is not None and why.startswith("listing: unrecognised: ")


def test_days_that_were_asked_for_and_blocked_are_blocked(monitor: Monitor) -> None:
    page = f"{monitor.site.url}/news/"
    monitor.catalogue({"us-a": source("us-a", listing_route(page, pages=3))})
    one = Listing(monitor)
    one.poll(START + 30 * DAY)
    monitor.site.pages["/news/"].status = 403
    with monitor.at(START + 30 * DAY + HOUR) as wiring:
        collect_source(wiring, "us-a", since=START.date(), until=(START + 2 * DAY).date())
    found = one.tiles()
    assert found[0] == ("06-07T04:00", "06-10T04:00", "blocked", "listing: blocked: http_403")
    assert found[1][2:] == ("not_read", "no poll has asked for it yet")


def test_a_source_none_of_whose_routes_counts_says_so_until_a_person_confirms_one(monitor: Monitor) -> None:
    office = PressOffice(monitor.site)
    feed = feed_route(office.url).replace("recorded", "described")
    monitor.catalogue({"us-a": source("us-a", feed)})
    for n in range(4):
        office.publish(f"r-{n}", f"Release {n}", START + n * HOUR)
    with monitor.at(START + 12 * HOUR) as wiring:
        collect_source(wiring, "us-a")
        (row,) = coverage(wiring.ledger, wiring.catalogue, wiring.now)
        assert [t["why"] for t in row["tiles"]] == ["none of its routes may prove absence", "not yet listed"]
        s = wiring.catalogue.source("us-a")
        confirm_route(wiring.ledger, s, s.routes[0], by="Ana", reason="compared")
    with monitor.at(START + 13 * HOUR) as wiring:
        collect_source(wiring, "us-a")
        (row,) = coverage(wiring.ledger, wiring.catalogue, wiring.now)
    assert "covered" in {t["state"] for t in row["tiles"]}


def test_tiles_cover_exactly_what_coverage_and_gaps_say(listing: Listing) -> None:
    for hours in (12, 24, 100, 110, 130, 300):
        listing.poll(START + hours * HOUR, status=404 if hours in (24, 110) else 200)
    with listing.monitor.at() as wiring:
        (row,) = coverage(wiring.ledger, wiring.catalogue, wiring.now)
    covered = [{"from": t["from"], "until": t["until"]} for t in row["tiles"] if t["state"] == "covered"]
    assert covered == row["covered"]
    edges = [edge for tile in row["tiles"] for edge in (tile["from"], tile["until"])]
    assert edges[1:-1:2] == edges[2::2], "each begins where the one before it ends"
    assert (edges[0], edges[-1]) == ("2019-06-07T04:00:00Z", "2019-06-19T16:00:00Z")


def test_before_the_instrument_there_is_nothing_to_tile(listing: Listing) -> None:
    listing.poll(START + 12 * HOUR)
    assert listing.tiles(START - DAY) == []


@pytest.mark.slow
def test_a_long_list_is_shortened_and_says_how_much_it_leaves_out(listing: Listing) -> None:
    for n in range(10):
        listing.poll(START + (12 + 35 * n) * HOUR)
    answer = CliRunner().invoke(servanda, ["coverage"])
    assert answer.exit_code == 0, answer.output
    whole = json.loads(CliRunner().invoke(servanda, ["coverage", "--json"]).output)[0]["tiles"]
    missing = [tile for tile in whole if tile["state"] != "covered"]
    assert len(missing) == 10
    assert "4 earlier stretches, 1 day 10 hours in all" in answer.output, "of 7, 8, 9 and 10 hours"
    assert "│ 10 days 10 hours " in answer.output, "a day and 11 + 6 + 7 + 8 + 9 + 1 hours are missing"
    assert "│ of 13 days 15 hours" in answer.output
    assert "not yet listed" in answer.output
