"""What goes alone, what goes together, and what waits. Pure: what is due in, a plan out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from servanda.alerts.payloads.kinds import FLAGS, AlertKind

STORM = 10
"""The most single mails that one watcher gets within STORM_PERIOD, flags and candidates not counted."""

STORM_PERIOD = timedelta(hours=1)

FIRST = frozenset({AlertKind.CANDIDATE})
"""What a person is to look at before a verdict can be final."""


@dataclass(frozen=True, slots=True)
class DueAlert:
    """One alert that one watcher is to be told now; ``in_digest``: they want it together with others."""

    alert: int
    kind: AlertKind
    in_digest: bool


@dataclass(frozen=True, slots=True)
class BundlePlan:
    """The alerts that go each in a mail of its own, candidates first, then flags; those that go in the digest
    of their slot; those that go together because they are too many; those that wait until an hour after the
    last storm."""

    alone: tuple[int, ...] = ()
    digest: tuple[int, ...] = ()
    storm: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()


def plan_bundles(
    due: Iterable[DueAlert], *, singles: int, last_storm_at: datetime | None, now: datetime
) -> BundlePlan:
    """What to do with what is due to one watcher.

    ``singles``: the single mails that they were written within STORM_PERIOD, flags not counted;
    ``last_storm_at``: when a storm was last bundled for them. Candidates wait behind no bulletin, and come
    before the words on a window, which speak of them; too many of them come together, and at once.
    """
    every = tuple(due)
    candidates = tuple(alert.alert for alert in every if alert.kind in FIRST and not alert.in_digest)
    if candidates:
        rest = (alert for alert in every if alert.kind not in FIRST or alert.in_digest)
        planned = plan_bundles(rest, singles=singles, last_storm_at=last_storm_at, now=now)
        if len(candidates) > STORM:
            return replace(planned, storm=(*candidates, *planned.storm, *planned.waiting), waiting=())
        return replace(planned, alone=(*candidates, *planned.alone))
    flags = tuple(alert.alert for alert in every if alert.kind in FLAGS)
    digest = tuple(alert.alert for alert in every if alert.kind not in FLAGS and alert.in_digest)
    others = tuple(alert.alert for alert in every if alert.kind not in FLAGS and not alert.in_digest)
    if len(others) + singles <= STORM:
        return BundlePlan(alone=(*flags, *others), digest=digest)
    if last_storm_at is not None and now - last_storm_at < STORM_PERIOD:
        return BundlePlan(alone=flags, digest=digest, waiting=others)
    return BundlePlan(alone=flags, digest=digest, storm=others)
