"""What the newest listing said of a document: the part that several questions share."""

from __future__ import annotations

from sqlalchemy import Column, ScalarSelect, func, select
from sqlalchemy.sql.elements import ColumnElement

from models import tables


def newest_listing(document: Column[int], as_of: ColumnElement[object] | None = None) -> ScalarSelect[int]:
    """The id of a document's newest listing, known at ``as_of``.

    Asked for each row of the enclosing query, by the index on documents: what it costs does not grow with
    the documents that are not asked about.
    """
    said = tables.listing.alias()
    query = select(func.max(said.c.id)).where(said.c.document == document)
    if as_of is not None:
        query = query.where(said.c.known_at <= as_of)
    return query.correlate(document.table).scalar_subquery()
