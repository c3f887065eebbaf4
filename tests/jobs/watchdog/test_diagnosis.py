"""What the watchdog finds wrong, case by case, and how late it can be at worst."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from servanda.jobs.watchdog.diagnosis import FAILING_FOR, GRACE, SKEW, duration_text, find_problems
from servanda.jobs.watchdog.heartbeat_files import Heartbeat, UnreadableHeartbeat

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
DUE = NOON + timedelta(minutes=15)
PULSE = Heartbeat("notify", "ended", NOON, DUE, "airflow", NOON)
FAILED = replace(PULSE, failure="OperationalError: connection refused", failing_since=NOON)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    "pulse, now, kind, because",
    [
        (PULSE, NOON, None, "just left"),
        (PULSE, DUE + GRACE - SECOND, None, "due, and still awaited"),
        (PULSE, DUE + GRACE, "silent", "awaited long enough"),
        (PULSE, DUE + timedelta(days=400), "silent", "for ever"),
        (replace(PULSE, state="at_work"), DUE + GRACE, "silent", "a round that hangs is as silent as none"),
        (replace(PULSE, state="promised"), DUE + GRACE, "silent", "promised and never done"),
        (replace(PULSE, due_at=None), DUE + timedelta(days=9), "unpromised", "nobody said when"),
        (replace(PULSE, at=NOON + SKEW), NOON, None, "clocks of two machines differ a little"),
        (replace(PULSE, at=NOON + SKEW + SECOND), NOON, "future", "a sign of life from the future is none"),
        (FAILED, NOON + FAILING_FOR - SECOND, None, "a scheduler tries again first"),
        (FAILED, NOON + FAILING_FOR, "failing", "rounds come and fail"),
        (
            replace(FAILED, state="at_work"),
            NOON + FAILING_FOR,
            "failing",
            "at work again, and not mended yet",
        ),
        (FAILED, DUE + GRACE, "silent", "silence is the graver of the two"),
    ],
)
def test_each_case(pulse: Heartbeat, now: datetime, kind: str | None, because: str) -> None:
    found = find_problems([pulse], now)
    assert [one.kind for one in found] == ([] if kind is None else [kind]), because


@pytest.mark.parametrize("offset", range(0, 600, 7))
def test_looked_for_every_ten_minutes_silence_is_found_within_25_minutes_of_the_due_time(offset: int) -> None:
    """Whenever in its ten minutes the watchdog happens to look: the last look that finds nothing, the first that does."""
    look = DUE + timedelta(seconds=offset)
    while not find_problems([PULSE], look):
        look += timedelta(minutes=10)
    assert GRACE <= look - DUE < timedelta(minutes=25) < timedelta(minutes=30)


def test_the_worst_case_is_reached() -> None:
    """Else the promise of 25 minutes could be better."""
    look = DUE + GRACE - SECOND
    assert find_problems([PULSE], look) == []
    assert find_problems([PULSE], look + timedelta(minutes=10)) != []
    assert (look + timedelta(minutes=10)) - DUE == timedelta(minutes=25) - SECOND


def test_a_monitor_that_has_never_run_is_told() -> None:
    (one,) = find_problems([], NOON)
    assert (one.about, one.kind) == ("monitor", "never")
    assert "has ever left a sign of life" in one.words


def test_a_broken_file_is_told_and_hides_no_other_problem() -> None:
    found = find_problems(
        [UnreadableHeartbeat("collect", "var/pulse/collect.json: no whole JSON"), PULSE], DUE + GRACE
    )
    assert [(one.about, one.kind) for one in found] == [("collect", "unreadable"), ("notify", "silent")]
    assert "var/pulse/collect.json: no whole JSON" in found[0].words


def test_one_promise_among_several_is_enough() -> None:
    assert find_problems([PULSE, Heartbeat("run", "ended", NOON)], DUE) == []


def test_each_problem_is_one_plain_sentence() -> None:
    assert find_problems([PULSE], DUE + 25 * MINUTE)[0].words == (
        "notify is silent since 2026-01-31 12:00 UTC; its next sign of life was due at 2026-01-31 12:15 UTC, "
        "25 minutes ago"
    )
    working = replace(FAILED, state="at_work")
    assert find_problems([working], DUE + 125 * MINUTE)[0].words == (
        "notify has been at work since 2026-01-31 12:00 UTC and said nothing more; its next sign of life was due "
        "at 2026-01-31 12:15 UTC, 2 hours ago. Its last round failed: OperationalError: connection refused"
    )
    assert find_problems([replace(PULSE, state="promised")], DUE + GRACE)[0].words.startswith(
        "notify has never run"
    )


@pytest.mark.parametrize(
    "minutes, words",
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (119, "119 minutes"),
        (120, "2 hours"),
        (2879, "47 hours"),
        (2880, "2 days"),
    ],
)
def test_lengths_in_words(minutes: int, words: str) -> None:
    assert duration_text(minutes * MINUTE) == words
