"""Which later reading closed which gap: coverage of days that no reading had seen in time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from servanda.compliance.intervals import Interval, IntervalSet, between
from servanda.compliance.vocabulary import LateCoverage


@dataclass(frozen=True, slots=True)
class CoverageClaim:
    """What one reading, known at ``known_at``, has covered; ``poll`` and ``route`` name the reading."""

    interval: Interval
    route: str
    poll: int
    known_at: datetime


def find_late_coverage(
    claims: Iterable[CoverageClaim], bounds: Interval, in_time: timedelta
) -> tuple[LateCoverage, ...]:
    """The stretches of ``bounds`` that were first covered later than ``in_time`` after they had passed.

    ``claims`` in the order in which they became known. ``in_time`` is the time within which an ordinary
    reading sees what was published: lag and cadence. Sorted by time; stretches that one reading closed
    without a break between them are one.
    """
    seen = IntervalSet()
    found: list[LateCoverage] = []
    for claim in claims:
        inside = between(
            max(claim.interval.from_at, bounds.from_at), min(claim.interval.until_at, bounds.until_at)
        )
        if inside is None or not (new := seen.gaps(inside)):
            continue
        seen = seen.union(new)
        for stretch in new.intervals:
            late = between(stretch.from_at, min(stretch.until_at, claim.known_at - in_time))
            if late is not None:
                found.append(LateCoverage(late, claim.route, claim.poll, claim.known_at))
    return _joined(sorted(found, key=lambda one: one.interval))


def _joined(found: Iterable[LateCoverage]) -> tuple[LateCoverage, ...]:
    """Neighbours that the same reading has closed, as one."""
    joined: list[LateCoverage] = []
    for one in found:
        last = joined[-1] if joined else None
        if last and last.poll == one.poll and last.interval.until_at == one.interval.from_at:
            whole = Interval(last.interval.from_at, one.interval.until_at)
            joined[-1] = LateCoverage(whole, one.route, one.poll, one.read_at)
        else:
            joined.append(one)
    return tuple(joined)
