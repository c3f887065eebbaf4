"""Two complete runs of the replay: one inside this process, one as ``make demo`` runs it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from servanda.demo.replay import Replay, ReplayStep, replaying


@pytest.fixture(scope="session")
def _run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Replay, tuple[ReplayStep, ...]]]:
    with replaying(tmp_path_factory.mktemp("replay")) as replay:
        yield replay, tuple(replay.steps())


@pytest.fixture(scope="session")
def replay(_run: tuple[Replay, tuple[ReplayStep, ...]]) -> Replay:
    """A replay that is over, its database still open."""
    return _run[0]


@pytest.fixture(scope="session")
def steps(_run: tuple[Replay, tuple[ReplayStep, ...]]) -> tuple[ReplayStep, ...]:
    """Its steps."""
    return _run[1]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the second run goes; its name is one that a shell would take apart."""
    return tmp_path_factory.mktemp("second") / "it's a replay"


@pytest.fixture(scope="session")
def printed(folder: Path) -> str:
    """What the second run prints; it fails, or says anything on standard error, and the fixture fails."""
    command = [sys.executable, "-m", "servanda.demo", "--folder", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout
