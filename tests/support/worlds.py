"""A live monitor on a site, in a world whose true time a test moves on; our clock may be wrong."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from support.catalogues import listing_route, source
from support.listing_pages import Release, publish
from support.monitors import Monitor

from servanda.jobs.assess import assess
from servanda.jobs.bootstrap.wiring import Wiring, wire
from servanda.jobs.collect import SourceOutcome, collect_source
from servanda.jobs.knowledge.clock_trust import ClockUntrusted
from servanda.jobs.notify import notify
from servanda.jobs.watchers.membership import add_watcher
from servanda.models import tables
from servanda.network.clock import Uptime

DUE = datetime(2019, 9, 6, 4, tzinfo=UTC)
"""When the window of ``tests/support/catalogues`` ends."""

DAY = timedelta(days=1)
STARTED = datetime(2019, 8, 1, tzinfo=UTC)


@dataclass
class World:
    """``true_at``: what the time is. ``ahead``: how far our clock is off; the machine's uptime is right."""

    monitor: Monitor
    true_at: datetime
    ahead: timedelta = timedelta(0)
    states_dates: bool = True
    boot: str = "first"
    mailed: list[tuple[datetime, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.monitor.site.clock = lambda: self.true_at.timestamp() if self.states_dates else None
        url = self.monitor.site.url
        route = listing_route(f"{url}/us-state/", cadence="PT6H")
        self.monitor.catalogue({"us-state": source("us-state", route, lag="PT12H")})
        with self.wiring() as wiring:
            add_watcher(wiring.ledger, "ana@example.org")

    def now(self) -> datetime:
        return self.true_at + self.ahead

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Nobody waits here."""

    def uptime(self) -> Uptime:
        return Uptime(self.boot, (self.true_at - STARTED).total_seconds())

    @contextmanager
    def wiring(self) -> Iterator[Wiring]:
        with wire(opening="create") as wiring:
            ours = replace(wiring, clock=self)
            yield ours
            ours.hang_up()

    def publish_to(self, last: datetime) -> None:
        """A release a day at noon, Washington time, up to an instant."""
        days = [datetime(2019, 6, 1) + n * DAY for n in range(200)]
        releases = [
            Release(f"day-{n}", f"Business {n}", f"{d:%Y-%m-%d}T12:00:00-04:00") for n, d in enumerate(days)
        ]
        publish(
            self.monitor.site, "/us-state/", [r for r in releases if datetime.fromisoformat(r.at) <= last]
        )

    def run(self) -> list[SourceOutcome | ClockUntrusted]:
        """A round: read, judge, mail; what came of it. A clock that is not believed ends judging and mailing."""
        self.publish_to(self.true_at)
        with self.wiring() as wiring:
            found: list[SourceOutcome | ClockUntrusted] = [collect_source(wiring, "us-state")]
            for job in (assess, notify):
                try:
                    job(wiring)
                except ClockUntrusted as error:
                    found.append(error)
            self._note_mails(wiring)
        return found

    def judge(self) -> None:
        """What a deadline does: no source is read before."""
        with self.wiring() as wiring:
            with suppress(ClockUntrusted):
                assess(wiring)
            with suppress(ClockUntrusted):
                notify(wiring)
            self._note_mails(wiring)

    def _note_mails(self, wiring: Wiring) -> None:
        told, alert, attempt = tables.told.c, tables.alert.c, tables.attempt.c
        query = (
            select(alert.kind)
            .join(tables.told, told.alert == alert.id)
            .join(tables.attempt, attempt.envelope == told.envelope)
            .order_by(attempt.id)
        )
        with wiring.store.reading() as db:
            kinds = list(db.execute(query).scalars())
        self.mailed += [(self.true_at, kind) for kind in kinds[len(self.mailed) :]]

    def verdicts(self) -> list[tuple[str, bool]]:
        """Every verdict on record, with whether it is final."""
        with self.wiring() as wiring, wiring.store.reading() as db:
            rows = db.execute(
                select(tables.verdict.c.value, tables.verdict.c.final).order_by(tables.verdict.c.id)
            )
            return [(row.value, row.final) for row in rows]

    def mails(self) -> Counter[str]:
        return Counter(kind for _, kind in self.mailed)
