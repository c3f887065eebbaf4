"""The bench of documents in short: no kind lets absence be claimed, and without faults it is proven."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from fault_injection.documents.drive import Played, play, play_in_turn
from fault_injection.documents.good import good_report, judge_good_documents
from fault_injection.documents.kinds import KINDS, ROOMS
from fault_injection.documents.not_survived import NOT_SURVIVED
from fault_injection.documents.report import is_lost, is_sound, proven_share, report
from fault_injection.documents.scene import draw_scene

pytestmark = pytest.mark.slow

SEED = 1
MOST_DOUBTED = 0.02
LEAST_PROVEN = 0.6
"""Of a few plays; the long form asks for 95 of 100."""


@pytest.fixture(scope="module", autouse=True)
def _without_log() -> Iterator[None]:
    """Every refusal would be told."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def faulted() -> list[Played]:
    """Each kind once, of those that are to be survived."""
    kinds = [kind for kind in KINDS.values() if kind.id not in NOT_SURVIVED]
    return play_in_turn([draw_scene(SEED, kind, brief=True) for kind in kinds])


@pytest.fixture(scope="module")
def healthy() -> list[Played]:
    return play([draw_scene(seed, None, brief=True) for seed in range(6)])


def test_no_kind_lets_absence_be_claimed(faulted: list[Played]) -> None:
    assert [one.scene.name for one in faulted if is_lost(one)] == []
    timed = {kind.id for kind in ROOMS["changes with time"]}
    unmet = [one.scene.kind.id for one in faulted if one.scene.kind and not one.met]
    assert set(unmet) <= timed, "few readings may miss what passes; all else is met"


def test_without_faults_absence_is_proven(healthy: list[Played]) -> None:
    """A note of two sentences with a link may be doubted; nothing else stands in the way."""
    assert proven_share(healthy) >= LEAST_PROVEN, report([], healthy)
    left = [duty for one in healthy if one.verdict != "none_found" for duty in one.duties]
    assert all(duty.startswith("doubtful ") for duty in left), report([], healthy)


def test_the_report_names_what_was_claimed_falsely(healthy: list[Played]) -> None:
    unwatched = play([draw_scene(SEED, KINDS["long_edited_last"], brief=True)])
    told = report(unwatched, healthy)
    assert "long_edited_last" in told
    assert f"of {len(healthy)} ended in none_found" in told
    assert not is_sound([replace(unwatched[0], verdicts=("none_found",))], [])
    assert "False none_found: 1" in report([replace(unwatched[0], verdicts=("none_found",))], healthy)


def test_what_is_not_survived_is_named_with_its_reason() -> None:
    assert set(NOT_SURVIVED) <= set(KINDS)
    assert all(why.endswith(".") for why in NOT_SURVIVED.values())


def test_good_documents_are_not_doubted() -> None:
    judged = judge_good_documents(SEED, 300)
    assert sum(bool(one.why) for one in judged) <= MOST_DOUBTED * len(judged), good_report(judged)
