"""Leave a sign of life around each round, so that a watchdog notices when there is none."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from servanda.compliance.intervals import utc_text
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.bootstrap.progress import OnStep
from servanda.jobs.bootstrap.settings import read_settings
from servanda.jobs.bootstrap.system import SystemClock
from servanda.jobs.bootstrap.usage import SettingUnusable, UsageError
from servanda.jobs.bootstrap.wiring import Wiring, wire
from servanda.jobs.scheduling.timetable import CRON, next_tick
from servanda.jobs.watchdog.diagnosis import find_problems
from servanda.jobs.watchdog.heartbeat_files import (
    Heartbeat,
    UnreadableHeartbeat,
    read_heartbeat,
    read_heartbeats,
    to_json,
    write_heartbeat,
)
from servanda.models.findings import verdicts as findings

log = logging.getLogger(__name__)

LONGEST_STEP = timedelta(hours=1)
"""The longest that a step of a round may take before silence is remarkable: a long listing, read politely."""

LONGEST_MAIL_STEP = timedelta(minutes=20)
"""The same where a step is one mail."""

PASSED_MEANWHILE = timedelta(hours=1)
"""An instant that passed so lately and is not judged yet is due now; older ones are of windows long gone."""

RENEWED_AFTER = timedelta(minutes=1)
"""How often a round that makes progress says so."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Who promises the next round, and for when. ``name`` None: nobody; it was asked for by hand.

    ``next_at`` is asked with the database, None where the round failed before it was open.
    """

    name: str | None
    next_at: Callable[[Ledger | None, datetime], datetime | None]


@contextmanager
def on_schedule(job: str, *, ends: bool = True) -> Iterator[Wiring]:
    """The wiring for a step of a scheduled round, which leaves the job's sign of life.

    ``ends``: the step is the round's last. The other jobs of the schedule that were never done are promised.
    """
    schedule = Schedule("airflow", lambda ledger, now: _next_of(job, ledger, now))
    with with_heartbeat(job, wire(opening="create"), schedule, ends=ends) as wiring:
        if not wiring.replay:
            _promise_the_others(wiring.settings.pulse)
        yield wiring


def _next_of(job: str, ledger: Ledger | None, now: datetime) -> datetime:
    """The next tick; for ``assess`` an instant at which time alone changes an answer, if that is sooner."""
    tick = next_tick(CRON[job], now)
    if job != "assess" or ledger is None:
        return tick
    with ledger.reading() as (db, _):
        instant = findings.next_window_instant(db, after=now - PASSED_MEANWHILE)
    return tick if instant is None else min(tick, instant[1])


def _promise_the_others(folder: Path) -> None:
    now = SystemClock().now()
    for job, cron in CRON.items():
        if not (folder / f"{job}.json").exists():
            _leave(folder, Heartbeat(job, "promised", now, next_tick(cron, now), "airflow"))


def repeating_schedule(length: timedelta | None) -> Schedule:
    """The promise of a command that is run again after ``length``; None: it was typed by hand."""
    if length is None:
        return Schedule(None, lambda _ledger, _now: None)
    return Schedule(f"every {length}", lambda _ledger, now: now + length)


@contextmanager
def with_heartbeat(
    job: str,
    opened: AbstractContextManager[Wiring],
    schedule: Schedule,
    *,
    ends: bool = True,
    simulated: bool = False,
) -> Iterator[Wiring]:
    """Open the wiring, and leave a sign of life before, after, and where the round fails.

    None is left for a replay, whose clock stands (``simulated``: it was asked for), nor where what was asked
    for cannot be done (UsageError), which says nothing of the monitor.
    """
    settings = read_settings()
    folder, clock = settings.pulse, SystemClock()
    wiring: Wiring | None = None
    try:
        with opened as wiring:
            if not wiring.replay:
                _leave(folder, _at_work(folder, job, schedule, wiring.ledger, clock.now()))
            yield wiring
            if ends and not wiring.replay:
                _leave(folder, _ended(folder, job, schedule, wiring.ledger, clock.now(), None))
    except Exception as error:
        asked_wrongly = _is_asked_wrongly(error) or _is_asked_wrongly(error.__cause__)
        replay = wiring.replay if wiring is not None else simulated or settings.now is not None
        if not asked_wrongly and not replay:
            _leave(folder, _ended(folder, job, schedule, None, clock.now(), _in_words(error)))
        raise


def _is_asked_wrongly(error: BaseException | None) -> bool:
    """Whether somebody asked for what cannot be; a setting that cannot be used is the monitor's fault."""
    return isinstance(error, UsageError) and not isinstance(error, SettingUnusable)


