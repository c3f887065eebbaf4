"""Whether our own clock can be believed, beside the clocks of publishers and the machine's uptime. Pure.

Our clock is a witness like any other. A publisher's answer states when it was given; a machine counts the
seconds since it started, and no change of the clock changes that count. What they say together decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

TOLERANCE = timedelta(seconds=60)
"""Clocks agree that differ by no more: publishers state whole seconds, and answers take their time."""

DRIFT = 1e-4
"""A clock that is kept right may move against the uptime by this share of the time that has passed."""

RUNS_AFTER = timedelta(minutes=2)
"""Two looks at a publisher's clock that are this far apart tell a wrong clock from a copy in a cache."""

Trust = Literal["borne_out", "disagrees", "unattested", "unstated"]
"""``unattested``: publishers stated times before, and none of them speaks of the clock as it stands now.
``unstated``: no publisher has ever stated a time, so that our clock stands alone."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What our machine says at one instant. ``boot`` names the machine's start, ``uptime`` are the seconds
    since; both None where the machine does not tell."""

    at: datetime
    boot: str | None = None
    uptime: float | None = None


@dataclass(frozen=True, slots=True)
class ClockReading:
    """Our clock beside a publisher's at one moment; ``publisher`` and ``stated_at`` None where none stated
    a time, so that the moment alone is known."""

    moment: Moment
    publisher: str | None = None
    stated_at: datetime | None = None

    @property
    def ahead(self) -> timedelta:
        """How far our clock is ahead of the publisher's; below zero where it is behind."""
        return timedelta(0) if self.stated_at is None else self.moment.at - self.stated_at


@dataclass(frozen=True, slots=True)
class ClockJudgement:
    """What is thought of our clock, and why, as a sentence without a full stop."""

    trust: Trust
    reason: str

    @property
    def is_trusted(self) -> bool:
        """Whether a reading may be dated by our clock."""
        return self.trust in ("borne_out", "unstated")


def still_holds(reading: ClockReading, now: Moment) -> bool:
    """Whether our clock has run on as the machine has since a reading, so that the reading speaks of it
    still."""
    then = reading.moment
    if then.boot is None or then.uptime is None or now.uptime is None or then.boot != now.boot:
        return False
    passed = timedelta(seconds=now.uptime - then.uptime)
    return abs(now.at - then.at - passed) <= TOLERANCE + abs(passed) * DRIFT


def judge_clock(
    fresh: Sequence[ClockReading], earlier: Sequence[ClockReading], now: Moment
) -> ClockJudgement:
    """Judge our clock. ``fresh``: readings of this very moment; ``earlier``: the last ones on record of each
    publisher, the newest last.

    Publishers vote, each by its reading nearest to our clock, for a copy from a cache states an old time.
    Our clock is a vote, too: it is wrong where more publishers speak against it than for it, or the only one.
    """
    asked = {reading.publisher for reading in fresh}
    holding = [r for r in earlier if r.publisher not in asked and still_holds(r, now)]
    nearest = _nearest([*fresh, *holding])
    if not nearest:
        return _judge_alone(earlier, now)
    against = {name: r for name, r in nearest.items() if abs(r.ahead) > TOLERANCE}
    agreeing = len(nearest) - len(against)
    if agreeing and agreeing >= len(against):
        return ClockJudgement("borne_out", f"{agreeing} of {len(nearest)} publishers bear it out")
    shown = "; ".join(_in_words(reading) for reading in list(against.values())[:3])
    return ClockJudgement("disagrees", f"our clock and those of publishers disagree: {shown}")


def is_clock_wrong(reading: ClockReading, before: ClockReading | None) -> bool:
    """Whether a publisher's own clock is wrong, not its answer old: it runs on, and as far off as before.

    ``before``: an earlier reading of the same publisher. A copy from a cache states the same time again.
    """
    if before is None or abs(reading.ahead) <= TOLERANCE:
        return False
    apart = reading.moment.at - before.moment.at
    return apart >= RUNS_AFTER and abs(reading.ahead - before.ahead) <= TOLERANCE


def has_jumped(began: Moment, ended: Moment, seconds: float) -> bool:
    """Whether our clock was moved while ``seconds`` passed by a clock that nobody moves."""
    return abs(ended.at - began.at - timedelta(seconds=seconds)) > TOLERANCE


def _judge_alone(earlier: Sequence[ClockReading], now: Moment) -> ClockJudgement:
    """Where no publisher speaks of the clock as it stands now."""
    if any(reading.publisher is not None for reading in earlier):
        return ClockJudgement("unattested", "no publisher has stated a time since our clock was set or moved")
    last = earlier[-1] if earlier else None
    same_start = last is not None and last.moment.boot is not None and last.moment.boot == now.boot
    if last is not None and same_start and not still_holds(last, now):
        moved = "our clock was moved while the machine ran, and no publisher states a time"
        return ClockJudgement("disagrees", moved)
    return ClockJudgement("unstated", "no publisher states a time; our clock stands alone")


def _nearest(readings: Iterable[ClockReading]) -> dict[str, ClockReading]:
    """The reading of each publisher that is nearest to our clock."""
    nearest: dict[str, ClockReading] = {}
    for reading in readings:
        if reading.publisher is None:
            continue
        known = nearest.get(reading.publisher)
        if known is None or abs(reading.ahead) < abs(known.ahead):
            nearest[reading.publisher] = reading
    return nearest


def _in_words(reading: ClockReading) -> str:
    days, rest = divmod(round(abs(reading.ahead) / timedelta(minutes=1)), 1_440)
    hours, minutes = divmod(rest, 60)
    parts = ((days, "days"), (hours, "hours"), (minutes, "minutes"))
    length = " ".join(f"{n} {word}" for n, word in parts if n)
    return f"ours is {length} {'ahead of' if reading.ahead > timedelta(0) else 'behind'} {reading.publisher}"
