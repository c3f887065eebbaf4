"""What a person must have looked at before absence is final, through the real jobs to verdict and mail."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from support.desk import DAY, HOUR
from support.doubtful import DUE_AT, ENDED_AT, READINGS, TALKS, WINDOW, ShortDesk, june
from support.listing_pages import Release
from support.mail_bodies import body_of
from support.monitors import Monitor

from servanda.compliance.vocabulary import Review
from servanda.jobs.assess import assess
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.decisions.shortlist_review import accept_from_shortlist, dismiss_documents
from servanda.jobs.notify import notify
from servanda.jobs.watchers.membership import add_watcher

pytestmark = pytest.mark.slow

MET = Release(
    "met",
    "Secretary Meets Foreign Secretary of Mexico",
    "2019-06-13T10:00:00-04:00",
    "The Secretary and the Foreign Secretary of Mexico spoke this morning about migration and about the work of "
    "the past weeks, and each of them described where he thinks that it falls short. No text was signed, and "
    "the two will speak again in the autumn, when the delegations of both capitals are expected to meet.",
)
"""A document that concerns the parties and touches the subject, and announces nothing."""


@pytest.fixture
def desk(monitor: Monitor) -> ShortDesk:
    return ShortDesk(monitor)


@pytest.fixture
def any_desk(any_monitor: Monitor) -> ShortDesk:
    return ShortDesk(any_monitor)


def accept(desk: ShortDesk, slug: str, answer: Review) -> None:
    with desk.monitor.at(ENDED_AT + HOUR) as wiring:
        decision = accept_from_shortlist(
            wiring.ledger,
            wiring.catalogue,
            WINDOW,
            desk.document(slug),
            answer,
            by="Ana",
            reason="it says so",
        )
        assess(wiring, decision=decision)


def test_absence_waits_until_somebody_has_looked(any_desk: ShortDesk) -> None:
    desk = any_desk
    desk.put(MET)
    desk.until_ended()
    assert desk.duties() == [("shortlist", "1 document on the shortlist has not been reviewed")]
    assert desk.verdict() == "unverified"
    (row,) = desk.shortlist().values()
    assert (row["title"], row["reviewed_by"], row["published"]) == (MET.title, None, MET.at)
    assert {"subject", "party"} <= {one["kind"] for one in row["why"]}
    assert any("migration" in one["text"] for one in row["why"])
    desk.dismiss(ENDED_AT + HOUR)
    window = desk.window()
    assert (window["verdict"], window["final"], window["duties"]) == ("none_found", True, [])
    flow = window["flow"]
    assert (flow["shortlisted"], flow["reviewed"], flow["accepted"], flow["doubtful"]) == (1, 1, 0, 0)
    assert flow["identified"] == flow["retrieved"] == flow["screened"] == 16
    assert flow["reviewers"] == [{"name": "Ana", "documents": 1}]
    (decided,) = desk.rows("SELECT * FROM decision WHERE kind = 'shortlist'")
    assert (decided.by, decided.reason) == ("Ana", "read it")
    assert decided.account, "and the account that gave the answer is kept beside the name"


def test_a_document_that_touches_nothing_waits_for_nobody(desk: ShortDesk) -> None:
    desk.put(TALKS)
    desk.until_ended()
    assert (desk.verdict(), desk.shortlist()) == ("none_found", {})


def test_an_answer_holds_for_the_content_that_was_looked_at(desk: ShortDesk) -> None:
    desk.put(replace(MET, at="2019-06-21T10:00:00-04:00"))
    desk.until_ended()
    desk.dismiss(ENDED_AT + HOUR)
    desk.edit(
        "met",
        title=f"{MET.title} (updated)",
        text=f"{MET.text}\n\nThe Department will say more on migration from Mexico tomorrow.",
    )
    desk.read(ENDED_AT + DAY)
    assert desk.verdict() == "unverified"
    desk.dismiss(ENDED_AT + DAY + HOUR)
    assert desk.verdict() == "none_found"
    desk.edit("met", title=MET.title, text=MET.text)
    desk.read(ENDED_AT + 2 * DAY)
    assert desk.verdict() == "none_found", "the first content is back, and so is its answer"


def test_an_answer_is_undone_by_a_later_one(desk: ShortDesk) -> None:
    desk.put(MET)
    desk.until_ended()
    desk.dismiss(ENDED_AT + HOUR)
    desk.dismiss(ENDED_AT + 2 * HOUR, "met", undo=True)
    assert desk.verdict() == "unverified"


def test_an_answer_outlives_the_wording_of_rules_and_not_the_question(desk: ShortDesk) -> None:
    desk.put(MET)
    desk.until_ended()
    desk.dismiss(ENDED_AT + HOUR)
    file = next((desk.monitor.folder / "catalogue").glob("**/instrument.yml"))
    text = file.read_text()
    file.write_text(text.replace("announc*", "announc*, proclaim*"))
    with desk.monitor.at(ENDED_AT + 2 * HOUR) as wiring:
        assess(wiring)
    assert desk.verdict() == "none_found"
    file.write_text(text.replace("duration: P14D", "duration: P15D"))
    with desk.monitor.at(ENDED_AT + 2 * DAY) as wiring:
        assess(wiring)
    assert "shortlist" in [kind for kind, _ in desk.duties()], "the window asks about another time"


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [(Review.ACCEPTED, "announced"), (Review.ACCEPTED_IN_PART, "announced_partial")],
)
def test_what_the_rules_missed_is_accepted_from_the_shortlist(
    desk: ShortDesk, answer: Review, verdict: str
) -> None:
    desk.put(MET)
    desk.until_ended()
    accept(desk, "met", answer)
    assert (desk.verdict(), desk.window()["flow"]["accepted"]) == (verdict, 1)
    (row,) = desk.shortlist().values()
    assert row["reviewed_by"] == "Ana"
    assert len(desk.window()["accepted"]) == 1


def test_a_rejected_candidate_needs_no_second_answer(desk: ShortDesk) -> None:
    said = (
        "The United States and Mexico issued a joint statement. They announced additional measures on migration "
        "after their meeting of today."
    )
    desk.put(replace(MET, text=f"{MET.text}\n\n{said}"))
    desk.until_ended()
    assert [kind for kind, _ in desk.duties()] == ["candidate"], "and it is not counted twice"
    accept(desk, "met", Review.REJECTED)
    assert (desk.verdict(), desk.window()["flow"]["reviewed"]) == ("none_found", 1)


def test_a_video_is_looked_at_by_people(desk: ShortDesk) -> None:
    desk.put(TALKS)
    desk.instead["talks"] = (
        f"<html><head><title>{TALKS.title}</title></head><body><main><h1>{TALKS.title}</h1>"
        '<iframe src="https://www.youtube.com/embed/x"></iframe><p>The envoy and the Secretary spoke in the '
        "reception rooms of the Department this morning for about an hour.</p></main></body></html>"
    )
    desk.until_ended()
    assert desk.duties() == [("shortlist", "1 document on the shortlist has not been reviewed")]
    (row,) = desk.shortlist().values()
    assert row["why"] == [{"kind": "video", "what": "it is a video", "text": ""}]
    assert desk.doubtful() == {}, "nothing is wrong with the reading"
    desk.dismiss(ENDED_AT + HOUR)
    assert desk.verdict() == "none_found"


def test_by_rules_alone_is_said(desk: ShortDesk) -> None:
    file = next((desk.monitor.folder / "catalogue").glob("**/instrument.yml"))
    file.write_text(file.read_text().replace("    review:", "    absence: rules-alone\n    review:", 1))
    desk.put(MET)
    desk.until_ended()
    window = desk.window()
    assert window["verdict"] == "none_found"
    said = "absence is judged by rules alone: 1 document stands on the shortlist, 0 of them reviewed"
    assert said in window["reasons"]


def test_a_time_that_was_ever_stated_inside_the_window_counts(desk: ShortDesk) -> None:
    """A page of 13 June is listed, a day after the window's end, as of 23 June."""
    desk.put(MET)
    desk.read(*READINGS)
    desk.edit("met", at="2019-06-23T10:00:00-04:00")
    desk.read(DUE_AT + 2 * DAY, DUE_AT + 3 * DAY)
    assert "shortlist" in [kind for kind, _ in desk.duties()]
    (row,) = desk.shortlist().values()
    assert row["stated"][:2] == ["2019-06-13T10:00:00-04:00", "2019-06-23T10:00:00-04:00"]


