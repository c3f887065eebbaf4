"""Which later reading closed which gap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.compliance.intervals import Interval, IntervalSet
from servanda.compliance.late_coverage import CoverageClaim, find_late_coverage

START = datetime(2019, 6, 7, tzinfo=UTC)
DAY = timedelta(days=1)
IN_TIME = timedelta(days=2)
BOUNDS = Interval(START, START + 90 * DAY)


def day(n: float) -> datetime:
    return START + n * DAY


def claim(poll: int, since: float, until: float, known: float, route: str = "listing") -> CoverageClaim:
    return CoverageClaim(Interval(day(since), day(until)), route, poll, day(known))


CASES = [
    ("a reading in time closes nothing", [claim(1, 0, 5, 5)], [(0.0, 3.0, 1)]),
    ("daily readings leave nothing to close", [claim(n, n - 1, n, n) for n in range(1, 9)], []),
    ("as late as is in time is in time", [claim(1, 4, 5, 6)], []),
    ("a little later is late, by just so much", [claim(1, 4, 5, 6.5)], [(4, 4.5, 1)]),
    (
        "a gap closed by a later reading",
        [claim(1, 0, 1, 1), claim(2, 4, 5, 5), claim(3, 1, 5, 9)],
        [(1, 4, 3)],
    ),
    (
        "the first that saw it closed it",
        [claim(1, 1, 4, 9), claim(2, 0, 5, 10)],
        [(0, 1, 2), (1, 4, 1), (4, 5, 2)],
    ),
    ("outside of the window nothing counts", [claim(1, -9, -1, 50), claim(2, 95, 99, 120)], []),
]


@pytest.mark.parametrize("why, claims, expected", CASES, ids=[case[0] for case in CASES])
def test_what_closed_which_gap(
    why: str, claims: list[CoverageClaim], expected: list[tuple[float, float, int]]
) -> None:
    found = find_late_coverage(claims, BOUNDS, IN_TIME)
    assert [(c.interval, c.poll) for c in found] == [
        (Interval(day(since), day(until)), poll) for since, until, poll in expected
    ], why


def test_a_closing_names_route_reading_and_time() -> None:
    (found,) = find_late_coverage([claim(7, 1, 4, 30, "captures")], BOUNDS, IN_TIME)
    assert (found.route, found.poll, found.read_at) == ("captures", 7, day(30))


@given(
    st.lists(
        st.tuples(st.integers(-5, 95), st.integers(1, 20), st.integers(0, 40)).map(
            lambda t: (t[0], t[0] + t[1], t[0] + t[1] + t[2])
        ),
        max_size=12,
    )
)
def test_closings_never_overlap_and_lie_in_what_is_covered(drawn: list[tuple[int, int, int]]) -> None:
    rows = sorted((known, since, until) for since, until, known in drawn)
    claims = [claim(n, since, until, known) for n, (known, since, until) in enumerate(rows)]
    found = [c.interval for c in find_late_coverage(claims, BOUNDS, IN_TIME)]
    covered = IntervalSet.of(c.interval for c in claims).within(BOUNDS)
    assert found == sorted(found)
    assert all(a.until_at <= b.from_at for a, b in pairwise(found))
    assert all(covered.includes(interval) for interval in found)
    for n in range(90):  # an instant is closed if and only if the first to see it came late
        first = next((c for c in claims if c.interval.contains(day(n + 0.5))), None)
        late = first is not None and first.known_at - IN_TIME > day(n + 0.5)
        assert any(i.contains(day(n + 0.5)) for i in found) == late
