"""A launcher that is killed leaves nothing, however deaf its children are, and its lock until they are gone."""

from __future__ import annotations

import fcntl
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.waiting import wait_for

from servanda.hosting.airflow_process import session_members

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")

DEAF = "import signal, time; [signal.signal(n, signal.SIG_IGN) for n in (2, 15)]; time.sleep(60)"
LAUNCHER = f"""
import subprocess, sys, time, fcntl
from servanda.hosting.reaper import Reaper
lock = open(sys.argv[1], "w")
fcntl.flock(lock, fcntl.LOCK_EX)
reaper = Reaper([lock.fileno()])
children = [subprocess.Popen((sys.executable, "-c", {DEAF!r}), start_new_session=True) for _ in range(2)]
reaper.watch(children[0].pid)
reaper.watch(children[1].pid, last=True)
print(*(child.pid for child in children), flush=True)
if sys.argv[2] == "stay":
    time.sleep(60)
for child in children:
    child.kill()
    child.wait()
reaper.close()
"""


def start(lock: Path, how: str) -> tuple[subprocess.Popen[str], list[int]]:
    process = subprocess.Popen(
        (sys.executable, "-c", LAUNCHER, str(lock), how), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, [int(pid) for pid in process.stdout.readline().split()]


def is_free(lock: Path) -> bool:
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def test_what_a_killed_launcher_has_left_is_ended_before_its_lock_is_free(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    process, children = start(lock, "stay")
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not is_free(lock), "its children live"
    wait_for(lambda: is_free(lock), "the lock", 30)
    assert [session_members(child) for child in children] == [[], []]


def test_one_that_ends_in_good_order_waits_for_nobody(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    process, _ = start(lock, "end")
    assert process.wait(30) == 0
    assert is_free(lock)
