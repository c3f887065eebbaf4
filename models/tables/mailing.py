"""Who is told, and what was sent to whom: watchers, recipients, digests, envelopes, attempts, silences."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from servanda.models.tables.base import identifier, metadata
from servanda.models.types import Instant

watcher = Table(
    "watcher",
    metadata,
    identifier(),
    Column("address", String(2000), nullable=False, unique=True),
    Column("channel", String(16), nullable=False),
    Column("key", String(64), nullable=False, unique=True),
    Column("secret", String(200)),
    Column("known_at", Instant, nullable=False),
)
"""``address``: a mail address, or the URL of a webhook or chat. ``key`` is random and stands for the watcher
in signed links; ``secret`` signs what a webhook gets."""

profile = Table(
    "profile",
    metadata,
    identifier(),
    Column("watcher", ForeignKey("watcher.id"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("language", String(8), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("hour", Integer, nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("heartbeat", String(8), nullable=False),
    Column("operator", Boolean, nullable=False),
    Column("analyst", Boolean, nullable=False),
    Column("known_at", Instant, nullable=False),
    Index(None, "watcher", "id"),
)

standing = Table(
    "standing",
    metadata,
    identifier(),
    Column("watcher", ForeignKey("watcher.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("by", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("known_at", Instant, nullable=False),
    Index(None, "watcher", "id"),
)

subscription = Table(
    "subscription",
    metadata,
    identifier(),
    Column("watcher", ForeignKey("watcher.id"), nullable=False),
    Column("slug", String(100), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("instruments", JSON, nullable=False),
    Column("commitments", JSON, nullable=False),
    Column("parties", JSON, nullable=False),
    Column("kinds", JSON, nullable=False),
    Column("severity", String(8), nullable=False),
    Column("frequency", String(16), nullable=False),
    Column("unacknowledged_after", Integer),
    Column("known_at", Instant, nullable=False),
    Index(None, "watcher", "slug", "id"),
)
"""``unacknowledged_after``: minutes; told only of what nobody has acknowledged by then."""

routing = Table(
    "routing",
    metadata,
    Column("alert", ForeignKey("alert.id"), primary_key=True),
    Column("recipients", Integer, nullable=False),
    Column("known_at", Instant, nullable=False),
)

recipient = Table(
    "recipient",
    metadata,
    Column("alert", ForeignKey("alert.id"), primary_key=True),
    Column("watcher", ForeignKey("watcher.id"), primary_key=True),
    Column("manner", String(16), nullable=False),
    Column("why", JSON, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("known_at", Instant, nullable=False),
    Index(None, "watcher", "due_at"),
)

digest = Table(
    "digest",
    metadata,
    identifier(),
    Column("watcher", ForeignKey("watcher.id"), nullable=False),
    Column("slot", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("until_at", Instant, nullable=False),
    Column("known_at", Instant, nullable=False),
    UniqueConstraint("watcher", "slot"),
)

envelope = Table(
    "envelope",
    metadata,
    identifier(),
    Column("watcher", ForeignKey("watcher.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("digest", ForeignKey("digest.id")),
    Column("recipient", String(2000), nullable=False),
    Column("message_id", String(300), nullable=False, unique=True),
    Column("bytes", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False),
    Column("deadline_at", Instant),
    Column("due_at", Instant, nullable=False),
    Column("delayed_at", Instant),
    Column("lease_until", Instant),
    Column("lease_by", String(64)),
    Column("known_at", Instant, nullable=False),
    Index(None, "state", "due_at"),
    Index(None, "watcher", "id"),
)
"""``deadline_at``: the nearest end of a window that it speaks of; ``delayed_at``: when it was written anew
because it could not be sent in time."""

told = Table(
    "told",
    metadata,
    Column("watcher", ForeignKey("watcher.id"), primary_key=True),
    Column("alert", ForeignKey("alert.id"), primary_key=True),
    Column("envelope", ForeignKey("envelope.id")),
    Column("omitted", Text),
    Column("silence", ForeignKey("silence.id")),
    Column("known_at", Instant, nullable=False),
    Index(None, "envelope"),
    Index(None, "alert"),
)
"""What became of each recipient: the envelope that carries the alert to them, or why none does."""

mail_hold = Table(
    "mail_hold",
    metadata,
    identifier(),
    Column("held", Boolean, nullable=False),
    Column("by", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("known_at", Instant, nullable=False),
)

attempt = Table(
    "attempt",
    metadata,
    identifier(),
    Column("envelope", ForeignKey("envelope.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("code", Integer, nullable=False),
    Column("answer", Text, nullable=False),
    Column("uncertain", Boolean, nullable=False),
    Column("of_server", Boolean, nullable=False),
    Index(None, "envelope"),
)
"""``uncertain``: the content was handed over and no answer came, so that the mail may have arrived.
``of_server``: the failure would have met any mail, and does not count against this one."""

bounce = Table(
    "bounce",
    metadata,
    identifier(),
    Column("digest", String(64), nullable=False, unique=True),
    Column("envelope", ForeignKey("envelope.id")),
    Column("watcher", ForeignKey("watcher.id")),
    Column("address", String(2000), nullable=False),
    Column("permanent", Boolean, nullable=False),
    Column("diagnostic", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("known_at", Instant, nullable=False),
    Index(None, "watcher", "known_at"),
)
"""A report (RFC 3464) that a mail came back, once for each ``digest`` of its bytes and address."""

acknowledgement = Table(
    "acknowledgement",
    metadata,
    identifier(),
    Column("alert", ForeignKey("alert.id"), nullable=False),
    Column("by", String(200), nullable=False),
    Column("note", Text, nullable=False),
    Column("known_at", Instant, nullable=False),
    Index(None, "alert"),
)

silence = Table(
    "silence",
    metadata,
    identifier(),
    Column("instrument", String(100)),
    Column("subject", String(200)),
    Column("kinds", JSON, nullable=False),
    Column("by", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("until_at", Instant, nullable=False),
    Column("known_at", Instant, nullable=False),
    Index(None, "until_at"),
)

silence_end = Table(
    "silence_end",
    metadata,
    Column("silence", ForeignKey("silence.id"), primary_key=True),
    Column("by", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("known_at", Instant, nullable=False),
)
