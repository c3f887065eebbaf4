"""What a person answers on a doubtful document, and what becomes of the verdict."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.doubtful import ENDED_AT, EXPIRED, READINGS, TALKS, ShortDesk, june
from support.monitors import Monitor

from servanda.compliance.vocabulary import DocumentAnswer
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.decisions.document_review import review_document
from servanda.jobs.views.document import document as view

pytestmark = pytest.mark.slow

IS, IS_NOT, IRRELEVANT = DocumentAnswer.IS_DOCUMENT, DocumentAnswer.IS_NOT, DocumentAnswer.IRRELEVANT


@pytest.fixture
def desk(any_monitor: Monitor) -> ShortDesk:
    """A window that has ended, with one release in whose place another page stands."""
    return ended(any_monitor)


@pytest.fixture
def one_desk(monitor: Monitor) -> ShortDesk:
    return ended(monitor)


def ended(monitor: Monitor) -> ShortDesk:
    desk = ShortDesk(monitor)
    desk.put(TALKS)
    desk.instead["talks"] = EXPIRED
    desk.until_ended()
    assert (desk.verdict(), list(desk.doubtful())) == ("unverified", [TALKS.title])
    return desk


@pytest.mark.parametrize(
    ("answer", "verdict", "waits", "why"),
    [
        (IS, "none_found", False, "it is the document, and no rule found anything in it"),
        (IRRELEVANT, "none_found", False, "whatever it is, it does not matter"),
        (IS_NOT, "unverified", True, "it stays a duty"),
    ],
)
def test_what_an_answer_does(
    one_desk: ShortDesk, answer: DocumentAnswer, verdict: str, waits: bool, why: str
) -> None:
    one_desk.answer("talks", answer, ENDED_AT)
    assert (one_desk.verdict(), bool(one_desk.doubtful())) == (verdict, waits), why
    assert [kind for kind, _ in one_desk.duties()] == (["doubtful"] if waits else [])


def test_a_later_answer_undoes_an_earlier_one(desk: ShortDesk) -> None:
    said = []
    for hour, answer in ((18, IS), (19, IS_NOT), (20, IRRELEVANT), (21, IS_NOT)):
        desk.answer("talks", answer, june(22, hour))
        said.append((desk.verdict(), bool(desk.doubtful())))
    assert said == [("none_found", False), ("unverified", True), ("none_found", False), ("unverified", True)]


def test_an_answer_holds_for_the_content_that_it_was_given_on(desk: ShortDesk) -> None:
    first = desk.answer("talks", IS, ENDED_AT)
    desk.read(june(22, 20))
    assert (desk.verdict(), desk.doubtful()) == ("none_found", {}), "seen again, the same content"
    desk.instead["talks"] = EXPIRED.replace("sign in again", "try once more")
    desk.read(june(23, 18))
    assert (desk.verdict(), list(desk.doubtful())) == ("unverified", [TALKS.title]), "another content"
    second = desk.answer("talks", IRRELEVANT, june(23, 19))
    assert (desk.verdict(), first != second) == ("none_found", True)
    desk.instead["talks"] = EXPIRED
    desk.read(june(25, 18))
    assert desk.verdict() == "none_found", "the first content is back, and so is its answer"


def test_the_answer_of_one_document_says_nothing_of_another(one_desk: ShortDesk) -> None:
    other = replace(TALKS, slug="other", title="Library Opens Reading Room", at="2019-06-20T10:00:00-04:00")
    one_desk.put(other)
    one_desk.instead["other"] = EXPIRED
    one_desk.read(june(22, 20))
    one_desk.answer("talks", IRRELEVANT, june(22, 20))
    assert list(one_desk.doubtful()) == [other.title]
    assert one_desk.verdict() == "unverified"


def test_what_was_answered_is_on_record(one_desk: ShortDesk) -> None:
    number = one_desk.document("talks")
    with one_desk.monitor.at(ENDED_AT) as wiring:
        told = review_document(
            wiring.ledger, number, IS, by="Ana", reason="read it", text_at="https://a.example/text"
        )
        shown = view(wiring.ledger, wiring.catalogue, number, wiring.now)
        before = view(wiring.ledger, wiring.catalogue, number, READINGS[-1])
    assert (shown["answer"], len(shown["doubts"]) > 0) == ("is_document", True), (
        "a doubt is told with its answer"
    )
    assert before["answer"] is None
    (row,) = one_desk.rows('SELECT kind, subject, value, "by", reason FROM decision')
    assert tuple(row) == (
        "document",
        f"document:{number}:{told}",
        "is_document",
        "Ana",
        "read it (its text stands at https://a.example/text)",
    )
    assert told in [content["digest"] for content in shown["versions"]]


@pytest.mark.parametrize(
    ("by", "reason", "message"),
    [
        ("", "read it", "--by is empty; say who looked, and why"),
        ("  ", "read it", "--by is empty"),
        ("Ana", "", "--reason is empty"),
        ("Ana", "\t", "--reason is empty"),
    ],
)
def test_who_looked_and_why_must_be_said(one_desk: ShortDesk, by: str, reason: str, message: str) -> None:
    with one_desk.monitor.at(ENDED_AT) as wiring, pytest.raises(UsageError, match=message):
        review_document(wiring.ledger, one_desk.document("talks"), IS, by=by, reason=reason)
    assert one_desk.rows("SELECT id FROM decision") == []


def test_what_was_never_read_cannot_be_answered_for(one_desk: ShortDesk) -> None:
    one_desk.put(replace(TALKS, slug="unread", title="Library Opens", at="2019-06-22T12:00:00-04:00"))
    one_desk.statuses["unread"] = 503
    one_desk.read(june(22, 20))
    with one_desk.monitor.at() as wiring:
        for number in (one_desk.document("unread"), 10_000):
            with pytest.raises(UsageError, match=f"there is no document {number} that was read"):
                review_document(wiring.ledger, number, IS, by="Ana", reason="read it")


def test_a_document_that_nobody_doubts_may_be_answered_for(one_desk: ShortDesk) -> None:
    """A look of today that also counts should the content become doubtful by later rules."""
    one_desk.answer("day-6-20", IS, ENDED_AT)
    assert list(one_desk.doubtful()) == [TALKS.title]
