"""Killed with its whole process group at random moments of a day, and run again: nothing lost, hardly anything twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from fault_injection.crashes.between import kill_between
from fault_injection.crashes.places import Databases, PostgresDatabases, SqliteDatabases
from fault_injection.crashes.report import report, report_between
from fault_injection.crashes.stages import Stage
from fault_injection.crashes.sweep import Swept, opened, sweep

pytestmark = pytest.mark.slow


def swept(databases: Databases, folder: Path, kills: int) -> Swept:
    with opened(databases, folder, eager=1) as bench:
        return sweep(bench, kills=kills, seed=1)


def test_twenty_kills_lose_nothing_and_end_in_the_state_of_an_undisturbed_day(tmp_path: Path) -> None:
    found = swept(SqliteDatabases(), tmp_path, kills=20)
    assert found.is_sound, report(found)
    assert len(found.undisturbed.mails) >= 10
    assert len({trial.stage for trial in found.trials}) >= 3, "the kills are spread over the day"
    assert any(trial.stage in (Stage.SENDING, Stage.BETWEEN) for trial in found.trials)


@pytest.mark.postgres
def test_so_it_is_on_postgresql(postgres_server: str, tmp_path: Path) -> None:
    found = swept(PostgresDatabases(postgres_server), tmp_path, kills=4)
    assert found.is_sound, report(found)


def test_killed_between_storing_and_250_a_mail_comes_twice_with_the_same_bytes(tmp_path: Path) -> None:
    found = kill_between(SqliteDatabases(), tmp_path, kills=12)
    assert found.is_sound, report_between(found)
