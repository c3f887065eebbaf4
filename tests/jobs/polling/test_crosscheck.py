"""Readings held against what is known: rows that are dropped, listings that stop, canaries."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from support.catalogues import listing_route, source
from support.listing_pages import Release, publish
from support.monitors import Monitor
from support.press import PressOffice

from servanda.compliance.intervals import Interval
from servanda.jobs.assess import assess
from servanda.jobs.collect import SourceOutcome, collect_source
from servanda.jobs.views import status as views
from servanda.models import tables
from servanda.models.polls import polls

NOW = datetime(2019, 6, 20, 18, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def releases(until: datetime, *, every: timedelta = timedelta(hours=12)) -> list[Release]:
    """Numbered releases, two a day, since 1 June."""
    first, found, n = datetime(2019, 6, 1, 10, tzinfo=UTC), [], 0
    while (at := first + n * every) <= until:
        found.append(Release(f"release-{n}", f"Business {n}", at.isoformat()))
        n += 1
    return found


class Desk:
    """A source with one listing of five rows a page, lag one hour."""

    def __init__(self, monitor: Monitor, *more: str) -> None:
        self.monitor = monitor
        route = listing_route(f"{monitor.site.url}/press/")
        monitor.catalogue({"us-state": source("us-state", route, *more)})

    def show(self, shown: list[Release], *, without: Set[str] = frozenset()) -> None:
        """All pages of their own; the listing leaves some out."""
        articles = {
            path: page for path, page in self.monitor.site.pages.items() if path.startswith("/press/release-")
        }
        publish(self.monitor.site, "/press/", shown)
        articles |= {
            path: page for path, page in self.monitor.site.pages.items() if path.startswith("/press/release-")
        }
        publish(self.monitor.site, "/press/", [r for r in shown if r.slug not in without])
        self.monitor.site.pages.update(articles)

    def read(
        self, now: datetime, *, routes: tuple[str, ...] | None = None, since: date | None = None
    ) -> SourceOutcome:
        with self.monitor.at(now) as wiring:
            return collect_source(wiring, "us-state", routes=routes, since=since)

    def covered(self, now: datetime) -> tuple[Interval, ...]:
        with self.monitor.at() as wiring, wiring.store.reading() as db:
            return polls.coverage_of_source(db, "us-state", now).intervals


@pytest.fixture
def desk(monitor: Monitor) -> Desk:
    return Desk(monitor)


def test_a_row_that_was_there_before_and_is_dropped_is_noticed(desk: Desk) -> None:
    desk.show(releases(NOW))
    before = desk.read(NOW)
    assert before.failures == ()
    later = NOW + 12 * HOUR
    shown = releases(later)
    desk.show(shown, without={shown[-3].slug})
    outcome = desk.read(later)
    (failure,) = outcome.failures
    assert "items_missing" in failure and f"/press/{shown[-3].slug}/" in failure
    assert outcome.new_documents == 1, "what it does show is kept"
    assert outcome.polls[0].covered.startswith("covers nothing")
    assert max(i.until_at for i in desk.covered(later)) == NOW - HOUR, "and it proves nothing new"
    desk.show(shown)
    assert desk.read(later + HOUR).failures == ()
    assert max(i.until_at for i in desk.covered(later + HOUR)) == later


def test_a_release_that_is_gone_is_no_fault_of_the_listing(desk: Desk) -> None:
    desk.show(releases(NOW))
    desk.read(NOW)
    later = NOW + 12 * HOUR
    shown = releases(later)
    publish(desk.monitor.site, "/press/", [r for r in shown if r.slug != shown[-3].slug])
    del desk.monitor.site.pages[f"/press/{shown[-3].slug}/"]
    outcome = desk.read(later)
    assert outcome.failures == ()
    assert max(i.until_at for i in desk.covered(later)) == later - HOUR
    with desk.monitor.at() as wiring, wiring.store.reading() as db:
        states = db.execute(select(tables.observation.c.state)).scalars().all()
    assert states.count("gone") == 1, "its own page said so, and that is kept"
    desk.read(later + 12 * HOUR)  # a second look, to tell a withdrawal from a mishap
    asked = desk.monitor.site.asked(f"/press/{shown[-3].slug}/")
    assert asked == [200, 404, 404]
    for hours in (13, 14):
        desk.read(later + hours * HOUR)
    assert desk.monitor.site.asked(f"/press/{shown[-3].slug}/") == asked, (
        "it is not asked for by each reading"
    )


def test_an_item_that_its_publisher_has_unlisted_blinds_the_source_for_a_day_only(desk: Desk) -> None:
    desk.show(releases(NOW))
    desk.read(NOW)
    unlisted = releases(NOW)[-1].slug
    results = []
    for n in range(1, 6):
        at = NOW + n * 12 * HOUR
        desk.show(releases(at), without={unlisted})
        results.append(bool(desk.read(at).failures))
    assert results == [True, True, True, False, False], (
        "three readings over a day, then it is taken as unlisted"
    )
    assert desk.covered(NOW + 60 * HOUR)[-1].until_at == NOW + 59 * HOUR


def test_many_dropped_rows_are_not_looked_up_one_by_one(desk: Desk) -> None:
    desk.show(releases(NOW))
    desk.read(NOW, since=(NOW - 8 * DAY).date())
    later = NOW + 12 * HOUR
    shown = releases(later)
    requests = len(desk.monitor.site.requests)
    desk.show(shown, without={r.slug for r in shown[-14:-1:2]})
    outcome = desk.read(later, since=(NOW - 8 * DAY).date())
    assert "items_missing" in outcome.failures[0] and "and 6 more" in outcome.failures[0]
    asked = {path for path, _ in desk.monitor.site.requests[requests:]}
    assert "/press/" in asked
    assert not asked & {f"/press/{r.slug}/" for r in shown[-14:-1:2]}


def test_a_listing_that_has_stopped_claims_nothing_past_what_the_feed_shows(monitor: Monitor) -> None:
    office = PressOffice(monitor.site)
    feed = f"""\
  - id: feed
    url: {office.url}
    reader: recorded
    cadence: PT30M
    pause: PT0S
    minimum_items: 1
    empty: fault
    sampled: false
    read: {{platform: feed}}
