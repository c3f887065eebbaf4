"""What a judgement asks of the database: of each instrument as much however many there are, and no more than
it needs."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from support.many_instruments import ENDED_AT, FOUND_AT, SOURCES, many_instruments, window_of
from support.plans import Statement, scanned, statements

from servanda.compliance.vocabulary import Review
from servanda.jobs.assess import assess
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.decisions.review import decide_review
from servanda.jobs.views import status as views
from servanda.jobs.views.review_queue import evidence_to_review
from servanda.models.alerts.alerts import alerts
from servanda.models.findings import verdicts as findings

OF_EACH = 10
"""Evidence, the condition, the last verdicts, since when it waits, when that was told last, the clock; the
shortlist, how many documents were listed, and which times listings and pages stated."""


def asked(wiring: Wiring, work: Callable[[Wiring], object]) -> list[Statement]:
    with statements() as seen:
        work(wiring)
    return list(seen)


def unchanged(folder: Path, count: int) -> list[Statement]:
    """What an assessment asks that finds nothing new."""
    folder.mkdir()
    with many_instruments(folder, count) as wiring:
        assert assess(wiring).changed == count
        return asked(wiring, assess)


def test_each_instrument_costs_as_many_statements_however_many_there_are(tmp_path: Path) -> None:
    two, four, eight = (len(unchanged(tmp_path / str(n), n)) for n in (2, 4, 8))
    assert (four - two, eight - four) == (2 * OF_EACH, 4 * OF_EACH)


@pytest.mark.parametrize(
    ("table", "times"),
    [("screening", 1), ("monitored", 1), ("coverage", 2), ("canary", 1), ("quarantine", 1)],
)
def test_what_instruments_share_is_asked_once_a_run(tmp_path: Path, table: str, times: int) -> None:
    """Of coverage: the union, and what single readings claimed."""
    seen = unchanged(tmp_path / "few", 8)
    assert sum(re.search(rf"\bFROM {table}\b", text) is not None for text, _ in seen) == times


@pytest.mark.parametrize(
    ("now", "reminded", "case"),
    [
        (FOUND_AT, False, "the window is open, and evidence waits"),
        (datetime(2019, 8, 10, tzinfo=UTC), True, "it is open, and its reminder was told"),
        (ENDED_AT, False, "it is settled"),
    ],
)
def test_an_assessment_that_finds_nothing_new_does_not_write(
    tmp_path: Path, now: datetime, reminded: bool, case: str
) -> None:
    for moment in (FOUND_AT, now):
        with many_instruments(tmp_path, 2, moment) as wiring:
            assess(wiring)
    with many_instruments(tmp_path, 2, now) as wiring:
        seen = asked(wiring, assess)
        with wiring.store.reading() as db:
            told = {stored.alert.kind for stored in alerts(db)}
    assert {text for text, _ in seen if not text.startswith("SELECT")} == {"BEGIN"}, case
    assert ("window_closing" in told) is reminded, case


def test_only_the_instrument_with_news_is_written_down(tmp_path: Path) -> None:
    with many_instruments(tmp_path, 4) as wiring:
        assess(wiring)
        waiting = next(row for row in evidence_to_review(wiring.ledger) if row.instrument == "instrument-2")
        decision = decide_review(wiring.ledger, waiting.id, Review.ACCEPTED, by="Ana", reason="it says so")
        seen = asked(wiring, lambda w: assess(w, decision=decision))
        assert sum("IMMEDIATE" in text for text, _ in seen) == 1
        written = [given for text, given in seen if text.startswith("INSERT INTO verdict")]
        assert [given[0] for given in written] == [window_of(2)]


def test_an_assessment_walks_through_no_ledger(tmp_path: Path) -> None:
    """But for counting, by an index, how many versions there are, how many were checked and matched, and
    for each window how many documents were listed in it."""
    seen = unchanged(tmp_path / "few", 2)
    questions = [one for one in seen if one[0].startswith("SELECT") and "count(" not in one[0]]
    with many_instruments(tmp_path / "few", 2) as wiring, wiring.store.reading() as db:
        walked = {text: found for text, given in questions if (found := scanned(db, (text, given)))}
    assert len(seen) - len(questions) == len(
        ["BEGIN"] * 3 + ["checks", "versions", "screenings", "listed", "listed"]
    )
    assert walked == {}


def test_a_window_is_asked_about_alone(tmp_path: Path) -> None:
    """The same statements however many there are, and none names another window, instrument or source."""

    def one(wiring: Wiring) -> object:
        return views.window(wiring.ledger, wiring.catalogue, window_of(1), ENDED_AT)

    counted = []
    for count in (2, 8):
        with many_instruments(tmp_path / str(count), count) as wiring:
            assess(wiring)
            seen = asked(wiring, one)
            counted.append(len(seen))
            given = {str(value) for _, values in seen for value in values}
            others = {f"instrument-{n}" for n in range(count) if n != 1}
            others |= {f"window:{window_of(n)}" for n in range(count) if n != 1}
            others |= {window_of(n) for n in range(count) if n != 1} | (set(SOURCES) - {SOURCES[1]})
            assert {"instrument-1", window_of(1), SOURCES[1]} <= given
            assert given & others == set()
            assert not any("FROM verdict" in text for text, _ in seen)
            every = views.status(wiring.ledger, wiring.catalogue, ENDED_AT)["windows"]
            assert one(wiring) == every[1]
    assert counted[0] == counted[1]


def test_a_review_asks_for_its_evidence_alone(tmp_path: Path) -> None:
    with many_instruments(tmp_path, 8) as wiring:
        with statements() as seen:
            decide_review(wiring.ledger, 4, Review.ACCEPTED, by="Ana", reason="it says so")
        (question,) = [one for one in seen if one[0].startswith("SELECT")]
        assert 4 in question[1]
        with wiring.store.reading() as db:
            assert scanned(db, question) == set()


@pytest.fixture
def before_the_next_writer() -> object:
    """Does something once, between the look at what is new and the transaction that records it."""
    listeners = []

    def between(work: Callable[[], None]) -> None:
        done = False

        def begun(db: Connection, _cursor: object, statement: str, *_: object) -> None:
            nonlocal done
            if "IMMEDIATE" in statement and not done:
                done = True
                work()

        event.listen(Engine, "before_cursor_execute", begun)
        listeners.append(begun)

    yield between
    for listener in listeners:
        event.remove(Engine, "before_cursor_execute", listener)


def test_what_came_between_the_look_and_the_record_is_judged(
    tmp_path: Path, before_the_next_writer: Callable[[Callable[[], None]], None]
) -> None:
    """The look saw a window that ended unanswered; when it is recorded, somebody has accepted evidence."""
    with many_instruments(tmp_path, 1, FOUND_AT) as wiring:
        assess(wiring)

    def accept() -> None:
        with sqlite3.connect(tmp_path / "servanda.db") as other:
            other.execute(
                "INSERT INTO decision (kind, subject, value, by, reason, known_at)"
                " VALUES ('review', 'evidence:1', 'accepted', 'Ana', 'it says so', '2019-11-01 00:00:00.000000')"
            )

    with many_instruments(tmp_path, 1) as wiring:
        before_the_next_writer(accept)
        assert assess(wiring).changed == 1
        with wiring.store.reading() as db:
            last = findings.last_verdict(db, window_of(0))
    assert last is not None
    assert (last.verdict.value, last.verdict.accepted) == ("announced", (1,))
