"""Who is to hear that there was nothing to tell: silence alone could mean that the monitor is dead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from servanda.alerts.routing.digest_schedule import last_slot, slot_before
from servanda.compliance.watchers import Watcher
from servanda.models.alerts.period_figures import active_since, mailed_since
from servanda.models.delivery.digests import last_closed
from servanda.models.delivery.watchers import watchers


@dataclass(frozen=True, slots=True)
class QuietTime:
    """A watcher who was sent nothing from the slot before up to ``slot``; ``from_at`` is when they last were
    told of the numbers."""

    watcher: Watcher
    from_at: datetime
    slot: datetime


def quiet_times(db: Connection, now: datetime) -> list[QuietTime]:
    """Everyone whose slot has come, who were sent nothing in the time that it ends, and were not told so.

    Of several slots that were missed only the last one counts. A first word comes after a full period of
    being a watcher.
    """
    since = active_since(db)
    periods = _periods((watcher for watcher in watchers(db) if watcher.active), now)
    due = [period for period in periods if since[period.watcher.id] <= period.from_at]
    if not due:
        return []
    written: dict[int, list[datetime]] = defaultdict(list)
    for watcher, at in mailed_since(db, min(period.from_at for period in due)):
        written[watcher].append(at)
    closed = last_closed(db, (period.watcher.id for period in due))
    quiet = (
        period
        for period in due
        if not any(period.from_at < at <= period.slot for at in written[period.watcher.id])
        and not (period.watcher.id in closed and closed[period.watcher.id] > period.from_at)
    )
    return [
        QuietTime(period.watcher, closed.get(period.watcher.id, period.from_at), period.slot)
        for period in quiet
    ]


def _periods(everyone: Iterable[Watcher], now: datetime) -> Iterator[QuietTime]:
    """The last period of each watcher, counted once for all whose slots fall together."""
    known: dict[tuple[object, ...], tuple[datetime, datetime]] = {}
    for watcher in everyone:
        wanted, pace = watcher.profile, watcher.profile.heartbeat
        if pace == "never":
            continue
        key = (pace, wanted.zone, wanted.hour, wanted.weekday)
        if key not in known:
            slot = last_slot(pace, wanted, now)
            known[key] = (slot_before(pace, wanted, slot), slot)
        yield QuietTime(watcher, *known[key])
