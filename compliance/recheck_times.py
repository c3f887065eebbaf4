"""When a document that was read is looked at again: at declared ages, more often where much rests on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from servanda.compliance.intervals import END
from servanda.compliance.publication import PublicationTime

DAILY = timedelta(hours=23)
"""A little less than a day, so that a daily run finds what it read the day before."""

WEEKLY = timedelta(days=6, hours=23)

GONE_RECHECK_AFTER = timedelta(hours=1)
"""A document that was found gone is asked for again so soon, to tell a withdrawal from a mishap."""

SHORTEST_WAIT, LONGEST_WAIT = timedelta(hours=1), timedelta(days=1)


def next_recheck_at(
    published: PublicationTime,
    first_read_at: datetime,
    looked_at: datetime,
    ages: Sequence[timedelta],
    every: timedelta | None,
) -> datetime:
    """When to look again after a look at ``looked_at``; END for never.

    ``ages`` count from publication, of which no more may be known than that it was before the first reading.
    Ages that have passed are left out, however many. ``every``: at least so often, whatever its age.
    """
    since = min(published.interval.until_at, first_read_at)
    later = [since + age for age in ages if since + age > looked_at]
    if every is not None:
        later.append(looked_at + every)
    return min(later, default=END)


def recheck_interval(windows_final: Iterable[bool | None]) -> timedelta | None:
    """How often evidence is looked at: daily while any window that it is for is not final, else weekly.

    One entry for each commitment that the document is evidence for: whether its window is final, None for no
    window. None: it is evidence for nothing.
    """
    found = list(windows_final)
    if not found:
        return None
    return DAILY if any(final is False for final in found) else WEEKLY


def retry_at(seen_at: datetime, now: datetime) -> datetime:
    """When to try again what could not be read: after a quarter of the time for which it was not, an hour at
    least, a day at most."""
    return now + min(LONGEST_WAIT, max(SHORTEST_WAIT, (now - seen_at) / 4))
