"""The bench of documents in short: no kind lets absence be claimed, and without faults it is proven."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from fault_injection.documents.drive import Played, play, play_in_turn
from fault_injection.documents.good import good_report, judge_good_documents
from fault_injection.documents.kinds import KINDS
from fault_injection.documents.not_survived import NOT_SURVIVED
from fault_injection.documents.report import is_lost, is_sound, report
from fault_injection.documents.scene import draw_scene

pytestmark = pytest.mark.slow

SEED = 1
MOST_DOUBTED = 0.02


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
    return play([draw_scene(seed, None, brief=True) for seed in range(4)])


def test_no_kind_lets_absence_be_claimed(faulted: list[Played]) -> None:
    assert [one.scene.name for one in faulted if is_lost(one)] == []
    assert all(one.met for one in faulted), "each fault was met by a reading"


def test_without_faults_absence_is_proven(healthy: list[Played]) -> None:
    assert is_sound([], healthy), report([], healthy)


def test_the_report_names_what_was_claimed_falsely(healthy: list[Played]) -> None:
    unwatched = play([draw_scene(SEED, KINDS["long_edited_last"], brief=True)])
    told = report(unwatched, healthy)
    assert "long_edited_last" in told
    assert f"{len(healthy)} of {len(healthy)} ended in none_found" in told


def test_what_is_not_survived_is_named_with_its_reason() -> None:
    assert set(NOT_SURVIVED) <= set(KINDS)
    assert all(why.endswith(".") for why in NOT_SURVIVED.values())


def test_good_documents_are_not_doubted() -> None:
    judged = judge_good_documents(SEED, 300)
    assert sum(bool(one.why) for one in judged) <= MOST_DOUBTED * len(judged), good_report(judged)
