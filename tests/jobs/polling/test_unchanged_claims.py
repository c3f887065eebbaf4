"""The word "unchanged" (304) is a claim: believed for a day after a full reading, and no longer once it was wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from support.catalogues import listing_route, source
from support.listing_pages import Release, publish
from support.monitors import Monitor
from support.site import Page

from servanda.jobs.assess import assess
from servanda.jobs.collect import SourceOutcome, collect_source
from servanda.jobs.views.coverage import coverage
from servanda.jobs.views.sources import source_list

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOON = datetime(2019, 7, 1, 16, tzinfo=UTC)
LISTING = "/press/"


class Press:
    """A listing that answers 304 as long as it is told to, whatever was published meanwhile."""

    def __init__(self, monitor: Monitor) -> None:
        self.monitor = monitor
        monitor.catalogue(
            {"us-state": source("us-state", listing_route(f"{monitor.site.url}{LISTING}"), lag="PT1H")}
        )
        self.releases = [
            Release(
                f"day-{n}", f"Business of day {n}", (datetime(2019, 6, 1, 8) + n * DAY).isoformat() + "-04:00"
            )
            for n in range(60)
        ]
        self.frozen: Page | None = None

    def read(self, now: datetime) -> SourceOutcome:
        """One round; a frozen listing keeps its ETag and says 304 to whoever sends it."""
        shown = [r for r in self.releases if datetime.fromisoformat(r.at) <= now]
        publish(self.monitor.site, LISTING, shown)
        page = self.monitor.site.pages[LISTING]
        if self.frozen is not None:
            self.monitor.site.pages[LISTING] = Frozen(self.frozen.etag, page)
        self.monitor.site.requests.clear()
        with self.monitor.at(now) as wiring:
            outcome = collect_source(wiring, "us-state")
            assess(wiring)
        return outcome

    def freeze(self) -> None:
        self.frozen = self.monitor.site.pages[LISTING]

    @property
    def asked(self) -> list[int]:
        return self.monitor.site.asked(LISTING)

    def covered_until(self) -> str:
        with self.monitor.at() as wiring:
            (row,) = coverage(wiring.ledger, wiring.catalogue, wiring.now)
        return str(row["covered"][-1]["until"])

    def disbelief(self) -> str | None:
        with self.monitor.at() as wiring:
            (row,) = source_list(wiring.ledger, wiring.catalogue)
        found: str | None = row["routes"][0]["unchanged_not_believed"]
        return found


class Frozen(Page):
    """What is there now, under the ETag of what was there before."""

    def __init__(self, etag: str, now: Page) -> None:
        super().__init__(now.body, now.content_type)
        self.kept = etag

    @property
    def etag(self) -> str:
        return self.kept


@pytest.fixture
def press(monitor: Monitor) -> Press:
    found = Press(monitor)
    found.read(NOON)
    return found


def test_within_a_day_of_a_full_reading_the_request_is_conditional_and_then_it_is_not(press: Press) -> None:
    press.frozen = None
    asked = []
    for hours in (6, 12, 23, 24, 30):
        press.releases = press.releases[:31]  # nothing new is published
        press.read(NOON + hours * HOUR)
        asked.append((hours, press.asked[0]))
    assert asked == [(6, 304), (12, 304), (23, 304), (24, 200), (30, 304)]


def test_a_false_unchanged_is_found_out_named_and_believed_no_more(press: Press) -> None:
    press.freeze()
    press.read(NOON + 22 * HOUR)
    assert (press.asked, press.disbelief()) == ([304], None)
    assert press.covered_until() == "2019-07-02T13:00:00Z", "it is believed for now"
    press.read(NOON + 25 * HOUR)
    assert press.asked[0] == 200
    assert press.disbelief() is not None and "Business of day 31" in str(press.disbelief())
    for hours in (26, 30):
        press.read(NOON + hours * HOUR)
        assert press.asked[0] == 200, "it is never asked conditionally again"


def test_what_rests_on_a_false_unchanged_covers_nothing_where_nothing_else_does(press: Press) -> None:
    """The item was withdrawn from the listing before it was read in full again: it stays unknown what stood there."""
    press.freeze()
    press.read(NOON + 22 * HOUR)
    claimed = press.covered_until()
    press.read(NOON + 25 * HOUR)
    assert press.covered_until() > claimed, "the full reading covers it itself"


def test_a_page_changed_in_the_future_gives_no_validators(press: Press, monitor: Monitor) -> None:
    publish(monitor.site, LISTING, press.releases[:31])
    page = monitor.site.pages[LISTING]
    monitor.site.pages[LISTING] = replace(page, headers={"Last-Modified": "Sat, 16 Nov 2041 19:11:00 GMT"})
    for hours in (25, 26, 27):
        monitor.site.requests.clear()
        with monitor.at(NOON + hours * HOUR) as wiring:
            collect_source(wiring, "us-state")
        assert press.asked == [200]
