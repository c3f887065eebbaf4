"""What a valid reading of a listing proves about publication times. Every rule errs towards "not covered"."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from servanda.compliance.intervals import BEGINNING, END, Interval, IntervalSet, between
from servanda.compliance.publication import Precision, PublicationTime

LEAST_RUN = 2
LEAST_SHARE = 0.7
"""A listing with pinned or bumped items still has an order if this share of it runs newest-first."""


@dataclass(frozen=True, slots=True)
class CoveredInterval:
    """The publication times that one reading has seen in full."""

    interval: Interval
    basis: str


@dataclass(frozen=True, slots=True)
class NoCoverage:
    """Why a reading proves nothing."""

    reason: str


def newest_first_run(items: Sequence[PublicationTime]) -> list[int]:
    """Indexes of the longest run that never gets newer downwards; pinned and bumped items fall out.

    Among equally long runs one that reaches back least is taken, so that an old item pinned among new ones
    never widens what is claimed. O(n log n): a backfill reads listings of many thousand rows.
    """
    ages: list[timedelta] = []  # of the runs of each length, the youngest possible last item
    ends: list[int] = []  # and where that item stands
    before: list[int | None] = []  # what stands before each item in the run that it ends
    for i, item in enumerate(items):
        age = END - item.interval.from_at
        length = bisect_right(ages, age)
        before.append(ends[length - 1] if length else None)
        ages[length : length + 1] = [age]
        ends[length : length + 1] = [i]
    run: list[int] = []
    at = ends[-1] if ends else None
    while at is not None:
        run.append(at)
        at = before[at]
    return run[::-1]


def listing_covers(
    items: Sequence[PublicationTime],
    *,
    read_at: datetime,
    lag: timedelta,
    longest_silence: timedelta,
    existed: Interval,
    reached_end: bool,
    elsewhere: Sequence[PublicationTime] = (),
) -> CoveredInterval | NoCoverage:
    """What a valid reading of a date-ordered listing, top to bottom, covers.

    From the oldest item of its newest-first run (exclusive; at date precision from the end of that day;
    the whole past if the listing's end was reached) to the least of ``read_at`` − ``lag``, the newest
    item + ``longest_silence``, and the end of the source's existence. A silence longer than
    ``longest_silence`` inside the run breaks it there: what lies beyond may be a pinned old item.

    ``elsewhere``: what the same publisher is known to have published and this listing does not show. The
    first of it that is newer than the newest item ends what is covered: the listing had stopped there.
    """
    if any(item.precision not in (Precision.INSTANT, Precision.DAY) for item in items):
        return NoCoverage("an item is dated by month or year only")
    run = [items[i] for i in newest_first_run(items)]
    if len(run) < LEAST_RUN or len(run) < LEAST_SHARE * len(items):
        return NoCoverage(f"only {len(run)} of {len(items)} items stand in date order")
    kept = _before_silence(run, longest_silence)
    whole = reached_end and len(kept) == len(run)
    newest, oldest = kept[0], kept[-1]
    from_at = BEGINNING if whole else oldest.interval.until_at
    until_at = min(read_at - lag, newest.interval.from_at + longest_silence, existed.until_at)
    missed = [e.interval.from_at for e in elsewhere if e.interval.from_at >= newest.interval.until_at]
    interval = between(max(from_at, existed.from_at), min(until_at, *missed, END))
    if interval is None and any(at < until_at for at in missed):
        return NoCoverage("it stopped before items that another route of its publisher shows")
    if interval is None:
        return NoCoverage("its items reach back no further than the source's lag")
    return CoveredInterval(
        interval, "listing read to its end" if whole else f"listing, {len(kept)} items in order"
    )


def query_covers(
    asked: Interval, *, read_at: datetime, lag: timedelta, existed: Interval, stated: int, found: int
) -> CoveredInterval | NoCoverage:
    """What a query with a date range covers: that range, if every page was read and the count agrees."""
    if stated != found:
        return NoCoverage(f"the publisher counts {stated} documents, {found} were read")
    until_at = min(asked.until_at, read_at - lag, existed.until_at)
    interval = between(max(asked.from_at, existed.from_at), until_at)
    if interval is None:
        return NoCoverage("the range asked for lies within the source's lag")
    return CoveredInterval(interval, f"date-ranged query, all {found} documents")


def untolerated_gaps(gaps: IntervalSet, bounds: Interval, greatest_gap: timedelta) -> tuple[Interval, ...]:
    """The gaps that count: longer than the window tolerates, or touching its last 48 hours."""
    guarded = bounds.until_at - timedelta(hours=48)
    return tuple(gap for gap in gaps.intervals if gap.length > greatest_gap or gap.until_at > guarded)


def _before_silence(run: Sequence[PublicationTime], longest_silence: timedelta) -> list[PublicationTime]:
    kept = [run[0]]
    for item in run[1:]:
        if kept[-1].interval.from_at - item.interval.until_at > longest_silence:
            break
        kept.append(item)
    return kept
