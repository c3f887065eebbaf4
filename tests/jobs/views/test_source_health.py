"""``servanda sources``: how sources do, through the real jobs, on each database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, insert, select
from support.catalogues import feed_route, listing_route, source
from support.listing_pages import Release, publish
from support.monitors import Monitor
from support.press import PressOffice

from servanda.cli.commands import servanda
from servanda.jobs.collect import collect_source
from servanda.jobs.views.sources import source_list
from servanda.models import tables
from servanda.models.documents.quarantine import record_quarantine
from servanda.models.documents.unread_documents import unread_documents

START = datetime(2019, 6, 10, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def releases(count: int, newest: datetime) -> list[Release]:
    return [
        Release(f"r-{n}", f"Release {n}", f"{newest - (count - 1 - n) * HOUR:%Y-%m-%dT%H:%M:%S+00:00}")
        for n in range(count)
    ]


class News:
    """A source with a listing that reaches back, and a feed beside it."""

    def __init__(self, monitor: Monitor) -> None:
        self.monitor, self.site = monitor, monitor.site
        self.office = PressOffice(self.site)
        listing = listing_route(f"{self.site.url}/news/")
        self.yaml = source("us-a", listing, feed_route(self.office.url), lag="PT1H", silence="P5D")
        monitor.catalogue({"us-a": self.yaml})
        self.newest = START - HOUR
        for n in range(3):
            self.office.publish(f"f-{n}", f"Item {n}", START - (9 - n) * HOUR)

    def poll(
        self, now: datetime, *, listing: int = 200, feed: int = 200, body: str = "", route: str = ""
    ) -> None:
        publish(self.site, "/news/", releases(12, self.newest))
        self.site.pages["/news/"].status = listing
        self.site.pages["/feed"].status = feed
        if body:
            self.site.pages["/news/"].body = body.encode()
        with self.monitor.at(now) as wiring:
            collect_source(wiring, "us-a", routes=[route] if route else None)

    def row(self) -> dict[str, Any]:
        with self.monitor.at() as wiring:
            (row,) = source_list(wiring.ledger, wiring.catalogue)
        return row

    def route(self, name: str) -> dict[str, Any]:
        return next(r for r in self.row()["routes"] if r["route"] == name)


@pytest.fixture
def news(any_monitor: Monitor) -> News:
    return News(any_monitor)


def test_before_anything_was_read(news: News) -> None:
    with news.monitor.at(START):
        pass
    row = news.row()
    assert (row["state"], row["last_valid_at"], row["failing_since"]) == ("never_read", None, None)
    assert (row["last_item_title"], row["observed_cadence_seconds"]) == (None, None)
    assert [r["state"] for r in row["routes"]] == ["never_read", "never_read"]


def test_a_source_that_does_well(news: News) -> None:
    for n in range(4):
        news.poll(START + n * 20 * HOUR)
    row = news.row()
    assert (row["state"], row["last_failure_at"], row["drift"], row["silence"]) == ("ok", None, False, None)
    assert row["last_valid_at"] == "2019-06-13T00:00:00Z"
    assert (row["last_item_title"], row["last_item_published"]) == ("Release 11", "2019-06-10T07:00:00-04:00")
    assert (row["cadence_seconds"], row["observed_cadence_seconds"]) == (86400, 20 * 3600)
    assert row["blind_after_seconds"] == 86400
    assert (row["unread_documents"], row["quarantined_documents"]) == (0, 0)
    assert news.route("feed")["observed_cadence_seconds"] == 20 * 3600


def test_one_route_that_fails_makes_its_source_failing_and_not_blind_while_another_proves(news: News) -> None:
    news.poll(START)
    for n in range(1, 4):
        news.poll(START + n * DAY, feed=404)
    row = news.row()
    assert (row["state"], row["failing_since"]) == ("failing", "2019-06-11T12:00:00Z")
    assert row["last_failure_at"] == "2019-06-13T12:00:00Z"
    assert [row[f"last_failure_{part}"] for part in ("route", "family", "kind")] == [
        "feed",
        "unreachable",
        "http_404",
    ]
    feed, listing = news.route("feed"), news.route("listing")
    assert (feed["state"], feed["last_valid_at"]) == ("blind", "2019-06-10T12:00:00Z")
    assert (feed["failing_since"], feed["drift"]) == ("2019-06-11T12:00:00Z", False)
    assert feed["failure"].startswith("unreachable: http_404: ")
    assert (listing["state"], listing["failure"]) == ("ok", None)


def test_what_proves_absence_fails_for_a_day_and_the_source_is_blind_though_its_feed_is_read(
    news: News,
) -> None:
    news.poll(START)
    news.poll(START + HOUR, listing=404)
    assert news.row()["state"] == "failing"
    news.poll(START + 24 * HOUR, listing=404)
    assert news.row()["state"] == "failing", "23 hours after the first failure"
    news.poll(START + 25 * HOUR, listing=404)
    assert (news.row()["state"], news.row()["failing_since"]) == ("blind", "2019-06-10T13:00:00Z")
    news.poll(START + 26 * HOUR)
    row = news.row()
    assert (row["state"], row["failing_since"]) == ("ok", None)
    assert row["last_failure_at"] == "2019-06-11T13:00:00Z", "the last failure stays on record"


def test_a_page_that_its_reader_does_not_understand_is_drift_until_it_is_read_again(news: News) -> None:
    news.poll(START)
    news.poll(START + DAY, body="<html><body><p>A new design.</p></body></html>")
    row = news.row()
    assert (row["state"], row["drift"], row["last_failure_family"]) == ("failing", True, "unrecognised")
    assert row["drift_why"] == f"listing: {row['last_failure_kind']}"
    assert news.route("listing")["drift_why"] == row["last_failure_kind"]
    news.poll(START + 2 * DAY)
    assert (news.row()["drift"], news.row()["drift_why"]) == (False, None)


@pytest.mark.slow
def test_fewer_rows_than_usual_are_a_suspicion_and_no_failure(news: News) -> None:
    for n in range(7):
        news.poll(START + n * 6 * HOUR, route="feed")
        news.office.publish(f"more-{n}", f"More {n}", START + n * 6 * HOUR)
    usual = news.row()
    assert (usual["state"], usual["drift"]) == ("ok", False)
    shorter = PressOffice(news.site)  # the same feed, and only two items in it
    for n in (42, 43):
        shorter.publish(f"last-{n}", f"Last {n}", START + n * HOUR)
    news.poll(START + 44 * HOUR, route="feed")
    row = news.row()
    assert (row["state"], row["drift"]) == ("ok", True)
    assert row["drift_why"] == "feed: 2 rows a page, where 6 are normal: its reader may miss some"


def test_silence_is_told_and_ends_with_the_next_item(news: News) -> None:
    news.poll(START)
    news.poll(START + 4 * DAY + 23 * HOUR)
    assert news.row()["silence"] is None
    news.poll(START + 5 * DAY)
    assert news.row()["silence"] == "no item for 5 days 1 hour, longest normal silence is 5 days"
    news.office.publish("again", "Again", START + 5 * DAY)
    news.poll(START + 5 * DAY + HOUR)
    assert (news.row()["silence"], news.row()["last_item_title"]) == (None, "Again")


def test_what_was_listed_and_not_read_is_counted(news: News) -> None:
    url = news.office.publish("lost", "Its page is missing", START)
    news.site.pages.pop(url.removeprefix(news.site.url))
    news.poll(START + HOUR)
    row = news.row()
    assert (row["unread_documents"], row["quarantined_documents"]) == (1, 0)
    with news.monitor.at() as wiring, wiring.store.writing() as db:
        (lost,) = [one for one in unread_documents(db, wiring.now) if one.kind == "unread"]
        exchange = db.execute(select(func.max(tables.exchange.c.id))).scalar_one()
        record_quarantine(db, lost.document, exchange, "poison_crash", "its reader ended", wiring.now)
    row = news.row()
    assert (row["unread_documents"], row["quarantined_documents"]) == (1, 1), "one of them is put aside"


def test_a_canary_is_found_missing_or_was_never_looked_for(any_monitor: Monitor) -> None:
    listing = listing_route(f"{any_monitor.site.url}/news/")
    canaries = "".join(
        f"      - {{document: 2019-{n}, published_on: 2019-06-0{n}}}\n" for n in (1, 2, 3)
    )  # fmt: skip
    any_monitor.catalogue({"us-a": source("us-a", f"{listing}    canaries:\n{canaries}")})
    with any_monitor.at(START) as wiring, wiring.store.writing() as db:
        ids = db.execute(
            insert(tables.poll).values(
                source="us-a", route="listing", started_at=START, finished_at=START, outcome="read", pages=1,
                items=9, new_documents=0, catalogue=wiring.catalogue.digest,
            )
        ).inserted_primary_key  # fmt: skip
        assert ids is not None
        for n, found, at in (
            (1, False, START),
            (1, True, START + HOUR),
            (2, True, START),
            (2, False, START + HOUR),
        ):
            db.execute(
                insert(tables.canary).values(
                    poll=ids[0], source="us-a", route="listing", canary=f"2019-{n}", found=found, known_at=at
                )
            )
    with any_monitor.at(START + 2 * HOUR) as wiring:
        (row,) = source_list(wiring.ledger, wiring.catalogue)
    assert [(c["canary"], c["state"], c["looked_at"]) for c in row["canaries"]] == [
        ("2019-1", "found", "2019-06-10T13:00:00Z"),
        ("2019-2", "missing", "2019-06-10T13:00:00Z"),
        ("2019-3", "never looked for", None),
    ]


def test_a_source_that_is_read_on_demand_alone_is_not_called_failing_or_silent(monitor: Monitor) -> None:
    listing = listing_route(f"{monitor.site.url}/news/") + "    on_demand: true\n"
    monitor.catalogue({"us-a": source("us-a", listing)})
    with monitor.at(START) as wiring:
        collect_source(wiring, "us-a", since=START.date())
        (row,) = source_list(wiring.ledger, wiring.catalogue)
    assert (row["state"], row["routes"][0]["state"]) == ("not_read_daily", "not_read_daily")
    assert (row["cadence_seconds"], row["silence"], row["failing_since"]) == (None, None, None)
    assert row["last_failure_kind"] == "http_404"


def test_a_person_sees_what_is_wrong_first(news: News) -> None:
    news.poll(START)
    news.poll(START + 6 * DAY, listing=404)
    answer = CliRunner().invoke(servanda, ["sources"])
    assert answer.exit_code == 0, answer.output
    shown = [line.split("│")[3].strip() for line in answer.output.splitlines() if line.count("│") == 5]
    assert shown[0] == "failing since 2019-06-16T12:00:00Z"
    assert shown[1].startswith("no item for 6 days 1 hour,")
    assert "last failure" in answer.output
    assert "http_404" in answer.output
