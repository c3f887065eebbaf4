"""What a run knows of its sources before it polls them: asked for all of them at once, not at each poll."""

from __future__ import annotations

from collections.abc import Collection

from servanda.alerts.payloads.kinds import AlertKind
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.models.polls.source_standing import SourceStanding, source_standings

FRESH_SECONDS = 60.0
"""What was asked is asked again after this: others may work on the same ledgers, and a run may take hours."""

UNKNOWN = SourceStanding(unread=True, due=True, planned=False, last_alert=None)
"""A source that was never polled: whatever could wait there is looked for."""

HEALTH_KINDS = (AlertKind.SOURCE_BLIND, AlertKind.SOURCE_RECOVERED)


class SourceStandings:
    """How the sources of a run stand."""

    def __init__(self, ledger: Ledger, sources: Collection[str]) -> None:
        self._ledger = ledger
        self._sources = frozenset(sources)
        self._known: dict[str, SourceStanding] = {}
        self._changed: set[str] = set()
        self._asked_at: float | None = None

    def of(self, source: str) -> SourceStanding:
        second = self._ledger.clock.monotonic()
        if self._asked_at is None or second - self._asked_at >= FRESH_SECONDS:
            self._ask(self._sources | {source})
            self._asked_at = second
        elif source in self._changed:
            self._ask({source})
        return self._known.get(source, UNKNOWN)

    def was_told_blind(self, source: str) -> bool:
        """Whether the last alert about a source's health said that it had gone blind."""
        return self.of(source).last_alert == AlertKind.SOURCE_BLIND

    def forget(self, source: str) -> None:
        """Ask about a source again at the next question, because this run has changed the answer."""
        self._changed.add(source)

    def _ask(self, sources: Collection[str]) -> None:
        with self._ledger.reading() as (db, now):
            self._known |= source_standings(db, sources, [kind.value for kind in HEALTH_KINDS], now)
        self._changed.difference_update(sources)