def _at_work(folder: Path, job: str, schedule: Schedule, ledger: Ledger, now: datetime) -> Heartbeat:
    last = read_heartbeat(folder, job) or Heartbeat(job, "promised", now)
    due_at = schedule.next_at(ledger, now)
    begun = replace(last, state="at_work", at=now)
    if schedule.name is None:
        return begun
    return replace(begun, schedule=schedule.name, due_at=max(due_at or now, now + _longest_step(job)))


def _longest_step(job: str) -> timedelta:
    return LONGEST_MAIL_STEP if job == "notify" else LONGEST_STEP


def renew_heartbeat(job: str) -> OnStep:
    """Told of each step of a scheduled round, it renews the sign of life; one that hangs makes no step."""
    folder, clock = read_settings().pulse, SystemClock()
    renewed = clock.monotonic()

    def step(_label: str, _done: int, _total: int) -> None:
        nonlocal renewed
        if clock.monotonic() - renewed < RENEWED_AFTER.total_seconds():
            return
        renewed, now = clock.monotonic(), clock.now()
        last = read_heartbeat(folder, job)
        if last is not None and last.state == "at_work" and last.due_at is not None:
            _leave(folder, replace(last, at=now, due_at=max(last.due_at, now + _longest_step(job))))

    return step


def _ended(
    folder: Path, job: str, schedule: Schedule, ledger: Ledger | None, now: datetime, failure: str | None
) -> Heartbeat:
    """Whoever runs a command by hand promises nothing, and leaves standing what a schedule has promised.

    A database that was lost is made anew by the next round, empty and content: hence this look at the last.
    """
    last = read_heartbeat(folder, job) or Heartbeat(job, "promised", now)
    database = ledger.store.identity.id if ledger is not None else None
    if database is not None and last.database not in (None, database):
        failure = f"OtherDatabase: not the one of before; if that is meant, delete {job}.json"
    since = None if failure is None else last.failing_since or now
    by_hand = schedule.name is None
    return Heartbeat(
        job=job,
        state="ended",
        at=now,
        due_at=last.due_at if by_hand else schedule.next_at(ledger, now),
        schedule=last.schedule if by_hand else schedule.name,
        ended_at=now,
        failure=failure,
        failing_since=since,
        database=last.database or database,
    )


def _leave(folder: Path, pulse: Heartbeat) -> None:
    """A round is not to fail for want of a sign of it; the watchdog will miss the sign."""
    try:
        write_heartbeat(folder, pulse)
    except OSError as error:
        log.warning("no sign of life could be left in %s: %s", folder, error)


def _in_words(error: Exception) -> str:
    """The first line of the failure: what follows may repeat a statement with its values."""
    said = str(getattr(error, "orig", None) or error).strip().splitlines()
    return f"{type(error).__name__}: {said[0] if said else 'no words'}"[:500]


def heartbeat_health(folder: Path, now: datetime) -> dict[str, Any]:
    """What a web page says of the monitor, without the database: its signs of life, what is wrong.

    Anybody may read it, so it names no path, and of a failure the family alone.
    """
    found = [_public(one) for one in read_heartbeats(folder)]
    wrong = find_problems(found, now)
    return {
        "ok": not wrong,
        "now": utc_text(now),
        "problems": [{"about": one.about, "kind": one.kind, "words": one.words} for one in wrong],
        "pulses": [to_json(one) for one in found if isinstance(one, Heartbeat)],
        "unreadable": [
            {"job": one.job, "why": one.why} for one in found if isinstance(one, UnreadableHeartbeat)
        ],
    }


def _public(one: Heartbeat | UnreadableHeartbeat) -> Heartbeat | UnreadableHeartbeat:
    if isinstance(one, UnreadableHeartbeat):
        return UnreadableHeartbeat(one.job, "the monitor's own host says more")
    failure = None if one.failure is None else one.failure.partition(":")[0]
    return replace(one, failure=failure, database=None)
