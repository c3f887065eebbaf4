"""Runs of the command line in processes that are there at once: forked from one that has imported everything.

The fork does what ``servanda`` does, in a process group of its own, so that it can be killed with all that
belongs to it; only the second of importing is saved.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its exit code (negative: the signal that ended it), and all that it printed."""

    code: int
    printed: str

    @property
    def was_killed(self) -> bool:
        return self.code == -signal.SIGKILL


class Forker:
    """Starts one run after the other; use one for each thread."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin and process.stdout
        self._to: IO[str] = process.stdin
        self._from: IO[str] = process.stdout

    def run(
        self,
        arguments: list[str],
        environment: Mapping[str, str],
        output: Path,
        *,
        meanwhile: Callable[[int], object] = lambda _group: None,
    ) -> Ended:
        """Run ``servanda`` with these arguments to its end.

        ``meanwhile`` gets the process group's number once it runs, and may kill it.
        """
        order = {"arguments": arguments, "environment": dict(environment), "output": str(output)}
        self._to.write(json.dumps(order) + "\n")
        self._to.flush()
        meanwhile(self._read()["group"])
        code = self._read()["code"]
        return Ended(code, output.read_text(encoding="utf-8", errors="replace"))

    def _read(self) -> Any:
        line = self._from.readline()
        if not line:
            raise RuntimeError("the process that forks is gone")
        return json.loads(line)


@contextmanager
def forker() -> Iterator[Forker]:
    """A forker, until the end of the ``with``."""
    process = subprocess.Popen(
        [sys.executable, "-m", "fault_injection.crashes.forking"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Forker(process)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        process.wait()


def group_lives(group: int) -> bool:
    """Whether any process of a group is there."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def kill_group(group: int) -> None:
    """kill -9, all of it; no error where it has just ended."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


# --- in the process that forks ------------------------------------------------------------------------


def _serve() -> None:
    import servanda.cli  # noqa: F401  # that is what is saved

    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(order)
        with contextlib.suppress(PermissionError, ProcessLookupError):
            os.setpgid(child, child)
        _answer({"group": child})
        _, status = os.waitpid(child, 0)
        _answer({"code": os.waitstatus_to_exitcode(status)})


def _answer(data: dict[str, int]) -> None:
    print(json.dumps(data), flush=True)


def _become(order: dict[str, Any]) -> None:
    """Turn into a run of the command line; never returns."""
    code = 70
    try:
        os.setpgid(0, 0)
        written = os.open(order["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(written, 1)
        os.dup2(written, 2)
        for name in [name for name in os.environ if name.startswith("SERVANDA_")]:
            del os.environ[name]
        os.environ.update(order["environment"])
        sys.argv = ["servanda", *order["arguments"]]
        code = _servanda()
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _servanda() -> int:
    from servanda.cli.commands import main

    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    return 0


if __name__ == "__main__":
    _serve()
