"""Run the whole monitor under load and hold mails against the truth: ``python -m fault_injection.soak``.

Exit code 1: a mail was lost, came twice or too early, the API failed, or something waited without a reason.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from fault_injection.soak.measures import (
    EXCUSED_SECONDS,
    Measures,
    descendants,
    is_complete,
    resident_bytes,
    wrong_mails,
)
from fault_injection.soak.stage import Stage, staged
from servanda.hosting.airflow_api import AirflowApi, ApiError

TICK_SECONDS = 5.0
KILLED = ("scheduler", "triggerer", "dag-processor", "postgres", "api-server")
MOST_PUBLISHED = 8
"""More within an hour would be bundled, and come later on purpose."""

START_SECONDS = 300.0
LAST_MAILS_SECONDS = 240.0


def main() -> int:
    given = _options().parse_args()
    seed = given.seed if given.seed is not None else time.time_ns() % 1_000_000
    print(f"Seed {seed}, {given.minutes:g} minutes", flush=True)
    length = timedelta(minutes=given.minutes)
    with tempfile.TemporaryDirectory(prefix="servanda-soak-") as folder:
        due_at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=120) + length / 2
        with staged(Path(folder), due_at, START_SECONDS) as (stage, started):
            measures = Measures()
            _play(stage, measures, Random(seed), datetime.now(UTC) + length)
            _wait_for_last_mails(stage)
            wrong = [*wrong_mails(stage), *measures.faults]
            print("\n".join(measures.lines(stage, given.minutes, started)))
    for one in wrong:
        print(f"WRONG: {one}")
    print("Nothing was lost, doubled or early." if not wrong else f"{len(wrong)} things are wrong.")
    return 1 if wrong else 0


def _play(stage: Stage, measures: Measures, chance: Random, until: datetime) -> None:
    """Ticks of publishing, faults, bursts and kills, until the time is over."""
    began, left = datetime.now(UTC), list(KILLED)
    api, excused_until, number = stage.api(), 0.0, 0
    steps = max(1, int((until - began).total_seconds() / TICK_SECONDS))
    for step in range(steps):
        tick = time.monotonic()
        stage.faulty.down = chance.random() < 0.3
        if number < MOST_PUBLISHED and step * MOST_PUBLISHED >= number * steps:
            stage.publish(number)
            number += 1
        if left and step * (len(KILLED) + 1) >= (len(KILLED) - len(left) + 1) * steps:
            killed = left.pop(0)
            if _kill(stage, killed):
                measures.kills.append(killed)
                excused_until = time.monotonic() + EXCUSED_SECONDS
        _burst(api, measures, 5 if chance.random() < 0.2 else 1, excused=time.monotonic() < excused_until)
        pids = list(descendants(stage.launcher))
        measures.memory.append(resident_bytes(pids))
        time.sleep(max(0.0, TICK_SECONDS - (time.monotonic() - tick)))
    stage.faulty.down = False


def _burst(api: AirflowApi, measures: Measures, size: int, *, excused: bool) -> None:
    def trigger(_: int) -> tuple[str, float]:
        began = time.monotonic()
        try:
            api.trigger("collect", {})
            answer = "taken"
        except ApiError as error:
            answer = str(error.status or "no answer")
        return answer, time.monotonic() - began

    with ThreadPoolExecutor(size) as together:
        for answer, seconds in together.map(trigger, range(size)):
            measures.answers[answer] += 1
            measures.latencies.append(seconds)
            if answer not in ("taken", "429") and not excused:
                measures.faults.append(f"a trigger was answered with {answer} after {seconds:.1f} s")
    try:
        measures.backlogs.append(api.backlog().waiting)
    except ApiError as error:
        if not excused:
            measures.faults.append(f"the backlog was answered with {error.status or 'no answer'}")


def _kill(stage: Stage, name: str) -> bool:
    """Kill one component; whether it was there."""
    for pid, command in descendants(stage.launcher).items():
        if name in command:
            os.kill(pid, signal.SIGKILL)
            return True
    return False


def _wait_for_last_mails(stage: Stage) -> None:
    end = max(time.monotonic(), time.monotonic() + (stage.settles_at - datetime.now(UTC)).total_seconds())
    while not is_complete(stage) and time.monotonic() < end + LAST_MAILS_SECONDS:
        time.sleep(1.0)
    time.sleep(5.0)  # what would come twice comes now


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m fault_injection.soak", description=__doc__)
    options.add_argument("--minutes", type=float, default=20.0, help="how long triggers and faults go on")
    options.add_argument("--seed", type=int, help="what faults are drawn from; by default from the clock")
    return options


if __name__ == "__main__":
    sys.exit(main())
