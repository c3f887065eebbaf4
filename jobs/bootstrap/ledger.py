"""The database as jobs use it: one transaction carries one instant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from servanda.models.store import Store
from servanda.network.clock import Clock


class Transaction(NamedTuple):
    """An open transaction, and the instant at which it began: what it records becomes known then."""

    db: Connection
    now: datetime


@dataclass(frozen=True)
class Ledger:
    """A database and the clock that dates what is recorded in it.

    The instant is taken when a transaction begins: after a writer's turn has come, and after the exchanges
    that it records. Whoever works for minutes opens several transactions, each with an instant of its own.
    """

    store: Store
    clock: Clock

    @property
    def replay(self) -> bool:
        return self.store.mode == "replay"

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A transaction that reads; its instant is also the "as of" of what it reads."""
        with self.store.reading() as db:
            yield Transaction(db, self.clock.now())

    @contextmanager
    def writing(self, *, synced: bool = True) -> Iterator[Transaction]:
        """A transaction that is kept whole, or not at all where an error leaves it; ``Store.writing``."""
        with self.store.writing(synced=synced) as db:
            yield Transaction(db, self.clock.now())
