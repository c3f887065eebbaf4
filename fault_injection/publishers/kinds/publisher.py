"""What publishers do to their own listings: they freeze, go back in time, pin and bump, shift while being
read."""

# ruff: noqa: ARG001, ARG005 - a change is handed all that a change may look at

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from fault_injection.publishers.served import Kind, Sight
from fault_injection.publishers.truth import DAY, Item, Press

ItemsChange = Callable[[Sequence[Item], Sight], list[Item]]

WITHIN_LAG = 0.8
"""Of the lag that a publisher is known to need. A listing that stands still for longer hides what it should
show, and where there is no other route nothing can tell: that is the limit, and not on the bench."""


def publisher_kinds(press: Press, *, paged: bool, frozen_days: float | None = None) -> tuple[Kind, ...]:
    """``paged``: whether there is a second page to which rows can move.

    ``frozen_days``: how long the listing stands still where another route goes on.
    """
    within = press.lag * WITHIN_LAG
    frozen = within / DAY if frozen_days is None else frozen_days
    standing = _frozen if frozen_days is not None else _keeping_terms(_frozen)
    kinds = (
        Kind("stale_copy", "loud", items=_as_of(3 * DAY), group="publisher"),
        Kind("copy_of_hours_ago", "either", items=_keeping_terms(_as_of(within)), group="publisher"),
        Kind("frozen", "either", items=standing, group="publisher", days=frozen),
        Kind("pinned", "harmless", items=_pinned, group="publisher"),
        Kind("bumped", "harmless", items=_bumped, group="publisher"),
    )
    shifting = (
        Kind("shifting_down", "harmless", items=_shifting_down, group="publisher"),
        Kind("shifting_up", "either", items=_shifting_up, group="publisher"),
        Kind("later_rows_lost", "loud", items=_later_rows_lost, group="publisher"),
    )
    return (*kinds, *shifting) if paged else kinds


def _as_of(age: timedelta) -> ItemsChange:
    """The listing as it stood some time ago."""
    return lambda items, sight: sight.press.listed(sight.now - age)


def _keeping_terms(change: ItemsChange) -> ItemsChange:
    """An old copy, but for what was late already: that must be there once its lag is over."""

    def changed(items: Sequence[Item], sight: Sight) -> list[Item]:
        old = change(items, sight)
        overdue = [i for i in items if i not in old and i.at + sight.press.lag <= sight.now]
        return sorted([*old, *overdue], key=lambda i: i.at, reverse=True) if overdue else old

    return changed


def _frozen(items: Sequence[Item], sight: Sight) -> list[Item]:
    """The listing as it stood when the fault began, for days."""
    return sight.press.listed(sight.since)


def _pinned(items: Sequence[Item], sight: Sight) -> list[Item]:
    """An item of weeks ago stands on top, and in its own place too."""
    return [items[min(len(items) - 1, 30)], *items]


def _bumped(items: Sequence[Item], sight: Sight) -> list[Item]:
    """The fourth item moved to the top, and kept its time."""
    return [*items[3:4], *items[:3], *items[4:]]


def _shifting_down(items: Sequence[Item], sight: Sight) -> list[Item]:
    """Something new came in after the first page was read: its last row stands on the second one again."""
    return [items[0], *items] if sight.page > 1 else list(items)


def _shifting_up(items: Sequence[Item], sight: Sight) -> list[Item]:
    """Something was withdrawn after the first page was read: the first row of the second one moved away."""
    return list(items[1:]) if sight.page > 1 else list(items)


def _later_rows_lost(items: Sequence[Item], sight: Sight) -> list[Item]:
    """The second page and those behind it lack a row."""
    start = (sight.page - 1) * 10
    return [*items[: start + 2], *items[start + 3 :]] if sight.page > 1 else list(items)
