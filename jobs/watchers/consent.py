"""What watchers have said themselves, by what is on record of them: that they agree, decline, or leave."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from servanda.models.delivery.watchers import Standing, standings

BY_THE_WATCHER = "the watcher"
"""Who says so where a watcher's own page or mail said it."""


def has_left(db: Connection, watcher: int) -> bool:
    """Whether they ended their mail themselves, so that only they, or a new agreement, can begin it again."""
    said = standings(db, watcher)
    return bool(said) and said[-1].state == "ended" and said[-1].by == BY_THE_WATCHER


def may_rejoin(db: Connection, watcher: int) -> bool:
    """Whether their own word begins their mail again: they left, and it was not ended or suspended before.

    Else whom others removed would come back by leaving first.
    """
    if not has_left(db, watcher):
        return False
    before = [one.state for one in standings(db, watcher) if (one.state, one.by) != ("ended", BY_THE_WATCHER)]
    return bool(before) and before[-1] in ("asked", "active")


def has_agreed(db: Connection, watcher: int) -> bool:
    """Whether a watcher has agreed since they last ended, if ever."""
    states = [one.state for one in standings(db, watcher)]
    since = len(states) - states[::-1].index("ended") if "ended" in states else 0
    return "active" in states[since:]


def has_declined(said: Sequence[Standing]) -> bool:
    """Whether somebody answered the question with no: it was never asked of who left after having agreed."""
    own = [one.by == BY_THE_WATCHER and one.state == "ended" for one in said]
    last_no = max((i for i, no in enumerate(own) if no), default=None)
    if last_no is None or any(one.state == "active" for one in said[last_no:]):
        return False
    before = [one.state for one in said[:last_no] if one.state in ("asked", "active")]
    return bool(before) and before[-1] == "asked"
