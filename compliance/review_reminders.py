"""When analysts are told what waits for them: after so many days each, and before a window settles. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

AFTER_DAYS = (1, 3, 7)
"""Days of waiting after which analysts are told, unless it is set otherwise."""

BEFORE_SETTLING = timedelta(hours=48)
"""From so long before its window settles, what waits is told, however short it has waited."""


@dataclass(frozen=True, slots=True)
class WaitingEvidence:
    """Evidence that waits for a person. ``since``: when it began to wait."""

    evidence: int
    window: str | None
    since: datetime
    settles_at: datetime | None


def review_due(
    waiting: Iterable[WaitingEvidence], after_days: Sequence[int], told_at: datetime | None, now: datetime
) -> datetime | None:
    """The newest instant by ``now`` at which something that waits was to be told; None where all was told.

    ``told_at``: when what waits was told last, None for never. Several instants that have passed since make
    one telling: a monitor that was away does not send three.
    """
    passed = [at for one in waiting for at in reminder_instants(one, after_days) if at <= now]
    return max((at for at in passed if told_at is None or at > told_at), default=None)


def next_review(
    waiting: Iterable[WaitingEvidence], after_days: Sequence[int], now: datetime
) -> datetime | None:
    """The next instant at which something that waits is to be told."""
    return min((at for one in waiting for at in reminder_instants(one, after_days) if at > now), default=None)


def reminder_instants(one: WaitingEvidence, after_days: Sequence[int]) -> Iterator[datetime]:
    """When it is told that this waits, if it does so long."""
    yield from (one.since + timedelta(days=days) for days in after_days)
    if one.settles_at is not None and one.since < one.settles_at:
        yield max(one.since, one.settles_at - BEFORE_SETTLING)
