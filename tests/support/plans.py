"""How SQLite answers the questions that were asked: by an index, or by walking through a table.

It tells for each question how it will be answered. Of an INSERT it also tells scans for foreign keys that it
makes only while one is violated, so these are to be left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from servanda.models import tables

OF_FEW_ROWS = {"catalogue", "database", "decision", "monitored", "replay_clock", "subscription", "watcher"}
GROWING = set(tables.LEDGERS) - OF_FEW_ROWS
Statement = tuple[str, Any]


@contextmanager
def statements() -> Iterator[list[Statement]]:
    """Every statement that is executed meanwhile."""
    seen: list[Statement] = []

    def note(_c: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def scanned(db: Connection, statement: Statement) -> set[str]:
    """The growing ledgers that answering a statement walks through; an alias ends in a number."""
    text, parameters = statement
    plan = db.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters)
    steps = (re.match(r"SCAN (\w+?)(?:_\d+)?(?: |$)", row.detail) for row in plan)
    return {step[1] for step in steps if step} & GROWING
