"""What a process of ours takes to start, and to judge again when nothing is new, by number of instruments.

Through the installed command and the environment alone, as a person or a crontab starts it: each start is a
process of its own, and all of its CPU time counts. ``cold`` is the first start after every file of the
catalogue has changed, ``warm`` a start with nothing changed: whatever is kept between two starts shows,
wherever it lies.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.contests import expect, made
from benchmarks.publisher import Publisher

SERVANDA = Path(sys.executable).with_name("servanda")
WINDOW = "further-actions-90d"
"""Of the built-in instrument, which is the first of each catalogue."""

FEEDS = (3, 53)
"""Of the made-up official site: each lists one document that is about a commitment of the instrument."""

READ_AT = "2019-06-13T00:00:00Z"
ENDED_AT = "2019-10-01T00:00:00Z"
"""Every window has ended and settled by then."""

NOTHING_NEW = "0 verdicts changed, 0 new alerts"
BARE_ROUNDS = 7
OnRun = Callable[[str], None]
Costs = dict[str, float]

VERBS = {
    "watchers list": ("watchers", "list"),
    "window ID": ("window", WINDOW),
    "status": ("status",),
    "assess": ("assess",),
}
"""``watchers list`` asks for a table that is empty here: a start, and next to nothing besides."""

COLD_VERBS = ("window ID", "status")


@dataclass(frozen=True)
class Started:
    """CPU seconds by verb: of a start after every file has changed, after one has, after none has."""

    cold: Costs
    one_changed: Costs
    warm: Costs


@dataclass(frozen=True)
class Bare:
    """CPU seconds without any data: of an interpreter that imports click, the unit here, and of ``--help``.

    So short that one measurement says little: at least ``BARE_ROUNDS`` are made.
    """

    click: float
    help: float


def bare(folder: Path, rounds: int) -> Bare:
    desk = _Desk(made(folder), "")
    commands: tuple[list[str | Path], ...] = ([sys.executable, "-c", "import click"], [SERVANDA, "--help"])
    for command in commands:
        desk.run(command)  # compiled at first use
    taken = [[desk.run(command)[0] for command in commands] for _ in range(max(rounds, BARE_ROUNDS))]
    return Bare(*map(min, zip(*taken, strict=True)))


def starts(
    publisher: Publisher, folder: Path, *, instruments: Sequence[int], rounds: int, on_run: OnRun
) -> dict[int, Started]:
    """Start with catalogues of so many instruments, of one window each, all verbs in turns.

    The cheapest of ``rounds`` counts: what else runs on the machine can only add to a start.
    """
    return {
        count: _started(_Desk(made(folder / str(count)), publisher.url), count, rounds, on_run)
        for count in instruments
    }


def _started(desk: _Desk, count: int, rounds: int, on_run: OnRun) -> Started:
    on_run(f"{count} instruments, preparation")
    desk.prepare(count)
    cold, one_changed, warm = list[Costs](), list[Costs](), list[Costs]()
    for number in range(rounds):
        on_run(f"{count} instruments, round {number + 1} of {rounds}")
        cold.append({label: desk.start_after_a_change(label, number) for label in COLD_VERBS})
        one_changed.append({label: desk.start_after_a_change(label, number, 1) for label in COLD_VERBS})
        desk.judge()  # what the last change makes necessary is no part of a warm start
        warm.append({label: desk.start(label) for label in VERBS})
    return Started(*map(_cheapest, (cold, one_changed, warm)))


def _cheapest(runs: Sequence[Costs]) -> Costs:
    return {label: min(run[label] for run in runs) for label in runs[0]}


class _Desk:
    """A folder with a catalogue and the data, in which ``servanda`` is started."""

    def __init__(self, folder: Path, site: str) -> None:
        self.folder, self.site = folder, site
        self.catalogue = folder / "catalogue"
        others = {name: value for name, value in os.environ.items() if not name.startswith("SERVANDA_")}
        self.environment = {
            **others,
            "SERVANDA_CATALOGUE": str(self.catalogue),
            "SERVANDA_ALLOW_HOSTS": urlsplit(site).netloc,
            "XDG_CACHE_HOME": str(folder / "cache"),
        }

    def prepare(self, instruments: int) -> None:
        """Write the catalogue, read its sources while the windows are open, judge when they have ended."""
        feeds = [f"--feed={self.site}/official/feed-{n}.xml" for n in FEEDS]
        arguments = ["--folder", str(self.catalogue), "--instruments", str(instruments), *feeds]
        subprocess.run([sys.executable, "-m", "benchmarks.large_catalogue", *arguments], check=True)
        self.run([SERVANDA, "--now", READ_AT, "collect"])
        self.judge()

    def judge(self) -> None:
        self.run([SERVANDA, "--now", ENDED_AT, "assess"])

    def start_after_a_change(self, label: str, number: int, files: int | None = None) -> float:
        """CPU seconds of a verb once every catalogue file, or so many, has other bytes and says the same."""
        for path in sorted(self.catalogue.rglob("*.yml"))[:files]:
            with path.open("a", encoding="utf-8") as file:
                file.write(f"# {label}, {number}\n")
        return self.start(label)

    def start(self, label: str) -> float:
        """CPU seconds of a verb; RuntimeError where it did not do what is to be measured."""
        cpu, said = self.run([SERVANDA, *VERBS[label]])
        if label == "assess":
            expect(said.rstrip().endswith(NOTHING_NEW), f"something was new: {said[-200:]}")
        if label == "window ID":
            expect(WINDOW in said, f"the window is not shown: {said[:200]}")
        return cpu

    def run(self, command: Sequence[str | Path]) -> tuple[float, str]:
        """CPU seconds of a process and of what it started and waited for, and what it printed."""
        with subprocess.Popen(
            command, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            said = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        expect(process.returncode == 0, f"{command[-1]} ended with {process.returncode}")
        return usage.ru_utime + usage.ru_stime, said
