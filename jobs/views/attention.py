"""What needs a person now: each with the command by which somebody acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from servanda.alerts.text.translation import ENGLISH, Words
from servanda.compliance.vocabulary import VerdictValue
from servanda.instruments.catalogue import Catalogue
from servanda.instruments.routes import Source
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.views.alerts import alert_list, count_unacknowledged
from servanda.jobs.views.doubtful_documents import doubtful_documents
from servanda.jobs.views.json_values import Json
from servanda.jobs.views.review_queue import evidence_to_review
from servanda.jobs.views.source_health import blind_sources
from servanda.models.findings import verdicts as findings

Kind = Literal["candidates", "shortlist", "evidence", "doubtful", "blind", "flags"]

LOOKED_THROUGH = 200
"""Windows of which it is asked whether anybody looked at their shortlists."""

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
    candidates, others = _evidence(ledger)
    kinds = (
        candidates,
        _shortlist(ledger, catalogue),
        others,
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


def _shortlist(ledger: Ledger, catalogue: Catalogue) -> WaitingKind:
    """What nobody has looked at of the shortlists on which absence waits, by what was recorded last."""
    with ledger.reading() as (db, _):
        waiting = sorted(
            findings.windows_with_verdict(db, VerdictValue.UNVERIFIED) & set(catalogue.window_ids)
        )
        judged = findings.judged_windows(db, waiting[:LOOKED_THROUGH])
    left = {name: one.last.verdict.flow.waiting for name, one in judged.items() if one.last.verdict.flow}
    things = [_shortlist_of(catalogue, name) for name, number in left.items() if number]
    return WaitingKind(
        "shortlist", sum(left.values()), tuple(things[:SHOWN]), "servanda review shortlist WINDOW"
    )


def _shortlist_of(catalogue: Catalogue, name: str) -> WaitingThing:
    instrument, window = catalogue.window(name)
    return WaitingThing(f"{instrument.id}/{name}", window.title, f"servanda review shortlist {name}")


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
