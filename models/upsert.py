"""Insert where absent, in one statement, on SQLite and PostgreSQL alike.

A statement is built once for each table and set of columns: SQLAlchemy takes longer to build one and find it
in its cache than SQLite takes to run it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, literal


def insert_or_ignore(db: Connection, table: Table, **values: object) -> bool:
    """Add a row unless one with the same key is there; True if it was added."""
    return db.execute(_ignoring(db.dialect.name, table), values).first() is not None


def insert_new(db: Connection, table: Table, **values: object) -> int | None:
    """Add a row unless one with the same key is there; its id, None if it was there."""
    found = db.execute(_ignoring_with_id(db.dialect.name, table), values).scalar_one_or_none()
    return None if found is None else int(found)


def insert_all_or_ignore(db: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Add those of the rows whose key is not there; all name the same columns."""
    if rows:
        db.execute(_ignoring_silently(db.dialect.name, table), rows)


def upsert(db: Connection, table: Table, key: dict[str, object], values: dict[str, object]) -> None:
    """Add a row, or change the one with this primary key. For caches only: ledgers refuse changes."""
    db.execute(_replacing(db.dialect.name, table, tuple(key), tuple(values)), {**key, **values})


@lru_cache(maxsize=256)
def _ignoring(dialect: str, table: Table) -> Any:
    return _ignoring_silently(dialect, table).returning(literal(True))


@lru_cache(maxsize=256)
def _ignoring_with_id(dialect: str, table: Table) -> Any:
    return _ignoring_silently(dialect, table).returning(table.c.id)


@lru_cache(maxsize=256)
def _ignoring_silently(dialect: str, table: Table) -> Any:
    return _insert(dialect, table).on_conflict_do_nothing()


@lru_cache(maxsize=256)
def _replacing(dialect: str, table: Table, key: tuple[str, ...], values: tuple[str, ...]) -> Any:
    statement = _insert(dialect, table)
    changed = {name: statement.excluded[name] for name in values}
    return statement.on_conflict_do_update(index_elements=list(key), set_=changed)


def _insert(dialect: str, table: Table) -> Any:
    """The dialect's own INSERT; the other dialect is not imported."""
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as postgresql_insert

        return postgresql_insert(table)
    from sqlalchemy.dialects.sqlite import insert as sqlite_insert

    return sqlite_insert(table)
