"""What the reading verbs answer, as plain data. The shapes are a contract, documented in ``docs/json.md``.

Instants are ISO 8601 in UTC; publication times are as precise as their publisher stated them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from servanda.compliance.instrument import Commitment, Instrument
from servanda.compliance.intervals import utc_text
from servanda.compliance.shortlist import Flow
from servanda.compliance.vocabulary import Review, Verdict
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.knowledge.snapshot import Knowledge, load_all_knowledge, load_window_knowledge, verdict_of
from servanda.jobs.matching.same_event import first_of_events
from servanda.jobs.views.clock_state import clock_state
from servanda.jobs.views.json_values import Json, instant_or_none, intervals
from servanda.jobs.views.mail_state import mail_state
from servanda.jobs.views.review_queue import known_to_review
from servanda.models.documents import documents
from servanda.models.findings import evidence as evidence_rows
from servanda.models.findings.evidence import EvidenceRow


def status(ledger: Ledger, catalogue: Catalogue, as_of: datetime) -> Json:
    """Every window and commitment, by what was known at ``as_of``."""
    with ledger.reading() as (db, _):
        known = load_all_knowledge(db, catalogue, as_of)
        told = {row.document for one in known.values() for row in one.evidence if not row.near_miss}
        last_seen = documents.last_seen_at(db, told, as_of)
    return {
        "mode": ledger.store.mode,
        "as_of": utc_text(as_of),
        "clock": clock_state(ledger),
        "mail": mail_state(ledger, as_of),
        "windows": [
            window_json(instrument, verdict_of(known[instrument.id], catalogue, window), window.commitment)
            for instrument in catalogue.instruments
            for window in instrument.windows
        ],
        "commitments": [
            commitment
            for instrument in catalogue.instruments
            for commitment in _commitments_json(instrument, known[instrument.id], last_seen)
        ],
    }


def window(ledger: Ledger, catalogue: Catalogue, window_id: str, as_of: datetime) -> Json:
    """One window of ``status``, asked about alone; LookupError names those that exist."""
    instrument, found = catalogue.window(window_id)
    with ledger.reading() as (db, _):
        known = load_window_knowledge(db, catalogue, instrument, found, as_of)
    return window_json(instrument, verdict_of(known, catalogue, found), found.commitment)


def window_json(instrument: Instrument, verdict: Verdict, commitment: str) -> Json:
    """One window of ``status``."""
    return {
        "id": verdict.window,
        "instrument": instrument.id,
        "commitment": commitment,
        "opens_at": utc_text(verdict.opens_at),
        "due_at": utc_text(verdict.due_at),
        "settles_at": utc_text(verdict.settles_at),
        "phase": verdict.phase.value,
        "verdict": verdict.value.value,
        "final": verdict.final,
        "condition": verdict.condition.value,
        "derivation": verdict.derivation,
        "reasons": list(verdict.reasons),
        "late_by_days": verdict.late_by_days,
        "duties": [asdict(duty) for duty in verdict.duties],
        "candidates": list(verdict.candidates),
        "accepted": list(verdict.accepted),
        "flow": _flow_json(verdict.flow) if verdict.flow else None,
        "readings": [
            {"id": r.id, "due_at": utc_text(r.due_at), "relation": r.relation, "verdict": r.value.value}
            for r in verdict.readings
        ],
        "coverage": [
            {
                "source": c.source,
                "complete": c.complete,
                "gaps": intervals(c.gaps),
                "closings": [
                    {
                        **intervals([one.interval])[0],
                        "route": one.route,
                        "poll": one.poll,
                        "read_at": utc_text(one.read_at),
                    }
                    for one in c.closings
                ],
            }
            for c in verdict.coverage
        ],
    }


def _flow_json(flow: Flow) -> Json:
    return {**asdict(flow), "reviewers": [{"name": name, "documents": n} for name, n in flow.reviewers]}


def _commitments_json(
    instrument: Instrument, known: Knowledge, last_seen: Mapping[int, datetime]
) -> Iterator[Json]:
    told: dict[str, list[EvidenceRow]] = defaultdict(list)
    for row in known.evidence:
        if not row.near_miss:
            told[row.commitment].append(row)
    for commitment in instrument.commitments:
        yield _commitment_json(instrument, commitment, told[commitment.id], last_seen)


def _commitment_json(
    instrument: Instrument,
    commitment: Commitment,
    told: Sequence[EvidenceRow],
    last_seen: Mapping[int, datetime],
) -> Json:
    accepted = [e for e in told if e.review in {Review.ACCEPTED, Review.ACCEPTED_IN_PART}]
    newest = max(told, key=lambda e: e.published.interval.from_at, default=None)
    return {
        "id": commitment.id,
        "instrument": instrument.id,
        "kind": commitment.kind,
        "evidence": {
            "waiting": sum(e.review is Review.WAITING for e in told),
            "accepted": len(accepted),
        },
        "last_published": str(newest.published) if newest else None,
        "last_seen_at": instant_or_none(max((last_seen[e.document] for e in told), default=None)),
    }


def document_list(
    ledger: Ledger,
    catalogue: Catalogue,
    as_of: datetime,
    *,
    sources: Iterable[str] = (),
    limit: int | None = None,
) -> list[Json]:
    with ledger.reading() as (db, _):
        rows = documents.documents(db, as_of, sources=sources, limit=limit)
    return [
        {
            "id": row.id,
            "source": row.source,
            "title": row.title,
            "url": row.url,
            "published": str(row.published),
            "precision": row.published.precision.value,
            "language": row.language or catalogue.source(row.source).language,
            "versions": row.versions,
            "first_seen_at": utc_text(row.first_seen_at),
            "last_seen_at": utc_text(row.last_seen_at),
        }
        for row in rows
    ]


def evidence_list(
    ledger: Ledger, as_of: datetime, *, commitment: str | None = None, window: str | None = None
) -> list[Json]:
    """Evidence, near misses included (their ``review`` is ``not_asked``)."""
    with ledger.reading() as (db, _):
        rows = evidence_rows.evidence(db, as_of, commitment=commitment, window=window)
        repeats = first_of_events(db, rows)
    return [evidence_json(row, repeats.get(row.id)) for row in rows]


def review_list(ledger: Ledger) -> list[Json]:
    """What waits for a person, in the order in which it is to be looked at."""
    with ledger.reading() as (db, now):
        rows = known_to_review(db, now)
        of_commitments = sorted({(row.instrument, row.commitment) for row in rows})
        alike = [
            row
            for instrument, commitment in of_commitments
            for row in evidence_rows.evidence(db, now, instrument=instrument, commitment=commitment)
        ]
        repeats = first_of_events(db, alike)
    return [evidence_json(row, repeats.get(row.id)) for row in rows]


def evidence_json(row: EvidenceRow, repeats: int | None) -> Json:
    """``repeats``: the evidence that tells of the same event and came first."""
    return {
        **evidence_facts(row),
        "spans": [asdict(span) for span in row.spans],
        "checklist": [asdict(part) for part in row.checklist],
        "repeats": repeats,
    }


def evidence_facts(row: EvidenceRow) -> Json:
    """What is plain to say of evidence, in one word or number each."""
    return {
        "id": row.id,
        "instrument": row.instrument,
        "commitment": row.commitment,
        "window": row.window,
        "document": row.document,
        "title": row.title,
        "url": row.url,
        "published": str(row.published),
        "score": row.score,
        "candidate": row.candidate,
        "review": row.review.value,
        "due_for_another_look": row.due_for_another_look,
        "sha256": row.sha256,
    }
