"""What the embedded Airflow needs as long as it runs: a sign of life, and room on the disk."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from servanda.hosting.airflow_api import ApiError, Backlog
from servanda.hosting.airflow_services import AirflowServices
from servanda.jobs.watchdog.heartbeat_files import Heartbeat, read_heartbeat, write_heartbeat

JOB = "airflow"
SIGN_EVERY = timedelta(minutes=1)
CLEAN_EVERY = timedelta(days=1)
LONGEST_WAIT = timedelta(hours=1)
"""A run that waits longer to be started means that runs pile up."""

NEVER_STEADY_AFTER = 3
"""A component that ended this often without ever being steady does not come up by itself."""


class Housekeeping:
    """Called again and again while the services run; each thing is done when its time has come."""

    def __init__(self, services: AirflowServices, pulse: Path, keep_for: timedelta, now: datetime) -> None:
        self._services = services
        self._pulse = pulse
        self._keep_for = keep_for
        self._sign_at = now
        self._clean_at = now + timedelta(minutes=10)  # not while the first round is at work

    def tend(self, now: datetime) -> None:
        if now >= self._sign_at:
            self._sign_at = now + SIGN_EVERY
            write_heartbeat(self._pulse, sign_of_life(self._last(), self._failure(now), now))
        if now >= self._clean_at:
            self._clean_at = now + CLEAN_EVERY
            before = now - self._keep_for
            self._services.forget_runs(before)
            remove_old_logs(self._services.home / "logs", before)

    def end(self) -> None:
        """Ended as it was asked to, it owes no sign any more."""
        (self._pulse / f"{JOB}.json").unlink(missing_ok=True)

    def _last(self) -> Heartbeat | None:
        return read_heartbeat(self._pulse, JOB)

    def _failure(self, now: datetime) -> str | None:
        failing = [name for name, times in self._services.ended_early.items() if times >= NEVER_STEADY_AFTER]
        if failing:
            return f"ComponentEnds: {', '.join(failing)} ended again and again; see its log"
        try:
            return describe_backlog(self._services.api.backlog(), now)
        except ApiError as error:
            return f"ApiError: Airflow does not answer: {error.status or 'no answer'}"


def describe_backlog(backlog: Backlog, now: datetime) -> str | None:
    """Why runs that wait are too many; None where they are not."""
    if backlog.oldest_at is None or now - backlog.oldest_at <= LONGEST_WAIT:
        return None
    minutes = int((now - backlog.oldest_at) / timedelta(minutes=1))
    return f"Backlog: {backlog.waiting} runs wait, the oldest for {minutes} minutes"


def sign_of_life(last: Heartbeat | None, failure: str | None, now: datetime) -> Heartbeat:
    """What is said of the services now; ``last`` is what was said before."""
    since = None if failure is None else (last.failing_since if last else None) or now
    return Heartbeat(
        JOB, "at_work", now, now + 5 * SIGN_EVERY, "launcher", failure=failure, failing_since=since
    )


def remove_old_logs(folder: Path, before: datetime) -> int:
    """Remove the logs of runs in which nothing was written since; returns how many."""
    removed = 0
    for run in folder.glob("dag_id=*/run_id=*"):
        newest = max((p.stat().st_mtime for p in run.rglob("*")), default=run.stat().st_mtime)
        if newest < before.timestamp():
            shutil.rmtree(run, ignore_errors=True)
            removed += 1
    return removed
