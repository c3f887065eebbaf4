"""``python -m servanda.hosting.reaper``: ends what a launcher that was killed has left.

It reads process ids, one a line, until the launcher closes its end, as it does however it ends. What then
still lives of their sessions is asked to end, and killed after a while; the ids marked ``last`` (a database)
come after the others. It holds the launcher's lock meanwhile, so that the next start does not come too soon.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterable

from servanda.hosting.airflow_process import session_members
from servanda.jobs.bootstrap.system import SystemClock

END_WITHIN_SECONDS = 5.0
LOOK_EVERY_SECONDS = 0.1
LAST = "last"


class Reaper:
    """The launcher's end: tells the other process whom to end. ``held`` files stay open in it."""

    def __init__(self, held: Iterable[int]) -> None:
        self._watched: set[int] = set()
        self._process = subprocess.Popen(
            (sys.executable, "-m", "servanda.hosting.reaper"),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=tuple(held),
            text=True,
        )

    def watch(self, pid: int | None, *, last: bool = False) -> None:
        """End the session of a process, if we are killed."""
        if pid is None or pid in self._watched or self._process.stdin is None:
            return
        self._watched.add(pid)
        with contextlib.suppress(OSError):
            self._process.stdin.write(f"{pid} {LAST if last else ''}\n")
            self._process.stdin.flush()

    def close(self) -> None:
        """All has ended in good order; waits until the other process has seen that, too."""
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        self._process.wait()


def end_sessions(leaders: Iterable[int], asked: signal.Signals) -> None:
    """Ask processes to end, and kill all of their sessions that is left after a while."""
    leaders, clock = list(leaders), SystemClock()
    for pid in leaders:
        if session_members(pid):
            _signal(pid, asked)
    until = clock.monotonic() + END_WITHIN_SECONDS
    while any(session_members(pid) for pid in leaders) and clock.monotonic() < until:
        clock.sleep(LOOK_EVERY_SECONDS)
    for pid in leaders:
        while left := session_members(pid):
            for one in left:
                _signal(one, signal.SIGKILL)


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    first: list[int] = []
    last: list[int] = []
    for line in sys.stdin:
        pid, _, mark = line.strip().partition(" ")
        (last if mark == LAST else first).append(int(pid))
    end_sessions(first, signal.SIGTERM)
    end_sessions(last, signal.SIGINT)


if __name__ == "__main__":
    main()
