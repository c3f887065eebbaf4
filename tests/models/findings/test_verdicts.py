"""What was said of windows last, and when time alone will change it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.many_instruments import ENDED_AT, FOUND_AT, many_instruments, window_of

from servanda.compliance.vocabulary import Condition
from servanda.jobs.assess import assess
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.models.findings import verdicts as findings
from servanda.models.findings.verdicts import Decision

WINDOWS = [window_of(n) for n in range(3)]


@pytest.fixture
def wiring(tmp_path: Path, database_url: str) -> Iterator[Wiring]:
    """Three windows, judged while they were open and after they had ended."""
    for now in (FOUND_AT, ENDED_AT):
        with many_instruments(tmp_path, 3, now, database_url) as opened:
            assess(opened)
    with many_instruments(tmp_path, 3, ENDED_AT, database_url) as opened:
        yield opened


def test_the_last_verdict_of_each_window_that_is_asked_about_and_its_first(wiring: Wiring) -> None:
    with wiring.store.reading() as db:
        found = findings.judged_windows(db, [*WINDOWS[:2], "unknown"])
        assert {window: judged.last for window, judged in found.items()} == {
            window: findings.last_verdict(db, window) for window in WINDOWS[:2]
        }
    assert {judged.first_at for judged in found.values()} == {FOUND_AT}
    assert {judged.last.known_at for judged in found.values()} == {ENDED_AT}


def test_the_clock_of_each_window_that_still_has_one(wiring: Wiring) -> None:
    with wiring.store.writing() as db:
        findings.set_window_clock(db, [(WINDOWS[0], ENDED_AT), (WINDOWS[1], None), (WINDOWS[2], FOUND_AT)])
        assert findings.window_clocks(db, WINDOWS[:2]) == {WINDOWS[0]: ENDED_AT}


def test_the_conditions_of_the_windows_that_are_asked_about(wiring: Wiring) -> None:
    with wiring.store.writing() as db:
        for n, value in enumerate(("met", "not_met")):
            for window in WINDOWS[: n + 1]:
                made = Decision("condition", f"window:{window}", value, "Ana", "so", FOUND_AT + timedelta(n))
                findings.record_decision(db, made)
        now = FOUND_AT + timedelta(1)
        every = {WINDOWS[0]: Condition.NOT_MET, WINDOWS[1]: Condition.NOT_MET}
        assert findings.conditions(db, now) == every
        assert findings.conditions(db, now, WINDOWS[1:]) == {WINDOWS[1]: Condition.NOT_MET}
        assert findings.conditions(db, FOUND_AT) == {WINDOWS[0]: Condition.MET}
