"""One long-running process, with everything that it starts in turn."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

STEADY_SECONDS = 60.0
"""A process that lived this long had started well: its next restart is not delayed."""

LONGEST_WAIT_SECONDS = 60.0
LONGEST_LOG_BYTES = 5_000_000
"""A log that has grown beyond this is set aside, in place of the one before."""


class Component:
    """A process in a session of its own, its output in a file, restarted with a growing delay.

    ``monotonic`` values are seconds of the clock that the caller reads. ``ends_with_children``: asked to end,
    it would wait long for its children, but ends at once when they do. ``end_signal`` asks it to end.
    """

    def __init__(
        self,
        name: str,
        command: tuple[str, ...],
        log: Path,
        *,
        ends_with_children: bool = False,
        end_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.log = log
        self.ended_early = 0
        self._ends_with_children = ends_with_children
        self._end_signal = end_signal
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._restart_at: float | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, environment: Mapping[str, str], folder: Path, monotonic: float) -> None:
        """Start it; whatever an earlier one left behind is ended first, for it may hold a port."""
        self.kill()
        self._rotate_log()
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                env=dict(environment),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                umask=0o077,
                preexec_fn=_end_with_parent(os.getpid(), self._end_signal),
            )
        self._started, self._restart_at = monotonic, None

    def tend(self, environment: Mapping[str, str], folder: Path, monotonic: float) -> str | None:
        """Start it again when it has ended and its delay is over; a line for the terminal when it ended."""
        self._rotate_log()
        if self.running:
            return None
        if self._restart_at is None:
            wait = self._wait(monotonic)
            self._restart_at = monotonic + wait
            code = self._process.returncode if self._process else None
            return f"{self.name} ended (exit code {code}), starting it again in {wait:.0f} s; see {self.log}"
        if monotonic >= self._restart_at:
            self.start(environment, folder, monotonic)
        return None

    def _rotate_log(self) -> None:
        """Set the log aside where it is too long. It is emptied, not moved, for the process goes on
        appending; what is written between the copy and that is lost."""
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG_BYTES:
            shutil.copyfile(self.log, self.log.with_suffix(".old.log"))
            os.truncate(self.log, 0)

    def is_steady(self, monotonic: float) -> bool:
        """Whether it has run for a while by now."""
        return self.running and monotonic - self._started >= STEADY_SECONDS

    def _wait(self, monotonic: float) -> float:
        """1 s at first, then twice as long each time that it ends before it was steady."""
        steady = monotonic - self._started >= STEADY_SECONDS
        self.ended_early = 1 if steady else self.ended_early + 1
        return min(LONGEST_WAIT_SECONDS, 2.0 ** (self.ended_early - 1))

    def end(self, *, again: bool = False) -> None:
        """Ask it to end, or its children where that is quicker; asked again, it is always itself."""
        if self._process is None or not self.running:
            return
        children = [pid for pid in session_members(self._process.pid) if pid != self._process.pid]
        if self._ends_with_children and children and not again:
            for pid in children:
                _signal(pid, signal.SIGTERM)
        else:
            self._process.send_signal(self._end_signal)

    def kill(self) -> None:
        """End it and everything of its session at once."""
        if self._process is None:
            return
        leader = self._process.pid
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)
        self._process.wait()
        while left := session_members(leader):
            for pid in left:
                _signal(pid, signal.SIGKILL)


def session_members(leader: int) -> list[int]:
    """The living processes of a session. Tasks have process groups of their own, so the group is not enough.

    Empty where there is no /proc; there the process group must do.
    """
    return [int(e.name) for e in Path("/proc").glob("[0-9]*") if _lives_in(e, leader)]


def _lives_in(entry: Path, session: int) -> bool:
    """Fields 3 and 6 of ``/proc/N/stat``, counted behind the name in brackets, are state and session."""
    try:
        state, _parent, _group, found = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
    except (OSError, ValueError):
        return False
    return int(found) == session and state not in "ZX"


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _end_with_parent(parent: int, end_signal: signal.Signals) -> Callable[[], None] | None:
    """What the child does first: ask the kernel to end it when we are gone, be it by kill -9."""
    if _LIBC is None:
        return None

    def ask_kernel() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, end_signal)
        if os.getppid() != parent:
            os._exit(1)

    return ask_kernel
