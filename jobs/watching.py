"""Who watches: add, change and remove watchers. Subscriptions are appended, never overwritten."""

from __future__ import annotations

from collections.abc import Sequence

from jobs.wiring import Wiring
from models import mail


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
        watcher, new = mail.add_watcher(db, address, name, now)
        mail.subscribe(
            db, watcher, active=True, operator=operator, instruments=instruments, kinds=kinds, now=now
        )
    return new


def remove_watcher(wiring: Wiring, address: str) -> bool:
    """End a watcher's mail; False if there is no such active watcher."""
    now = wiring.now
    with wiring.store.writing() as db:
        row = next((w for w in mail.watchers(db) if w.address == address and w.active), None)
        if row is None:
            return False
        mail.subscribe(db, row.id, active=False, operator=row.operator, instruments=(), kinds=(), now=now)
    return True
