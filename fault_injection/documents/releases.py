"""What one publisher really published in the days around a window: drawn from a seed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from fault_injection.documents.announcing import Announcement, Language, draw_announcement
from fault_injection.documents.english import ENGLISH
from fault_injection.documents.spanish import SPANISH
from fault_injection.documents.stock import Stock
from fault_injection.publishers.truth import DAY, HOUR, day_start

DAYS = 90
BEFORE, AFTER = 20, 6
"""Days before and after the window in which something is published too."""

STOCKS: dict[Language, Stock] = {"en": ENGLISH, "es": SPANISH}
ZONES: dict[Language, str] = {"en": "America/New_York", "es": "America/Mexico_City"}
SHORTEST, LONGEST = 30, 600


@dataclass(frozen=True, slots=True)
class Release:
    """One release. ``as_pdf``: its address leads to a file."""

    slug: str
    title: str
    at: datetime
    paragraphs: tuple[str, ...]
    announced: Announcement | None = None
    as_pdf: bool = False

    @property
    def whole(self) -> tuple[str, ...]:
        """Its paragraphs, the announcement among them."""
        return self.announced.among(self.paragraphs) if self.announced else self.paragraphs


def window_end(language: Language) -> datetime:
    """The instant at which the window is over: its days are counted from the day after its first."""
    return day_start(DAYS + 1, ZONES[language])


def draw_releases(rng: Random, language: Language) -> list[Release]:
    """40 to 120 ordinary releases, none of them farther from the next than three days."""
    pace = rng.uniform(0.45, 1.15)
    found: list[Release] = []
    owed = 0.0
    for day in range(-BEFORE, DAYS + AFTER):
        owed += pace * rng.uniform(0.3, 1.7)
        for _ in range(int(owed)):
            found.append(_draw_release(rng, language, len(found), _time_on(rng, day, language)))
        owed -= int(owed)
    return found


def _time_on(rng: Random, day: int, language: Language) -> datetime:
    start = day_start(day, ZONES[language])
    return (start + timedelta(minutes=rng.randint(7 * 60, 20 * 60))).astimezone(UTC)


def _draw_release(rng: Random, language: Language, number: int, at: datetime) -> Release:
    words = int(SHORTEST * (LONGEST / SHORTEST) ** rng.random())
    title, paragraphs = STOCKS[language].release(rng, words)
    as_pdf = rng.random() < 0.04
    return Release(f"{slug_of(title)}-{number}", title, at, paragraphs, as_pdf=as_pdf)


def draw_announced(rng: Random, language: Language, phrase: str | None) -> Release:
    """The announcement's release, some days after the window's beginning or in its last hours."""
    announced = draw_announcement(rng, language, phrase)
    span = window_end(language) - day_start(1, ZONES[language])
    at = window_end(language) - span * rng.random()
    if rng.random() < 0.2:
        at = window_end(language) - rng.uniform(2, 30) * HOUR
    at = max(at, day_start(3, ZONES[language])).astimezone(UTC).replace(second=0, microsecond=0)
    words = rng.choice((0, 20, 60, 150, 350, 550))
    paragraphs = STOCKS[language].paragraphs(rng, words)
    slug = slug_of(announced.title) if rng.random() < 0.7 else f"{at:%y%m%d}-{rng.randint(100, 999)}"
    return Release(slug, announced.title, at, paragraphs, announced)


def slug_of(title: str) -> str:
    """A title as the last step of an address."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:80].strip("-")


def civil(at: datetime, language: Language) -> str:
    """A day as a release states it."""
    there = at.astimezone(ZoneInfo(ZONES[language]))
    month = STOCKS[language].months[there.month - 1]
    return f"{month} {there.day}, {there:%Y}" if language == "en" else f"{there.day} de {month} de {there:%Y}"


__all__ = ["DAY", "DAYS", "Release", "civil", "draw_announced", "draw_releases", "window_end"]
