"""What a source's ledgers show of its lag and its silences, beside what is declared of them. Pure.

A delay lies between the last reading that did not show an item and the first one that did: it is known where
these lie close together. That an item came later than is declared is certain where its time had been claimed
as covered before it was first seen.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil
from statistics import median

from servanda.compliance.publication import PublicationTime

CLOSE = 0.25
"""Of the declared lag: readings that lie closer together than that tell a delay well enough."""

READ_WITHIN = timedelta(days=1)
"""A pause is known to be one where its source was read so often meanwhile."""


@dataclass(frozen=True, slots=True)
class FirstSight:
    """An item's stated time, when a reading first showed it, and the reading of the same route before that.

    ``claimed_at``: since when its time had been claimed as covered, None where it had not.
    """

    published: PublicationTime
    seen_at: datetime
    read_before_at: datetime
    claimed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Observed:
    """Durations that were seen: how many, their median, the ninetieth of a hundred, and the greatest."""

    n: int
    median: timedelta
    ninetieth: timedelta
    greatest: timedelta


@dataclass(frozen=True, slots=True)
class ObservedTimes:
    """``lag`` and ``silence`` None where nothing is known. ``latest``: how late an item certainly came."""

    lag: Observed | None
    silence: Observed | None
    latest: timedelta

    def exceeds(self, lag: timedelta, longest_silence: timedelta) -> str | None:
        """A sentence where what was seen contradicts what is declared; None where it does not."""
        if self.latest > timedelta(0):
            late = max(self.latest, lag)
            return f"an item came later than {late} after its stated time, and a lag of {lag} is declared"
        if self.silence is not None and self.silence.greatest > longest_silence:
            seen = self.silence.greatest
            return f"{seen} lay between two items, and a longest silence of {longest_silence} is declared"
        return None


def observe_times(
    sights: Sequence[FirstSight],
    published: Sequence[PublicationTime],
    read_at: Sequence[datetime],
    lag: timedelta,
) -> ObservedTimes:
    """``published``: of all items; ``read_at``: of all valid readings of routes that show all of them."""
    delays = [_delay(one) for one in sights if one.seen_at - one.read_before_at <= lag * CLOSE]
    certain = [
        one.claimed_at - one.published.interval.until_at for one in sights if one.claimed_at is not None
    ]
    return ObservedTimes(
        _summed_up(delays), _summed_up(_pauses(published, read_at)), max((timedelta(0), *certain))
    )


def _delay(one: FirstSight) -> timedelta:
    return max(timedelta(0), one.seen_at - one.published.interval.until_at)


def _pauses(published: Sequence[PublicationTime], read_at: Sequence[datetime]) -> list[timedelta]:
    """The pauses between neighbours during which the source was read often enough to know that they are."""
    spans = sorted((one.interval for one in published), key=lambda span: span.from_at)
    in_order = sorted(read_at)
    return [
        later.from_at - earlier.until_at
        for earlier, later in pairwise(spans)
        if later.from_at > earlier.until_at and _was_read(in_order, earlier.until_at, later.from_at)
    ]


def _was_read(read_at: Sequence[datetime], from_at: datetime, until_at: datetime) -> bool:
    first, last = bisect_left(read_at, from_at), bisect_left(read_at, until_at)
    moments = [*read_at[max(0, first - 1) : last], *read_at[last : last + 1]]
    if not moments or moments[0] > from_at or moments[-1] < until_at:
        return False
    return all(later - earlier <= READ_WITHIN for earlier, later in pairwise(moments))


def _summed_up(durations: Sequence[timedelta]) -> Observed | None:
    if not durations:
        return None
    in_order = sorted(durations)
    middle = timedelta(seconds=median(one.total_seconds() for one in in_order))
    return Observed(len(in_order), middle, in_order[ceil(0.9 * len(in_order)) - 1], in_order[-1])
