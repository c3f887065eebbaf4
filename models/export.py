"""Whole ledgers, a chunk at a time: what an export reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, Table, select

from servanda.models import tables
from servanda.models.alerts.alerts import StoredAlert, alerts
from servanda.models.documents.documents import DocumentRow, documents_between
from servanda.models.findings.verdicts import StoredVerdict, verdicts_between

CHUNK = 500
"""Rows that are held at a time."""


def every_document(db: Connection, as_of: datetime) -> Iterator[DocumentRow]:
    """What is known of each at ``as_of``, in the order in which they were met."""
    for first, last in _chunks(db, tables.document):
        yield from documents_between(db, as_of, first, last)


def every_verdict(db: Connection, as_of: datetime) -> Iterator[StoredVerdict]:
    """In the order they were recorded."""
    for first, last in _chunks(db, tables.verdict):
        yield from verdicts_between(db, as_of, first, last)


def alert_chunks(db: Connection, as_of: datetime) -> Iterator[list[StoredAlert]]:
    """In the order they were made."""
    rows = tables.alert.c
    for first, last in _chunks(db, tables.alert):
        yield alerts(db, rows.id.between(first, last) & (rows.known_at <= as_of))


def _chunks(db: Connection, table: Table) -> Iterator[tuple[int, int]]:
    """The ids of a table, as the first and the last of each chunk."""
    after = 0
    while True:
        query = select(table.c.id).where(table.c.id > after).order_by(table.c.id).limit(CHUNK)
        ids = list(db.execute(query).scalars())
        if not ids:
            return
        yield ids[0], ids[-1]
        after = ids[-1]
