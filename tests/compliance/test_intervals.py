from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.compliance.intervals import Interval, IntervalSet, between

START = datetime(2019, 6, 1, tzinfo=UTC)


def hour(n: int) -> datetime:
    return START + timedelta(hours=n)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    first = draw(st.integers(0, 60))
    return Interval(hour(first), hour(first + draw(st.integers(1, 20))))


many = st.lists(intervals(), max_size=12)


def instants(found: IntervalSet) -> set[int]:
    """The same set by brute force: the hours it contains."""
    return {n for n in range(-5, 90) if found.contains(hour(n))}


@given(many)
def test_a_union_contains_what_its_parts_contain_and_no_more(parts: list[Interval]) -> None:
    expected = {n for n in range(-5, 90) if any(p.contains(hour(n)) for p in parts)}
    assert instants(IntervalSet.of(parts)) == expected


@given(many, st.randoms())
def test_a_union_does_not_depend_on_the_order(parts: list[Interval], random: Random) -> None:
    shuffled = list(parts)
    random.shuffle(shuffled)
    assert IntervalSet.of(shuffled) == IntervalSet.of(parts)


@given(many, intervals())
def test_covered_and_gaps_tile_the_bounds(parts: list[Interval], bounds: Interval) -> None:
    covered = IntervalSet.of(parts)
    inside, gaps = covered.within(bounds), covered.gaps(bounds)
    assert instants(inside) | instants(gaps) == {n for n in range(-5, 90) if bounds.contains(hour(n))}
    assert not instants(inside) & instants(gaps)
    assert IntervalSet.of((*inside.intervals, *gaps.intervals)) == IntervalSet((bounds,))


@given(many)
def test_the_parts_of_a_set_never_touch(parts: list[Interval]) -> None:
    found = IntervalSet.of(parts).intervals
    assert all(a.until_at < b.from_at for a, b in pairwise(found))


@given(many, many, intervals())
def test_more_coverage_never_makes_a_gap(
    some: list[Interval], more: list[Interval], bounds: Interval
) -> None:
    before, after = IntervalSet.of(some), IntervalSet.of((*some, *more))
    assert instants(after.gaps(bounds)) <= instants(before.gaps(bounds))
    assert not (before.includes(bounds) and not after.includes(bounds))


@pytest.mark.parametrize(
    "from_at, until_at",
    [(hour(1), hour(1)), (hour(2), hour(1)), (datetime(2019, 6, 1), hour(1))],
)
def test_an_empty_backward_or_naive_interval_is_refused(from_at: datetime, until_at: datetime) -> None:
    with pytest.raises(ValueError):
        Interval(from_at, until_at)


def test_between_gives_none_instead_of_an_empty_interval() -> None:
    assert between(hour(1), hour(1)) is None
    assert between(hour(1), hour(2)) == Interval(hour(1), hour(2))
