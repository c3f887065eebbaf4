"""Plays some scenes at once: sites and clock move on through ninety days; the real jobs read and judge."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from fault_injection.documents.catalogue import write_catalogue
from fault_injection.documents.releases import BEFORE, DAYS
from fault_injection.documents.scene import Scene
from fault_injection.documents.seen import Doubted, doubted_documents, found_documents, standing_reasons
from fault_injection.documents.site import Site
from fault_injection.publishers.drive import BenchWiring, in_memory
from fault_injection.publishers.judging import verdicts_of
from fault_injection.publishers.servers import serving
from fault_injection.publishers.truth import DAY, HOUR, day_start
from servanda.demo.replay import ReplayClock
from servanda.jobs.assess import assess
from servanda.jobs.bootstrap.settings import Settings
from servanda.jobs.bootstrap.system import SystemClock, inherited_environment
from servanda.jobs.bootstrap.wiring import wire
from servanda.jobs.collect import collect_source
from servanda.jobs.views.shortlist import shortlist
from servanda.scrapers.isolation.reader_process import ArticleReader

EVERY, SELDOM = 9.5, 60.0
"""Days between two readings, and in a brief play; each asks for the days since the one before."""

TOGETHER = 16
"""Plays that share a database. It takes a moment to make, and each source looks at every instrument in it."""

CLOSING = (DAYS + 1.4, DAYS + 2.6)
"""Days of the last readings: after the window's end, and when its claims have settled."""


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a scene.

    ``verdicts``: every value that its window ever had, in order; ``met``: how many answers the fault changed;
    ``found``: whether there is a candidate; ``reasons``: why documents of it are not known in the end;
    ``duties``: kinds of what is unmet then; ``shortlisted``: how many documents a person would look at.
    """

    scene: Scene
    verdicts: tuple[str, ...]
    met: int
    found: bool
    doubted: tuple[Doubted, ...]
    reasons: tuple[str, ...]
    duties: tuple[str, ...]
    shortlisted: int

    @property
    def verdict(self) -> str:
        return self.verdicts[-1] if self.verdicts else "none"

    @property
    def claims_absence(self) -> bool:
        return "none_found" in self.verdicts


def _quietly(number: int) -> None:
    """Tell nobody how far it is."""


def play(scenes: Sequence[Scene], reader: ArticleReader | None = None) -> list[Played]:
    """Play scenes side by side, in a database of their own; each has its own source, window and site.

    ``reader``: what reads their documents, where it is to be used again.
    """
    sites = [Site(scene, day_start(0)) for scene in scenes]
    with (
        tempfile.TemporaryDirectory(prefix="servanda-documents-", dir=in_memory()) as folder,
        serving(sites) as hosts,
        _opened(Path(folder), sites, hosts, reader) as (wiring, clock),
    ):
        before = day_start(0) - BEFORE * DAY
        for at in _readings(scenes[0].seed, brief=scenes[0].brief):
            wiring.store.move_replay_to(at)
            clock.present = at
            for site in sites:
                _read(wiring, site, before, at)
            assess(wiring)
            before = at
        return _played(wiring, sites)


def play_in_turn(scenes: Sequence[Scene], on_play: Callable[[int], object] = _quietly) -> list[Played]:
    """Play scenes, some at once."""
    found: list[Played] = []
    reader = ArticleReader(monotonic=SystemClock().monotonic, environment=inherited_environment())
    try:
        for at in range(0, len(scenes), TOGETHER):
            on_play(at)
            found += play(scenes[at : at + TOGETHER], reader)
    finally:
        reader.close()
    return found


def _read(wiring: BenchWiring, site: Site, before: datetime, at: datetime) -> None:
    """Read a source's listing, over the days since ``before`` too, and its feed where it has one."""
    site.now = at
    since, until = site.scene.day_of(before - 3 * DAY), site.scene.day_of(at)
    if site.scene.has_feed:
        collect_source(wiring, site.scene.name, routes=["feed"])
    collect_source(wiring, site.scene.name, routes=["listing"], since=since, until=until)


def _readings(seed: int, *, brief: bool) -> Iterator[datetime]:
    """When the sources are read: soon after the beginning, every so many days, and around the end."""
    rng = Random(f"{seed}:readings")
    day = 0.8
    while day < DAYS:
        yield day_start(0) + day * DAY + timedelta(minutes=rng.randint(-300, 300))
        day += SELDOM if brief else EVERY
    for last in CLOSING[-1:] if brief else CLOSING:
        yield day_start(0) + last * DAY + rng.uniform(0, 3) * HOUR


@contextmanager
def _opened(
    folder: Path, sites: Sequence[Site], hosts: frozenset[tuple[str, int]], reader: ArticleReader | None
) -> Iterator[tuple[BenchWiring, ReplayClock]]:
    scenes = [site.scene for site in sites]
    settings = Settings(
        database_url=f"sqlite:///{folder}/servanda.db",
        catalogue=write_catalogue(
            folder / "catalogue", scenes, {site.scene.name: site.root for site in sites}
        ),
        archive=folder / "archive",
        cache=folder / "cache",
        outbox=folder / "outbox",
        allow_hosts=hosts,
    )
    with wire(now=day_start(0), opening="create", settings=settings) as opened:
        clock = ReplayClock(day_start(0))
        wiring = BenchWiring(opened.settings, opened.catalogue, opened.store, clock)
        if reader is not None:
            wiring.__dict__["article_reader"] = reader
        try:
            yield wiring, clock
        finally:
            if reader is not None:
                del wiring.__dict__["article_reader"]
            wiring.hang_up()


def _played(wiring: BenchWiring, sites: Sequence[Site]) -> list[Played]:
    said = verdicts_of(wiring)
    doubted, found = doubted_documents(wiring), found_documents(wiring)
    reasons = standing_reasons(wiring)
    return [
        Played(
            site.scene,
            tuple(value for _, value, _ in said.get(site.scene.name, [])),
            site.met,
            site.scene.name in found,
            tuple(doubted.get(site.scene.name, ())),
            tuple(reasons.get(site.scene.name, ())),
            said[site.scene.name][-1][2] if site.scene.name in said else (),
            len(shortlist(wiring.ledger, wiring.catalogue, site.scene.name, wiring.now)),
        )
        for site in sites
    ]
