"""The sweep: a day killed at moments of its time and after its mails, and run again, each on a fresh copy."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from random import Random

from fault_injection.crashes.baseline import prepare
from fault_injection.crashes.dump import Dump, difference, dump
from fault_injection.crashes.forking import Ended, Forker, forker, group_lives, kill_group
from fault_injection.crashes.mail_server import MailServer, Stored
from fault_injection.crashes.places import Databases, Place, copied
from fault_injection.crashes.scene import BEGUN_AT, DAY_AT, Site
from fault_injection.crashes.stages import Stage, stage_of
from servanda.models.store import open_store

DAY = ["run", "--now", DAY_AT.isoformat()]
AGAIN = ["notify"]
"""What sends nothing any more after a day that came to its end."""
PATIENCE = 60.0
"""Seconds that a kill waits at most for the mail it is to follow."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When to kill: so many seconds after so many mails of the run are stored (0: after its start)."""

    seconds: float
    mails: int = 0

    def earlier(self, seconds: float) -> Moment:
        """Nearer to the start, for a run that had ended after ``seconds``."""
        return Moment(0.9 * min(self.seconds, seconds), max(0, self.mails - 1))


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """What a day comes to that nobody disturbs: its state, its mails by Message-ID, its seconds."""

    state: Dump
    mails: frozenset[str]
    seconds: float


@dataclass(frozen=True, slots=True)
class Trial:
    """One kill and what came of it.

    ``lost`` and ``strange`` are Message-IDs that never
    came, or that no undisturbed day has; ``twice`` came more than once, ``changed`` so with other bytes.
    ``wrong``: how the state at the end differs. ``broken``: runs that ended otherwise than they should.
    """

    moment: Moment
    stage: Stage
    lost: tuple[str, ...]
    strange: tuple[str, ...]
    twice: tuple[str, ...]
    changed: tuple[str, ...]
    wrong: tuple[str, ...]
    broken: tuple[str, ...]

    @property
    def duplicates(self) -> int:
        return len(self.twice)

    @property
    def is_sound(self) -> bool:
        bad = self.lost or self.strange or self.changed or self.wrong or self.broken
        return not bad and self.duplicates <= 1


@dataclass(frozen=True, slots=True)
class Swept:
    """A sweep on one kind of database."""

    database: str
    undisturbed: Undisturbed
    trials: tuple[Trial, ...]

    @property
    def is_sound(self) -> bool:
        return all(trial.is_sound for trial in self.trials)


@dataclass(frozen=True)
class Bench:
    """A prepared monitor, and what is needed to run copies of it."""

    base: Place
    databases: Databases
    folder: Path

    @contextmanager
    def copy(self, name: str, mail: MailServer) -> Iterator[Place]:
        with mail.running(), copied(self.base, self.databases, self.folder / name, mail.url) as place:
            yield place


@contextmanager
def opened(databases: Databases, folder: Path, *, eager: int = 8) -> Iterator[Bench]:
    """The bench on the morning of the day, until the end of the ``with``; ``eager`` watchers hear of all."""
    site = Site(BEGUN_AT)
    with site.running():
        base = prepare(folder / "base", site, databases, eager)
        site.now = DAY_AT
        try:
            yield Bench(base, databases, folder)
        finally:
            databases.drop(base.database_url)


def sweep(
    bench: Bench,
    *,
    kills: int,
    seed: int,
    workers: int = 2,
    on_trial: Callable[[Trial], object] = lambda _trial: None,
) -> Swept:
    """Kill the day ``kills`` times at seeded moments, ``workers`` copies at a time.

    Every fourth kill follows a mail instead of the clock: how long a day sends, beside all the rest it does,
    depends on the machine, and each sweep is to meet the sending.
    """
    with contextlib.ExitStack() as closing:
        idle: SimpleQueue[Forker] = SimpleQueue()
        for _ in range(workers):
            idle.put(closing.enter_context(forker()))
        first = idle.get()
        undisturbed = _undisturbed(bench, first)
        idle.put(first)

        def one(numbered: tuple[int, Moment]) -> Trial:
            number, moment = numbered
            with _borrowed(idle) as hands:
                trial = _trial(bench, hands, undisturbed, f"kill-{number}", moment)
            on_trial(trial)
            return trial

        with ThreadPoolExecutor(workers) as pool:
            trials = tuple(pool.map(one, enumerate(moments(kills, undisturbed, seed))))
    return Swept(bench.databases.name, undisturbed, trials)


