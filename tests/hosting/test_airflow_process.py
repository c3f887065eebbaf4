"""A component leaves nothing behind, and comes back after a growing delay."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.waiting import wait_for

from servanda.hosting.airflow_process import STEADY_SECONDS, Component, session_members

SLEEPER = "import time; time.sleep(60)"
WITH_CHILD_IN_ITS_OWN_GROUP = """
import os, sys, time
child = os.fork()
if child == 0:
    os.setpgid(0, 0)
    time.sleep(60)
print(child, flush=True)
time.sleep(60)
"""
HOLDER = """
import os, sys, time
from pathlib import Path
from servanda.hosting.airflow_process import Component
held = Component("held", (sys.executable, "-c", "import time; time.sleep(60)"), Path(sys.argv[1]))
held.start(os.environ, Path(sys.argv[1]).parent, 0.0)
print(held.pid, flush=True)
time.sleep(60)
"""

linux = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc and the Linux kernel")


def component(tmp_path: Path, program: str) -> Component:
    return Component("sleeper", (sys.executable, "-c", program), tmp_path / "sleeper.log")


def start(one: Component, tmp_path: Path, monotonic: float = 0.0) -> int:
    one.start(os.environ, tmp_path, monotonic)
    assert one.pid is not None
    return one.pid


def is_gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


@linux
def test_kill_ends_what_a_component_started_in_a_group_of_its_own(tmp_path: Path) -> None:
    one = component(tmp_path, WITH_CHILD_IN_ITS_OWN_GROUP)
    leader = start(one, tmp_path)
    wait_for(lambda: one.log.read_text().strip(), "its child", 10)
    child = int(one.log.read_text())
    assert set(session_members(leader)) == {leader, child}
    one.kill()
    assert not one.running
    assert is_gone(child)


@linux
def test_a_component_ends_when_its_starter_is_killed(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        (sys.executable, "-c", HOLDER, str(tmp_path / "held.log")), stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    held = int(holder.stdout.readline())
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    wait_for(lambda: is_gone(held), "its end", 10)


def test_a_component_that_ends_is_started_again_after_a_delay_that_grows(tmp_path: Path) -> None:
    one = component(tmp_path, "raise SystemExit(7)")
    start(one, tmp_path)
    now = 0.0
    for n, wait in enumerate((1.0, 2.0, 4.0), start=1):
        wait_for(lambda: not one.running, "its end", 10)
        said = one.tend(os.environ, tmp_path, now)
        assert said is not None
        assert f"sleeper ended (exit code 7), starting it again in {wait:.0f} s" in said
        assert one.ended_early == n
        before = one.pid
        assert one.tend(os.environ, tmp_path, now + wait - 0.01) is None
        assert one.pid == before, "it must not be started before its delay is over"
        now += wait
        assert one.tend(os.environ, tmp_path, now) is None
        assert one.pid != before
    one.kill()


def test_the_delay_begins_anew_once_a_component_was_steady(tmp_path: Path) -> None:
    one = component(tmp_path, "raise SystemExit(7)")
    one.ended_early = 5
    start(one, tmp_path, monotonic=100.0)
    wait_for(lambda: not one.running, "its end", 10)
    said = one.tend(os.environ, tmp_path, 100.0 + STEADY_SECONDS)
    assert said is not None
    assert "again in 1 s" in said


def test_a_component_that_runs_is_left_alone(tmp_path: Path) -> None:
    one = component(tmp_path, SLEEPER)
    pid = start(one, tmp_path)
    assert one.tend(os.environ, tmp_path, 1000.0) is None
    assert one.pid == pid
    one.end()
    wait_for(lambda: not one.running, "its end", 10)


WAITS_FOR_ITS_CHILD = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = os.fork()
if child == 0:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    time.sleep(60)
print(child, flush=True)
os.waitpid(child, 0)
"""


@linux
def test_a_component_that_ends_with_its_children_is_ended_through_them(tmp_path: Path) -> None:
    command = (sys.executable, "-c", WAITS_FOR_ITS_CHILD)
    one = Component("waits", command, tmp_path / "waits.log", ends_with_children=True)
    start(one, tmp_path)
    wait_for(lambda: one.log.read_text().strip(), "its child", 10)
    one.end(again=True)
    assert one.running, "it does not listen itself"
    one.end()
    wait_for(lambda: not one.running, "its end", 10)
