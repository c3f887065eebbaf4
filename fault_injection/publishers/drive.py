"""The bench's months: sites and clock move on, and the real jobs read, judge and forget nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from fault_injection.publishers.catalogue import write_catalogue
from fault_injection.publishers.judging import Said, blind_alerts, verdicts_of
from fault_injection.publishers.plan import draw_faults
from fault_injection.publishers.reviewing import review
from fault_injection.publishers.servers import serving
from fault_injection.publishers.site import Fault, Site
from fault_injection.publishers.truth import DAY, HOUR, Press, day_start, draw_presses
from fault_injection.publishers.watching import Observer, Polled, Wrong
from fault_injection.publishers.windows import Due, draw_windows
from servanda.demo.replay import ReplayClock
from servanda.jobs.assess import assess
from servanda.jobs.bootstrap.settings import Settings
from servanda.jobs.bootstrap.wiring import Wiring, user_agent, wire
from servanda.jobs.collect import SourceOutcome, collect_source
from servanda.scrapers.http.fetch import Fetcher, RetryPolicy
from servanda.scrapers.http.transport import ExchangeLimits

SLOTS = (1, 7, 13, 19)
"""Hours of the day (UTC) at which sources are read, give or take half an hour."""

SLOTS_OF = {"cdx": (1, 13), "page": (7, 19), "register": (7, 19), "dof": (7, 19), "sitemap": (7, 19),
            "rest": (7, 19), "news": (7, 19)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scene:
    """All that is drawn from a seed."""

    seed: int
    days: int
    presses: tuple[Press, ...]
    dues: tuple[Due, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a scene."""

    scene: Scene
    polls: tuple[Polled, ...]
    lost: tuple[Wrong, ...]
    lost_for_good: tuple[Wrong, ...]
    misdated: tuple[Wrong, ...]
    misread: tuple[Wrong, ...]
    strange: tuple[Wrong, ...]
    verdicts: Said
    blind_alerts: int


class BenchWiring(Wiring):
    """The wiring of the jobs, with a fetcher that is out of patience soon."""

    @cached_property
    def fetcher(self) -> Fetcher:
        return Fetcher(
            user_agent=user_agent(self.settings),
            allow_hosts=self.settings.allow_hosts,
            clock=self.clock,
            limits=ExchangeLimits(connect_seconds=2.0, read_seconds=1.0, total_seconds=20.0),
            persistence=RetryPolicy(tries=2),
        )


def _quietly(day: int) -> None:
    """Tell nobody how far it is; ``day`` counts from 0."""


def draw_scene(
    seed: int, days: int, *, peaceful: bool = False, only: Sequence[str] = (), without: Sequence[str] = ()
) -> Scene:
    """``peaceful``: without faults; ``without``: but for these kinds. ``only``: these publishers."""
    presses = tuple(p for p in draw_presses(seed, days) if not only or p.id in only)
    dues, presses = draw_windows(seed, days, presses)
    faults = () if peaceful else draw_faults(seed, days, presses, without)
    return Scene(seed, days, presses, dues, faults)


def play(scene: Scene, *, on_day: Callable[[int], object] = _quietly) -> Played:
    """Play a scene from its first day to its last, in a folder of its own."""
    sites = [
        Site(p, [f for f in scene.faults if f.press == p.id], day_start(0), seed=scene.seed)
        for p in scene.presses
    ]
    with (
        tempfile.TemporaryDirectory(prefix="servanda-faults-", dir=in_memory()) as folder,
        serving(sites) as hosts,
        _opened(Path(folder), scene, sites, hosts) as (wiring, clock),
    ):
        misleading = {site.press.id: site.misleading for site in sites}
        observer = Observer({p.id: p for p in scene.presses}, scene.faults, misleading=misleading)
        for at, reading in _timetable(scene):
            _move(wiring, clock, sites, at)
            for press in reading:
                observer.look(wiring, _read(wiring, press))
            if at.hour >= 12 or not reading:
                assess(wiring)
                review(wiring, scene.dues)
                on_day((at - day_start(0)).days)
        return _played(wiring, scene, observer)


def in_memory() -> Path | None:
    """Where files need no disk, which is synced at each step; None where there is no such place."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() else None


@contextmanager
def _opened(
    folder: Path, scene: Scene, sites: Sequence[Site], hosts: frozenset[tuple[str, int]]
) -> Iterator[tuple[Wiring, ReplayClock]]:
    catalogue = write_catalogue(
        folder / "catalogue", scene.presses, scene.dues, {site.press.id: site.root for site in sites}
    )
    settings = Settings(
        database_url=f"sqlite:///{folder}/servanda.db",
        catalogue=catalogue,
        archive=folder / "archive",
        cache=folder / "cache",
        outbox=folder / "outbox",
        allow_hosts=hosts,
    )
    begin = day_start(0)
    with wire(now=begin, opening="create", settings=settings) as opened:
        clock = ReplayClock(begin)
        wiring = BenchWiring(opened.settings, opened.catalogue, opened.store, clock)
        try:
            yield wiring, clock
        finally:
            wiring.hang_up()


def _timetable(scene: Scene) -> Iterator[tuple[datetime, list[Press]]]:
    """When which publishers are read; at the very end time passes once more and nobody is."""
    rng = Random(f"{scene.seed}:timetable")
    for day in range(scene.days):
        for hour in SLOTS:
            at = day_start(day) + hour * HOUR + timedelta(minutes=rng.randint(-30, 30))
            yield at, [p for p in scene.presses if hour in SLOTS_OF.get(p.platform, SLOTS)]
    yield day_start(scene.days), []


def _move(wiring: Wiring, clock: ReplayClock, sites: Sequence[Site], at: datetime) -> None:
    wiring.store.move_replay_to(at)
    clock.present = at
    for site in sites:
        site.now = at


def _read(wiring: Wiring, press: Press) -> SourceOutcome:
    if press.platform != "cdx":
        return collect_source(wiring, press.id)
    today = wiring.now.astimezone(ZoneInfo(press.zone)).date()
    return collect_source(wiring, press.id, routes=["captures"], since=today - timedelta(days=5), until=today)


def _played(wiring: Wiring, scene: Scene, observer: Observer) -> Played:
    return Played(
        scene,
        tuple(observer.polls),
        tuple(observer.lost),
        tuple(observer.lost_for_good(wiring)),
        tuple(observer.misdated),
        tuple(observer.misread),
        tuple(observer.strange),
        verdicts_of(wiring),
        blind_alerts(wiring),
    )


__all__ = ["DAY", "Played", "Scene", "draw_scene", "play"]