def moments(kills: int, day: Undisturbed, seed: int) -> list[Moment]:
    """Moments spread evenly over the time of a run: a random one in each of ``kills`` equal parts of it.

    Of every four the third is moved into the sending: shortly after a random one of its mails but the last.
    """
    rng = Random(seed)
    found = [Moment((n + rng.random()) / kills * day.seconds) for n in range(kills)]
    for n in range(2, kills, 4):
        found[n] = Moment(rng.random() * 0.03, 1 + rng.randrange(max(1, len(day.mails) - 1)))
    return found


@contextmanager
def _borrowed(idle: SimpleQueue[Forker]) -> Iterator[Forker]:
    hands = idle.get()
    try:
        yield hands
    finally:
        idle.put(hands)


def _undisturbed(bench: Bench, hands: Forker) -> Undisturbed:
    mail = MailServer()
    with bench.copy("undisturbed", mail) as place:
        begun = time.monotonic()
        ended = _run(hands, place, DAY)
        seconds = time.monotonic() - begun
        assert ended.code == 0, ended.printed
        _run(hands, place, AGAIN)
        return Undisturbed(state_of(place), frozenset(s.message_id for s in mail.stored), seconds)


def _trial(bench: Bench, hands: Forker, undisturbed: Undisturbed, name: str, moment: Moment) -> Trial:
    """Kill one run at a moment; where it had ended by then, another at an earlier one."""
    while True:
        mail = MailServer()
        with bench.copy(name, mail) as place:
            begun = time.monotonic()
            ended = _run(hands, place, DAY, killing=_killer(moment, mail))
            if not ended.was_killed:
                moment = moment.earlier(time.monotonic() - begun)
                continue
            stage = stage_of(place, len(mail.stored))
            again = [_run(hands, place, DAY)]
            came = list(mail.stored)
            again.append(_run(hands, place, AGAIN))
            broken = [run.printed for run in again if run.code != 0]
            if len(mail.stored) > len(came):
                broken.append(f"a third run sent {len(mail.stored) - len(came)} more")
            wrong = difference(undisturbed.state, state_of(place))
            return judged(moment, stage, undisturbed, mail.stored, wrong, broken)


def _killer(moment: Moment, mail: MailServer) -> Callable[[int], object]:
    """What kills a process group when the moment has come."""

    def wait_and_kill(group: int) -> None:
        given_up = time.monotonic() + PATIENCE
        while len(mail.stored) < moment.mails and group_lives(group) and time.monotonic() < given_up:
            time.sleep(0.001)
        time.sleep(moment.seconds)
        kill_group(group)

    return wait_and_kill


def _run(
    hands: Forker,
    place: Place,
    arguments: list[str],
    *,
    killing: Callable[[int], object] = lambda _group: None,
) -> Ended:
    return hands.run(arguments, place.environment(), place.folder / "printed.txt", meanwhile=killing)


def state_of(place: Place) -> Dump:
    with contextlib.closing(open_store(place.database_url)) as store, store.reading() as db:
        return dump(db)


def judged(
    moment: Moment,
    stage: Stage,
    undisturbed: Undisturbed,
    came: Sequence[Stored],
    wrong: Sequence[str],
    broken: Sequence[str],
) -> Trial:
    times = Counter(stored.message_id for stored in came)
    contents = Counter(message_id for message_id, _ in {(s.message_id, s.content) for s in came})
    return Trial(
        moment=moment,
        stage=stage,
        lost=tuple(sorted(undisturbed.mails - set(times))),
        strange=tuple(sorted(set(times) - undisturbed.mails)),
        twice=tuple(sorted(one for one, n in times.items() for _ in range(n - 1))),
        changed=tuple(sorted(one for one, n in contents.items() if n > 1)),
        wrong=tuple(wrong),
        broken=tuple(broken),
    )
