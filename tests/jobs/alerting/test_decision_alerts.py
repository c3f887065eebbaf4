"""A decision on a condition is told once: by the verdict's alert where it changed the answer, else by its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from support.desk import DAY, FIRST_AT, HOUR, Desk
from support.listing_pages import Release
from support.mail_bodies import body_of
from support.monitors import Monitor

from servanda.compliance.vocabulary import Condition, Review
from servanda.jobs.assess import assess
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.decisions import review
from servanda.jobs.notify import notify
from servanda.jobs.views import review_queue
from servanda.jobs.watchers.membership import add_watcher
from servanda.models.alerts.alerts import NewAlert

WINDOW = "further-actions-90d"
DUE = datetime(2019, 9, 6, 4, tzinfo=UTC)
TOLD = ("condition_recorded", "final_word", "correction", "window_ended")
MEETING = Release(
    "meeting",
    "Joint statement with Mexico",
    "2019-06-20T10:00:00-04:00",
    "The United States and Mexico announced additional measures on migration after their meeting today.",
)


@pytest.fixture
def desk(monitor: Monitor) -> Desk:
    return begun(Desk(monitor))


@pytest.fixture
def any_desk(any_monitor: Monitor) -> Desk:
    return begun(Desk(any_monitor))


def begun(desk: Desk) -> Desk:
    desk.look(FIRST_AT)
    return desk


def record(desk: Desk, now: datetime, condition: Condition, reason: str = "both governments said so") -> None:
    with desk.monitor.at(now) as wiring:
        decision = review.decide_condition(wiring.catalogue, WINDOW, condition, by="Ana", reason=reason)
        assess(wiring, decision=decision)


def kinds(desk: Desk) -> list[str]:
    return [alert.kind for alert in desk.alerts(*TOLD)]


def last(desk: Desk) -> NewAlert:
    return desk.alerts(*TOLD)[-1]


def test_a_condition_that_is_met_is_told_with_who_when_and_why(any_desk: Desk) -> None:
    desk = any_desk
    at = FIRST_AT + DAY
    record(desk, at, Condition.MET)
    alert = last(desk)
    (decision,) = desk.rows("SELECT id FROM decision")
    assert kinds(desk) == ["condition_recorded"]
    assert (alert.cause_kind, alert.cause, alert.subject) == ("decision", decision.id, f"window:{WINDOW}")
    assert alert.payload["decision"] == {
        "on": "condition", "value": "met", "by": "Ana", "reason": "both governments said so",
        "at": "2019-06-11T12:00:00Z", "evidence": None,
    }  # fmt: skip
    assert (alert.payload["condition"], alert.payload["previous"]) == ("met", "unknown")
    assert (alert.payload["value"], alert.payload["phase"]) == ("pending", "open")


def test_each_decision_is_told_and_a_repeated_one_says_that_it_was_so_before(desk: Desk) -> None:
    record(desk, FIRST_AT + DAY, Condition.MET)
    record(desk, FIRST_AT + 2 * DAY, Condition.MET, "and again")
    assert kinds(desk) == ["condition_recorded"] * 2
    assert (last(desk).payload["previous"], last(desk).payload["decision"]["reason"]) == ("met", "and again")


def test_where_it_decides_the_answer_one_mail_tells_both(any_desk: Desk) -> None:
    desk = any_desk
    record(desk, DUE + HOUR, Condition.NOT_MET)
    assert kinds(desk) == ["final_word"]
    assert last(desk).payload["value"] == "not_triggered"
    assert last(desk).payload["decision"]["by"] == "Ana"
    record(desk, DUE + 2 * HOUR, Condition.NOT_MET, "said once more")
    assert kinds(desk)[1:] == ["condition_recorded"], "which changes no answer"
    record(desk, DUE + 3 * HOUR, Condition.MET, "it was a mistake")
    assert kinds(desk)[2:] == ["correction"]
    assert last(desk).payload["decision"]["reason"] == "it was a mistake"


def test_not_met_before_the_end_is_final_at_the_end(desk: Desk) -> None:
    """What the measures come to can only be known later."""
    record(desk, FIRST_AT + DAY, Condition.NOT_MET)
    assert kinds(desk) == ["condition_recorded"]
    desk.look(DUE + HOUR)
    assert kinds(desk) == ["condition_recorded", "final_word"]
    told = last(desk)
    assert (told.payload["value"], told.payload["decision"], told.effective_at) == (
        "not_triggered",
        None,
        DUE,
    )


def test_a_window_that_ended_meanwhile_is_told_apart_from_the_decision(desk: Desk) -> None:
    record(desk, DUE + HOUR, Condition.MET)
    assert kinds(desk) == ["window_ended", "condition_recorded"]
    assert desk.alerts("window_ended")[0].payload["decision"] is None


def test_who_asks_for_recorded_conditions_alone_gets_the_mail_that_tells_both(desk: Desk) -> None:
    with desk.monitor.at() as wiring:
        notify(wiring)
        add_watcher(wiring.ledger, "ana@example.org", kinds=["condition_recorded"])
        add_watcher(wiring.ledger, "ben@example.org", kinds=["window_closing"])
    record(desk, DUE + HOUR, Condition.NOT_MET)
    with desk.monitor.at() as wiring:
        notify(wiring)
    every = [message_from_bytes(raw, policy=policy.default) for raw in desk.monitor.mails()]
    (mail,) = [mail for mail in every if "Final word" in mail["Subject"]]
    assert "ana@example.org" in mail["To"]
    said = " ".join(body_of(mail).split())
    for part in (
        "Final word, condition not met, nothing was due",
        "a decision of Ana",
        "both governments said so",
    ):
        assert part in f"{mail['Subject']} {said}"


def test_a_review_that_decides_the_answer_is_told_with_it(desk: Desk) -> None:
    now = datetime(2019, 6, 20, 15, tzinfo=UTC)
    desk.put(MEETING)
    desk.look(now)
    with desk.monitor.at(now + HOUR) as wiring:
        (waiting,) = [e for e in review_queue.evidence_to_review(wiring.ledger) if e.candidate]
        decision = review.decide_review(
            wiring.ledger, waiting.id, Review.ACCEPTED, by="Bea", reason="it announces the measures"
        )
        assess(wiring, decision=decision)
    decision = last(desk).payload["decision"]
    assert kinds(desk) == ["final_word"]
    assert (decision["on"], decision["value"], decision["evidence"]) == ("evidence", "accepted", waiting.id)
    (accepted,) = last(desk).payload["accepted"]
    assert accepted["quotes"][-1] == MEETING.text
    assert len(accepted["sha256"]) == 64


def test_before_an_instrument_is_monitored_its_baseline_tells_the_condition(monitor: Monitor) -> None:
    desk = Desk(monitor)
    desk.look(FIRST_AT, judge=False)
    record(desk, FIRST_AT + DAY, Condition.MET)
    (alert,) = desk.alerts()
    assert alert.kind == "now_monitoring"
    assert alert.payload["windows"][0]["condition"] == "met"


def test_decision_verdict_and_alert_are_kept_together_or_not_at_all(monitor: Monitor) -> None:
    """A database that takes no verdict takes no decision either."""
    desk = Desk(monitor)
    desk.look(FIRST_AT)
    before = len(desk.alerts())
    with desk.monitor.at() as wiring, wiring.store.writing() as db:
        full = "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        db.execute(text(f"CREATE TRIGGER no_verdict BEFORE INSERT ON verdict {full}"))
    with pytest.raises(DBAPIError, match="disk is full"):
        record(desk, DUE + HOUR, Condition.NOT_MET)
    assert desk.rows("SELECT id FROM decision") == []
    assert len(desk.alerts()) == before
    with desk.monitor.at() as wiring, wiring.store.writing() as db:
        db.execute(text("DROP TRIGGER no_verdict"))
    record(desk, DUE + HOUR, Condition.NOT_MET)
    assert kinds(desk) == ["final_word"]


@pytest.mark.parametrize("by, reason, named", [(" ", "said so", "--by"), ("Ana", "", "--reason")])
def test_a_decision_without_a_name_or_a_reason_is_refused(
    desk: Desk, by: str, reason: str, named: str
) -> None:
    with desk.monitor.at(FIRST_AT + timedelta(days=1)) as wiring, pytest.raises(UsageError, match=named):
        assess(
            wiring,
            decision=review.decide_condition(wiring.catalogue, WINDOW, Condition.MET, by=by, reason=reason),
        )
    assert desk.rows("SELECT id FROM decision") == []
