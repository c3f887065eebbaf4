"""How a source does, from what became of its polls. Thresholds err towards saying so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median

from servanda.compliance.publication import PublicationTime

LOOKED_BACK = 20
"""From how many of the last readings a normal is taken."""

LEAST_READINGS = 5
"""Below this many readings nothing is called normal."""

GREATEST_DROP = 0.2
"""A page that shows fewer rows than normal by more than this share is suspected."""


class SourceState(StrEnum):
    """``BLIND``: none of the routes that prove absence was read for ``Source.blind_after`` and longer.

    ``FAILING``: the last poll of some route that is read daily failed. ``NOT_READ_DAILY``: it has no such
    route.
    """

    OK = "ok"
    FAILING = "failing"
    BLIND = "blind"
    NEVER_READ = "never_read"
    NOT_READ_DAILY = "not_read_daily"


def source_state(
    *,
    read_daily: bool,
    ever_polled: bool,
    failing_since: datetime | None,
    blind_since: datetime | None,
    blind_after: timedelta,
    now: datetime,
) -> SourceState:
    """``failing_since``: of any route read daily; ``blind_since``: since when no proving route was read."""
    if not read_daily:
        return SourceState.NOT_READ_DAILY
    if not ever_polled:
        return SourceState.NEVER_READ
    if blind_since is not None and now - blind_since >= blind_after:
        return SourceState.BLIND
    return SourceState.FAILING if failing_since is not None else SourceState.OK


def observed_cadence(began: Sequence[datetime]) -> timedelta | None:
    """The median time between valid polls, given in any order; None where there are fewer than two."""
    in_order = sorted(began)
    pauses = [later - earlier for earlier, later in pairwise(in_order)]
    return timedelta(seconds=median(p.total_seconds() for p in pauses)) if pauses else None


def describe_row_drop(rows_a_page: Sequence[float]) -> str | None:
    """A suspicion, where the newest reading, given first, shows fewer rows a page than those before it."""
    if len(rows_a_page) <= LEAST_READINGS:
        return None
    newest, normal = rows_a_page[0], median(rows_a_page[1 : 1 + LOOKED_BACK])
    if newest >= (1 - GREATEST_DROP) * normal:
        return None
    return f"{newest:g} rows a page, where {normal:g} are normal: its reader may miss some"


def describe_silence(newest: PublicationTime | None, longest: timedelta, now: datetime) -> str | None:
    """A sentence, where nothing was published for longer than is normal; from then on nothing is covered."""
    if newest is None:
        return None
    quiet = now - newest.interval.from_at
    if quiet <= longest:
        return None
    return f"no item for {duration_in_words(quiet)}, longest normal silence is {duration_in_words(longest)}"


def duration_in_words(length: timedelta) -> str:
    """Days and hours, or below a day hours and minutes: ``12 days 3 hours``; always rounded down."""
    minutes = int(length.total_seconds()) // 60
    days, hours = minutes // 1440, minutes // 60 % 24
    parts = [(days, "day"), (hours, "hour")] if days else [(hours, "hour"), (minutes % 60, "minute")]
    said = [f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in parts if n]
    return " ".join(said) or "0 minutes"