def test_the_mail_of_absence_tells_the_steps(desk: ShortDesk) -> None:
    with desk.monitor.at(READINGS[0]) as wiring:
        add_watcher(wiring.ledger, "ana@example.org", kinds=["window_ended", "final_word", "correction"])
    desk.put(MET)
    desk.until_ended()
    with desk.monitor.at() as wiring:
        notify(wiring)
    desk.dismiss(ENDED_AT + HOUR)
    with desk.monitor.at() as wiring:
        notify(wiring)
    mails = [message_from_bytes(raw, policy=policy.default) for raw in desk.monitor.mails()]
    flag, last = (" ".join(body_of(mail).split()) for mail in mails if "No announcement" in body_of(mail))
    assert "1 document on the shortlist has not been reviewed" in flag
    assert f"servanda review shortlist {WINDOW} --by NAME --reason TEXT" in flag
    assert "Shortlisted: for a person to look at: 1 Reviewed: looked at: 1 (Ana 1)" in last
    assert "Identified: listed in the window: 16" in last


@pytest.mark.parametrize(
    ("documents", "by", "said"),
    [
        ([99], "Ana", "document 99 is not on the shortlist of further-actions-90d; there are: "),
        ([1], " ", "--by is empty"),
    ],
)
def test_what_cannot_be_answered_is_refused(
    desk: ShortDesk, documents: list[int], by: str, said: str
) -> None:
    desk.put(MET)
    desk.until_ended()
    with desk.monitor.at() as wiring, pytest.raises(UsageError, match=said):
        dismiss_documents(wiring.ledger, wiring.catalogue, WINDOW, documents, by=by, reason="so")
    assert desk.rows("SELECT id FROM decision") == []


def test_what_is_older_than_the_instrument_is_no_candidate_and_is_looked_at(desk: ShortDesk) -> None:
    said = (
        "The United States and Mexico issued a joint statement. They announced additional measures on migration "
        "after their meeting of today."
    )
    desk.put(replace(MET, at="2019-06-06T10:00:00-04:00", text=f"{MET.text}\n\n{said}"))
    desk.until_ended()
    assert desk.window()["candidates"] == []
    (row,) = desk.shortlist().values()
    assert "predates" in {one["kind"] for one in row["why"]}
    desk.dismiss(june(23, 1))
    assert desk.verdict() == "none_found"
