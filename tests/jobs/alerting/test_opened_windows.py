"""A window that opens is told once, in its transaction; reminders come on the days that are set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.catalogues import listing_route, source
from support.monitors import Monitor

from servanda.jobs.assess import assess
from servanda.models.alerts import alerts as alert_rows
from servanda.models.alerts.alerts import NewAlert
from servanda.models.findings import verdicts as findings

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
BEFORE = datetime(2019, 6, 10, 12, tzinfo=UTC)
OPENS = datetime(2019, 6, 20, 4, tzinfo=UTC)
DUE = datetime(2019, 7, 21, 4, tzinfo=UTC)
"""Thirty days after 20 June in Washington, the 20th not counted."""


class Office:
    """A monitor of one source and one window from 20 June to 20 July, judged at moments."""

    def __init__(self, monitor: Monitor, *, reminders: str = "[10, 3, 1]", window: bool = True) -> None:
        self.monitor = monitor
        route = listing_route(f"{monitor.site.url}/us-state/")
        monitor.catalogue(
            {"us-state": source("us-state", route, lag="PT12H", title="Press of State")},
            published_on="2019-06-20",
            duration="P30D",
        )
        self.path: Path = monitor.folder / "catalogue" / "declarations" / "us-mexico-2019" / "instrument.yml"
        self.declared = self.path.read_text().replace(
            "    review: required\n", f"    review: required\n    reminders: {reminders}\n"
        )
        self.write(window=window)

    def write(self, *, window: bool) -> None:
        """The catalogue with its window, or without it and the rule that looks for it."""
        text = self.declared
        if not window:
            start, end = text.index("windows:"), text.index("concepts:")
            text = text[:start] + "windows: []\n" + text[end:]
            text = text.replace(", window: further-actions-90d", "")
        self.path.write_text(text)

    def judge(self, now: datetime) -> list[str]:
        """The kinds of the alerts that judging at a moment makes."""
        before = len(self.alerts())
        with self.monitor.at(now) as wiring:
            assess(wiring)
        return [alert.kind for alert in self.alerts()[before:]]

    def alerts(self) -> list[NewAlert]:
        if not (self.monitor.folder / "archive").parent.joinpath("servanda.db").exists():
            return []
        with self.monitor.at() as wiring, wiring.store.reading() as db:
            return [stored.alert for stored in alert_rows.alerts(db)]

    def next_at(self) -> datetime | None:
        with self.monitor.at() as wiring, wiring.store.reading() as db:
            found = findings.next_window_instant(db)
        return found[1] if found else None


@pytest.fixture
def office(monitor: Monitor) -> Office:
    return Office(monitor)


def test_a_window_is_told_when_it_opens_with_what_is_watched_and_when_reminders_come(office: Office) -> None:
    assert office.judge(BEFORE) == ["now_monitoring"]
    assert office.next_at() == OPENS, "assess is woken by the opening"
    assert office.judge(OPENS - SECOND) == []
    assert office.judge(OPENS) == ["window_opened"]
    assert office.judge(OPENS + HOUR) == []
    alert = office.alerts()[-1]
    assert (alert.subject, alert.cause_kind) == ("window:further-actions-90d", "verdict")
    assert (alert.effective_at, alert.known_at) == (OPENS, OPENS)
    payload = alert.payload
    assert payload["sources"] == [
        {"id": "us-state", "title": "Press of State", "counting": ["listing"], "others": []}
    ]
    assert [(r["days"], r["at"]) for r in payload["reminders"]] == [
        (10, "2019-07-11T04:00:00Z"), (3, "2019-07-18T04:00:00Z"), (1, "2019-07-20T04:00:00Z")
    ]  # fmt: skip
    assert payload["window"]["derivation"].endswith("ends 20 July 2019 23:59:59")
    assert payload["condition"] == "unknown"


def test_reminders_come_on_their_days_and_one_after_an_absence(office: Office) -> None:
    office.judge(BEFORE)
    office.judge(OPENS)
    told = []
    for day in range(18, 31):
        told += [(OPENS + day * DAY, kind) for kind in office.judge(OPENS + day * DAY)]
    reminders = [(DUE - at).days for at, kind in told if kind == "window_closing"]
    assert reminders == [10, 3, 1]


def test_after_an_absence_one_reminder_comes(office: Office) -> None:
    office.judge(BEFORE)
    office.judge(OPENS)
    assert office.judge(DUE - 2 * DAY) == ["window_closing"]
    assert office.alerts()[-1].payload["reminder_days"] == 3
    assert office.judge(DUE - DAY) == ["window_closing"]


def test_a_window_that_was_open_at_the_baseline_is_told_there(office: Office) -> None:
    assert office.judge(OPENS + DAY) == ["now_monitoring"]
    assert office.judge(OPENS + 2 * DAY) == []


def test_a_window_that_opened_while_the_monitor_was_away_is_told_late_and_dated_right(office: Office) -> None:
    office.judge(BEFORE)
    assert office.judge(OPENS + 3 * DAY) == ["window_opened"]
    alert = office.alerts()[-1]
    assert (alert.effective_at, alert.known_at) == (OPENS, OPENS + 3 * DAY)


def test_a_window_that_is_added_later_is_told_while_it_is_open(monitor: Monitor) -> None:
    """As one that an event of its own begins: its anchor is written down once that has happened."""
    office = Office(monitor, window=False)
    assert office.judge(BEFORE) == ["now_monitoring"]
    office.write(window=True)
    added = DUE - 5 * DAY
    assert office.judge(added) == ["window_opened"], "and no reminder of the tenth day, which has passed"
    assert office.alerts()[-1].effective_at == added
    assert [r["days"] for r in office.alerts()[-1].payload["reminders"]] == [3, 1]
    assert office.judge(added + DAY) == []
    assert office.judge(DUE - 2 * DAY) == ["window_closing"]


def test_a_window_that_is_added_after_its_end_is_no_alarm(monitor: Monitor) -> None:
    office = Office(monitor, window=False)
    office.judge(BEFORE)
    office.write(window=True)
    assert office.judge(DUE + DAY) == []


def test_a_window_without_reminders_is_told_without(monitor: Monitor) -> None:
    office = Office(monitor, reminders="[]")
    office.judge(BEFORE)
    assert office.judge(OPENS) == ["window_opened"]
    assert office.judge(DUE - DAY) == []
