"""How many mails may go in which time, as a person writes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}


VALID = "valid: mails a minute such as 30, or 30/minute, 500/hour, 2000/day, several by commas"


NOT_AT_ALL = timedelta(0)


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most ``mails`` within any stretch of ``within``."""

    mails: int
    within: timedelta


def read_rate(text: str) -> tuple[RateLimit, ...]:
    """``30`` or ``30/minute, 500/hour``; ValueError says what is valid."""
    limits = []
    for part in text.split(","):
        number, _, unit = (one.strip() for one in part.partition("/"))
        within = UNITS.get(unit or "minute")
        if within is None or not (number.isascii() and number.isdecimal()) or not 0 < int(number) <= 10**6:
            raise ValueError(f"{part.strip()!r} is no rate; {VALID}")
        limits.append(RateLimit(int(number), within))
    return tuple(limits)
