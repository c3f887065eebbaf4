"""Whether our clock is believed, in cases: publishers that agree, disagree, are silent, or speak from a cache."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from servanda.compliance.clocks import (
    ClockReading,
    Moment,
    has_jumped,
    is_clock_wrong,
    judge_clock,
    still_holds,
)

NOW = datetime(2019, 9, 5, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=n) for n in (1, 60, 3600, 86_400))
HERE = Moment(NOW, "boot", 1000.0)


def beside(
    publisher: str | None, ahead: timedelta, ago: timedelta = timedelta(0), boot: str = "boot"
) -> ClockReading:
    """Our clock, so far ahead of a publisher's, some time ago on the machine as it runs."""
    moment = Moment(NOW - ago, boot, 1000.0 - ago.total_seconds())
    return ClockReading(moment, publisher, None if publisher is None else moment.at - ahead)


NONE = timedelta(0)
CASES = [
    ("nobody was ever asked", [], [], "unstated"),
    ("the only publisher agrees", [beside("a", NONE)], [], "borne_out"),
    ("it agrees to the last second that is tolerated", [beside("a", MINUTE)], [], "borne_out"),
    ("one second more", [beside("a", MINUTE + SECOND)], [], "disagrees"),
    ("we are behind by as much", [beside("a", -MINUTE - SECOND)], [], "disagrees"),
    ("we are a year ahead", [beside("a", 365 * DAY)], [], "disagrees"),
    ("one publisher is wrong and another agrees", [beside("a", DAY), beside("b", NONE)], [], "borne_out"),
    ("two speak against one", [beside("a", DAY), beside("b", DAY), beside("c", NONE)], [], "disagrees"),
    ("a copy from a cache beside a fresh answer", [beside("a", DAY), beside("a", NONE)], [], "borne_out"),
    ("others agreed an hour ago, and the clock ran on", [], [beside("a", NONE, HOUR)], "borne_out"),
    ("others disagreed an hour ago, and the clock ran on", [], [beside("a", DAY, HOUR)], "disagrees"),
    ("an hour ago one agreed, another disagrees now", [beside("a", DAY)], [beside("b", NONE, HOUR)], "borne_out"),
    ("what a publisher said before counts no more when it speaks", [beside("a", DAY)], [beside("a", NONE, HOUR)], "disagrees"),
    ("others agreed before the machine started anew", [], [beside("a", NONE, HOUR, "other")], "unattested"),
    ("others agreed, and the clock was moved since", [], [ClockReading(Moment(NOW - DAY, "boot", 999.0), "a", NOW - DAY)], "unattested"),
    ("nobody states a time, and the clock ran on", [beside(None, NONE)], [beside(None, NONE, HOUR)], "unstated"),
    ("nobody states a time, and the clock was moved", [beside(None, NONE)], [ClockReading(Moment(NOW - DAY, "boot", 999.0))], "disagrees"),
    ("nobody states a time, and the machine started anew", [beside(None, NONE)], [beside(None, NONE, DAY, "other")], "unstated"),
]  # fmt: skip


@pytest.mark.parametrize(("fresh", "earlier", "trust"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_our_clock_is_believed_where_others_bear_it_out(
    fresh: list[ClockReading], earlier: list[ClockReading], trust: str
) -> None:
    judgement = judge_clock(fresh, earlier, HERE)
    assert judgement.trust == trust
    assert judgement.is_trusted == (trust in ("borne_out", "unstated"))


def test_a_disagreement_says_how_far_and_with_whom() -> None:
    judgement = judge_clock([beside("www.state.example", 4 * DAY + HOUR)], [], HERE)
    assert judgement.reason.endswith("ours is 4 days 1 hours ahead of www.state.example")
    behind = judge_clock([beside("www.state.example", -5 * MINUTE)], [], HERE)
    assert behind.reason.endswith("ours is 5 minutes behind www.state.example")


@pytest.mark.parametrize(
    ("then", "holds"),
    [
        (Moment(NOW - HOUR, "boot", 1000.0 - 3600), True),
        (Moment(NOW - HOUR - MINUTE, "boot", 1000.0 - 3600), True),
        (Moment(NOW - HOUR - MINUTE - SECOND, "boot", 1000.0 - 3600), False),
        (Moment(NOW - HOUR, "other", 1000.0 - 3600), False),
        (Moment(NOW - HOUR, None, None), False),
        (Moment(NOW - 10 * DAY - 2 * MINUTE, "boot", 1000.0 - 864_000), True),
    ],
)
def test_a_reading_holds_while_our_clock_runs_as_the_machine_does(then: Moment, holds: bool) -> None:
    assert still_holds(ClockReading(then, "a", then.at), HERE) is holds


@pytest.mark.parametrize(
    ("before", "wrong"),
    [
        (None, False),
        (beside("a", 3 * HOUR, HOUR), True),
        (beside("a", 2 * HOUR, HOUR), False),
        (beside("a", 3 * HOUR, MINUTE), False),
    ],
    ids=["first seen", "as far off an hour ago", "the same copy an hour ago", "too soon to tell"],
)
def test_a_wrong_clock_is_told_from_an_old_answer(before: ClockReading | None, wrong: bool) -> None:
    assert is_clock_wrong(beside("a", 3 * HOUR), before) is wrong


def test_a_clock_that_was_moved_during_a_reading_is_seen() -> None:
    later = Moment(NOW + DAY)
    assert has_jumped(HERE, later, 30.0)
    assert not has_jumped(HERE, later, DAY.total_seconds())
