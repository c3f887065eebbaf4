"""All that is drawn of one play: a publisher, its releases, and the announcement with its fault."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from random import Random
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from fault_injection.documents.announcing import Language
from fault_injection.documents.pages import STRUCTURES, Structure
from fault_injection.documents.releases import ZONES, Release, draw_announced, draw_releases
from fault_injection.documents.served import Kind
from fault_injection.publishers.listings import LAYOUTS
from fault_injection.publishers.truth import Press, day_start

LAG = timedelta(hours=12)
LONGEST_SILENCE = timedelta(days=25)


@dataclass(frozen=True)
class Scene:
    """``announced`` and ``kind``: None where nothing is announced. ``name``: of source and window."""

    name: str
    seed: int
    structure: Structure
    has_feed: bool
    releases: tuple[Release, ...]
    announced: Release | None
    kind: Kind | None
    brief: bool = False

    @property
    def language(self) -> Language:
        return self.structure.language

    @property
    def zone(self) -> str:
        return ZONES[self.language]

    @cached_property
    def press(self) -> Press:
        """The publisher, in the words of the other bench, which renders listings."""
        by_day = self.structure.listing == "uswds"
        party = "US" if self.language == "en" else "MX"
        return Press(
            self.name, "wordpress", party, self.language, self.zone, LAG, LONGEST_SILENCE, by_day, 1.0
        )

    @cached_property
    def by_path(self) -> dict[str, Release]:
        return {self.path_of(release): release for release in self.releases}

    def path_of(self, release: Release) -> str:
        return urlsplit(LAYOUTS[self.structure.listing].article.format(slug=release.slug)).path

    def day_of(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.zone)).date()


def draw_scene(seed: int, kind: Kind | None, *, brief: bool = False, name: str | None = None) -> Scene:
    """``kind`` None: a healthy play without announcement. ``brief``: with few releases."""
    rng = Random(f"{seed}:{kind.id if kind else 'healthy'}")
    languages = kind.languages if kind else ("en", "es")
    structure = rng.choice([one for one in STRUCTURES if one.language in languages])
    has_feed = (rng.random() < 0.35 and not brief) or bool(kind and kind.by_feed)
    releases = draw_releases(rng, structure.language)
    if brief:
        releases = _thinned(releases)
    announced = None
    if kind is not None:
        phrase = kind.phrases[structure.language] if kind.phrases else None
        announced = kind.reshape(draw_announced(rng, structure.language, phrase), rng)
    shown = name or f"play-{seed}-{(kind.id if kind else 'healthy').replace('_', '-')}"
    return Scene(shown, seed, structure, has_feed, tuple(releases), announced, kind, brief)


def _thinned(releases: list[Release]) -> list[Release]:
    """Those from before the window, and one in some days after."""
    begin = day_start(0)
    before = [one for one in releases if one.at < begin]
    later = [one for one in releases if one.at >= begin]
    return [*before[-5:], *later[:: max(1, len(later) // 8)]]
