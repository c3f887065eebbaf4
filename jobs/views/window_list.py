"""The windows of the catalogue with what was last recorded of each, in pages. Judges nothing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Literal

from sqlalchemy import Connection

from servanda.compliance.instrument import Instrument, Window
from servanda.compliance.vocabulary import VerdictValue
from servanda.compliance.windows import count_window
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.models.findings import verdicts as findings
from servanda.models.findings.last_news import LastNews, last_news
from servanda.models.findings.verdicts import StoredVerdict

PAGE = 50
"""Rows of a page."""

When = Literal["open", "ended"]


@dataclass(frozen=True, slots=True)
class WindowFilter:
    """Which windows are asked for; None: whichever."""

    instrument: str | None = None
    party: str | None = None
    verdict: VerdictValue | None = None


@dataclass(frozen=True, slots=True)
class WindowKey:
    """Where a page of windows ends: the next begins after it."""

    due_at: datetime
    window: str


@dataclass(frozen=True, slots=True)
class WindowLine:
    """A window with what was recorded of it last; None where it was never judged."""

    instrument: Instrument
    window: Window
    opens_at: datetime
    due_at: datetime
    stored: StoredVerdict | None
    news: LastNews | None


@dataclass(frozen=True, slots=True)
class WindowPage:
    """One page of windows. ``following`` is the key of the next page, None where this is the last."""

    lines: tuple[WindowLine, ...]
    following: WindowKey | None


def window_page(
    ledger: Ledger,
    catalogue: Catalogue,
    when: When,
    chosen: WindowFilter,
    after: WindowKey | None = None,
) -> WindowPage:
    """Open windows, the next to end first; or ended ones, the last that ended first."""
    with ledger.reading() as (db, now):
        told = None if chosen.verdict is None else _windows_told(db, catalogue, chosen.verdict)
        found = list(islice(_windows(catalogue, chosen, told, when, after, now), PAGE + 1))
        lines = _lines(db, found[:PAGE])
    last = lines[-1] if len(found) > PAGE else None
    return WindowPage(lines, WindowKey(last.due_at, last.window.id) if last else None)


Counted = tuple[datetime, str, datetime, Instrument, Window]
"""When a window is due, its id, when it opens, and what it is."""


@lru_cache(maxsize=2)
def _counted(catalogue: Catalogue) -> tuple[Counted, ...]:
    """Every window by its end: counted once for each catalogue, because what it says does not change."""
    return tuple(
        sorted(
            (
                (term.due_at, window.id, term.opens_at, instrument, window)
                for instrument in catalogue.instruments
                for window in instrument.windows
                for term in [count_window(window, window.primary)]
            ),
            key=_place,
        )
    )


def _place(one: Counted) -> tuple[datetime, str]:
    return one[0], one[1]


def _windows(
    catalogue: Catalogue,
    chosen: WindowFilter,
    told: frozenset[str] | None,
    when: When,
    after: WindowKey | None,
    now: datetime,
) -> Iterator[Counted]:
    """The windows that are asked for, in order, from a key on. ``told``: None for all."""
    every = _counted(catalogue)
    ended = bisect_right(every, now, key=lambda one: one[0])
    if when == "open":
        begin = ended if after is None else bisect_right(every, (after.due_at, after.window), key=_place)
        found: Iterable[Counted] = every[max(begin, ended) :]
    else:
        end = ended if after is None else bisect_left(every, (after.due_at, after.window), key=_place)
        found = reversed(every[: min(end, ended)])
    return (one for one in found if _is_chosen(one, chosen, told))


def _is_chosen(one: Counted, chosen: WindowFilter, told: frozenset[str] | None) -> bool:
    _, window, _, instrument, _ = one
    return (
        (told is None or window in told)
        and chosen.instrument in (None, instrument.id)
        and (chosen.party is None or any(party.id == chosen.party for party in instrument.parties))
    )


def _windows_told(db: Connection, catalogue: Catalogue, value: VerdictValue) -> frozenset[str]:
    """The windows with a verdict; one that was never judged is pending."""
    told = findings.windows_with_verdict(db, value)
    if value is VerdictValue.PENDING:
        told |= frozenset(catalogue.window_ids) - findings.windows_judged(db)
    return told


def _lines(db: Connection, found: Sequence[Counted]) -> tuple[WindowLine, ...]:
    judged = findings.judged_windows(db, [one[1] for one in found])
    news = last_news(db, {(instrument.id, window.commitment) for _, _, _, instrument, window in found})
    return tuple(
        WindowLine(
            instrument,
            window,
            opens_at,
            due_at,
            judged[window.id].last if window.id in judged else None,
            news.get((instrument.id, window.commitment)),
        )
        for due_at, _, opens_at, instrument, window in found
    )


def parties(catalogue: Catalogue) -> tuple[str, ...]:
    """The ids of all parties of all instruments."""
    return tuple(sorted({party.id for one in catalogue.instruments for party in one.parties}))
