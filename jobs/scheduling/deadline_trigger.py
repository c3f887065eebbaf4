"""Wakes ``assess`` at the next instant at which time alone changes an answer.

Silence makes no event, so a window that ends unanswered would be noticed by nobody: this trigger watches the
clock for it. It runs in Airflow's triggerer, reads our database and writes nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from servanda.jobs.bootstrap.settings import read_settings
from servanda.jobs.bootstrap.system import SystemClock
from servanda.models.findings.verdicts import next_window_instant
from servanda.models.store import Store, open_store

log = logging.getLogger(__name__)

WindowInstant = tuple[str, datetime]


class NextDeadline(BaseEventTrigger):  # type: ignore[misc]  # Airflow's classes are not typed
    """Fires once for each instant that has passed, at once for those that passed before it was started.

    It takes the database from the environment, so that no address or password is kept in Airflow. It never
    returns (Airflow would start it again at once) and never raises: a database that is missing, empty, away
    or a replay is waited for, asking every ``poll_seconds``.
    """

    def __init__(self, poll_seconds: float = 2.0) -> None:
        super().__init__()
        self.poll_seconds = poll_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return "servanda.jobs.scheduling.deadline_trigger.NextDeadline", {"poll_seconds": self.poll_seconds}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        clock, ledger = SystemClock(), _Ledger()
        reached: datetime | None = None
        while True:
            if reached is not None and clock.now() < reached:
                reached = None  # the clock was set back: what it fired early comes due again
            found = await asyncio.to_thread(ledger.next_instant, reached)
            now = clock.now()
            if found is not None and found[1] <= now:
                reached = now
                yield TriggerEvent({"window": found[0], "at": found[1].isoformat()})
                continue
            left = self.poll_seconds if found is None else (found[1] - now).total_seconds()
            await asyncio.sleep(min(left, self.poll_seconds))


class _Ledger:
    """Our database, opened once and again after it was lost."""

    def __init__(self) -> None:
        self._store: Store | None = None
        self._trouble: str | None = None

    def next_instant(self, after: datetime | None) -> WindowInstant | None:
        """The earliest instant later than ``after``; None where there is none, or no database to ask."""
        try:
            store = self._store = self._store or open_store(read_settings().database_url)
            if store.mode != "live":
                return None
            with store.reading() as db:
                found = next_window_instant(db, after)
        except Exception as error:  # the edge: whatever is wrong with the database is waited for
            self._let_go(str(error))
            return None
        self._trouble = None
        return found

    def _let_go(self, trouble: str) -> None:
        """Forget the connection; say why once, not at every look."""
        if trouble != self._trouble:
            log.warning("waiting for the database: %s", trouble)
        self._trouble = trouble
        if self._store is not None:
            self._store.close()
            self._store = None
