"""One event is one alert: whatever number of sources tell of it, and whatever is withdrawn with it."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes
from typing import Any

import pytest
from support.catalogues import listing_route, source
from support.desk import DAY, DEPLOYED, FIRST_AT, GUARD, GUARD_AT, HOUR, SOURCE, Desk, everyday
from support.listing_pages import Release, publish
from support.monitors import Monitor

from servanda.compliance.watchers import Subscription
from servanda.jobs.assess import assess
from servanda.jobs.collect import begin_run, collect_source
from servanda.jobs.documents.rechecking import recheck_documents
from servanda.jobs.notify import notify
from servanda.jobs.views import status as views
from servanda.models.alerts.alerts import NewAlert
from servanda.models.delivery.watchers import add_watcher, set_standing, subscribe

pytestmark = pytest.mark.slow

CHANGES = ("document_edited", "document_withdrawn", "document_restored")
NEWS = ("new_evidence", "candidate")


MEETING = Release(
    "meeting",
    "Joint statement with Mexico",
    "2019-06-20T10:00:00-04:00",
    "The United States and Mexico announced additional measures on migration after their meeting today.",
)


class TwoDesks(Desk):
    """Two ministries of one government; what ``second`` shows is said by the other one."""

    def __init__(self, monitor: Monitor) -> None:
        self.monitor = monitor
        self.site = monitor.site
        self.releases = {r.slug: r for r in everyday(range(1, 10))}
        self.second = dict(self.releases)
        self.gone: dict[str, int] = {}
        monitor.catalogue(
            {s: source(s, listing_route(f"{self.site.url}/{s}/"), lag="PT12H") for s in (SOURCE, "us-dhs")}
        )

    def look_at_both(self, now: datetime) -> None:
        self.show()
        publish(self.site, "/us-dhs/", list(self.second.values()))
        with self.monitor.at(now) as wiring:
            for slug in (SOURCE, "us-dhs"):
                collect_source(wiring, slug)
            assess(wiring)

    def evidence(self) -> list[dict[str, Any]]:
        with self.monitor.at() as wiring:
            return views.evidence_list(wiring.ledger, wiring.now)


@pytest.fixture
def desks(any_monitor: Monitor) -> TwoDesks:
    desks = TwoDesks(any_monitor)
    desks.look_at_both(FIRST_AT)
    return desks


def other(release: Release, **changes: str) -> Release:
    values = {"slug": "again", "title": release.title, "at": release.at, "text": release.text}
    return Release(**(values | changes))


def test_what_a_second_ministry_repeats_is_evidence_and_no_second_mail(desks: TwoDesks) -> None:
    desks.put(GUARD)
    desks.look_at_both(GUARD_AT)
    assert len(desks.alerts(*NEWS)) == 1
    desks.second["again"] = other(GUARD, title=f"DHS: {GUARD.title}", at="2019-06-21T18:00:00-04:00")
    desks.look_at_both(GUARD_AT + 2 * DAY)
    assert len(desks.alerts(*NEWS)) == 1
    first, again = desks.evidence()
    assert (first["repeats"], again["repeats"]) == (None, first["id"])


BOTH = Release(
    "both", "Joint statement with Mexico on its southern border", MEETING.at, f"{MEETING.text}\n\n{DEPLOYED}"
)


def test_a_document_that_speaks_of_two_commitments_is_one_mail_that_names_both(desks: TwoDesks) -> None:
    desks.put(BOTH)
    desks.look_at_both(GUARD_AT)
    (told,) = desks.alerts(*NEWS)
    first, second = desks.evidence()
    assert {first["commitment"], second["commitment"]} == {"further-actions", "national-guard"}
    assert (told.kind, told.payload["commitment"]["id"]) == ("candidate", "further-actions")
    (match,) = told.payload["matches"]
    assert match["commitment"]["id"] == "national-guard"
    assert any("6,000 members" in quote for quote in match["quotes"])

    desks.second["again"] = other(BOTH)
    desks.look_at_both(GUARD_AT + 2 * DAY)
    assert len(desks.evidence()) == 4
    assert len(desks.alerts(*NEWS)) == 1, "what was told besides counts as told"


def test_who_asks_for_one_of_its_commitments_is_told(monitor: Monitor) -> None:
    wishes = {
        "guard@example.org": Subscription(commitments=("national-guard",), kinds=("new_evidence",)),
        "other@example.org": Subscription(commitments=("further-actions",), kinds=("new_evidence",)),
        "third@example.org": Subscription(commitments=("asylum",)),
    }
    desk = Desk(monitor)
    desk.look(FIRST_AT)
    with monitor.at() as wiring, wiring.store.writing() as db:
        for address, wanted in wishes.items():
            watcher, _ = add_watcher(db, address, FIRST_AT)
            set_standing(db, watcher, "active", "test", "added", FIRST_AT)
            subscribe(db, watcher, wanted, FIRST_AT)
    desk.put(BOTH)
    desk.look(GUARD_AT)
    with monitor.at() as wiring:
        notify(wiring)
    told = {str(message_from_bytes(mail)["To"]) for mail in monitor.mails()}
    assert told == {"guard@example.org", "other@example.org"}


def test_what_several_say_when_the_rules_change_is_one_mail_that_names_them(monitor: Monitor) -> None:
    """Rules that are widened find both at once."""
    desks = TwoDesks(monitor)
    path = monitor.folder / "catalogue" / "declarations" / "us-mexico-2019" / "instrument.yml"
    wide = path.read_text()
    path.write_text(wide.replace("[joint declaration, joint statement]", "[joint declaration]"))
    desks.look_at_both(FIRST_AT)
    desks.put(MEETING)
    desks.second["again"] = other(MEETING)
    desks.look_at_both(GUARD_AT)
    assert desks.alerts(*NEWS) == []
    path.write_text(wide)
    desks.look_at_both(GUARD_AT + HOUR)
    (alert,) = desks.alerts(*NEWS)
    addresses = [alert.payload["document"]["url"], *(d["url"] for d in alert.payload["repeated"])]
    assert sorted(addresses) == sorted(
        f"{desks.site.url}{path}" for path in (desks.path("meeting"), "/us-dhs/again/")
    )


@pytest.mark.parametrize(
    "why, changes",
    [
        ("another number", {"text": DEPLOYED.replace("6,000", "25,451")}),
        ("another title", {"title": "On the deployment at the southern border of Mexico"}),
        ("three days later", {"at": "2019-06-23T10:00:02-04:00"}),
        ("a passage more", {"text": f"{DEPLOYED}\n\nIt will deploy its National Guard to the north, too, he said."}),
    ],
)  # fmt: skip
def test_what_says_something_new_is_told(monitor: Monitor, why: str, changes: dict[str, str]) -> None:
    desks = TwoDesks(monitor)
    desks.look_at_both(FIRST_AT)
    desks.put(GUARD)
    desks.look_at_both(GUARD_AT)
    desks.second["again"] = other(GUARD, **changes)
    desks.look_at_both(GUARD_AT + 4 * DAY)
    assert len(desks.alerts(*NEWS)) == 2, why


def test_two_releases_of_one_ministry_are_two_events_however_alike(monitor: Monitor) -> None:
    """A daily bulletin, say, which differs in nothing but its day."""
    desk = Desk(monitor)
    desk.begin()
    desk.put(other(GUARD, at="2019-06-21T10:00:00-04:00"))
    desk.look(GUARD_AT + DAY)
    assert len(desk.alerts(*NEWS)) == 2


def test_what_was_a_baseline_is_told_when_it_is_news_elsewhere(monitor: Monitor) -> None:
    """The first reading of a source told nobody of what stood there."""
    desks = TwoDesks(monitor)
    desks.put(GUARD)
    desks.look_at_both(GUARD_AT)
    assert desks.alerts(*NEWS) == []
    desks.second["again"] = other(GUARD, at="2019-06-20T12:00:00-04:00")
    desks.look_at_both(GUARD_AT + DAY)
    assert len(desks.alerts(*NEWS)) == 1


# --- a site that answers "not found" to everything -------------------------------------------------------

SLUGS = ("guard", "guard-2", "guard-3")


def many(desk: Desk) -> Desk:
    """A desk with three releases that are evidence, and have been read."""
    desk.look(FIRST_AT)
    numbers = {"guard-2": "2,400", "guard-3": "15,000"}
    desk.put(GUARD)
    for n, (slug, number) in enumerate(numbers.items()):
        at, said = f"2019-06-20T10:0{n + 1}:00-04:00", DEPLOYED.replace("6,000", number)
        desk.put(Release(slug, f"{number} of the National Guard deployed", at, said))
    desk.look(GUARD_AT)
    assert len(desk.alerts(*NEWS)) == 3
    return desk


def gone(desk: Desk, now: datetime) -> NewAlert:
    """Find all of them gone, and gone again an hour later."""
    desk.gone = dict.fromkeys(SLUGS, 404)
    desk.look(now)
    assert desk.alerts(*CHANGES) == []
    desk.look(now + HOUR)
    (alert,) = desk.alerts(*CHANGES)
    return alert


def test_a_site_that_answers_not_found_to_everything_is_one_alert(any_monitor: Monitor) -> None:
    desk = many(Desk(any_monitor))
    alert = gone(desk, GUARD_AT + 7 * HOUR)
    assert (alert.kind, alert.subject) == ("document_withdrawn", f"source:{SOURCE}")
    told = [alert.payload["document"]["id"], *(one["document"]["id"] for one in alert.payload["also"])]
    assert sorted(told) == sorted(desk.document(slug) for slug in SLUGS)
    assert len(alert.payload["evidence"]) == 3
    assert {one["answer"]["status"] for one in alert.payload["also"]} == {404}
    for slug in SLUGS:
        assert desk.states(slug) == ["seen A", "gone", "gone"]

    desk.gone.clear()
    desk.look(GUARD_AT + 25 * HOUR)
    assert [a.kind for a in desk.alerts(*CHANGES)] == ["document_withdrawn", "document_restored"]
    back = desk.alerts(*CHANGES)[-1]
    assert len(back.payload["also"]) == 2
    assert back.payload["before"]["digest"] == back.payload["after"]["digest"]


def test_one_that_comes_back_with_another_content_is_restored_and_edited(monitor: Monitor) -> None:
    desk = many(Desk(monitor))
    gone(desk, GUARD_AT + 7 * HOUR)
    desk.gone.clear()
    desk.edit("guard", text=DEPLOYED.replace("6,000", "25,451"))
    desk.look(GUARD_AT + 25 * HOUR)
    assert sorted(a.kind for a in desk.alerts(*CHANGES)[1:]) == ["document_edited", "document_restored"]
    desk.edit("guard", text=DEPLOYED)
    desk.look(GUARD_AT + 4 * DAY)
    assert desk.states("guard") == ["seen A", "gone", "gone", "seen B", "seen A"]
    assert [a.kind for a in desk.alerts("document_edited")] == ["document_edited"] * 2


def test_one_document_among_several_is_told_alone(monitor: Monitor) -> None:
    desk = many(Desk(monitor))
    desk.gone = {"guard-2": 410}
    desk.look(GUARD_AT + 7 * HOUR)
    desk.look(GUARD_AT + 8 * HOUR)
    (alert,) = desk.alerts(*CHANGES)
    assert (alert.subject, alert.payload["also"]) == (f"document:{desk.document('guard-2')}", [])
    assert desk.states("guard") == ["seen A", "seen A"]


def test_a_run_that_breaks_off_keeps_what_it_found_gone(monitor: Monitor) -> None:
    """What it saw before is recorded and told; what it did not reach waits for the next run."""
    desk = many(Desk(monitor))
    desk.gone = dict.fromkeys(SLUGS, 404)
    desk.look(GUARD_AT + 7 * HOUR)

    def break_off(_: str, done: int, __: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    desk.show()
    poll = desk.rows("SELECT max(id) AS id FROM poll")[0].id
    with desk.monitor.at(GUARD_AT + 8 * HOUR) as wiring:
        intake = begin_run(wiring, [SOURCE]).intake
        with pytest.raises(KeyboardInterrupt):
            recheck_documents(intake, wiring.catalogue.source(SOURCE), poll, break_off)
    (alert,) = desk.alerts(*CHANGES)
    assert len(alert.payload["also"]) == 1
    desk.look(GUARD_AT + 8.5 * HOUR)
    assert len(desk.alerts(*CHANGES)) == 2
