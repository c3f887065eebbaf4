"""Documents read again through the real jobs: what is asked for when, what is recorded, who is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from support.desk import DAY, DEPLOYED, FIRST_AT, GUARD, GUARD_AT, HOUR, SOURCE, Desk, everyday
from support.listing_pages import Release
from support.mail_bodies import body_of
from support.monitors import Monitor

from servanda.jobs.assess import assess
from servanda.jobs.documents import recheck_schedule as planning
from servanda.jobs.documents import rechecking as rereading
from servanda.models.documents import documents
from servanda.models.documents import recheck_queue as reread
from servanda.models.findings import evidence as evidence_rows

pytestmark = pytest.mark.slow

CHANGES = ("document_edited", "document_withdrawn", "document_restored")
ORDINARY = Release("ordinary", "Ordinary business", "2019-06-20T10:00:00-04:00")


@pytest.fixture
def desk(monitor: Monitor) -> Desk:
    return Desk(monitor)


@pytest.fixture
def any_desk(any_monitor: Monitor) -> Desk:
    return Desk(any_monitor)


def test_a_document_is_read_again_at_its_ages_and_not_between(desk: Desk) -> None:
    desk.look(FIRST_AT)
    desk.put(ORDINARY)
    desk.look(GUARD_AT)
    published = GUARD_AT - 10 * timedelta(minutes=1)
    asked = []
    for hours in (
        1,
        5,
        6.1,
        7,
        23,
        24.1,
        30,
        71,
        73,
        100,
        7 * 24 + 1,
        29 * 24,
        30 * 24 + 1,
        60 * 24,
        90 * 24,
    ):
        desk.look(published + hours * HOUR, judge=False)
        asked += [(hours, status) for status in desk.asked("ordinary")]
    *ages, closing = asked
    assert ages == [(6.1, 304), (24.1, 304), (73, 304), (7 * 24 + 1, 304), (30 * 24 + 1, 304)]
    assert closing == (90 * 24, 200), "it is short, so it is read once more, in full, after the window's end"
    assert desk.states("ordinary") == ["seen A"] * 7
    assert len(desk.rows("SELECT id FROM version WHERE document = :d", d=desk.document("ordinary"))) == 1


def test_what_is_old_when_it_is_first_read_is_not_read_again(desk: Desk) -> None:
    later = FIRST_AT + 200 * DAY
    desk.look(later)
    for hours in (7, 25, 80, 200, 800):
        desk.look(later + hours * HOUR, judge=False)
        assert [path for path, _ in desk.site.requests if "day-" in path] == []


def test_a_route_may_declare_other_ages_or_none(monitor: Monitor) -> None:
    desk = Desk(monitor, reread="[PT2H]")
    desk.look(FIRST_AT)
    desk.put(ORDINARY)
    desk.look(GUARD_AT)
    desk.look(GUARD_AT + 2 * HOUR)
    assert desk.asked("ordinary") == [304]
    desk.look(GUARD_AT + 7 * HOUR)
    assert desk.asked("ordinary") == []


def test_evidence_is_looked_at_weekly_and_while_its_window_is_open_daily(desk: Desk) -> None:
    desk.begin()
    meeting = Release(
        "meeting",
        "Joint statement with Mexico",
        "2019-06-20T10:00:00-04:00",
        "The United States and Mexico announced additional measures on migration after their meeting today.",
    )
    desk.put(meeting)
    desk.look(GUARD_AT)
    asked: dict[str, list[int]] = {"guard": [], "meeting": [], "day-6-9": []}
    for day in range(31, 50):
        desk.look(GUARD_AT + day * DAY, judge=False)
        for slug, days in asked.items():
            days += [day] * len(desk.asked(slug))
    assert asked["meeting"] == list(range(31, 50)), "it may be what the open window waits for"
    assert asked["guard"] == [31, 38, 45], "it is evidence for a commitment without a window"
    assert asked["day-6-9"] == [31], "its last age, late, and then never"


def test_an_edit_is_a_version_and_an_alert_with_the_passage_before_and_after(any_desk: Desk) -> None:
    desk = any_desk
    desk.begin()
    desk.edit("guard", text=DEPLOYED.replace("6,000", "25,451"))
    outcome = desk.look(GUARD_AT + 7 * HOUR)
    assert (outcome.reread_documents, outcome.edited_documents, outcome.new_alerts) == (1, 1, 1)
    assert desk.states("guard") == ["seen A", "seen B"]
    (alert,) = desk.alerts(*CHANGES)
    assert (alert.kind, alert.subject) == ("document_edited", f"document:{desk.document('guard')}")
    assert (alert.effective_at, alert.known_at) == (GUARD_AT + 7 * HOUR,) * 2
    payload = alert.payload
    (touched,) = payload["evidence"]
    passages = [(p["before"], p["after"]) for p in touched["passages"]]
    assert any("6,000" in before and "25,451" in after for before, after in passages)
    assert [line[:2] for line in payload["changes"]] == ["- ", "+ "]
    assert payload["before"]["digest"] != payload["after"]["digest"]
    assert payload["before"]["sha256"] != payload["after"]["sha256"] == payload["answer"]["sha256"]
    (row,) = _evidence(desk, "guard")
    assert row.version == _version(desk, "guard", 1), "the new version was matched like any other"


def test_a_and_b_and_a_again_are_two_versions_seen_three_times(desk: Desk) -> None:
    desk.begin()
    desk.edit("guard", text=DEPLOYED.replace("6,000", "25,451"))
    desk.look(GUARD_AT + 7 * HOUR)
    desk.edit("guard", text=DEPLOYED)
    desk.look(GUARD_AT + 31 * HOUR)
    assert desk.states("guard") == ["seen A", "seen B", "seen A"]
    assert len(desk.rows("SELECT id FROM version WHERE document = :d", d=desk.document("guard"))) == 2
    first, second = desk.alerts(*CHANGES)
    assert (first.payload["before"]["digest"], first.payload["after"]["digest"]) == (
        second.payload["after"]["digest"],
        second.payload["before"]["digest"],
    )


def test_a_changed_title_is_seen_although_the_page_is_unchanged(desk: Desk) -> None:
    desk.begin()
    desk.look(GUARD_AT + 7 * HOUR)
    page = desk.site.pages[desk.path("guard")]
    desk.edit("guard", title="Secretary speaks with Mexico and Canada")
    desk.show()
    desk.site.pages[desk.path("guard")] = page
    with desk.monitor.at(GUARD_AT + 31 * HOUR) as wiring:
        from servanda.jobs.collect import collect_source

        collect_source(wiring, SOURCE)
    assert desk.states("guard") == ["seen A", "seen A", "seen B"]
    (alert,) = desk.alerts(*CHANGES)
    assert alert.payload["changes"] == ["+ Secretary speaks with Mexico and Canada"], (
        "its heading is unchanged"
    )
    assert all(p["before"] == p["after"] for p in alert.payload["evidence"][0]["passages"][1:])


def test_another_way_of_reading_is_no_edit(monitor: Monitor) -> None:
    """A selector that is added later gives the same page another digest."""
    desk = Desk(monitor)
    desk.begin()
    path = monitor.folder / "catalogue" / "sources" / f"{SOURCE}.yml"
    path.write_text(
        path.read_text().replace("    cadence:", "    content: main > p:first-of-type\n    cadence:")
    )
    desk.site.pages[desk.path("guard")].conditional = False
    desk.is_still = True
    outcome = desk.look(GUARD_AT + 7 * HOUR)
    assert (desk.asked("guard"), outcome.edited_documents) == ([200], 0)
    assert desk.states("guard") == ["seen A", "seen A"]
    assert desk.alerts(*CHANGES) == []


def test_gone_twice_is_withdrawn_and_its_return_is_told(any_desk: Desk) -> None:
    desk = any_desk
    desk.begin()
    desk.gone["guard"] = 410
    first = desk.look(GUARD_AT + 7 * HOUR)
    assert (first.gone_documents, desk.alerts(*CHANGES)) == (1, []), "once may be a mishap"
    desk.look(GUARD_AT + 7.5 * HOUR)
    assert desk.asked("guard") == [], "it is asked for again an hour later, not sooner"
    desk.look(GUARD_AT + 8 * HOUR)
    assert desk.states("guard") == ["seen A", "gone", "gone"]
    (withdrawn,) = desk.alerts(*CHANGES)
    assert withdrawn.kind == "document_withdrawn"
    assert (withdrawn.effective_at, withdrawn.known_at) == (GUARD_AT + 7 * HOUR, GUARD_AT + 8 * HOUR)
    assert (withdrawn.payload["answer"]["status"], withdrawn.payload["after"]) == (410, None)

    desk.look(GUARD_AT + 9 * HOUR)
    assert desk.asked("guard") == [], "it is left alone until its next age"
    desk.gone.clear()
    desk.look(GUARD_AT + 25 * HOUR)
    assert desk.states("guard")[3:] == ["seen A"]
    assert [alert.kind for alert in desk.alerts(*CHANGES)] == ["document_withdrawn", "document_restored"]
    with desk.monitor.at() as wiring, wiring.store.reading() as db:
        (row,) = [d for d in documents.documents(db, wiring.now) if d.id == desk.document("guard")]
    assert row.last_seen_at == GUARD_AT + 25 * HOUR


def test_a_page_that_says_that_it_is_not_there_is_gone(desk: Desk) -> None:
    desk.begin()
    desk.show()
    desk.is_still = True
    desk.site.put(desk.path("guard"), "<html><head><title>Page not found</title></head><body><main><h1>Page not "
                  "found</h1><p>The page that you asked for is not here.</p></main></body></html>")  # fmt: skip
    desk.look(GUARD_AT + 7 * HOUR)
    assert desk.states("guard") == ["seen A", "gone"]


def test_what_was_seen_gone_is_not_seen_last(desk: Desk) -> None:
    desk.begin()
    desk.gone["guard"] = 404
    desk.look(GUARD_AT + 7 * HOUR)
    with desk.monitor.at() as wiring, wiring.store.reading() as db:
        (row,) = [d for d in documents.documents(db, wiring.now) if d.id == desk.document("guard")]
    assert row.last_seen_at == GUARD_AT


def test_a_document_that_cannot_be_read_says_nothing_and_is_tried_again(desk: Desk) -> None:
    desk.begin()
    for status in (500, 403):
        desk.gone["guard"] = status
        outcome = desk.look(GUARD_AT + 7 * HOUR if status == 500 else GUARD_AT + 9 * HOUR)
        assert outcome.reread_documents == 0
        assert desk.states("guard") == ["seen A"]
    assert desk.alerts(*CHANGES) == []
    desk.gone.clear()
    desk.look(GUARD_AT + 13 * HOUR)
    assert desk.states("guard") == ["seen A", "seen A"]


def test_of_a_document_that_is_no_evidence_nobody_is_told(desk: Desk) -> None:
    desk.look(FIRST_AT)
    desk.put(ORDINARY, Release("poland", "Joint statement with Poland on 5G", "2019-06-20T10:00:00-04:00"))
    desk.look(GUARD_AT)
    assert [e.near_miss for e in _evidence(desk, "poland")] == [True]
    for slug in ("ordinary", "poland"):
        desk.edit(slug, text="Something else is said here now, in a sentence long enough to be a main text.")
    assert desk.look(GUARD_AT + 7 * HOUR).edited_documents == 2
    desk.gone = {"ordinary": 404, "poland": 404}
    desk.look(GUARD_AT + 25 * HOUR)
    desk.look(GUARD_AT + 26 * HOUR)
    assert desk.states("poland") == ["seen A", "seen B", "gone", "gone"]
    assert desk.alerts(*CHANGES) == []


def test_before_an_instrument_is_monitored_nothing_alarms(desk: Desk) -> None:
    desk.put(GUARD)
    desk.look(GUARD_AT, judge=False)
    desk.edit("guard", text=DEPLOYED.replace("6,000", "25,451"))
    desk.look(GUARD_AT + 7 * HOUR, judge=False)
    assert desk.states("guard") == ["seen A", "seen B"]
    assert desk.alerts() == []


def test_an_edit_that_takes_the_passage_away_makes_a_review_due_for_another_look(desk: Desk) -> None:
    from servanda.compliance.vocabulary import Review
    from servanda.jobs.decisions import review

    desk.begin()
    (row,) = _evidence(desk, "guard")
    with desk.monitor.at() as wiring:
        decision = review.decide_review(wiring.ledger, row.id, Review.ACCEPTED, by="Ana", reason="it says so")
        assess(wiring, decision=decision)
    desk.edit("guard", text="The Secretary spoke about trade and education in a friendly conversation today.")
    desk.look(GUARD_AT + 7 * HOUR)
    (alert,) = desk.alerts(*CHANGES)
    assert {p["after"] for p in alert.payload["evidence"][0]["passages"]} <= {None, GUARD.title}
    (row,) = _evidence(desk, "guard")
    assert (row.review, row.due_for_another_look) == (Review.ACCEPTED, True)
    with desk.monitor.at(GUARD_AT + 8 * HOUR) as wiring:
        decision = review.decide_review(
            wiring.ledger, row.id, Review.REJECTED, by="Ana", reason="it says so no more"
        )
        assess(wiring, decision=decision)
    (row,) = _evidence(desk, "guard")
    assert (row.review, row.due_for_another_look) == (Review.REJECTED, False)


def test_one_run_reads_so_many_and_the_rest_next_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rereading, "MOST_AT_ONCE", 4)
    fresh = [Release(f"fresh-{n}", f"Fresh business {n}", f"2019-06-20T10:{n:02}:00-04:00") for n in range(6)]
    desk.look(FIRST_AT)
    desk.put(*fresh)
    desk.look(GUARD_AT)
    asked = []
    for minutes in (0, 1, 2):
        desk.look(GUARD_AT + 7 * HOUR + timedelta(minutes=minutes), judge=False)
        asked.append([path.split("/")[2] for path, _ in desk.site.requests if path.count("/") == 3])
    assert asked == [["day-6-6", "fresh-0", "fresh-1", "fresh-2"], ["fresh-3", "fresh-4", "fresh-5"], []]


def test_unread_documents_go_first_and_a_silent_site_is_left_alone(desk: Desk) -> None:
    desk.look(FIRST_AT)
    fresh = [Release(f"fresh-{n}", f"Fresh business {n}", f"2019-06-20T10:{n:02}:00-04:00") for n in range(6)]
    desk.put(*fresh)
    desk.look(GUARD_AT)
    desk.put(Release("new", "New", "2019-06-20T16:00:00-04:00"))
    desk.gone = {release.slug: 403 for release in fresh}
    desk.look(GUARD_AT + 7 * HOUR, judge=False)
    asked = [path for path, _ in desk.site.requests if "fresh" in path or "new" in path]
    assert asked == [desk.path(slug) for slug in ("new", "fresh-0", "fresh-1", "fresh-2")]


def test_where_no_route_answers_documents_are_left_in_peace(desk: Desk) -> None:
    desk.begin()
    desk.show()
    desk.site.pages[f"/{SOURCE}/"].status = 500
    desk.is_still = True
    assert desk.look(GUARD_AT + 7 * HOUR, judge=False).failed
    assert [path for path, _ in desk.site.requests if path != f"/{SOURCE}/"] == []


def test_a_plan_that_was_lost_is_made_again_from_the_ledgers(desk: Desk) -> None:
    desk.begin()
    with desk.monitor.at() as wiring:
        with wiring.store.writing() as db:
            from sqlalchemy import delete, select

            from servanda.models import tables

            before = {r.document: r.due_at for r in db.execute(select(tables.reread))}
            db.execute(delete(tables.reread))
        planning.restore_schedule(wiring.ledger, wiring.catalogue.source(SOURCE))
        with wiring.store.reading() as db:
            after = {r.document: r.due_at for r in db.execute(select(tables.reread))}
    assert after == before
    assert len(after) == 6


def test_a_lost_plan_is_made_again_before_anything_else_is_planned(desk: Desk) -> None:
    desk.begin()
    with desk.monitor.at() as wiring, wiring.store.writing() as db:
        db.execute(text("DELETE FROM reread"))
    desk.put(ORDINARY)
    desk.look(GUARD_AT + HOUR)
    assert len(desk.rows("SELECT document FROM reread")) == 7


def test_a_document_gone_before_it_was_read_stays_a_duty(desk: Desk) -> None:
    from servanda.models.documents.unread_documents import unread_documents

    desk.look(FIRST_AT)
    desk.put(GUARD)
    desk.gone["guard"] = 404
    why = []
    for now in (GUARD_AT, GUARD_AT + HOUR, GUARD_AT + 4 * HOUR):
        outcome = desk.look(now)
        assert outcome.unread_documents == 1
        with desk.monitor.at() as wiring, wiring.store.reading() as db:
            why += [u.why for u in unread_documents(db, wiring.now)]
    assert why == [None, *["listed, and gone before it could be read"] * 2]
    assert desk.states("guard") == ["gone", "gone", "gone"]
    desk.gone.clear()
    desk.look(GUARD_AT + 12 * HOUR)
    assert desk.states("guard")[3:] == ["seen A"]
    assert desk.alerts(*CHANGES) == []
    with desk.monitor.at() as wiring, wiring.store.reading() as db:
        assert unread_documents(db, wiring.now) == ()


def test_no_question_of_a_rereading_walks_through_a_ledger(desk: Desk) -> None:
    from support.plans import scanned, statements

    desk.begin()
    desk.put(*everyday(range(15, 20)))
    desk.edit("guard", text=DEPLOYED.replace("6,000", "25,451"))
    with statements() as asked:
        outcome = desk.look(GUARD_AT + 7 * HOUR, judge=False)
    assert outcome.edited_documents == 1
    with desk.monitor.at() as wiring, wiring.store.reading() as db:
        questions = [(text, given) for text, given in asked if text.startswith("SELECT")]
        found = {text: names for text, given in questions if (names := scanned(db, (text, given)))}
    assert any("JOIN reread" in text for text, _ in questions)
    assert {text: names for text, names in found.items() if "canary" not in names} == {}


def _evidence(desk: Desk, slug: str) -> list[evidence_rows.EvidenceRow]:
    document = desk.document(slug)
    with desk.monitor.at() as wiring, wiring.store.reading() as db:
        return evidence_rows.evidence(db, wiring.now, document=document)


def _version(desk: Desk, slug: str, n: int) -> int:
    rows = desk.rows("SELECT id FROM version WHERE document = :d ORDER BY id", d=desk.document(slug))
    return int(rows[n][0])


def test_nothing_is_planned_for_what_was_never_read(desk: Desk) -> None:
    desk.look(FIRST_AT)
    with desk.monitor.at() as wiring, wiring.store.reading() as db:
        assert reread.recheck_due_at(db, 999) is None


def test_the_watchers_get_a_mail_that_says_what_changed(desk: Desk) -> None:
    from email import message_from_bytes, policy

    from servanda.jobs.notify import notify
    from servanda.jobs.watchers.membership import add_watcher

    desk.begin()
    with desk.monitor.at() as wiring:
        notify(wiring)
        add_watcher(wiring.ledger, "ana@example.org", kinds=["document_edited"])
    desk.edit("guard", text=DEPLOYED.replace("6,000", "25,451"))
    desk.look(GUARD_AT + 7 * HOUR)
    with desk.monitor.at() as wiring:
        assert notify(wiring).sent == 1
    (mail,) = [message_from_bytes(content, policy=policy.default) for content in desk.monitor.mails()]
    assert mail["Subject"] == "REPLAY – reconstructed: Edited: Secretary speaks with Mexico"
    said = " ".join(body_of(mail).split())
    for part in ("reads otherwise than before", "deployed 6,000", "deployed 25,451", "You get this because"):
        assert part in said


CAPTURES = """\
  - id: captures
    url: https://www.agency.example/press/
    reader: recorded
    cadence: P1D
    depth: true
    on_demand: true
    max_pages: 50
    minimum_items: 1
    empty: fault
    read:
      platform: cdx
      archive: https://archive.example
      documents: captures
      read: {platform: listing, row: li, title: a, link: a, date: {selector: time, formats: [iso]}}
