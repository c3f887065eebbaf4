"""The fault bench in short: nothing is lost in silence, and no absence is claimed that is none."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fault_injection.publishers.drive import Played, draw_scene, play
from fault_injection.publishers.outcomes import clean_refused, fault_outcomes, window_outcomes
from fault_injection.publishers.report import is_sound, report
from fault_injection.publishers.watching import Wrong

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
SEED = 1


@pytest.fixture(scope="module", autouse=True)
def _without_log() -> Iterator[None]:
    """Every refusal would be told."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def troubled() -> Played:
    return play(draw_scene(SEED, 12))


def test_in_peace_everything_is_listed_and_every_silence_proven() -> None:
    played = play(draw_scene(SEED, 8, peaceful=True))
    assert is_sound(played)
    windows = window_outcomes(played)
    assert {w.verdict for w in windows if w.due.is_silent} == {"none_found"}
    assert {w.verdict for w in windows if not w.due.is_silent} == {"announced"}
    assert all(w.readable for w in windows)
    assert not [p for p in clean_refused(played) if p.failure]


def test_under_faults_nothing_is_lost_in_silence(troubled: Played) -> None:
    assert not troubled.lost
    assert not troubled.lost_for_good
    assert not [w for w in window_outcomes(troubled) if w.wrong], "no false none_found"


def test_under_faults_nothing_is_misdated_or_misread(troubled: Played) -> None:
    assert not troubled.misdated
    assert not troubled.misread


def test_under_faults_silence_is_proven_all_the_same(troubled: Played) -> None:
    """Readings between the faults reach back: what could be read is proven."""
    readable = [w for w in window_outcomes(troubled) if w.due.is_silent and w.readable]
    assert readable
    assert {w.verdict for w in readable} == {"none_found"}


def test_every_reader_met_faults_and_named_them(troubled: Played) -> None:
    outcomes = fault_outcomes(troubled)
    assert {o.platform for o in outcomes} == {press.platform for press in troubled.scene.presses}
    loud = [o for o in outcomes if o.fault.kind.expect == "loud"]
    assert len(loud) > 50
    assert [o.name for o in loud if not o.named] == []


def test_the_report_names_what_went_by_in_silence(troubled: Played) -> None:
    told = report(troubled)
    assert told.startswith(f"Seed {SEED}, 12 days, 15 publishers")
    assert re.search(r"\n +0  lost in silence", told)
    assert "none_found: precision" in told
    lost = Wrong("state", "state-release-1", troubled.polls[0].at, ("feed:frozen",), "published then")
    worse = replace(troubled, lost=(lost,))
    assert is_sound(replace(troubled, lost=(), lost_for_good=(), misdated=(), misread=()))
    assert not is_sound(worse)
    assert "1 x state under feed:frozen, as state-release-1" in report(worse)


def test_the_same_seed_gives_the_same_report() -> None:
    few = ("state", "former", "notice")
    command = [sys.executable, "-m", "fault_injection.publishers", "--days", "8", "--only", *few]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    played = play(draw_scene(SEED, 8, only=few))
    assert printed.stdout.startswith(report(played)), printed.stderr
    assert printed.returncode == (0 if is_sound(played) else 1)
