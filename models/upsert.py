"""Insert where absent, in one statement, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table, literal
from sqlalchemy.dialects import postgresql, sqlite


def insert_or_ignore(db: Connection, table: Table, **values: object) -> bool:
    """Add a row unless one with the same key is there; True if it was added."""
    statement = _insert(db, table).values(**values).on_conflict_do_nothing().returning(literal(True))
    return db.execute(statement).first() is not None


def upsert(db: Connection, table: Table, key: dict[str, object], values: dict[str, object]) -> None:
    """Add a row, or change the one with this primary key. For caches only: ledgers refuse changes."""
    statement = _insert(db, table).values(**key, **values)
    db.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))


def _insert(db: Connection, table: Table) -> Any:
    return (postgresql if db.dialect.name == "postgresql" else sqlite).insert(table)
