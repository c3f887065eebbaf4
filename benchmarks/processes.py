"""CPU time and memory of a process with all that it started. Standard library alone; reads ``/proc``."""

from __future__ import annotations

import os
import resource
import threading
import time
from pathlib import Path

PROC = Path("/proc")
SAMPLED_EVERY = 0.05
"""Seconds between two looks at a process's memory."""


def cpu_of_all() -> float:
    """Seconds of CPU of this process and of every process that it started, ended or running.

    Of those that run the kernel tells hundredths of a second.
    """
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    running = sum(_cpu(pid) for pid in _family(os.getpid())[1:])
    return time.process_time() + ended.ru_utime + ended.ru_stime + running


class PeakMemory:
    """The greatest resident size, in bytes, that a process and those it started had together; sampled.

    Pages that they share are counted for each of them. 0 where there is no ``/proc``.
    """

    def __init__(self, pid: int) -> None:
        self.pid, self.peak = pid, 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(SAMPLED_EVERY):
            self.peak = max(self.peak, sum(_resident(pid) for pid in _family(self.pid)))


def _family(pid: int) -> list[int]:
    """A process, and those it started that still run."""
    found = [pid]
    for one in found:
        for children in PROC.glob(f"{one}/task/*/children"):
            found += [int(child) for child in _text(children).split()]
    return found


def _cpu(pid: int) -> float:
    fields = _text(PROC / str(pid) / "stat").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def _resident(pid: int) -> int:
    fields = _text(PROC / str(pid) / "statm").split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") if fields else 0


def _text(path: Path) -> str:
    """What a file of ``/proc`` says; nothing where the process is gone."""
    try:
        return path.read_text()
    except OSError:
        return ""