"""
    desk = Desk(monitor, feed)
    frozen = releases(NOW)
    desk.show(frozen)
    for n, release in enumerate(frozen[-5:]):
        office.publish(
            f"press/{release.slug}", release.title, datetime.fromisoformat(release.at) + n * timedelta(0)
        )
    desk.show(frozen)
    desk.read(NOW)
    claimed = max(i.until_at for i in desk.covered(NOW))
    news_at = NOW + 10 * HOUR
    office.publish("press/news", "News that the listing never shows", news_at)
    outcome = desk.read(NOW + 2 * DAY, routes=("feed",))
    assert outcome.new_documents == 1
    listing = desk.read(NOW + 2 * DAY, routes=("listing",))
    with monitor.at() as wiring, wiring.store.reading() as db:
        rows = db.execute(
            select(tables.coverage.c.until_at).where(tables.coverage.c.route == "listing")
        ).scalars()
        until = max(rows)
    assert listing.failures == ()
    assert claimed <= until <= news_at, "the listing stood still while its publisher went on"


def at_other_times(shown: list[Release], by: timedelta) -> list[Release]:
    return [replace(r, at=(datetime.fromisoformat(r.at) + by).isoformat()) for r in shown]


def published(monitor: Monitor) -> set[str]:
    with monitor.at() as wiring:
        return {row["published"] for row in views.document_list(wiring.ledger, wiring.catalogue, wiring.now)}


def test_new_times_for_many_known_items_are_not_believed(desk: Desk) -> None:
    desk.show(releases(NOW))
    desk.read(NOW)
    before = published(desk.monitor)
    desk.show(at_other_times(releases(NOW), timedelta(hours=5)))
    outcome = desk.read(NOW + 12 * HOUR)
    assert "dates_moved" in outcome.failures[0] and "5 of 5 known items" in outcome.failures[0]
    assert published(desk.monitor) == before, "nothing of it is kept"
    person = desk.read(NOW + 13 * HOUR, since=(NOW - 2 * DAY).date())
    assert person.failures == (), "asked for by a person, the new times are taken"
    assert published(desk.monitor) != before


def test_all_of_two_known_items_moved_by_the_same_time_are_not_believed(desk: Desk) -> None:
    two = releases(NOW)[-2:]
    desk.show(two)
    desk.read(NOW)
    before = published(desk.monitor)
    desk.show(at_other_times(two, timedelta(hours=5)))
    assert "2 of 2 known items" in desk.read(NOW + 12 * HOUR).failures[0]
    assert published(desk.monitor) == before


def test_one_corrected_time_is_an_edit_and_what_is_taken_back_counts_again(desk: Desk) -> None:
    shown = releases(NOW)
    desk.show(shown)
    desk.read(NOW)
    before = published(desk.monitor)
    moved = [replace(r, at=shown[-1].at) if r is shown[-2] else r for r in shown]
    for n, stated in enumerate((moved, shown)):
        at = NOW + (n + 1) * 12 * HOUR
        desk.show([*stated, *releases(at)[len(shown) :]])
        assert desk.read(at).failures == ()
        assert (before <= published(desk.monitor)) is (n == 1), (
            "the newest statement counts, though made before"
        )


def test_a_look_for_a_canary_believes_no_more_than_an_ordinary_reading(monitor: Monitor) -> None:
    url = f"{monitor.site.url}/press/release-8/"
    route = listing_route(f"{monitor.site.url}/press/") + CANARY.format(url=url)
    monitor.catalogue({"us-state": source("us-state", route)})
    desk = Desk.__new__(Desk)
    desk.monitor = monitor
    desk.show(releases(NOW))
    desk.read(NOW)
    before = published(monitor)
    desk.show(at_other_times(releases(NOW), timedelta(hours=5)))
    outcome = desk.read(NOW + 8 * DAY)
    assert len(outcome.polls) == 2, "the listing, and the look"
    assert all("dates_moved" in failure for failure in outcome.failures) and len(outcome.failures) == 2
    assert published(monitor) == before


CANARY = """\
    canaries:
      - document: {url}
        published_on: 2019-06-05
