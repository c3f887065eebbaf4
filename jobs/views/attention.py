"""What needs a person now: each with the command by which somebody acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from servanda.alerts.text.translation import ENGLISH, Words
from servanda.instruments.catalogue import Catalogue
from servanda.instruments.routes import Source
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.views.alerts import alert_list, count_unacknowledged
from servanda.jobs.views.doubtful_documents import doubtful_documents
from servanda.jobs.views.json_values import Json
from servanda.jobs.views.review_queue import evidence_to_review
from servanda.jobs.views.source_health import blind_sources

Kind = Literal["candidates", "evidence", "doubtful", "blind", "flags"]

SHOWN = 5
"""Things of a kind that are shown; of more their number."""


@dataclass(frozen=True, slots=True)
class WaitingThing:
    """One thing that waits. ``path`` is its page's; ``since`` None where that is not known; ``title`` comes
    from the web or the catalogue."""

    path: str
    title: str
    command: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class WaitingKind:
    """What waits of one kind: how many, and the first of them."""

    kind: Kind
    count: int
    first: tuple[WaitingThing, ...]
    command: str


def attention(ledger: Ledger, catalogue: Catalogue, words: Words = ENGLISH) -> tuple[WaitingKind, ...]:
    """Every kind of which something waits, the most urgent first. ``words``: the language of headlines."""
    kinds = (
        *_evidence(ledger),
        _doubtful(ledger),
        _blind(ledger, catalogue),
        _flags(ledger, words),
    )
    return tuple(kind for kind in kinds if kind.count)


def _evidence(ledger: Ledger) -> tuple[WaitingKind, WaitingKind]:
    """Candidates for a window, and other evidence."""
    rows = evidence_to_review(ledger)
    things = [
        WaitingThing(
            f"evidence/{row.id}",
            row.title,
            f"servanda review accept {row.id}",
            row.another_look_since or row.known_at,
        )
        for row in rows
    ]
    candidates = [thing for row, thing in zip(rows, things, strict=True) if row.candidate]
    others = [thing for row, thing in zip(rows, things, strict=True) if not row.candidate]
    return (
        _kind("candidates", candidates, "servanda review list"),
        _kind("evidence", others, "servanda review list"),
    )


def _doubtful(ledger: Ledger) -> WaitingKind:
    things = (_doubtful_document(row) for row in doubtful_documents(ledger))
    return _kind("doubtful", things, "servanda review documents")


def _doubtful_document(row: Json) -> WaitingThing:
    return WaitingThing(f"documents/{row['id']}", row["title"], f"servanda review document {row['id']}")


def _blind(ledger: Ledger, catalogue: Catalogue) -> WaitingKind:
    with ledger.reading() as (db, now):
        blind = blind_sources(db, catalogue, now)
    return _kind("blind", (_blind_source(source, since) for source, since in blind), "servanda sources")


def _blind_source(source: Source, since: datetime) -> WaitingThing:
    command = f"servanda collect --source {source.id}"
    return WaitingThing(f"sources/{source.id}", source.title, command, since)


def _flags(ledger: Ledger, words: Words) -> WaitingKind:
    rows = alert_list(ledger, unacknowledged=True, limit=SHOWN, words=words)
    count = count_unacknowledged(ledger)
    return WaitingKind("flags", count, tuple(map(_flag, rows)), "servanda alerts --unacknowledged")


def _flag(row: Json) -> WaitingThing:
    command = f"servanda alerts acknowledge {row['id']}"
    return WaitingThing(
        f"alerts/{row['id']}", row["headline"], command, datetime.fromisoformat(row["known_at"])
    )


def _kind(kind: Kind, things: Iterable[WaitingThing], command: str) -> WaitingKind:
    found = tuple(things)
    return WaitingKind(kind, len(found), found[:SHOWN], command)
