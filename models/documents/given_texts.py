"""Texts of a document that stand beside its page: its listing gave them, or files and frames hold them."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select

from servanda.models import tables

LISTING = "listing"
"""The origin of what a feed or an API gave; any other origin is an address."""

_rows = tables.given_text.c
_ADD = insert(tables.given_text)
_LAST = (
    select(_rows.digest)
    .where(_rows.document == bindparam("document"), _rows.origin == bindparam("origin"))
    .order_by(_rows.id.desc())
    .limit(1)
)
_NEWEST = select(func.max(_rows.id)).where(_rows.document == bindparam("document")).group_by(_rows.origin)
_GIVEN = select(_rows.origin, _rows.text).where(_rows.id.in_(_NEWEST)).order_by(_rows.id)


def record_given_text(
    db: Connection, document: int, origin: str, text: str, now: datetime, *, exchange: int | None = None
) -> None:
    """Keep a text where its origin did not last give just that, so that one that is taken back (A, B, A)
    counts again. ``exchange`` is the one that brought it, None for a listing's."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    if db.execute(_LAST, {"document": document, "origin": origin}).scalar_one_or_none() == digest:
        return
    values = {"document": document, "origin": origin, "digest": digest, "text": text}
    db.execute(_ADD, {**values, "exchange": exchange, "known_at": now})


def given_texts(db: Connection, document: int) -> dict[str, str]:
    """The newest text of each origin."""
    return {row.origin: row.text for row in db.execute(_GIVEN, {"document": document})}
