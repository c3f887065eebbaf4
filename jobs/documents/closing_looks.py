"""Have documents read once more after a window's end that may have been completed before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from servanda.instruments.routes import Source
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.documents.late_extraction import route_of
from servanda.models.documents import recheck_queue as reread
from servanda.models.documents.closing_looks import awaited_looks


class EndedWindow(Protocol):
    """A window that has ended: its id, and the instants between which it lay."""

    @property
    def id(self) -> str: ...
    @property
    def opens_at(self) -> datetime: ...
    @property
    def due_at(self) -> datetime: ...


def schedule_closing_looks(
    ledger: Ledger, ended_by: Callable[[datetime], Sequence[EndedWindow]], source: Source
) -> int:
    """Make the looks due that ended windows of a source wait for, each in full; how many.

    ``ended_by``: the windows that require the source and have ended by a moment.
    """
    with ledger.reading() as (db, now):
        ended = ended_by(now)
        if not ended:
            return 0
        ids = [window.id for window in ended]
        awaited = awaited_looks(db, now, [source.id], ids, max(window.due_at for window in ended))
    due = [
        look.document
        for look, route in awaited
        if route_of(source, route).documents_change
        for window in ended
        if look.read_at is not None
        and look.read_at < window.due_at
        and window.opens_at < look.published.interval.until_at
        and look.published.interval.from_at < window.due_at
    ]
    if due:
        with ledger.writing() as (db, now):
            reread.read_whole(db, sorted(set(due)), now)
    return len(set(due))
