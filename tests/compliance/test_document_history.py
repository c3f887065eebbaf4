from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.compliance.document_history import WITHDRAWN_AFTER, Observation, derive_history, is_withdrawn

NOON = datetime(2019, 9, 6, 12, tzinfo=UTC)
A, B = 1, 2
SECOND = timedelta(seconds=1)


def looks(*seen: tuple[float, int | None]) -> list[Observation]:
    """Looks at minutes after noon; None for gone. Their ids are 1, 2, 3 …"""
    return [
        Observation(n, NOON + timedelta(minutes=minute), "gone" if version is None else "seen", version)
        for n, (minute, version) in enumerate(seen, 1)
    ]


CASES = [
    ("nothing is known of what was never looked at", [], []),
    ("first seen: published", [(0, A)], [("published", 0, 1)]),
    ("the same again is no step", [(0, A), (60, A)], [("published", 0, 1)]),
    ("another content", [(0, A), (60, B)], [("published", 0, 1), ("edited", 60, 2)]),
    (
        "back to the first content is an edit too",
        [(0, A), (60, B), (90, A)],
        [("published", 0, 1), ("edited", 60, 2), ("edited", 90, 3)],
    ),
    ("gone once may be a mishap", [(0, A), (60, None)], [("published", 0, 1)]),
    (
        "gone for a moment and back: nothing happened",
        [(0, A), (60, None), (61, A)],
        [("published", 0, 1)],
    ),
    (
        "gone for a moment and back with another content",
        [(0, A), (60, None), (61, B)],
        [("published", 0, 1), ("edited", 61, 3)],
    ),
    ("gone twice, a little less than half an hour apart", [(0, A), (60, None), (89.9, None)], [("published", 0, 1)]),
    (
        "gone twice, just half an hour apart: withdrawn since the first time, known by the second",
        [(0, A), (60, None), (90, None)],
        [("published", 0, 1), ("withdrawn", 60, 3)],
    ),
    (
        "three times within: the first and the last count",
        [(0, A), (60, None), (80, None), (90, None)],
        [("published", 0, 1), ("withdrawn", 60, 4)],
    ),
    (
        "seen in between: the count begins anew",
        [(0, A), (60, None), (70, A), (95, None)],
        [("published", 0, 1)],
    ),
    (
        "withdrawn is told once",
        [(0, A), (60, None), (90, None), (900, None)],
        [("published", 0, 1), ("withdrawn", 60, 3)],
    ),
    (
        "restored as it was",
        [(0, A), (60, None), (90, None), (120, A)],
        [("published", 0, 1), ("withdrawn", 60, 3), ("restored", 120, 4)],
    ),
    (
        "restored with another content: both",
        [(0, A), (60, None), (90, None), (120, B)],
        [("published", 0, 1), ("withdrawn", 60, 3), ("restored", 120, 4), ("edited", 120, 4)],
    ),
    (
        "withdrawn, restored, withdrawn again",
        [(0, A), (60, None), (90, None), (120, A), (180, None), (240, None)],
        [("published", 0, 1), ("withdrawn", 60, 3), ("restored", 120, 4), ("withdrawn", 180, 6)],
    ),
    ("gone before it was ever read", [(0, None), (30, None)], [("withdrawn", 0, 2)]),
    (
        "gone before it was read, and there after all",
        [(0, None), (30, None), (60, A)],
        [("withdrawn", 0, 2), ("restored", 60, 3)],
    ),
    ("gone once before it was read", [(0, None), (60, A)], [("published", 60, 2)]),
]  # fmt: skip


@pytest.mark.parametrize("why, seen, steps", CASES, ids=[case[0] for case in CASES])
def test_steps(why: str, seen: list[tuple[float, int | None]], steps: list[tuple[str, float, int]]) -> None:
    found = derive_history(looks(*seen))
    at = [(step.kind, (step.at - NOON) / timedelta(minutes=1), step.observation) for step in found]
    assert at == steps, why


def test_a_step_names_what_stood_before_and_what_stands_now() -> None:
    published, edited, withdrawn, restored = derive_history(
        looks((0, A), (10, B), (20, None), (50, None), (60, B))
    )
    assert (published.before, published.version) == (None, A)
    assert (edited.before, edited.version) == (A, B)
    assert (withdrawn.before, withdrawn.version) == (B, None)
    assert (restored.before, restored.version) == (B, B)


def test_the_order_is_that_of_the_looks_not_of_their_rows() -> None:
    late, early = looks((60, B), (0, A))
    assert [step.kind for step in derive_history([late, early])] == ["published", "edited"]


@pytest.mark.parametrize(
    "apart, withdrawn",
    [(WITHDRAWN_AFTER - SECOND, False), (WITHDRAWN_AFTER, True), (WITHDRAWN_AFTER + SECOND, True)],
)
def test_withdrawn_from_half_an_hour_on(apart: timedelta, withdrawn: bool) -> None:
    seen = [Observation(1, NOON, "gone", None), Observation(2, NOON + apart, "gone", None)]
    assert is_withdrawn(derive_history(seen)) is withdrawn


@given(st.lists(st.tuples(st.integers(1, 100), st.sampled_from([A, B, None])), max_size=12))
def test_later_looks_take_no_step_back(waits: list[tuple[int, int | None]]) -> None:
    minute, seen = 0, []
    for wait, version in waits:
        minute += wait
        seen.append((minute, version))
    every = looks(*seen)
    for n in range(len(every)):
        assert derive_history(every)[: len(derive_history(every[:n]))] == derive_history(every[:n])
        assert {s.observation for s in derive_history(every[: n + 1])} <= {o.id for o in every[: n + 1]}
