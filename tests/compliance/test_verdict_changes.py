from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from support.window_cases import DUE, EVERYTHING, make_evidence, make_facts, make_window

from servanda.compliance.intervals import BEGINNING, Interval, IntervalSet
from servanda.compliance.verdict_changes import (
    compare_verdicts,
    reminder_due,
    reminders_of,
    reports_condition_decision,
)
from servanda.compliance.verdicts import judge
from servanda.compliance.vocabulary import Condition, Review, Verdict, WindowFacts

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
INSIDE = datetime(2019, 8, 20, 15, tzinfo=UTC)
LATE = datetime(2019, 9, 10, 20, tzinfo=UTC)
SETTLED = DUE + 36 * HOUR
SO_FAR = IntervalSet((Interval(BEGINNING, DUE - 12 * HOUR),))

OPEN = make_facts(covered={"state": SO_FAR, "sre": SO_FAR})
COVERED = make_facts()
ONE_MISSING = make_facts(covered={"state": EVERYTHING})
ACCEPTED = make_facts(evidence=(make_evidence(INSIDE, Review.ACCEPTED),))
ACCEPTED_LATE = make_facts(evidence=(make_evidence(LATE, Review.ACCEPTED),))
REJECTED = make_facts(evidence=(make_evidence(INSIDE, Review.REJECTED),))
NOT_MET = make_facts(condition=Condition.NOT_MET)
OPENS = datetime(2019, 6, 7, 4, tzinfo=UTC)


def verdict(facts: WindowFacts, at: datetime) -> Verdict:
    return judge(make_window(), facts, at)


@pytest.mark.parametrize(
    "why, before, after, kind",
    [
        ("nothing happened", verdict(OPEN, INSIDE), verdict(OPEN, INSIDE + DAY), None),
        ("the last second of the window", verdict(OPEN, INSIDE), verdict(OPEN, DUE - SECOND), None),
        ("the window ended: the flag", verdict(OPEN, DUE - SECOND), verdict(OPEN, DUE), "window_ended"),
        ("asked again after the flag", verdict(OPEN, DUE), verdict(OPEN, DUE + HOUR), None),
        ("every duty met: the final word", verdict(OPEN, DUE), verdict(COVERED, DUE + 13 * HOUR), "final_word"),
        ("settled with a duty: the final word", verdict(OPEN, DUE), verdict(ONE_MISSING, SETTLED), "final_word"),
        ("the monitor was away over the end: one word, the final one", verdict(OPEN, DUE - DAY), verdict(ONE_MISSING, SETTLED), "final_word"),
        ("a gap closed after the final word", verdict(ONE_MISSING, SETTLED), verdict(COVERED, SETTLED + DAY), "correction"),
        ("accepted while open: the final word", verdict(OPEN, INSIDE), verdict(ACCEPTED, INSIDE + DAY), "final_word"),
        ("the end of a window that was announced", verdict(ACCEPTED, DUE - SECOND), verdict(ACCEPTED, DUE), None),
        ("the acceptance was undone while open", verdict(ACCEPTED, INSIDE + DAY), verdict(REJECTED, INSIDE + 2 * DAY), "correction"),
        ("accepted after the flag", verdict(OPEN, DUE), verdict(ACCEPTED, DUE + HOUR), "correction"),
        ("late acceptance after the final word", verdict(COVERED, SETTLED), verdict(ACCEPTED_LATE, LATE + DAY), "correction"),
        ("the condition recorded as not met while open", verdict(OPEN, INSIDE), verdict(NOT_MET, INSIDE + DAY), None),
        ("the condition recorded as not met after the flag", verdict(OPEN, DUE), verdict(NOT_MET, DUE + HOUR), "correction"),
        ("not met, then the end", verdict(NOT_MET, DUE - DAY), verdict(NOT_MET, DUE), "final_word"),
        ("not met, and met after all before the end", verdict(NOT_MET, INSIDE), verdict(OPEN, INSIDE + DAY), None),
        ("the window opens", verdict(OPEN, OPENS - SECOND), verdict(OPEN, OPENS), "window_opened"),
        ("asked again once it is open", verdict(OPEN, OPENS), verdict(OPEN, OPENS + HOUR), None),
        ("the monitor was away when it opened", verdict(OPEN, OPENS - DAY), verdict(OPEN, INSIDE), "window_opened"),
        ("it opens, and nothing is due", verdict(NOT_MET, OPENS - SECOND), verdict(NOT_MET, OPENS), None),
        ("away from before it opened until it ended", verdict(OPEN, OPENS - DAY), verdict(OPEN, DUE), "window_ended"),
    ],
)  # fmt: skip
def test_what_is_worth_telling(why: str, before: Verdict, after: Verdict, kind: str | None) -> None:
    change = compare_verdicts(before, after)
    assert (change and change.kind) == kind, why


