"""What starts are compared start what they say: that they work is tested, never how fast."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.large_catalogue import write_large_catalogue
from benchmarks.publisher import running_publisher
from benchmarks.report import assessing_table, bare_table, starting_table
from benchmarks.starting import COLD_VERBS, VERBS, WINDOW, Bare, Started, starts
from servanda.instruments.catalogue import load_catalogue


def test_each_instrument_has_ids_of_its_own_and_the_first_those_of_the_built_in_one(tmp_path: Path) -> None:
    write_large_catalogue(tmp_path, ["http://127.0.0.1/a.xml", "http://127.0.0.1/b.xml"], 3)
    loaded = load_catalogue(tmp_path)
    assert [i.id for i in loaded.instruments] == ["us-mexico-2019", "us-mexico-2019-2", "us-mexico-2019-3"]
    assert [w.id for i in loaded.instruments for w in i.windows] == [WINDOW, f"{WINDOW}-2", f"{WINDOW}-3"]
    first, second, _ = loaded.instruments
    assert first.sources == second.sources == second.windows[0].sources == ("press-0", "press-1")
    assert second.concepts == first.concepts
    assert [r.commitment for r in second.rules] == [f"{r.commitment}-2" for r in first.rules]


@pytest.mark.slow
def test_every_verb_starts_cold_and_warm(tmp_path: Path) -> None:
    told: list[str] = []
    with running_publisher() as publisher:
        found = starts(publisher, tmp_path, instruments=[2], rounds=1, on_run=told.append)
    assert tuple(found) == (2,)
    assert tuple(found[2].warm) == tuple(VERBS)
    assert tuple(found[2].cold) == tuple(found[2].one_changed) == COLD_VERBS
    assert min(found[2].warm.values()) > 0 < min(found[2].cold.values())
    assert "2 instruments, preparation" in told


def test_ratios_are_beside_the_fewest_and_beside_click() -> None:
    few = Started({"status": 2.0}, {"status": 1.0}, {"status": 1.0, "watchers list": 1.0, "assess": 1.05})
    many = Started({"status": 9.0}, {"status": 3.0}, {"status": 2.0, "watchers list": 2.0, "assess": 3.0})
    shown = starting_table({1: few, 10: many}, 0.1).splitlines()
    assert shown[2].split() == ["status,", "cold", "2.00", "9.00", "20", "x", "4.50", "x"]
    assert shown[4].split() == ["status,", "warm", "1.00", "2.00", "10", "x", "2.00", "x"]
    assert len(shown) == 2 + 3 + 1 + 1, "no line for what was not started cold"
    assert bare_table(Bare(0.05, 0.5)).splitlines()[3].split() == ["servanda", "--help", "500", "10.0", "x"]


def test_judging_that_is_less_than_two_starts_differ_by_is_not_shown() -> None:
    few = Started({}, {}, {"watchers list": 1.0, "assess": 1.05})
    many = Started({}, {}, {"watchers list": 2.0, "assess": 3.0})
    shown = assessing_table({1: few, 10: many}).splitlines()
    assert shown[2].split() == ["1", "1.05", "–", "–"]
    assert shown[3].split() == ["10", "3.00", "1.00", "100.0"]
