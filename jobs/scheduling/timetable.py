"""When the three DAGs run by the clock, for the scheduler and for whoever waits for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

CRON = {"collect": "17,47 * * * *", "assess": "40 5 * * *", "notify": "*/15 * * * *"}
"""In UTC. Events wake ``assess`` and ``notify`` besides."""


def next_tick(cron: str, after: datetime) -> datetime:
    """The first instant later than ``after`` that a cron expression of minutes and hours names."""
    minutes, hours, *rest = cron.split()
    if rest != ["*", "*", "*"]:
        raise ValueError(f"{cron!r} names days; valid here: minutes and hours")
    tick = after.astimezone(UTC).replace(second=0, microsecond=0)
    for _ in range(24 * 60):
        tick += timedelta(minutes=1)
        if _names(minutes, tick.minute) and _names(hours, tick.hour):
            return tick
    raise ValueError(f"{cron!r} names no time of day")


def _names(field: str, value: int) -> bool:
    if field.startswith("*"):
        return value % int(field[2:] or 1) == 0
    return value in (int(part) for part in field.split(","))
