"""What listings said of a document, and which of it counts: the part that several questions share.

A feed may state the second of a publication and a listing of the same source only its day. The newest of the
most exact statements counts, so that reading the listing after the feed takes nothing back.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, FromClause, ScalarSelect, Select, case, func, select
from sqlalchemy.sql.elements import ColumnElement

from servanda.compliance.publication import Precision
from servanda.models import tables

_ABOVE_ALL_IDS = 1 << 48


def _best(said: FromClause) -> ColumnElement[int]:
    """The id of the newest of the most exact statements, over the rows of a group."""
    exact = said.c.precision == Precision.INSTANT.value
    return func.max(case((exact, said.c.id + _ABOVE_ALL_IDS), else_=said.c.id)) % _ABOVE_ALL_IDS


def counting_listings(as_of: datetime) -> Select[int]:
    """The ids of the listings that count, one a document, known at ``as_of``."""
    rows = tables.listing.c
    return select(_best(tables.listing)).where(rows.known_at <= as_of).group_by(rows.document)


def newest_listing(document: Column[int], as_of: ColumnElement[Any] | None = None) -> ScalarSelect[int]:
    """The id of the listing of a document that counts, known at ``as_of``.

    Asked for each row of the enclosing query, by the index on documents: what it costs does not grow with
    the documents that are not asked about.
    """
    said = tables.listing.alias()
    query = select(_best(said)).where(said.c.document == document)
    if as_of is not None:
        query = query.where(said.c.known_at <= as_of)
    return query.correlate(document.table).scalar_subquery()
