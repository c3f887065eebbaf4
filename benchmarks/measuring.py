"""Contenders in turns, each run in a process of its own and measured by the operating system.

What runs the contenders imports the standard library alone: Linux hands the greatest resident size of a
process on to those that it starts, so that a large one would hide theirs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median_low
from typing import Any

from benchmarks.processes import PeakMemory

KILOBYTE = 1 if sys.platform == "darwin" else 1024
"""The unit of ``ru_maxrss``."""


@dataclass(frozen=True)
class Measured:
    """One run of one contender. Seconds, bytes.

    ``cpu`` and ``wall`` are those of the reading alone, ``start_cpu`` what its process took besides: imports,
    opening the database, loading the catalogue. ``peak`` is the greatest resident size of the process with
    those that it started, ``stored`` what it left on disk, ``answers`` what the publisher gave it by status.
    ``matched`` are the addresses of the documents in which evidence was found, where that was looked for.
    """

    cpu: float
    wall: float
    start_cpu: float
    peak: int
    stored: int
    documents: int
    answers: dict[int, int]
    matched: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Costs:
    """CPU seconds, the median over some repetitions each.

    ``unchanged``: a poll of a feed that did not change. ``one_new``: a poll that finds one new document,
    reads it and matches it. ``assess``: judging every window.
    """

    unchanged: float
    one_new: float
    assess: float


@dataclass(frozen=True)
class Ended:
    """What a process printed as JSON, and what it took in all."""

    printed: Any
    cpu: float
    peak: int


def run_measured(arguments: Sequence[str], python: Path | None = None) -> Ended:
    """Run one of our modules; RuntimeError where it fails. ``python`` None: this interpreter.

    ``wait4`` gives the usage of this one process and of what it started and waited for;
    ``RUSAGE_CHILDREN`` would mix those of all.
    """
    command = [str(python or sys.executable), "-m", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process, PeakMemory(process.pid) as memory:
        assert process.stdout is not None
        printed = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments[:2])} ended with {process.returncode}")
    peak = max(memory.peak, usage.ru_maxrss * KILOBYTE)
    return Ended(json.loads(printed), usage.ru_utime + usage.ru_stime, peak)


def run_in_turns(
    names: Sequence[str], rounds: int, run: Callable[[str, int], Measured]
) -> dict[str, Measured]:
    """Every contender ``rounds`` times, A B C A B C …; of each the round whose CPU time is the median."""
    found: dict[str, list[Measured]] = {name: [] for name in names}
    for number in range(rounds):
        for name in names:
            found[name].append(run(name, number))
    return {name: _median_round(runs) for name, runs in found.items()}


def _median_round(runs: Sequence[Measured]) -> Measured:
    middle = median_low(run.cpu for run in runs)
    return next(run for run in runs if run.cpu == middle)


def bytes_under(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
