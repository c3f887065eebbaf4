"""What the first instrument's rules make of 150 announcements and 150 near misses, written without sight of them.

``python -m support.phrasing`` (in ``tests/``) prints the score with the rows that went wrong.
"""

from __future__ import annotations

import pytest
from support.phrasing import Judged, judge_rows

LEAST_FOUND, MOST_FALSE = 128, 22


@pytest.fixture(scope="module")
def rows() -> list[Judged]:
    return list(judge_rows())


def test_every_announcement_stands_on_the_shortlist(rows: list[Judged]) -> None:
    assert len(rows) == 300
    assert [one.id for one in rows if one.announces and not one.shortlisted] == []


def test_most_announcements_are_candidates(rows: list[Judged]) -> None:
    assert sum(one.announces and one.candidate for one in rows) >= LEAST_FOUND


def test_few_near_misses_are_candidates(rows: list[Judged]) -> None:
    assert sum(one.candidate and not one.announces for one in rows) <= MOST_FALSE


@pytest.mark.parametrize("language", ["en", "es"])
def test_neither_language_is_left_behind(rows: list[Judged], language: str) -> None:
    theirs = [one for one in rows if one.announces and one.language == language]
    assert sum(one.candidate for one in theirs) >= 0.8 * len(theirs)
