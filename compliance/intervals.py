"""Half-open intervals of UTC instants, and the algebra that coverage rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)
"""Stands for "the whole past": earlier than anything an official site has published."""

END = datetime(9999, 1, 1, tzinfo=UTC)
"""Stands for "no end known"."""

RESOLUTION = timedelta(seconds=1)
"""Publication times are stated to the second, so "just after" is one second later."""


@dataclass(frozen=True, order=True, slots=True)
class Interval:
    """``[from_at, until_at)``; both ends are aware UTC instants. Never empty."""

    from_at: datetime
    until_at: datetime

    def __post_init__(self) -> None:
        if self.from_at.tzinfo is None or self.until_at.tzinfo is None:
            raise ValueError(f"an interval needs aware instants, got {self.from_at!r} and {self.until_at!r}")
        if self.from_at >= self.until_at:
            raise ValueError(f"an interval ends after it begins, got {self.from_at} to {self.until_at}")

    def contains(self, instant: datetime) -> bool:
        return self.from_at <= instant < self.until_at

    def overlaps(self, other: Interval) -> bool:
        return self.from_at < other.until_at and other.from_at < self.until_at

    @property
    def length(self) -> timedelta:
        return self.until_at - self.from_at


EVER = Interval(BEGINNING, END)


def utc_text(at: datetime) -> str:
    """An instant as every output writes it: ``2019-09-06T04:00:00Z``."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def between(from_at: datetime, until_at: datetime) -> Interval | None:
    """The interval between two instants, or None where it would be empty."""
    return Interval(from_at, until_at) if from_at < until_at else None


@dataclass(frozen=True, slots=True)
class IntervalSet:
    """A set of instants as sorted, disjoint, non-touching intervals."""

    intervals: tuple[Interval, ...] = ()

    @classmethod
    def of(cls, intervals: Iterable[Interval]) -> IntervalSet:
        """The union of ``intervals``, in any order, overlapping or not."""
        merged: list[Interval] = []
        for interval in sorted(intervals):
            if merged and interval.from_at <= merged[-1].until_at:
                if interval.until_at > merged[-1].until_at:
                    merged[-1] = Interval(merged[-1].from_at, interval.until_at)
            else:
                merged.append(interval)
        return cls(tuple(merged))

    def union(self, other: IntervalSet) -> IntervalSet:
        return IntervalSet.of((*self.intervals, *other.intervals))

    def within(self, bounds: Interval) -> IntervalSet:
        """The part of this set that lies inside ``bounds``."""
        cut = (
            between(max(i.from_at, bounds.from_at), min(i.until_at, bounds.until_at)) for i in self.intervals
        )
        return IntervalSet(tuple(i for i in cut if i is not None))

    def gaps(self, bounds: Interval) -> IntervalSet:
        """The part of ``bounds`` that this set does not contain."""
        found: list[Interval] = []
        reached = bounds.from_at
        for interval in self.within(bounds).intervals:
            if reached < interval.from_at:
                found.append(Interval(reached, interval.from_at))
            reached = interval.until_at
        if reached < bounds.until_at:
            found.append(Interval(reached, bounds.until_at))
        return IntervalSet(tuple(found))

    def contains(self, instant: datetime) -> bool:
        return any(i.contains(instant) for i in self.intervals)

    def includes(self, bounds: Interval) -> bool:
        """Whether every instant of ``bounds`` is in this set."""
        return not self.gaps(bounds)

    def __bool__(self) -> bool:
        return bool(self.intervals)
