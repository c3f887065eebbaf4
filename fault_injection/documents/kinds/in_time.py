"""What kinds share that change with time."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from fault_injection.documents.releases import STOCKS, ZONES, Release
from fault_injection.documents.served import Sight
from fault_injection.publishers.truth import DAY, day_start


def is_after(sight: Sight, days: float) -> bool:
    """Whether it was published so many days ago."""
    return sight.now >= sight.release.at + days * DAY


def own_words(sight: Sight, words: int, salt: str) -> tuple[str, ...]:
    return STOCKS[sight.language].paragraphs(Random(f"{sight.release.slug}:{salt}"), words)


def moved(release: Release, rng: Random, first: float, last: float) -> Release:
    zone = ZONES["en"]
    at = day_start(0, zone) + rng.uniform(first, last) * DAY
    return replace(release, at=at.replace(second=0, microsecond=0))


def early(release: Release, rng: Random) -> Release:
    return moved(release, rng, 5, 60)
