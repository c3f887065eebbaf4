"""How long after its publication a document is seen, beside the lag that its source declares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

LEAST = 5
"""Below so many documents nothing is called usual."""


@dataclass(frozen=True, slots=True)
class ObservedLag:
    """Of ``documents`` that were published while their source was read: the median and the greatest time
    until they were seen."""

    documents: int
    median: timedelta
    greatest: timedelta


def observed_lag(
    seen: Iterable[tuple[datetime, datetime]], read_since: datetime | None
) -> ObservedLag | None:
    """From pairs of (published, first seen), of documents that state the second of their publication.

    What was published before the source was first read says nothing; None where too few are left.
    """
    if read_since is None:
        return None
    lags = [first_seen - published for published, first_seen in seen if published >= read_since]
    late = [max(lag, timedelta(0)) for lag in lags]
    if len(late) < LEAST:
        return None
    seconds = median(lag.total_seconds() for lag in late)
    return ObservedLag(len(late), timedelta(seconds=seconds), max(late))
