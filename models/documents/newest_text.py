"""Which text of a version counts: the one that was drawn last, by whichever extractor."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from servanda.models import tables


def newest_text(
    version: ColumnElement[int], as_of: ColumnElement[datetime] | None = None
) -> ScalarSelect[int]:
    """The id of the extraction of a version that counts, known at ``as_of``; asked for each row of the
    enclosing query, by an index."""
    drawn = tables.extraction.alias()
    query = select(func.max(drawn.c.id)).where(drawn.c.version == version)
    if as_of is not None:
        query = query.where(drawn.c.known_at <= as_of)
    return query.correlate_except(drawn).scalar_subquery()
