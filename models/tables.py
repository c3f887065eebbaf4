"""The tables. Append-only, but for the caches and the delivery state of an envelope.

``known_at`` is when we came to know; ``at``, ``published_*`` and ``effective_at`` say when it was so.
Instruments, commitments, windows, sources and routes live in YAML and are named here by slug, together
with the digest of the catalogue that was loaded. The migration guards the ledgers with triggers.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from models.types import Id, Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _published() -> tuple[Column[object], ...]:
    """A publication time as its publisher stated it; see ``compliance.publication.Published``."""
    return (
        Column("precision", String(8), nullable=False),
        Column("zone", String(64), nullable=False),
        Column("published_at", Instant),
        Column("published_on", Date),
    )


database = Table(
    "database",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("mode", String(8), nullable=False),
    Column("created_at", Instant, nullable=False),
)

replay_clock = Table(
    "replay_clock",
    metadata,
    _id(),
    Column("now_at", Instant, nullable=False),
)

catalogue = Table(
    "catalogue",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("content", Text, nullable=False),
    Column("loaded_at", Instant, nullable=False),
)

monitored = Table(
    "monitored",
    metadata,
    Column("instrument", String(100), primary_key=True),
    Column("since_at", Instant, nullable=False),
)

poll = Table(
    "poll",
    metadata,
    _id(),
    Column("source", String(100), nullable=False),
    Column("route", String(100), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("failure_family", String(16)),
    Column("failure_kind", String(64)),
    Column("failure_reason", Text),
    Column("pages", Integer, nullable=False),
    Column("items", Integer, nullable=False),
    Column("new_documents", Integer, nullable=False),
    Column("catalogue", ForeignKey("catalogue.digest"), nullable=False),
    Column("asked_from_at", Instant),
    Column("asked_until_at", Instant),
    Index(None, "source", "route", "started_at"),
    Index(None, "source", "outcome", "finished_at"),
)

document = Table(
    "document",
    metadata,
    _id(),
    Column("source", String(100), nullable=False),
    Column("first_seen_at", Instant, nullable=False),
    Index(None, "source", "first_seen_at"),
)

document_alias = Table(
    "document_alias",
    metadata,
    Column("source", String(100), primary_key=True),
    Column("scheme", String(32), primary_key=True),
    Column("value", String(2000), primary_key=True),
    Column("document", ForeignKey("document.id"), nullable=False),
    Index(None, "document"),
)

exchange = Table(
    "exchange",
    metadata,
    _id(),
    Column("poll", ForeignKey("poll.id"), nullable=False),
    Column("document", ForeignKey("document.id")),
    Column("url", Text, nullable=False),
    Column("status", Integer),
    Column("failure", Text),
    Column("sha256", String(64), nullable=False),
    Column("archive_file", String(200), nullable=False),
    Column("archive_offset", Id, nullable=False),
    Column("archive_length", Id, nullable=False),
    Column("at", Instant, nullable=False),
    Column("attested_at", Instant),
    Column("body_of", ForeignKey("exchange.id")),
    Index(None, "document"),
    Index(None, "poll"),
    Index(None, "sha256", "id"),
)

coverage = Table(
    "coverage",
    metadata,
    _id(),
    Column("poll", ForeignKey("poll.id"), nullable=False),
    Column("source", String(100), nullable=False),
    Column("route", String(100), nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("until_at", Instant, nullable=False),
    Column("basis", Text, nullable=False),
    Column("known_at", Instant, nullable=False),
    Index(None, "source", "until_at"),
)

listing = Table(
    "listing",
    metadata,
    _id(),
    Column("document", ForeignKey("document.id"), nullable=False),
    Column("poll", ForeignKey("poll.id"), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False),
    *_published(),
    Column("summary", Text),
    Column("known_at", Instant, nullable=False),
    Index(None, "document"),
)

version = Table(
    "version",
    metadata,
    _id(),
    Column("document", ForeignKey("document.id"), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("language", String(8), nullable=False),
    *_published(),
    Column("known_at", Instant, nullable=False),
    UniqueConstraint("document", "digest"),
)

extraction = Table(
    "extraction",
    metadata,
    Column("version", ForeignKey("version.id"), primary_key=True),
    Column("text", Text, nullable=False),
    Column("extractor", String(64), nullable=False),
    Column("known_at", Instant, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    _id(),
    Column("document", ForeignKey("document.id"), nullable=False),
    Column("exchange", ForeignKey("exchange.id"), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("known_at", Instant, nullable=False),
    Index(None, "document"),
)

canary = Table(
    "canary",
    metadata,
    _id(),
    Column("poll", ForeignKey("poll.id"), nullable=False),
    Column("source", String(100), nullable=False),
    Column("route", String(100), nullable=False),
    Column("canary", String(300), nullable=False),
    Column("found", Boolean, nullable=False),
    Column("known_at", Instant, nullable=False),
    Index(None, "source", "route"),
)

observation = Table(
    "observation",
    metadata,
    _id(),
    Column("document", ForeignKey("document.id"), nullable=False),
    Column("version", ForeignKey("version.id")),
    Column("exchange", ForeignKey("exchange.id"), nullable=False),
    Column("state", String(8), nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "document", "at"),
    Index(None, "version"),
)

screening = Table(
    "screening",
    metadata,
    Column("version", ForeignKey("version.id"), primary_key=True),
    Column("rules_digest", String(64), primary_key=True),
    Column("known_at", Instant, nullable=False),
    Index(None, "rules_digest", "version"),
)

evidence = Table(
    "evidence",
    metadata,
    _id(),
    Column("version", ForeignKey("version.id"), nullable=False),
    Column("instrument", String(100), nullable=False),
    Column("commitment", String(100), nullable=False),
    Column("window", String(100)),
    Column("rule", String(100), nullable=False),
    Column("rules_digest", String(64), nullable=False),
    Column("score", Float, nullable=False),
    Column("spans", JSON, nullable=False),
    Column("checklist", JSON, nullable=False),
    Column("candidate", Boolean, nullable=False),
    Column("near_miss", Boolean, nullable=False),
    Column("known_at", Instant, nullable=False),
    UniqueConstraint("version", "instrument", "commitment", "rules_digest"),
)

decision = Table(
    "decision",
    metadata,
    _id(),
    Column("kind", String(16), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("value", String(32), nullable=False),
    Column("by", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("known_at", Instant, nullable=False),
    Index(None, "kind", "subject"),
)

verdict = Table(
    "verdict",
    metadata,
    _id(),
    Column("window", String(100), nullable=False),
    Column("value", String(32), nullable=False),
    Column("phase", String(16), nullable=False),
    Column("final", Boolean, nullable=False),
    Column("content", JSON, nullable=False),
    Column("catalogue", ForeignKey("catalogue.digest"), nullable=False),
    Column("effective_at", Instant, nullable=False),
    Column("known_at", Instant, nullable=False),
    Index(None, "window", "id"),
)

alert = Table(
    "alert",
    metadata,
    _id(),
    Column("dedup_key", String(300), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("instrument", String(100)),
    Column("subject", String(200), nullable=False),
    Column("cause_kind", String(16), nullable=False),
    Column("cause", Id, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("effective_at", Instant, nullable=False),
    Column("known_at", Instant, nullable=False),
    Index(None, "subject"),
)

watcher = Table(
    "watcher",
    metadata,
    _id(),
    Column("address", String(320), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("known_at", Instant, nullable=False),
)

subscription = Table(
    "subscription",
    metadata,
    _id(),
    Column("watcher", ForeignKey("watcher.id"), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("operator", Boolean, nullable=False),
    Column("instruments", JSON, nullable=False),
    Column("kinds", JSON, nullable=False),
    Column("known_at", Instant, nullable=False),
    Index(None, "watcher", "id"),
)

routing = Table(
    "routing",
    metadata,
    Column("alert", ForeignKey("alert.id"), primary_key=True),
    Column("recipients", Integer, nullable=False),
    Column("known_at", Instant, nullable=False),
)

envelope = Table(
    "envelope",
    metadata,
    _id(),
    Column("watcher", ForeignKey("watcher.id"), nullable=False),
    Column("alert", ForeignKey("alert.id"), nullable=False),
    Column("recipient", String(320), nullable=False),
    Column("message_id", String(300), nullable=False, unique=True),
    Column("bytes", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("lease_until", Instant),
    Column("lease_by", String(64)),
    Column("known_at", Instant, nullable=False),
    UniqueConstraint("watcher", "alert"),
    Index(None, "state", "due_at"),
)

attempt = Table(
    "attempt",
    metadata,
    _id(),
    Column("envelope", ForeignKey("envelope.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("code", Integer, nullable=False),
    Column("answer", Text, nullable=False),
    Index(None, "envelope"),
)

# --- caches: derived, rebuilt at need -----------------------------------------------------------------

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

CACHES = frozenset({"window_clock", "route_state", "robots", "unread", "reread"})
"""Derived, rebuilt at need."""

LEDGERS = tuple(table.name for table in metadata.sorted_tables if table.name not in CACHES | {"envelope"})
"""The append-only tables: rows are added, never changed or removed."""
