"""What became of a source's time: every instant in one tile, put down to the polls that would have shown it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.compliance.intervals import Interval, IntervalSet
from servanda.compliance.timeline import NOT_ASKED, NOT_LISTED, PollRun, Tile, TileState, build_timeline

START = datetime(2019, 6, 7, 4, tzinfo=UTC)
LAG, REACH = timedelta(hours=2), timedelta(hours=24)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def stretch(from_hours: float, until_hours: float) -> Interval:
    return Interval(at(from_hours), at(until_hours))


def poll(
    began: float,
    failed: str | None = None,
    *,
    route: str = "listing",
    before: float | None = None,
    since: float | None = None,
    asked: Interval | None = None,
) -> PollRun:
    """A poll, or the run of polls from ``since`` to ``began``; ``failed`` is ``family:kind``."""
    family, _, kind = failed.partition(":") if failed else (None, "", None)
    first = at(began if since is None else since)
    return PollRun(route, first, at(began), None if before is None else at(before), family, kind, asked)


def shown(bounds: Interval, covered: list[Interval], polls: list[PollRun], now: float) -> list[str]:
    """Each tile as ``from-until state: why``, in hours since the start."""
    found = build_timeline(bounds, IntervalSet.of(covered), polls, LAG, now=at(now), reach=REACH)
    hours = [
        [(i - START) / timedelta(hours=1) for i in (t.interval.from_at, t.interval.until_at)] for t in found
    ]
    return [
        f"{a:g}-{b:g} {tile.state}" + (f": {tile.why}" if tile.why else "")
        for (a, b), tile in zip(hours, found, strict=True)
    ]


DOWN, REFUSED = "unreachable:timeout", "blocked:challenge"
READ = "read, and proves nothing there"

CASES = [
    ("nothing was ever polled, and the last hours are not yet listed", [], [], 20, [
        f"0-18 not_read: {NOT_ASKED}", f"18-20 not_read: {NOT_LISTED}",
    ]),
    ("one reading covers all that it could", [(0, 18)], [poll(20)], 20, [
        "0-18 covered", f"18-20 not_read: {NOT_LISTED}",
    ]),
    ("since the last poll, something may have been listed", [(0, 8)], [poll(10)], 20, [
        "0-8 covered", f"8-18 not_read: {NOT_ASKED}", f"18-20 not_read: {NOT_LISTED}",
    ]),
    ("a failed poll answers for the time since the one before", [(0, 8)],
     [poll(10), poll(20, DOWN, before=10)], 20, [
        "0-8 covered", "8-18 failed: listing: unreachable: timeout", f"18-20 not_read: {NOT_LISTED}",
    ]),
    ("a later reading heals: what it covers is covered, whatever failed before", [(0, 28)],
     [poll(10), poll(20, DOWN, before=10), poll(30, before=20)], 30, [
        "0-28 covered", f"28-30 not_read: {NOT_LISTED}",
    ]),
    ("a feed that rolled over: up to the failed poll it failed, after it it was read too late",
     [(0, 8), (23, 28)], [poll(10), poll(20, DOWN, before=10), poll(30, before=20)], 30, [
        "0-8 covered", "8-18 failed: listing: unreachable: timeout", f"18-23 not_read: listing: {READ}",
        "23-28 covered", f"28-30 not_read: {NOT_LISTED}",
    ]),
    ("a block is not a failure", [(0, 8)], [poll(10), poll(20, REFUSED, before=10)], 20, [
        "0-8 covered", "8-18 blocked: listing: blocked: challenge", f"18-20 not_read: {NOT_LISTED}",
    ]),
    ("one route blocked, another down: blocked", [(0, 8)],
     [poll(20, DOWN, before=10, route="feed"), poll(20, REFUSED, before=10)], 20, [
        "0-8 covered", "8-18 blocked: listing: blocked: challenge", f"18-20 not_read: {NOT_LISTED}",
    ]),
    ("the feed was read in vain, and the listing that would have shown it failed later", [(0, 8), (12, 18)],
     [poll(14, route="feed", before=10), poll(20, route="feed", before=14), poll(20, DOWN, before=10)], 20, [
        "0-8 covered", "8-12 failed: listing: unreachable: timeout", "12-18 covered",
        f"18-20 not_read: {NOT_LISTED}",
    ]),
    ("two routes that failed alike are named both", [(0, 8)],
     [poll(20, DOWN, before=10), poll(20, DOWN, before=10, route="feed")], 20, [
        "0-8 covered", "8-18 failed: feed: unreachable: timeout; listing: unreachable: timeout",
        f"18-20 not_read: {NOT_LISTED}",
    ]),
    ("an outage that changes its kind is two tiles", [(0, 8)],
     [poll(10), poll(14, DOWN, before=10), poll(20, "unrecognised:no_rows", before=14)], 20, [
        "0-8 covered", "8-12 failed: listing: unreachable: timeout",
        "12-18 failed: listing: unrecognised: no_rows", f"18-20 not_read: {NOT_LISTED}",
    ]),
    ("an outage of one kind is one tile, as single polls", [(0, 8)],
     [poll(10), poll(14, DOWN, before=10), poll(20, DOWN, before=14)], 20, [
        "0-8 covered", "8-18 failed: listing: unreachable: timeout", f"18-20 not_read: {NOT_LISTED}",
    ]),
    ("and as a run of polls", [(0, 8)], [poll(10), poll(20, DOWN, since=14, before=10)], 20, [
        "0-8 covered", "8-18 failed: listing: unreachable: timeout", f"18-20 not_read: {NOT_LISTED}",
    ]),
    ("the first poll does not answer for the years before it", [], [poll(50, DOWN)], 50, [
        f"0-24 not_read: {NOT_ASKED}", "24-48 failed: listing: unreachable: timeout",
        f"48-50 not_read: {NOT_LISTED}",
    ]),
    ("nor one after a long pause for all of the pause", [(0, 8)], [poll(10), poll(50, DOWN, before=10)], 50, [
        "0-8 covered", f"8-24 not_read: {NOT_ASKED}", "24-48 failed: listing: unreachable: timeout",
        f"48-50 not_read: {NOT_LISTED}",
    ]),
    ("one that was asked for days answers for these days", [(8, 48)],
     [poll(50, REFUSED, route="captures", asked=stretch(2, 6))], 50, [
        f"0-2 not_read: {NOT_ASKED}", "2-6 blocked: captures: blocked: challenge",
        f"6-8 not_read: {NOT_ASKED}", "8-48 covered", f"48-50 not_read: {NOT_LISTED}",
    ]),
    ("and never for what it could not yet show", [(0, 40)],
     [poll(50, DOWN, route="captures", asked=stretch(45, 60))], 50, [
        "0-40 covered", f"40-45 not_read: {NOT_ASKED}", "45-48 failed: captures: unreachable: timeout",
        f"48-50 not_read: {NOT_LISTED}",
    ]),
    ("a poll within the lag of the beginning shows nothing of it", [], [poll(1, DOWN)], 1, [
        f"0-1 not_read: {NOT_LISTED}",
    ]),
]  # fmt: skip


@pytest.mark.parametrize("sentence, covered, polls, now, expected", CASES, ids=[case[0] for case in CASES])
def test_what_became_of_the_time(
    sentence: str, covered: list[tuple[float, float]], polls: list[PollRun], now: float, expected: list[str]
) -> None:
    assert shown(stretch(0, now), [stretch(*one) for one in covered], polls, now) == expected


def test_a_source_that_has_ended_has_no_tail_that_is_not_yet_listed() -> None:
    assert shown(stretch(0, 10), [stretch(0, 10)], [], 30) == ["0-10 covered"]
    assert shown(stretch(0, 10), [stretch(0, 10)], [], 11) == ["0-10 covered"]


def test_who_asks_says_why_nothing_was_asked() -> None:
    bounds = stretch(0, 10)
    (tile,) = build_timeline(
        bounds, IntervalSet(), [], LAG, now=at(20), reach=REACH, unasked="none of its routes counts"
    )
    assert tile == Tile(bounds, TileState.NOT_READ, "none of its routes counts")


# --- what holds whatever happened ---------------------------------------------------------------------------

moments = st.integers(min_value=-40, max_value=140)
spans = st.tuples(moments, st.integers(min_value=1, max_value=60)).map(lambda p: stretch(p[0], p[0] + p[1]))
outcomes = st.sampled_from([None, DOWN, REFUSED, "unrecognised:no_rows"])


@st.composite
def histories(draw: st.DrawFn) -> list[PollRun]:
    """Polls of up to three routes, in order, and a few that were asked for days."""
    found = []
    for route in ("feed", "listing", "api")[: draw(st.integers(0, 3))]:
        before = None
        for began in sorted(draw(st.sets(moments, max_size=8))):
            found.append(poll(began, draw(outcomes), route=route, before=before))
            before = began
    for _ in range(draw(st.integers(0, 2))):
        found.append(poll(draw(moments), draw(outcomes), route="captures", asked=draw(spans)))
    return draw(st.permutations(found))


@given(
    bounds=spans, covered=st.lists(spans, max_size=6).map(IntervalSet.of), polls=histories(), slack=moments
)
def test_tiles_partition_the_time_and_covered_ones_are_the_coverage(
    bounds: Interval, covered: IntervalSet, polls: list[PollRun], slack: int
) -> None:
    found = build_timeline(bounds, covered, polls, LAG, now=at(slack), reach=REACH)
    assert found[0].interval.from_at == bounds.from_at
    assert found[-1].interval.until_at == bounds.until_at
    for one, following in pairwise(found):
        assert one.interval.until_at == following.interval.from_at, "no hole, no overlap"
        assert (one.state, one.why) != (following.state, following.why), "neighbours differ"
    as_covered = [tile.interval for tile in found if tile.state is TileState.COVERED]
    assert IntervalSet(tuple(as_covered)) == covered.within(bounds)
    assert all((tile.why is None) == (tile.state is TileState.COVERED) for tile in found)


@given(
    bounds=spans, covered=st.lists(spans, max_size=6).map(IntervalSet.of), polls=histories(), slack=moments
)
def test_each_instant_is_put_down_as_the_rule_says(
    bounds: Interval, covered: IntervalSet, polls: list[PollRun], slack: int
) -> None:
    """The same, instant by instant, without any sweeping over time."""
    for tile in build_timeline(bounds, covered, polls, LAG, now=at(slack), reach=REACH):
        for instant in (
            tile.interval.from_at,
            tile.interval.from_at + tile.interval.length / 2,
            tile.interval.until_at - timedelta(seconds=1),
        ):
            answering = [p for p in polls if (i := p.answers_for(LAG, REACH)) and i.contains(instant)]
            states = [p.state for p in answering]
            if covered.contains(instant):
                assert tile.state is TileState.COVERED
            elif TileState.BLOCKED in states:
                assert tile.state is TileState.BLOCKED
            elif TileState.FAILED in states:
                assert tile.state is TileState.FAILED
            else:
                assert tile.state is TileState.NOT_READ
                late = not answering and instant >= at(slack) - LAG
                assert (tile.why == NOT_LISTED) == late
