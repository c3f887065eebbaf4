"""Analysts are told what waits: after a day, at growing distances, and before its window settles."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from support.desk import DAY, HOUR, Desk, everyday
from support.listing_pages import Release
from support.mail_bodies import body_of
from support.monitors import Monitor

from servanda.compliance.vocabulary import Review
from servanda.jobs.assess import assess
from servanda.jobs.bootstrap.settings import read_settings
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.decisions import review
from servanda.jobs.notify import notify
from servanda.jobs.views import review_queue
from servanda.jobs.watchers.membership import add_watcher
from servanda.models.alerts.alerts import NewAlert
from servanda.models.findings import verdicts as findings

pytestmark = pytest.mark.slow

FIRST_AT = datetime(2019, 8, 10, 12, tzinfo=UTC)
FOUND_AT = datetime(2019, 8, 20, 14, 10, tzinfo=UTC)
SETTLES = datetime(2019, 9, 7, 16, tzinfo=UTC)
"""The end of the window, the source's lag of twelve hours, and its cadence of a day."""

MEETING = Release(
    "meeting",
    "Joint statement with Mexico",
    "2019-08-20T10:00:00-04:00",
    "The United States and Mexico announced additional measures on migration after their meeting today.",
)
CALL = Release(
    "call",
    "Joint statement with Mexico on asylum",
    "2019-08-21T10:00:00-04:00",
    "After a call, the United States and Mexico announced new rules on asylum, and that they will meet again.",
)


@pytest.fixture
def desk(monitor: Monitor) -> Desk:
    return begun(Desk(monitor))


@pytest.fixture
def any_desk(any_monitor: Monitor) -> Desk:
    return begun(Desk(any_monitor))


def begun(desk: Desk) -> Desk:
    """The baseline, and ten days later a candidate."""
    desk.releases = {r.slug: r for r in everyday(range(1, 10), 8)}
    desk.look(FIRST_AT)
    desk.put(MEETING)
    desk.look(FOUND_AT)
    return desk


def told(desk: Desk) -> list[NewAlert]:
    return desk.alerts("review_waiting")


def numbers(alert: NewAlert) -> list[int]:
    return [one["document"]["evidence"] for one in alert.payload["waiting"]]


def candidates(desk: Desk) -> dict[str, int]:
    """The evidence of each candidate by its title."""
    with desk.monitor.at() as wiring:
        return {e.title: e.id for e in review_queue.evidence_to_review(wiring.ledger) if e.candidate}


def next_at(desk: Desk) -> datetime:
    with desk.monitor.at() as wiring, wiring.store.reading() as db:
        found = findings.next_window_instant(db)
    assert found is not None
    return found[1]


def answer(desk: Desk, now: datetime, title: str, said: Review) -> None:
    with desk.monitor.at(now) as wiring:
        decision = review.decide_review(
            wiring.ledger, candidates(desk)[title], said, by="Bea", reason="read on its page"
        )
        assess(wiring, decision=decision)


def test_it_is_told_after_a_day_and_then_at_growing_distances(any_desk: Desk) -> None:
    desk = any_desk
    assert told(desk) == []
    assert next_at(desk) == FOUND_AT + DAY, "assess is woken for it"
    at = []
    for hours in (23, 24, 25, 71, 72, 100, 167, 168, 200, 300):
        before = len(told(desk))
        desk.look(FOUND_AT + hours * HOUR)
        at += [hours] * (len(told(desk)) - before)
    assert at == [24, 72, 168]
    first = told(desk)[0]
    assert (first.known_at, first.effective_at) == (FOUND_AT + DAY,) * 2
    (one,) = first.payload["waiting"]
    assert one["since"] == FOUND_AT.isoformat().replace("+00:00", "Z")
    assert one["document"]["quotes"][-1] == MEETING.text
    assert len(one["document"]["sha256"]) == 64
    assert one["window"]["id"] == "further-actions-90d"


def test_it_is_told_again_before_the_window_settles(desk: Desk) -> None:
    desk.look(SETTLES - 49 * HOUR)
    before = len(told(desk))
    assert next_at(desk) < SETTLES
    desk.look(SETTLES - 48 * HOUR)
    assert len(told(desk)) == before + 1
    assert told(desk)[-1].effective_at == SETTLES - 48 * HOUR
    desk.look(SETTLES - 47 * HOUR)
    assert len(told(desk)) == before + 1


def test_one_alert_lists_all_that_waits_the_longest_first(desk: Desk) -> None:
    desk.put(CALL)
    desk.look(FOUND_AT + DAY)
    desk.look(FOUND_AT + 2 * DAY)
    numbered = candidates(desk)
    assert [numbers(alert) for alert in told(desk)] == [[numbered[MEETING.title], numbered[CALL.title]]] * 2


