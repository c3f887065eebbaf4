"""What is wrong with a monitor, by its signs of life. Pure: pulses and the time in, problems out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from servanda.jobs.watchdog.heartbeat_files import Heartbeat, UnreadableHeartbeat

GRACE = timedelta(minutes=15)
"""How long after it was due a sign of life is still awaited. Looked for every 10 minutes, silence is thus
reported 15 to 25 minutes after the due time, and 5 remain of the 30 for a slow mail server."""

FAILING_FOR = timedelta(minutes=2)
"""A failure that a scheduler's own retries mend within this time is nobody's concern."""

SKEW = timedelta(minutes=5)
"""How far two machines' clocks may differ."""

Kind = Literal["never", "unreadable", "future", "silent", "failing", "unpromised", "unreachable"]


@dataclass(frozen=True, slots=True)
class MonitorProblem:
    """``about`` is a job, or ``monitor``. ``since`` None: as long as we know."""

    about: str
    kind: Kind
    since: datetime | None
    words: str


def find_problems(found: Sequence[Heartbeat | UnreadableHeartbeat], now: datetime) -> list[MonitorProblem]:
    """What is wrong, one problem a job at most; an empty list says that the monitor lives."""
    if not found:
        words = "no round of the monitor has ever left a sign of life"
        return [MonitorProblem("monitor", "never", None, words)]
    wrong = [problem for one in found if (problem := _problem(one, now)) is not None]
    pulses = [one for one in found if isinstance(one, Heartbeat)]
    if pulses and len(pulses) == len(found) and all(one.due_at is None for one in pulses):
        words = "no job says when its next round is due, so that its absence could not be noticed"
        wrong.append(MonitorProblem("monitor", "unpromised", None, f"{words}: give its command --every"))
    return wrong


def _problem(one: Heartbeat | UnreadableHeartbeat, now: datetime) -> MonitorProblem | None:
    if isinstance(one, UnreadableHeartbeat):
        return MonitorProblem(
            one.job, "unreadable", None, f"the sign of life of {one.job} cannot be read: {one.why}"
        )
    if one.at > now + SKEW:
        words = f"{one.job} left a sign of life dated {moment_text(one.at)}, which is still to come"
        return MonitorProblem(one.job, "future", None, f"{words}: a clock is wrong, here or there")
    if one.due_at is not None and now >= one.due_at + GRACE:
        return MonitorProblem(one.job, "silent", one.due_at, _silent(one, one.due_at, now))
    if one.failure is not None and one.failing_since is not None and now - one.failing_since >= FAILING_FOR:
        words = f"{one.job} has been failing since {moment_text(one.failing_since)}: {one.failure}"
        return MonitorProblem(one.job, "failing", one.failing_since, words)
    return None


def _silent(one: Heartbeat, due_at: datetime, now: datetime) -> str:
    said = {
        "promised": f"{one.job} has never run",
        "at_work": f"{one.job} has been at work since {moment_text(one.at)} and said nothing more",
        "ended": f"{one.job} is silent since {moment_text(one.at)}",
    }[one.state]
    words = (
        f"{said}; its next sign of life was due at {moment_text(due_at)}, {duration_text(now - due_at)} ago"
    )
    return words if one.failure is None else f"{words}. Its last round failed: {one.failure}"


def moment_text(at: datetime) -> str:
    """``2026-01-31 12:15 UTC``."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def duration_text(of: timedelta) -> str:
    """``25 minutes``, ``3 hours``, ``2 days``."""
    minutes = int(of.total_seconds() // 60)
    for size, name in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size and (minutes >= 2 * size or size == 1):
            count = minutes // size
            return f"{count} {name}{'' if count == 1 else 's'}"
    return "0 minutes"