"""


def test_a_canary_that_is_missed_is_a_duty_and_its_return_ends_it(monitor: Monitor) -> None:
    url = f"{monitor.site.url}/press/release-8/"  # of 5 June
    route = listing_route(f"{monitor.site.url}/press/") + CANARY.format(url=url)
    monitor.catalogue({"us-state": source("us-state", route)}, duration="P7D")
    desk = Desk.__new__(Desk)
    desk.monitor = monitor
    desk.show(releases(NOW))
    first = desk.read(NOW)
    assert [p.outcome for p in first.polls] == ["read", "read"], "the listing, and the look for the canary"
    assert desk.read(NOW + HOUR).polls[1:] == (), "looked for once a week"

    later = NOW + 8 * DAY
    desk.show(releases(later), without={"release-8"})
    outcome = desk.read(later)
    assert "canary_missing" in outcome.failures[-1] and url in outcome.failures[-1]
    with monitor.at(later) as wiring:
        assess(wiring)
        duties = views.status(wiring.ledger, wiring.catalogue, later)["windows"][0]["duties"]
    (duty,) = [d for d in duties if d["kind"] == "canary"]
    assert duty["source"] == "us-state" and url in duty["detail"]

    desk.show(releases(later + 8 * DAY))
    assert desk.read(later + 8 * DAY).failures == ()
    with monitor.at(later + 8 * DAY) as wiring:
        duties = views.status(wiring.ledger, wiring.catalogue, wiring.now)["windows"][0]["duties"]
    assert [d for d in duties if d["kind"] == "canary"] == []


# --- the newest item is withdrawn -------------------------------------------------------------------------


def withdraw(desk: Desk, shown: list[Release], slug: str) -> None:
    publish(desk.monitor.site, "/press/", [r for r in shown if r.slug != slug])
    desk.monitor.site.pages.pop(f"/press/{slug}/", None)


def test_a_listing_whose_newest_item_was_withdrawn_is_no_old_copy(desk: Desk) -> None:
    shown = releases(NOW)
    desk.show(shown)
    desk.read(NOW)
    withdraw(desk, shown, shown[-1].slug)
    for hours in (12, 24):
        assert desk.read(NOW + hours * HOUR).failures == ()
        assert max(i.until_at for i in desk.covered(NOW + hours * HOUR)) == NOW + (hours - 1) * HOUR
    with desk.monitor.at() as wiring, wiring.store.reading() as db:
        states = db.execute(select(tables.observation.c.state)).scalars().all()
    assert states.count("gone") == 2, "the withdrawal was seen, and a second look made sure of it"


def test_a_withdrawal_that_was_seen_before_needs_no_further_request(desk: Desk) -> None:
    shown = releases(NOW)
    desk.show(shown)
    desk.read(NOW)
    withdraw(desk, shown, shown[-1].slug)
    desk.read(NOW + HOUR)
    withdraw(desk, shown[:-1], shown[-2].slug)
    asked = len(desk.monitor.site.asked(f"/press/{shown[-1].slug}/"))
    assert desk.read(NOW + HOUR + timedelta(minutes=5)).failures == ()
    assert len(desk.monitor.site.asked(f"/press/{shown[-1].slug}/")) == asked
    assert desk.monitor.site.asked(f"/press/{shown[-2].slug}/")[-1] == 404


def test_an_old_copy_is_refused_as_long_as_what_it_lacks_is_there(desk: Desk) -> None:
    shown = releases(NOW)
    desk.show(shown)
    desk.read(NOW)
    desk.show(shown, without={shown[-1].slug})
    outcome = desk.read(NOW + 12 * HOUR)
    assert "stale" in outcome.failures[0]
    assert max(i.until_at for i in desk.covered(NOW + 12 * HOUR)) == NOW - HOUR
    assert desk.monitor.site.asked(f"/press/{shown[-1].slug}/")[-1] == 200, "it was asked for"


def test_a_copy_that_lacks_many_is_old_whatever_their_pages_say(desk: Desk) -> None:
    shown = releases(NOW)
    desk.show(shown)
    desk.read(NOW, since=(NOW - 8 * DAY).date())
    for release in shown[-6:]:
        del desk.monitor.site.pages[f"/press/{release.slug}/"]
    publish(desk.monitor.site, "/press/", shown[:-6])
    assert "stale" in desk.read(NOW + 12 * HOUR).failures[0]


# --- links that change ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("/press/{}", "the slash at the end is dropped"),
        ("/press/{}/;jsessionid=0F3A", "a session stands in the path"),
        ("/press/{}/?PHPSESSID=4711", "a session stands in the query"),
        ("/press/{}/?_=1571234567890", "a number keeps caches from answering"),
        ("/%70ress/{}/", "a plain letter is escaped"),
    ],
)
def test_a_document_keeps_its_identity_when_its_link_changes(desk: Desk, written: str, why: str) -> None:
    shown = releases(NOW)
    desk.show(shown)
    assert desk.read(NOW).failures == ()
    site = desk.monitor.site
    for release in shown:
        path = f"/press/{release.slug}/"
        site.pages[written.format(release.slug)] = site.pages[path]
        for page in ("/press/", *(f"/press/page/{n}/" for n in range(2, 10))):
            if page in site.pages:
                body = site.pages[page].body.replace(path.encode(), written.format(release.slug).encode())
                site.pages[page] = replace(site.pages[page], body=body)
    outcome = desk.read(NOW + HOUR)
    assert (outcome.failures, outcome.new_documents) == ((), 0), why
    assert max(i.until_at for i in desk.covered(NOW + HOUR)) == NOW
