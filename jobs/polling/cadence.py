"""The windows that a source is required for, and what their ends ask of its polling. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from servanda.compliance.windows import count_window, settles_at
from servanda.instruments.catalogue import Catalogue

BACKFILL_BEFORE = timedelta(hours=48)
"""From so long before a window's end until it settles, its gaps are gone back to, however old."""

SHORTEST_CADENCE = timedelta(minutes=15)
_DENSITY = ((timedelta(hours=48), 6), (timedelta(days=7), 2))
"""Within so long of an end a route is read so many times as often as its cadence says."""


@dataclass(frozen=True, slots=True)
class PollingWindow:
    """A window, as far as polling is concerned."""

    id: str
    opens_at: datetime
    due_at: datetime
    settles_at: datetime


@dataclass(frozen=True)
class PollingWindows:
    """The windows of a catalogue: those of a source are counted once, when they are first asked for."""

    catalogue: Catalogue
    _of_source: dict[str, tuple[PollingWindow, ...]] = field(default_factory=dict, repr=False)

    @cached_property
    def earliest(self) -> datetime | None:
        """The first publication of an instrument; None where there is no instrument."""
        return min((i.published_at for i in self.catalogue.instruments), default=None)

    def current(self, source: str, now: datetime) -> tuple[PollingWindow, ...]:
        """The windows that require a source, are open or ended, and have not settled."""
        if source not in self._of_source:
            self._of_source[source] = tuple(self._counted(source))
        return tuple(w for w in self._of_source[source] if w.opens_at <= now < w.settles_at)

    def ended(self, source: str, now: datetime) -> tuple[PollingWindow, ...]:
        """The windows that require a source and have ended, settled ones included."""
        self.current(source, now)
        return tuple(w for w in self._of_source[source] if w.due_at <= now)

    def _counted(self, source: str) -> Iterator[PollingWindow]:
        for window in (w for i in self.catalogue.instruments for w in i.windows if source in w.sources):
            term = count_window(window, window.primary)
            terms = tuple(self.catalogue.source(s).terms for s in window.sources)
            yield PollingWindow(window.id, term.opens_at, term.due_at, settles_at(term, terms))


def backfill_start(found: Sequence[PollingWindow], now: datetime) -> datetime | None:
    """Where the oldest window begins that is about to end or has not settled; None for none."""
    return min((d.opens_at for d in found if d.due_at - BACKFILL_BEFORE <= now), default=None)


def cadence_for_windows(cadence: timedelta, found: Sequence[PollingWindow], now: datetime) -> timedelta:
    """How often to read a route: the oftener, the nearer an end; every quarter of an hour at most.

    While a window that has ended is settling, as often as just before its end.
    """
    left = min((d.due_at - now for d in found), default=None)
    if left is None:
        return cadence
    times = next((times for within, times in _DENSITY if left <= within), 1)
    return min(cadence, max(SHORTEST_CADENCE, cadence / times))
