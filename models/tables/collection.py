"""What was read: the database itself, polls, exchanges, coverage, documents and their contents."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from servanda.models.tables.base import identifier, metadata, published
from servanda.models.types import Id, Instant

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
    identifier(),
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
    identifier(),
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
    identifier(),
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
    identifier(),
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
    identifier(),
    Column("poll", ForeignKey("poll.id"), nullable=False),
    Column("source", String(100), nullable=False),
    Column("route", String(100), nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("until_at", Instant, nullable=False),
    Column("basis", Text, nullable=False),
    Column("known_at", Instant, nullable=False),
    Index(None, "source", "until_at"),
    Index(None, "known_at"),
)

clock_reading = Table(
    "clock_reading",
    metadata,
    identifier(),
    Column("publisher", String(300)),
    Column("stated_at", Instant),
    Column("at", Instant, nullable=False),
    Column("boot", String(64)),
    Column("uptime", Float),
)

clock_fault = Table(
    "clock_fault",
    metadata,
    identifier(),
    Column("last_coverage", ForeignKey("coverage.id"), nullable=False),
    Column("until_at", Instant, nullable=False),
    Column("known_at", Instant, nullable=False),
    Index(None, "last_coverage"),
)

route_distrust = Table(
    "route_distrust",
    metadata,
    identifier(),
    Column("source", String(100), nullable=False),
    Column("route", String(100), nullable=False),
    Column("poll", ForeignKey("poll.id"), nullable=False),
    Column("why", Text, nullable=False),
    Column("known_at", Instant, nullable=False),
    Index(None, "source", "route"),
)

listing = Table(
    "listing",
    metadata,
    identifier(),
    Column("document", ForeignKey("document.id"), nullable=False),
    Column("poll", ForeignKey("poll.id"), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False),
    *published(),
    Column("summary", Text),
    Column("changed", Boolean, nullable=False, server_default=false()),
    Column("known_at", Instant, nullable=False),
    Index(None, "document"),
    Index(None, "changed"),
    Index(None, "published_at"),
    Index(None, "published_on"),
)

version = Table(
    "version",
    metadata,
    identifier(),
    Column("document", ForeignKey("document.id"), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("language", String(8), nullable=False),
    *published(),
    Column("known_at", Instant, nullable=False),
    UniqueConstraint("document", "digest"),
)

extraction = Table(
    "extraction",
    metadata,
    identifier(),
    Column("version", ForeignKey("version.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("extractor", String(64), nullable=False),
    Column("known_at", Instant, nullable=False),
    UniqueConstraint("version", "extractor"),
)

document_check = Table(
    "document_check",
    metadata,
    identifier(),
    Column("version", ForeignKey("version.id"), nullable=False),
    Column("checker", String(16), nullable=False),
    Column("listed", String(64), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("doubts", JSON, nullable=False),
    Column("is_doubtful", Boolean, nullable=False),
    Column("may_grow", Boolean, nullable=False),
    Column("words", Integer, nullable=False),
    Column("title", Text),
    Column("speaks_of_title", Boolean),
    Column("shows_date", Boolean),
    Column("known_at", Instant, nullable=False),
    UniqueConstraint("version", "checker", "listed"),
    Index(None, "is_doubtful"),
    Index(None, "may_grow"),
    Index(None, "checker", "version"),
)

text_line = Table(
    "text_line",
    metadata,
    Column("check", ForeignKey("document_check.id"), primary_key=True),
    Column("digest", String(16), primary_key=True),
    Column("document", ForeignKey("document.id"), nullable=False),
    Column("words", Integer, nullable=False),
    Index(None, "digest", "document"),
)

standing_text = Table(
    "standing_text",
    metadata,
    identifier(),
    Column("document", ForeignKey("document.id"), nullable=False),
    Column("check", ForeignKey("document_check.id"), nullable=False),
    Index(None, "document"),
)

repeated_text = Table(
    "repeated_text",
    metadata,
    identifier(),
    Column("check", ForeignKey("document_check.id"), nullable=False),
    Column("repeats", Boolean, nullable=False),
    Column("own_words", Integer, nullable=False),
    Column("known_at", Instant, nullable=False),
    Index(None, "check"),
)

given_text = Table(
    "given_text",
    metadata,
    identifier(),
    Column("document", ForeignKey("document.id"), nullable=False),
    Column("origin", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("exchange", ForeignKey("exchange.id")),
    Column("known_at", Instant, nullable=False),
    Index(None, "document"),
)

quarantine = Table(
    "quarantine",
    metadata,
    identifier(),
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
    identifier(),
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
    identifier(),
    Column("document", ForeignKey("document.id"), nullable=False),
    Column("version", ForeignKey("version.id")),
    Column("exchange", ForeignKey("exchange.id"), nullable=False),
    Column("state", String(8), nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "document", "at"),
    Index(None, "version"),
)
