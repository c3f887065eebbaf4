"""The tables. Append-only, but for the caches and the delivery state of an envelope.

``known_at`` is when we came to know; ``at``, ``published_*`` and ``effective_at`` say when it was so.
Instruments, commitments, windows, sources and routes live in YAML and are named here by slug, together
with the digest of the catalogue that was loaded. The migration guards the ledgers with triggers.
"""

from __future__ import annotations

from servanda.models.tables.base import metadata
from servanda.models.tables.caches import (
    current_listing,
    current_verdict,
    document_search,
    reread,
    robots,
    route_state,
    unread,
    window_clock,
)
from servanda.models.tables.collection import (
    canary,
    catalogue,
    clock_fault,
    clock_reading,
    coverage,
    database,
    document,
    document_alias,
    document_check,
    exchange,
    extraction,
    given_text,
    listing,
    monitored,
    observation,
    poll,
    quarantine,
    repeated_text,
    replay_clock,
    route_distrust,
    standing_text,
    text_line,
    version,
)
from servanda.models.tables.findings import alert, decision, evidence, screening, shortlisted, verdict
from servanda.models.tables.mailing import (
    acknowledgement,
    attempt,
    bounce,
    digest,
    envelope,
    mail_hold,
    profile,
    recipient,
    routing,
    silence,
    silence_end,
    standing,
    subscription,
    told,
    watcher,
)

CACHES = frozenset(
    {
        "window_clock", "route_state", "robots", "unread", "reread", "current_listing", "current_verdict",
        "document_search",
    }
)  # fmt: skip
"""Derived, rebuilt at need."""

LEDGERS = tuple(table.name for table in metadata.sorted_tables if table.name not in CACHES | {"envelope"})
"""The append-only tables: rows are added, never changed or removed."""

__all__ = [
    "CACHES",
    "LEDGERS",
    "acknowledgement",
    "alert",
    "attempt",
    "bounce",
    "canary",
    "catalogue",
    "clock_fault",
    "clock_reading",
    "coverage",
    "current_listing",
    "current_verdict",
    "database",
    "decision",
    "digest",
    "document",
    "document_alias",
    "document_check",
    "document_search",
    "envelope",
    "evidence",
    "exchange",
    "extraction",
    "given_text",
    "listing",
    "mail_hold",
    "metadata",
    "monitored",
    "observation",
    "poll",
    "profile",
    "quarantine",
    "recipient",
    "repeated_text",
    "replay_clock",
    "reread",
    "robots",
    "route_distrust",
    "route_state",
    "routing",
    "screening",
    "shortlisted",
    "silence",
    "silence_end",
    "standing",
    "standing_text",
    "subscription",
    "text_line",
    "told",
    "unread",
    "verdict",
    "version",
    "watcher",
    "window_clock",
]
