"""A window that ended before monitoring began, read from a web archive by the real jobs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from sqlalchemy import select
from support.catalogues import source
from support.monitors import Monitor
from support.site import Page

from servanda.jobs.assess import assess
from servanda.jobs.collect import SourceOutcome, collect_source
from servanda.jobs.decisions.route_confirmations import find_route
from servanda.jobs.polling.trial import try_route
from servanda.jobs.views import status as views
from servanda.jobs.views.coverage import coverage
from servanda.jobs.views.json_values import Json
from servanda.models import tables

ORIGINAL = "https://www.agency.example/press/"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MonitorOf = Callable[..., Monitor]
FIRST, LAST = datetime(2019, 8, 26, tzinfo=UTC).date(), datetime(2019, 9, 6, tzinfo=UTC).date()

ROUTE = """\
  - id: captures
    url: {original}
    reader: recorded
    cadence: P1D
    pause: PT0S
    depth: true
    on_demand: true
    max_pages: 50
    minimum_items: 1
    empty: fault
    read:
      platform: cdx
      archive: {archive}
      documents: captures
      read:
        platform: listing
        row: li
        title: a
        link: a
        date: {{selector: time, attribute: datetime, formats: [iso]}}
"""


class Archive:
    """``captures`` are the times at which it saw the listing, which then showed the last five days' releases."""

    def __init__(self, *captures: str) -> None:
        self.captures = {datetime.fromisoformat(f"{text}+00:00") for text in captures}

    def answer(self, path: str) -> Page | None:
        if path.startswith("/cdx/search/cdx?"):
            return Page(self._index(path).encode(), "text/plain;charset=UTF-8", conditional=False)
        played = re.fullmatch(r"/web/(\d{14})id_/(.+)", path)
        if played is None:
            return None
        at = datetime.strptime(played[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        if played[2] == ORIGINAL:
            return self._page(_listing(at), at) if at in self.captures else None
        return self._document(at, played[2])

    def _index(self, path: str) -> str:
        (first,), (last,) = (re.findall(rf"[?&]{key}=(\d+)", path) for key in ("from", "to"))
        stamps = [f"{at:%Y%m%d%H%M%S}" for at in sorted(self.captures)]
        lines = [
            f"example,agency)/press {stamp} {ORIGINAL} text/html 200 DIGEST 9000"
            for stamp in stamps
            if first <= stamp <= last
        ]
        return "\n".join(
            [*lines, f"example,agency)/press 20190012170449 {ORIGINAL} text/html 200 DIGEST 9000", ""]
        )

    def _document(self, at: datetime, url: str) -> Page:
        """It has each release once, from the evening of its day, and leads there from any other time."""
        published = datetime.strptime(url[-9:-1], "%Y%m%d").replace(tzinfo=UTC, hour=22)
        if at != published:
            return Page(b"", status=302, headers={"Location": f"/web/{published:%Y%m%d%H%M%S}id_/{url}"})
        text = "Ordinary business of the day, told in a sentence that is long enough to be a main text."
        title = f"Release of {published:%d %B}"
        return self._page(
            f"<html lang='en'><body><main><h1>{title}</h1><p>{text}</p></main></body></html>", at
        )

    def _page(self, markup: str, at: datetime) -> Page:
        stated = {"Memento-Datetime": format_datetime(at, usegmt=True)}
        return Page(markup.encode(), headers=stated, conditional=False)


def _listing(at: datetime) -> str:
    """A release a day at 16:00 UTC; the five newest."""
    newest = at.replace(hour=16, minute=0, second=0)
    newest = newest if newest <= at else newest - DAY
    rows = (
        f'<li><a href="/press/release-{day:%Y%m%d}/">Release of {day:%d %B}</a><time datetime="{day.isoformat()}"></time></li>'
        for day in (newest - n * DAY for n in range(5))
    )
    return f"<html><body><ul>{''.join(rows)}</ul></body></html>"


@pytest.fixture
def monitor_of(monitor: Monitor) -> MonitorOf:
    """A monitor whose only source is reached through an archive."""

    def with_captures(*captures: str) -> Monitor:
        monitor.site.fallback = Archive(*captures).answer
        folder = monitor.folder / "catalogue"
        if not folder.exists():
            route = ROUTE.format(original=ORIGINAL, archive=monitor.site.url)
            monitor.catalogue(
                {"us-state": source("us-state", route)}, published_on="2019-08-27", duration="P9D"
            )
        return monitor

    return with_captures


def read_range(monitor: Monitor, now: datetime) -> tuple[SourceOutcome, Json, Json]:
    """What is covered and the verdict on the window, after asking for its days."""
    with monitor.at(now) as wiring:
        outcome = collect_source(wiring, "us-state", since=FIRST, until=LAST)
        assess(wiring)
        (row,) = coverage(wiring.ledger, wiring.catalogue, now)
        (window,) = views.status(wiring.ledger, wiring.catalogue, now)["windows"]
    assert not outcome.failed, outcome.failures
    return outcome, row, window


def test_coverage_grows_capture_by_capture_until_absence_is_proven(
    monitor_of: MonitorOf,
) -> None:
    some = ["2019-08-28T20:00:00", "2019-09-01T20:00:00"]
    outcome, _, window = read_range(monitor_of(*some), NOW)
    assert window["verdict"] == "unverified"
    assert [(gap["from"], gap["until"]) for gap in window["coverage"][0]["gaps"]] == [
        ("2019-09-01T19:00:00Z", "2019-09-06T04:00:00Z")
    ]
    (poll,) = outcome.polls
    assert (poll.items, poll.covered) == (9, "2 of 2 captures"), "one stands on both"

    more = [*some, "2019-09-05T20:00:00", "2019-09-06T20:00:00"]
    _, _, window = read_range(monitor_of(*more), NOW + DAY)
    state = window["coverage"][0]
    assert (state["source"], state["complete"], state["gaps"]) == ("us-state", True, [])
    assert {c["route"] for c in state["closings"]} == {"captures"}, (
        "and the verdict says what closed the gaps"
    )
    assert len({c["poll"] for c in state["closings"]}) == 2
    assert (window["verdict"], window["final"]) == ("none_found", True)


def test_a_capture_proves_nothing_of_what_came_after_it(monitor_of: MonitorOf) -> None:
    """It is read seven years later, and yet it covers up to its own time, less the source's lag of an hour."""
    _, row, _ = read_range(monitor_of("2019-09-05T20:00:00"), NOW)
    (stretch,) = row["covered"]
    assert (stretch["from"], stretch["until"]) == ("2019-09-01T16:00:01Z", "2019-09-05T19:00:00Z")


def test_the_ledger_keeps_when_the_archive_saw_it_beside_when_we_did(
    monitor_of: MonitorOf,
) -> None:
    monitor = monitor_of("2019-09-05T20:00:00")
    read_range(monitor, NOW)
    with monitor.at(NOW) as wiring, wiring.store.reading() as db:
        rows = db.execute(select(*tables.exchange.c["url", "at", "attested_at", "document"])).all()
        bases = db.execute(select(tables.coverage.c.basis)).scalars().all()
    listing = [row for row in rows if row.url.endswith(ORIGINAL)]
    assert [row.attested_at for row in listing] == [datetime(2019, 9, 5, 20, tzinfo=UTC)]
    documents = [row for row in rows if row.document is not None and row.attested_at is not None]
    assert sorted(row.attested_at for row in documents) == [
        datetime(2019, 9, day, 22, tzinfo=UTC) for day in range(1, 6)
    ]
    assert all(row.at.year >= 2025 for row in rows)
    assert bases == ["capture of 2019-09-05 20:00:00 UTC: listing, 5 items in order"]


def test_documents_bear_their_own_addresses_and_are_read_from_the_archive(
    monitor_of: MonitorOf,
) -> None:
    monitor = monitor_of("2019-09-05T20:00:00")
    outcome, _, _ = read_range(monitor, NOW)
    with monitor.at(NOW) as wiring:
        newest = views.document_list(wiring.ledger, wiring.catalogue, NOW)[0]
    assert (newest["title"], newest["url"], newest["published"]) == (
        "Release of 05 September",
        f"{ORIGINAL}release-20190905/",
        "2019-09-05T12:00:00-04:00",
    )
    assert (outcome.read_documents, outcome.unread_documents) == (5, 0)


def test_reading_the_same_captures_again_adds_nothing(monitor_of: MonitorOf) -> None:
    monitor = monitor_of("2019-08-28T20:00:00", "2019-09-01T20:00:00")
    read_range(monitor, NOW)
    outcome, _, _ = read_range(monitor, NOW + DAY)
    with monitor.at(NOW + DAY) as wiring, wiring.store.reading() as db:
        rows = db.execute(select(tables.coverage.c.id)).all()
    assert len(rows) == 2
    assert outcome.new_documents == 0


def test_a_trial_of_the_way_back_shows_what_it_would_cover_and_what_was_passed_over(
    monitor_of: MonitorOf,
) -> None:
    with monitor_of("2019-08-28T20:00:00", "2019-09-05T20:00:00").at(NOW) as wiring:
        trial = try_route(
            wiring.fetcher,
            wiring.article_reader,
            *find_route(wiring.catalogue, "us-state/captures"),
            wiring.now,
            since=FIRST,
            until=LAST,
        )
    assert trial.failure is None
    assert trial.covered is not None
    assert trial.covered.until_at == datetime(2019, 9, 5, 19, tzinfo=UTC)
    assert trial.basis == "2 of 2 captures"
    assert trial.doubts[-1] == "lines of the archive's index that name no capture: 1"


def test_it_is_not_read_without_dates(monitor_of: MonitorOf) -> None:
    with monitor_of("2019-09-05T20:00:00").at(NOW) as wiring:
        assert collect_source(wiring, "us-state").polls == ()
