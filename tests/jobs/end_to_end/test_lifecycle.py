"""The window's life through the real jobs, on each database: from the baseline to a late announcement."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime, timedelta

import pytest
from support.catalogues import listing_route, source
from support.listing_pages import Release, publish
from support.monitors import Monitor

from servanda.compliance.vocabulary import Review
from servanda.jobs.assess import assess
from servanda.jobs.collect import collect_source
from servanda.jobs.decisions import review
from servanda.jobs.notify import notify
from servanda.jobs.views import review_queue
from servanda.jobs.views import status as views
from servanda.jobs.views.json_values import Json
from servanda.jobs.watchers.membership import add_watcher

pytestmark = pytest.mark.slow

DUE = datetime(2019, 9, 6, 4, tzinfo=UTC)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)

GUARD = Release(
    "guard",
    "Secretary speaks with Mexico",
    "2019-06-20T10:00:00-04:00",
    "The Secretary welcomed that Mexico deployed its National Guard to its southern border this week.",
)
MEETING = Release(
    "meeting",
    "Joint statement with Mexico",
    "2019-09-10T16:00:00-04:00",
    "The United States and Mexico announced additional measures on migration after their meeting today.",
)


def everyday(first: datetime, last: datetime) -> list[Release]:
    """A release a day at noon, Washington time."""
    days = range((last - first).days + 1)
    return [
        Release(f"day-{n}", f"Daily business {n}", (first + n * DAY).strftime("%Y-%m-%dT12:00:00-04:00"))
        for n in days
    ]


class Story:
    """A site that shows, at each moment, what was published by then, and a monitor that is run at moments."""

    def __init__(self, monitor: Monitor, slugs: tuple[str, ...] = ("us-state", "mx-sre")) -> None:
        self.monitor = monitor
        self.slugs = slugs
        self.releases = everyday(datetime(2019, 6, 1), datetime(2019, 9, 20))
        self.more: dict[str, list[Release]] = {"us-state": [GUARD, MEETING]}
        url = monitor.site.url
        monitor.catalogue(
            {s: source(s, listing_route(f"{url}/{s}/"), title=f"Press of {s}", lag="PT12H") for s in slugs}
        )

    def show(self, now: datetime) -> None:
        for slug in self.slugs:
            shown = [
                r for r in (*self.releases, *self.more.get(slug, [])) if datetime.fromisoformat(r.at) <= now
            ]
            publish(self.monitor.site, f"/{slug}/", shown)

    def run(self, now: datetime) -> None:
        self.show(now)
        with self.monitor.at(now) as wiring:
            if now < datetime(2019, 6, 8, tzinfo=UTC):
                add_watcher(wiring.ledger, "ana@example.org")
            for slug in self.slugs:
                collect_source(wiring, slug)
            assess(wiring)
            notify(wiring)

    def window(self) -> Json:
        with self.monitor.at() as wiring:
            window: Json = views.status(wiring.ledger, wiring.catalogue, wiring.now)["windows"][0]
        return window

    def subjects(self, kind: str = "alert") -> list[str]:
        """The subjects of the mails of a kind, in the order of their alerts."""
        with self.monitor.at() as wiring:
            from sqlalchemy import select

            from servanda.models import tables
            from servanda.models.delivery.envelopes import envelope_counts

            with wiring.store.reading() as db:
                every = db.execute(select(tables.envelope).order_by(tables.envelope.c.id)).all()
                assert envelope_counts(db) == {"sent": len(every)}
        rows = [row for row in every if row.kind == kind]
        parsed = [email.message_from_bytes(bytes(row.bytes), policy=email.policy.default) for row in rows]
        return [message["Subject"] for message in parsed]

    def kinds(self) -> list[str]:
        with self.monitor.at() as wiring:
            from servanda.models.alerts import alerts as alert_rows

            with wiring.store.reading() as db:
                return [stored.alert.kind for stored in alert_rows.alerts(db)]


def noon(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(hour=18, tzinfo=UTC)


@pytest.fixture
def story(any_monitor: Monitor) -> Story:
    return Story(any_monitor)


def test_from_the_baseline_to_a_late_announcement(story: Story) -> None:
    story.run(noon("2019-06-07"))
    assert story.kinds() == ["now_monitoring"], "the first reading is a baseline, not an alarm"
    assert story.window()["verdict"] == "pending"

    for day in ("2019-06-12", "2019-06-17", "2019-06-22", "2019-06-27"):
        story.run(noon(day))
    assert story.kinds()[1:] == ["new_evidence"]
    now = noon("2019-06-27")
    while now < DUE - 2 * DAY:
        now += 5 * DAY
        story.run(min(now, DUE - SECOND))
    story.run(DUE - SECOND)
    assert story.kinds()[2:] == ["window_closing"] * 3
    assert (story.window()["phase"], story.window()["verdict"]) == ("open", "pending")

    story.run(DUE)
    assert story.kinds()[5:] == ["window_ended"], "the flag, at the next second"
    window = story.window()
    assert (window["phase"], window["verdict"], window["final"]) == ("elapsed", "unverified", False)
    assert {d["kind"] for d in window["duties"]} == {"coverage", "settling"}

    story.run(DUE + 13 * HOUR)
    assert story.kinds()[6:] == ["final_word"], "as soon as every duty is met"
    assert (story.window()["verdict"], story.window()["final"]) == ("none_found", True)

    story.run(noon("2019-09-11"))
    assert story.kinds()[7:] == ["candidate"]
    assert story.window()["verdict"] == "none_found", (
        "a late candidate waits for a person, and decides nothing"
    )

    with story.monitor.at() as wiring:
        (waiting,) = [e for e in review_queue.evidence_to_review(wiring.ledger) if e.candidate]
        decision = review.decide_review(
            wiring.ledger, waiting.id, Review.ACCEPTED, by="Ana", reason="It says so."
        )
        assess(wiring, decision=decision)
        notify(wiring)
    assert story.kinds()[8:] == ["correction"]
    assert story.window()["verdict"] == "announced_late"

    with story.monitor.at() as wiring:
        decision = review.decide_review(
            wiring.ledger, waiting.id, Review.REJECTED, by="Bea", reason="It names no terms."
        )
        assess(wiring, decision=decision)
        notify(wiring)
    assert story.kinds()[9:] == ["correction"], "a later decision undoes an earlier one"
    assert story.window()["verdict"] == "none_found"
    assert len(story.subjects()) == 10
    assert all(subject.startswith("REPLAY – reconstructed") for subject in story.subjects())
    quiet = story.subjects("digest")
    assert quiet, "in the weeks between there was nothing to tell, and the numbers said so"
    assert all("sources covered, " in subject and "deadline" in subject for subject in quiet)


def test_running_twice_adds_polls_and_exchanges_and_nothing_else(story: Story) -> None:
    from sqlalchemy import func, select

    from servanda.models import tables

    def counts() -> dict[str, int]:
        with story.monitor.at() as wiring, wiring.store.reading() as db:
            return {
                t.name: db.execute(select(func.count()).select_from(t)).scalar_one()
                for t in tables.metadata.sorted_tables
            }

    story.run(noon("2019-06-07"))
    story.run(noon("2019-06-22"))
    before = counts()
    story.run(noon("2019-06-22"))
    after = counts()
    assert {name for name in after if after[name] != before[name]} == {"poll", "exchange", "coverage"} - (
        {"coverage"} if after["coverage"] == before["coverage"] else set()
    )
    assert after["coverage"] == before["coverage"], "what was covered already is not covered again"


def test_a_failing_source_stops_nobody(story: Story) -> None:
    story.run(noon("2019-06-07"))
    now = noon("2019-06-22")
    story.show(now)
    del story.monitor.site.pages["/mx-sre/"]
    with story.monitor.at(now) as wiring:
        failed, fine = collect_source(wiring, "mx-sre"), collect_source(wiring, "us-state")
        assess(wiring)
    assert failed.failed
    assert "404" in failed.failures[0]
    assert not fine.failed
    assert "new_evidence" in story.kinds()
