"""What was found and decided: evidence, people's decisions, verdicts, and the alerts that came of them."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, String, Table, Text, UniqueConstraint

from servanda.models.tables.base import identifier, metadata
from servanda.models.types import Id, Instant

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
    identifier(),
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
    Index(None, "instrument", "id"),
    Index(None, "instrument", "commitment", "id"),
    Index(None, "window"),
)

shortlisted = Table(
    "shortlisted",
    metadata,
    identifier(),
    Column("version", ForeignKey("version.id"), nullable=False),
    Column("window", String(100), nullable=False),
    Column("rules_digest", String(64), nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("known_at", Instant, nullable=False),
    UniqueConstraint("version", "window", "rules_digest"),
    Index(None, "window", "version"),
)

decision = Table(
    "decision",
    metadata,
    identifier(),
    Column("kind", String(16), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("value", String(32), nullable=False),
    Column("by", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("known_at", Instant, nullable=False),
    Column("account", String(200)),
    Index(None, "kind", "subject"),
)

verdict = Table(
    "verdict",
    metadata,
    identifier(),
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
    identifier(),
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
    Index(None, "kind", "id"),
)
