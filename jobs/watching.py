"""Who watches: add, change and remove watchers. What was said is kept; what was said last counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from compliance.watching import Profile, Subscription
from jobs.wiring import Wiring
from models.watchers import (
    add_watcher as keep_watcher,
)
from models.watchers import set_profile, set_standing, subscribe, watcher_by_address, watchers


def add_watcher(
    wiring: Wiring,
    address: str,
    *,
    name: str = "",
    operator: bool = False,
    instruments: Sequence[str] = (),
    kinds: Sequence[str] = (),
) -> bool:
    """Add a watcher or give one a new subscription; True if the address is new. No filter: everything."""
    now = wiring.now
    with wiring.store.writing() as db:
        watcher, new = keep_watcher(db, address, now)
        (found,) = watchers(db, ids=(watcher,))
        profile = Profile() if new else found.profile
        set_profile(db, watcher, replace(profile, name=name, operator=operator, analyst=operator), now)
        set_standing(db, watcher, "active", "command line", "added", now)
        wanted = Subscription(instruments=tuple(instruments), kinds=tuple(kinds))
        subscribe(db, watcher, wanted, now)
    return new


def remove_watcher(wiring: Wiring, address: str) -> bool:
    """End a watcher's mail; False if there is no such active watcher."""
    now = wiring.now
    with wiring.store.writing() as db:
        watcher = watcher_by_address(db, address)
        if watcher is None or not watcher.active:
            return False
        set_standing(db, watcher.id, "ended", "command line", "removed", now)
    return True