def test_the_first_verdict_is_a_baseline_never_an_alarm() -> None:
    for facts, at in ((OPEN, INSIDE), (OPEN, DUE), (ONE_MISSING, SETTLED), (ACCEPTED, SETTLED)):
        assert compare_verdicts(None, verdict(facts, at)) is None


def test_a_window_that_is_added_to_a_monitored_instrument_is_told_while_it_is_open() -> None:
    for facts, at, kind in ((OPEN, INSIDE, "window_opened"), (OPEN, OPENS - DAY, None), (OPEN, DUE, None),
                            (ONE_MISSING, SETTLED, None), (NOT_MET, INSIDE, None)):  # fmt: skip
        change = compare_verdicts(None, verdict(facts, at), baseline=False)
        assert (change and change.kind) == kind


def test_an_opening_is_dated_when_the_window_opened_not_when_it_was_noticed() -> None:
    change = compare_verdicts(verdict(OPEN, OPENS - DAY), verdict(OPEN, OPENS + 5 * HOUR))
    assert change is not None
    assert change.effective_at == OPENS


@pytest.mark.parametrize(
    "why, before, after, told",
    [
        ("not met while open: nothing is final yet", verdict(OPEN, INSIDE), verdict(NOT_MET, INSIDE), False),
        ("not met after the flag: the correction does", verdict(OPEN, DUE), verdict(NOT_MET, DUE + HOUR), True),
        ("met after all: the correction does", verdict(NOT_MET, DUE), verdict(OPEN, DUE + HOUR), True),
        ("recorded as not met once more", verdict(NOT_MET, DUE), verdict(NOT_MET, DUE + HOUR), False),
        ("met while open", verdict(OPEN, INSIDE), verdict(make_facts(condition=Condition.MET), INSIDE), False),
        ("the flag tells of the end, not of a decision", verdict(OPEN, DUE - SECOND), verdict(OPEN, DUE), False),
        ("an acceptance is no condition", verdict(OPEN, DUE), verdict(ACCEPTED, DUE + HOUR), False),
    ],
)  # fmt: skip
def test_which_changes_tell_of_a_condition(why: str, before: Verdict, after: Verdict, told: bool) -> None:
    assert reports_condition_decision(compare_verdicts(before, after), before, after) is told, why


def test_the_flag_is_dated_when_the_window_ended_not_when_it_was_noticed() -> None:
    change = compare_verdicts(verdict(OPEN, DUE - DAY), verdict(OPEN, DUE + 5 * HOUR))
    assert change is not None
    assert change.effective_at == DUE


def test_a_final_word_by_time_is_dated_when_settling_was_over() -> None:
    change = compare_verdicts(verdict(OPEN, DUE), verdict(ONE_MISSING, SETTLED + 5 * HOUR))
    assert change is not None
    assert change.effective_at == SETTLED


LONG_AGO = datetime(2019, 6, 7, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "why, at, since, days",
    [
        ("before T-30", "2019-08-07T03:59:59", LONG_AGO, None),
        ("at T-30", "2019-08-07T04:00:00", LONG_AGO, 30),
        (
            "between T-30 and T-7 it is still T-30's, told once by its key",
            "2019-08-20T00:00:00",
            LONG_AGO,
            30,
        ),
        ("at T-7", "2019-08-30T04:00:00", LONG_AGO, 7),
        ("at T-1", "2019-09-05T04:00:00", LONG_AGO, 1),
        ("at the end there is no reminder", "2019-09-06T04:00:00", LONG_AGO, None),
        ("monitoring began after T-7", "2019-09-01T00:00:00", datetime(2019, 8, 31, tzinfo=UTC), None),
        ("and then comes T-1", "2019-09-05T04:00:00", datetime(2019, 8, 31, tzinfo=UTC), 1),
        ("away from T-30 to T-1: one reminder", "2019-09-05T12:00:00", LONG_AGO, 1),
    ],
)
def test_reminders(why: str, at: str, since: datetime, days: int | None) -> None:
    now = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert reminder_due(make_window(), verdict(OPEN, now), since) == days, why


def test_what_is_answered_needs_no_reminder() -> None:
    now = datetime(2019, 9, 1, tzinfo=UTC)
    assert reminder_due(make_window(), verdict(ACCEPTED, now), LONG_AGO) is None
    assert reminder_due(make_window(), verdict(NOT_MET, now), LONG_AGO) is None


def test_a_reminder_that_would_come_before_the_window_opens_is_none() -> None:
    short = make_window(duration="P14D", reminders=(30, 14, 13, 1))
    assert [days for days, _ in reminders_of(short)] == [14, 13, 1], "T-14 is the day after the anchor"
    opened = judge(short, OPEN, OPENS)
    assert reminder_due(short, opened, LONG_AGO - 30 * DAY) is None
    first = judge(short, OPEN, OPENS + DAY)
    assert reminder_due(short, first, LONG_AGO - 30 * DAY) == 14
