"""Derived, rebuilt at need."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, LargeBinary, String, Table, Text

from servanda.models.tables.base import metadata
from servanda.models.types import Instant

window_clock = Table(
    "window_clock",
    metadata,
    Column("window", String(100), primary_key=True),
    Column("next_at", Instant, nullable=False),
)

robots = Table(
    "robots",
    metadata,
    Column("origin", String(300), primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("read_at", Instant, nullable=False),
)

route_state = Table(
    "route_state",
    metadata,
    Column("source", String(100), primary_key=True),
    Column("route", String(100), primary_key=True),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("items", JSON, nullable=False),
    Column("reached_end", Boolean, nullable=False),
    Column("newest_at", Instant),
    Column("read_whole_at", Instant),
    Column("unchanged_at", Instant),
    Column("last_valid_at", Instant),
    Column("failing_since", Instant),
    Column("next_due_at", Instant, nullable=False),
)

unread = Table(
    "unread",
    metadata,
    Column("document", ForeignKey("document.id"), primary_key=True),
    Column("source", String(100), nullable=False),
    Column("held_until", Instant),
    Index(None, "source"),
)

reread = Table(
    "reread",
    metadata,
    Column("document", ForeignKey("document.id"), primary_key=True),
    Column("source", String(100), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Index(None, "source", "due_at"),
)

current_listing = Table(
    "current_listing",
    metadata,
    Column("document", ForeignKey("document.id"), primary_key=True),
    Column("source", String(100), nullable=False),
    Column("listing", ForeignKey("listing.id"), nullable=False),
    Column("from_at", Instant, nullable=False),
    Index(None, "from_at", "document"),
    Index(None, "source", "from_at", "document"),
)
"""Of each document the listing that counts; ``from_at`` is the first instant that it allows."""

current_verdict = Table(
    "current_verdict",
    metadata,
    Column("window", String(100), primary_key=True),
    Column("verdict", ForeignKey("verdict.id"), nullable=False),
    Column("value", String(32), nullable=False),
    Index(None, "value"),
)
"""Of each window its newest verdict, without its content."""

document_search = Table(
    "document_search",
    metadata,
    Column("document", ForeignKey("document.id"), primary_key=True),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
)
"""Titles and texts without accents, to be searched: FTS5 on SQLite, a ``tsvector`` on PostgreSQL."""
