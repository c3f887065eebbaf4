"""The operators' mail about a source: one when it goes blind, one when it is read again, never one a failure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from support.catalogues import feed_route, listing_route, source
from support.listing_pages import Release, publish
from support.monitors import Monitor
from support.press import PressOffice

from servanda.jobs.collect import collect_source
from servanda.jobs.decisions.route_confirmations import confirm_route
from servanda.jobs.notify import notify
from servanda.jobs.watchers.membership import add_watcher
from servanda.models.alerts import alerts as alert_rows

START = datetime(2019, 6, 10, 12, tzinfo=UTC)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
REDESIGNED = "<html lang='en'><body><main><p>Welcome to our new site.</p></main></body></html>"


class Watched:
    """A source with a listing that proves absence, polled at moments; what operators were told of it."""

    def __init__(self, monitor: Monitor, *, blind_after: str = "", routes: tuple[str, ...] = ()) -> None:
        self.monitor = monitor
        routes = routes or (listing_route(f"{monitor.site.url}/news/"),)
        text = source("us-a", *routes, title="Press of A", silence="P60D")
        monitor.catalogue(
            {"us-a": text.replace("routes:", f"blind_after: {blind_after}\nroutes:") if blind_after else text}
        )

    def poll(self, hours: float, status: int = 200, body: str = "") -> None:
        now = START + hours * HOUR
        days = [START - n * DAY for n in range(8, 0, -1)]
        publish(
            self.monitor.site,
            "/news/",
            [Release(f"r-{d.day}", f"Release of {d.day} June", f"{d:%Y-%m-%dT%H:%M:%S+00:00}") for d in days],
        )
        page = self.monitor.site.pages["/news/"]
        page.status = status
        if body:
            page.body = body.encode()
        with self.monitor.at(now) as wiring:
            add_watcher(wiring.ledger, "op@example.org", operator=True)
            collect_source(wiring, "us-a")
            notify(wiring)

    def told(self) -> list[str]:
        """The kinds of the alerts about the source."""
        with self.monitor.at() as wiring, wiring.store.reading() as db:
            return [
                stored.alert.kind
                for stored in alert_rows.alerts(db)
                if stored.alert.kind.startswith("source_")
            ]

    def mails(self) -> list[EmailMessage]:
        found = [message_from_bytes(raw, policy=default) for raw in self.monitor.mails()]
        return [m for m in found if "Press of A" in m["Subject"]]


@pytest.fixture
def watched(any_monitor: Monitor) -> Watched:
    return Watched(any_monitor)


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return " ".join(str(part.get_content()).split())


def test_a_source_that_fails_every_other_time_is_never_told_of(watched: Watched) -> None:
    for n in range(0, 60, 6):
        watched.poll(n, 404 if n % 12 else 200)
    assert watched.told() == []


@pytest.mark.slow
def test_an_outage_of_ten_days_is_one_mail_and_its_end_another(watched: Watched) -> None:
    watched.poll(0)
    for hours in range(6, 246, 6):
        watched.poll(hours, 404)
    assert watched.told() == ["source_blind"]
    (blind,) = watched.mails()
    assert blind["Subject"].endswith("Source blind: Press of A")
    assert "unreachable: http_404" in text_of(blind)
    assert "its reader must be mended" not in text_of(blind)
    watched.poll(246)
    watched.poll(252)
    assert watched.told() == ["source_blind", "source_recovered"]
    watched.poll(258, 404)
    assert len(watched.mails()) == 2, "a new outage is not told before its day is over"
    for hours in (270, 283):
        watched.poll(hours, 404)
    assert watched.told()[2:] == ["source_blind"]


@pytest.mark.parametrize("hours, told", [(1 + 24 - 1 / 3600, []), (1 + 24, ["source_blind"])])
def test_it_is_told_once_a_day_has_passed_since_the_first_failure(
    watched: Watched, hours: float, told: list[str]
) -> None:
    watched.poll(0)
    watched.poll(1, 404)
    watched.poll(hours, 404)
    assert watched.told() == told


@pytest.mark.parametrize("hours, told", [(71, []), (72, ["source_blind"])])
def test_each_source_declares_how_long_it_may_stay_unread(
    monitor: Monitor, hours: float, told: list[str]
) -> None:
    patient = Watched(monitor, blind_after="P3D")
    patient.poll(0, 404)
    patient.poll(30, 404)
    patient.poll(hours, 404)
    assert patient.told() == told


def test_a_page_that_is_not_understood_blinds_too_and_the_mail_names_class_and_kind(watched: Watched) -> None:
    watched.poll(0)
    for hours in (12, 24, 36):
        watched.poll(hours, body=REDESIGNED)
    assert watched.told() == ["source_blind"]
    (blind,) = watched.mails()
    with watched.monitor.at() as wiring, wiring.store.reading() as db:
        (route,) = next(
            s.alert.payload["routes"] for s in alert_rows.alerts(db) if s.alert.kind == "source_blind"
        )
    assert route["failure"].startswith("unrecognised: ")
    family, kind = route["failure"].split(": ")[:2]
    assert f"{family}: {kind}: " in text_of(blind)
    assert "its reader must be mended" in text_of(blind)


@pytest.mark.slow
def test_a_block_and_a_failure_by_turns_are_one_outage(watched: Watched) -> None:
    watched.poll(0)
    for n, hours in enumerate(range(6, 60, 6)):
        watched.poll(hours, 403 if n % 2 else 404)
    assert watched.told() == ["source_blind"]


def test_a_working_feed_does_not_hide_that_a_listing_confirmed_by_a_person_is_dead(monitor: Monitor) -> None:
    office = PressOffice(monitor.site)
    for n in range(3):
        office.publish(f"f-{n}", f"Item {n}", START - (9 - n) * HOUR)
    listing = listing_route(f"{monitor.site.url}/news/").replace("recorded", "described")
    two = Watched(monitor, routes=(listing, feed_route(office.url)))
    two.poll(0)
    for hours in (12, 24, 40):
        two.poll(hours, 404)
    assert two.told() == [], "nobody has confirmed it: the feed is as good"
    two.poll(41)
    with monitor.at(START + 42 * HOUR) as wiring:
        s = wiring.catalogue.source("us-a")
        confirm_route(wiring.ledger, s, s.route("listing"), by="Ana", reason="compared")
    for hours in (43, 55, 67):
        two.poll(hours, 404)
    assert two.told() == ["source_blind"]
