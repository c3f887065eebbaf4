"""The closing sweep: before the final word, gaps are gone back to without anybody's asking."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from support.catalogues import listing_route, source
from support.listing_pages import Release, publish
from support.monitors import Monitor
from support.site import Page

from servanda.compliance.intervals import utc_text
from servanda.jobs.assess import assess
from servanda.jobs.collect import collect_source, due_sources
from servanda.jobs.views import status as views
from servanda.jobs.views.json_values import Json

pytestmark = pytest.mark.slow

DUE = datetime(2019, 9, 6, 4, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BLOCKED = (datetime(2019, 7, 1, 18, tzinfo=UTC), datetime(2019, 7, 20, 18, tzinfo=UTC))


class Press:
    """One source with a release a day; read daily, and not readable for 19 days in July."""

    def __init__(self, monitor: Monitor) -> None:
        self.monitor = monitor
        route = listing_route(f"{monitor.site.url}/press/")
        monitor.catalogue({"us-state": source("us-state", route, lag="PT12H")})
        first = datetime(2019, 6, 1, 12)
        self.releases = [
            Release(f"day-{n}", f"Business of day {n}", (first + n * DAY).isoformat() + "-04:00")
            for n in range(110)
        ]

    def show(self, now: datetime) -> None:
        self.monitor.site.pages.clear()
        publish(
            self.monitor.site, "/press/", [r for r in self.releases if datetime.fromisoformat(r.at) <= now]
        )
        self.monitor.site.down = BLOCKED[0] <= now < BLOCKED[1]

    def read(self, now: datetime) -> tuple[str, ...]:
        """Read the source and judge; what the polls proved."""
        self.show(now)
        with self.monitor.at(now) as wiring:
            outcome = collect_source(wiring, "us-state")
            assess(wiring)
        return tuple(poll.covered for poll in outcome.polls)

    def every(self, step: timedelta, since: datetime, until: datetime) -> None:
        while since < until:
            self.read(since)
            since += step

    def window(self) -> Json:
        with self.monitor.at() as wiring:
            window: Json = views.status(wiring.ledger, wiring.catalogue, wiring.now)["windows"][0]
        return window


@pytest.fixture
def press(monitor: Monitor) -> Press:
    return Press(monitor)


def noon(month: int, day: int) -> datetime:
    return datetime(2019, month, day, 18, tzinfo=UTC)


def test_the_sweep_closes_what_the_daily_readings_left_open(press: Press) -> None:
    press.every(DAY, noon(6, 7), noon(7, 2))
    press.every(5 * DAY, noon(7, 2), BLOCKED[1])
    press.every(4 * DAY, noon(7, 21), noon(9, 3))
    (state,) = press.window()["coverage"]
    assert len(state["gaps"]) == 2, "the weeks that could not be read, and the days to come"
    hole = state["gaps"][0]
    assert hole["from"] < "2019-07-02" and "2019-07-12" < hole["until"] < "2019-07-16"

    press.read(DUE - 49 * HOUR)
    assert press.window()["coverage"][0]["gaps"][0] == hole, "earlier than two days before the end it is left"
    press.read(DUE - 40 * HOUR)
    (state,) = press.window()["coverage"]
    assert len(state["gaps"]) == 1, "swept"
    press.every(6 * HOUR, DUE, DUE + 18 * HOUR)
    window = press.window()
    assert (window["verdict"], window["final"]) == ("none_found", True)
    swept_at = utc_text(DUE - 40 * HOUR)
    (closing,) = [c for c in window["coverage"][0]["closings"] if c["read_at"] == swept_at]
    assert (closing["from"], closing["until"], closing["route"]) == (hole["from"], hole["until"], "listing")


def test_a_failed_sweep_does_not_hide_the_newest_and_is_not_repeated_at_once(press: Press) -> None:
    press.every(DAY, noon(6, 7), noon(6, 9))
    press.every(4 * DAY, noon(7, 21), noon(9, 3))
    press.show(DUE - 40 * HOUR)
    shut = [
        path
        for path in press.monitor.site.pages
        if path.startswith("/press/page/") and path >= "/press/page/4"
    ]
    for path in shut:
        press.monitor.site.pages[path] = Page(b"Service Unavailable", "text/plain", 503)
    with press.monitor.at(DUE - 40 * HOUR) as wiring:
        polls = collect_source(wiring, "us-state").polls
        again = collect_source(wiring, "us-state").polls
        assert "us-state" not in due_sources(wiring)
    assert [p.outcome for p in polls] == ["failed", "read"], "the sweep, and then the newest all the same"
    assert not polls[1].covered.startswith("covers nothing")
    assert len(again) == 1 and again[0].outcome != "failed", "no second sweep within six hours"
    with press.monitor.at(DUE - 33 * HOUR) as wiring:
        assert due_sources(wiring) == {"us-state": ("listing",)}, "the sweep is due again"


def test_near_the_end_routes_are_due_more_often(press: Press) -> None:
    press.read(DUE - 20 * DAY)
    with press.monitor.at(DUE - 20 * DAY + 4 * HOUR) as wiring:
        assert due_sources(wiring) == {}
    press.every(DAY, DUE - 19 * DAY, DUE - 2 * DAY)
    press.read(DUE - 24 * HOUR)
    with press.monitor.at(DUE - 20 * HOUR) as wiring:
        assert due_sources(wiring) == {"us-state": ("listing",)}