"""


def test_what_an_archive_shows_too_is_read_again_at_its_own_address(desk: Desk) -> None:
    from servanda.compliance.publication import PublicationTime
    from servanda.models.documents import listings
    from servanda.models.polls import polls
    from servanda.models.polls.polls import PollRecord
    from servanda.scrapers.route_reading import Item

    desk.begin()
    path = desk.monitor.folder / "catalogue" / "sources" / f"{SOURCE}.yml"
    path.write_text(path.read_text().rstrip() + "\n" + CAPTURES)
    address = f"{desk.site.url}{desk.path('guard')}"
    published = PublicationTime.instant(GUARD_AT - 10 * timedelta(minutes=1), "America/New_York")
    with desk.monitor.at(GUARD_AT + HOUR) as wiring, wiring.store.writing() as db:
        polls.load_catalogue(db, wiring.catalogue.digest, wiring.catalogue.content, wiring.now)
        record = PollRecord(
            SOURCE, "captures", wiring.now, wiring.now, "read", None, 1, 1, 0, wiring.catalogue.digest
        )
        item = Item(GUARD.title, address, published, ())
        poll = polls.record_poll(db, record)
        listings.record_listings(db, poll, [desk.document("guard")], [item], wiring.now, route="captures")
    desk.look(GUARD_AT + 7 * HOUR)
    assert desk.asked("guard") == [304]
