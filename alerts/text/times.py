"""How instants and civil dates are counted where people are told of them; ``Words`` says them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from servanda.compliance.intervals import RESOLUTION


def last_second(due_at: datetime) -> datetime:
    """The last instant of a half-open window, as people name its end."""
    return due_at - RESOLUTION


def days_left(at: datetime, due_at: datetime, zone: str) -> int:
    """Civil days from ``at`` to the end in ``zone``, today counted; 0 once it has ended."""
    last_on = last_second(due_at).astimezone(ZoneInfo(zone)).date()
    return max(0, (last_on - at.astimezone(ZoneInfo(zone)).date()).days + 1)