def test_what_was_answered_is_told_no_more_and_nothing_is_told_where_nothing_waits(desk: Desk) -> None:
    desk.put(CALL)
    desk.look(FOUND_AT + DAY)
    answer(desk, FOUND_AT + DAY + HOUR, MEETING.title, Review.REJECTED)
    desk.look(FOUND_AT + 3 * DAY)
    assert numbers(told(desk)[-1]) == [candidates(desk)[CALL.title]]
    answer(desk, FOUND_AT + 3 * DAY + HOUR, CALL.title, Review.REJECTED)
    before = len(told(desk))
    desk.look(FOUND_AT + 10 * DAY)
    desk.look(SETTLES - 40 * HOUR)
    assert len(told(desk)) == before


def test_an_edit_does_not_set_its_waiting_back(desk: Desk) -> None:
    desk.edit("meeting", text=MEETING.text.replace("today", "on Tuesday"))
    desk.look(FOUND_AT + 7 * HOUR)
    desk.look(FOUND_AT + DAY)
    (alert,) = told(desk)
    assert alert.payload["waiting"][0]["since"] == FOUND_AT.isoformat().replace("+00:00", "Z")


def test_what_was_accepted_and_is_withdrawn_waits_again(any_desk: Desk) -> None:
    desk = any_desk
    answer(desk, FOUND_AT + HOUR, MEETING.title, Review.ACCEPTED)
    desk.gone["meeting"] = 404
    desk.look(FOUND_AT + DAY)
    desk.look(FOUND_AT + DAY + HOUR)
    assert [alert.kind for alert in desk.alerts("document_withdrawn")] == ["document_withdrawn"]
    with desk.monitor.at() as wiring:
        (row,) = [e for e in review_queue.evidence_to_review(wiring.ledger) if e.title == MEETING.title]
    assert (row.review, row.due_for_another_look) == (Review.ACCEPTED, True)
    assert row.another_look_since == FOUND_AT + DAY + HOUR
    desk.look(FOUND_AT + 2 * DAY + HOUR)
    (alert,) = told(desk)
    assert [one["review"] for one in alert.payload["waiting"]] == ["accepted"]
    desk.gone.clear()
    desk.look(FOUND_AT + 3 * DAY + HOUR)
    with desk.monitor.at() as wiring:
        assert [
            e for e in review_queue.evidence_to_review(wiring.ledger) if e.title == MEETING.title
        ] == [], "it is back as it was"


def test_analysts_get_it_and_nobody_else(monitor: Monitor) -> None:
    desk = begun(Desk(monitor))
    with desk.monitor.at() as wiring:
        add_watcher(wiring.ledger, "bea@example.org", analyst=True)
        add_watcher(wiring.ledger, "ana@example.org")
        notify(wiring)
    sent = set(desk.monitor.mails())
    desk.look(FOUND_AT + DAY)
    with desk.monitor.at() as wiring:
        notify(wiring)
    mails = [message_from_bytes(raw, policy=policy.default) for raw in set(desk.monitor.mails()) - sent]
    (mail,) = [m for m in mails if "waits for review" in m["Subject"]]
    assert "bea@example.org" in mail["To"]
    said = " ".join(body_of(mail).replace("\n  > ", " ").split())
    number = candidates(desk)[MEETING.title]
    for part in (
        f"servanda review accept {number} --by",
        MEETING.text,
        f"{desk.site.url}{desk.path('meeting')}",
        "You get this because you review what this monitor finds.",
        "Source: Department of State press releases",
    ):
        assert part in said


def test_the_distances_are_settable(monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVANDA_REVIEW_AFTER", "2, 5")
    desk = begun(Desk(monitor))
    desk.look(FOUND_AT + DAY)
    assert told(desk) == []
    desk.look(FOUND_AT + 2 * DAY)
    assert len(told(desk)) == 1


@pytest.mark.parametrize(
    "text, days", [("1, 3, 7", (1, 3, 7)), ("2", (2,)), (" 1 14 ", (1, 14)), ("none", ())]
)
def test_what_the_setting_may_say(text: str, days: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVANDA_REVIEW_AFTER", text)
    assert read_settings().review_after == days


@pytest.mark.parametrize("text", ["0", "3, 1", "1, 1", "P1D", "1.5", "400", "-1", "², 3"])
def test_what_it_may_not_say_is_told_with_what_would_be_valid(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVANDA_REVIEW_AFTER", text)
    with pytest.raises(UsageError, match=r"SERVANDA_REVIEW_AFTER = .*valid: 1, 3, 7 or none"):
        read_settings()
