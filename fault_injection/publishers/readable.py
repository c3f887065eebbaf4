"""Which windows could be read in full: what readings that met no fault would cover, by the truth alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from fault_injection.publishers.catalogue import FEED_ITEMS, PER_PAGE
from fault_injection.publishers.maps import captures_before
from fault_injection.publishers.site import Fault
from fault_injection.publishers.truth import DAY, HOUR, Press
from fault_injection.publishers.watching import Polled
from fault_injection.publishers.windows import Due
from servanda.compliance.intervals import Interval, IntervalSet, between

DEEP = 7 * DAY
"""How far back a daily reading of a route with depth goes over gaps."""

ASKED_OF_ARCHIVE = 5 * DAY


def readable_times(
    presses: Sequence[Press], polls: Sequence[Polled], faults: Sequence[Fault]
) -> dict[str, IntervalSet]:
    """Of each publisher the publication times that readings without any fault have had before them."""
    disturbed = {(f.press, at) for f in faults for at in f.met}
    by_id = {press.id: press for press in presses}
    found: dict[str, list[Interval]] = {}
    for poll in polls:
        if (poll.press, poll.at) not in disturbed:
            found.setdefault(poll.press, []).extend(_before_it(by_id[poll.press], poll))
    return {press: IntervalSet.of(intervals) for press, intervals in found.items()}


def _before_it(press: Press, poll: Polled) -> Iterator[Interval]:
    if press.platform == "cdx":
        for at in captures_before(poll.at - HOUR):
            if at > poll.at - ASKED_OF_ARCHIVE:
                yield from _first_page(press, at, PER_PAGE)
    elif press.platform in ("rss", "atom"):
        yield from _first_page(press, poll.at, FEED_ITEMS)
    elif poll.route != "feed" and (whole := between(poll.at - DEEP, poll.at - press.lag)):
        yield whole


def _first_page(press: Press, at: datetime, most: int) -> Iterator[Interval]:
    shown = press.listed(at)[:most]
    if shown and (seen := between(press.published(shown[-1]).interval.until_at, at - press.lag)):
        yield seen


def is_readable(due: Due, times: dict[str, IntervalSet]) -> bool:
    return all(times.get(source, IntervalSet()).includes(due.span) for source in due.sources)
