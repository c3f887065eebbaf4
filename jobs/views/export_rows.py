"""What is exported, by subject: flat rows, read as they are written out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from servanda.alerts.letters.registry import write_letter
from servanda.alerts.text.translation import ENGLISH
from servanda.compliance.intervals import utc_text
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.alerting.stored_alerts import alert_of
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.views import status as views
from servanda.jobs.views.coverage import coverage
from servanda.jobs.views.export_formats import Row
from servanda.jobs.views.json_values import Json
from servanda.models.alerts import alerts as alert_rows
from servanda.models.alerts.alerts import Acknowledgement, StoredAlert
from servanda.models.documents.documents import DocumentRow
from servanda.models.export import alert_chunks, every_document, every_verdict
from servanda.models.findings import evidence as evidence_rows
from servanda.models.findings.evidence import EvidenceRow
from servanda.models.findings.verdicts import StoredVerdict
from servanda.models.store import Store

JOINED = " | "
"""Between the parts of a list that becomes one cell."""

KEYS: dict[str, tuple[str, ...]] = {
    "windows": (
        "id", "instrument", "commitment", "title", "opens_at", "due_at", "settles_at", "derivation", "phase",
        "verdict", "final", "condition", "late_by_days", "duties", "candidates", "accepted", "mode",
    ),
    "verdicts": (
        "id", "window", "verdict", "phase", "final", "condition", "late_by_days", "absence_proven", "reasons",
        "duties", "effective_at", "known_at", "mode",
    ),
    "evidence": (
        "id", "instrument", "commitment", "window", "document", "title", "url", "published", "score",
        "passages", "candidate", "review", "due_for_another_look", "sha256", "known_at", "mode",
    ),
    "alerts": (
        "id", "kind", "severity", "instrument", "subject", "title", "effective_at", "known_at",
        "acknowledged_by", "acknowledged_at", "mode",
    ),
    "coverage": ("source", "from", "until", "state", "why", "mode"),
    "documents": (
        "id", "source", "title", "url", "published", "precision", "language", "versions", "first_seen_at",
        "last_seen_at", "mode",
    ),
}  # fmt: skip
"""The keys of each subject, in their order. Documented in ``docs/exports.md``: added to, never renamed."""


def read_export_rows(ledger: Ledger, catalogue: Catalogue, subject: str, as_of: datetime) -> Iterator[Row]:
    """Everything of a subject, by what was known at ``as_of``. KeyError for a subject that is none."""
    mode = {"mode": ledger.store.mode}
    return ({**row, **mode} for row in _SUBJECTS[subject](ledger, catalogue, as_of))


def _windows(ledger: Ledger, catalogue: Catalogue, as_of: datetime) -> Iterator[Json]:
    titles = {window.id: window.title for i in catalogue.instruments for window in i.windows}
    for one in views.status(ledger, catalogue, as_of)["windows"]:
        plain = {key: one[key] for key in KEYS["windows"] if key not in ("title", "mode")}
        plain |= {key: len(one[key]) for key in ("duties", "candidates", "accepted")}
        yield {**plain, "title": titles[one["id"]]}


def _verdicts(ledger: Ledger, _catalogue: Catalogue, as_of: datetime) -> Iterator[Json]:
    with ledger.reading() as (db, _):
        for kept in every_verdict(db, as_of):
            yield _verdict(kept)


def _verdict(kept: StoredVerdict) -> Json:
    said = kept.verdict
    return {
        "id": kept.id,
        "window": said.window,
        "verdict": said.value.value,
        "phase": said.phase.value,
        "final": said.final,
        "condition": said.condition.value,
        "late_by_days": said.late_by_days,
        "absence_proven": said.absence_proven,
        "reasons": JOINED.join(said.reasons),
        "duties": JOINED.join(duty.detail for duty in said.duties),
        "effective_at": utc_text(kept.effective_at),
        "known_at": utc_text(kept.known_at),
    }


def _evidence(ledger: Ledger, catalogue: Catalogue, as_of: datetime) -> Iterator[Json]:
    for instrument in catalogue.instruments:
        with ledger.reading() as (db, _):
            found = evidence_rows.evidence(db, as_of, instrument=instrument.id)
        for row in found:
            yield _evidence_row(row)


def _evidence_row(row: EvidenceRow) -> Json:
    passages = JOINED.join(span.text for span in row.spans)
    return {**views.evidence_facts(row), "passages": passages, "known_at": utc_text(row.known_at)}


def _alerts(ledger: Ledger, _catalogue: Catalogue, as_of: datetime) -> Iterator[Json]:
    with ledger.reading() as (db, _):
        for chunk in alert_chunks(db, as_of):
            noted = alert_rows.acknowledgements(db, [one.id for one in chunk])
            for stored in chunk:
                yield _alert(ledger.store, stored, noted.get(stored.id), as_of)


def _alert(store: Store, stored: StoredAlert, noted: Acknowledgement | None, as_of: datetime) -> Json:
    alert = alert_of(store, stored)
    known = noted if noted is not None and noted.known_at <= as_of else None
    return {
        "id": stored.id,
        "kind": alert.kind.value,
        "severity": alert.kind.record.severity,
        "instrument": alert.instrument,
        "subject": alert.subject,
        "title": write_letter(alert, ENGLISH).subject,
        "effective_at": utc_text(alert.effective_at),
        "known_at": utc_text(alert.known_at),
        "acknowledged_by": known.by if known else None,
        "acknowledged_at": utc_text(known.known_at) if known else None,
    }


def _coverage(ledger: Ledger, catalogue: Catalogue, as_of: datetime) -> Iterator[Json]:
    for source in coverage(ledger, catalogue, as_of):
        for tile in source["tiles"]:
            yield {"source": source["source"], **tile}


def _documents(ledger: Ledger, _catalogue: Catalogue, as_of: datetime) -> Iterator[Json]:
    with ledger.reading() as (db, _):
        for row in every_document(db, as_of):
            yield _document(row)


def _document(row: DocumentRow) -> Json:
    return {
        "id": row.id,
        "source": row.source,
        "title": row.title,
        "url": row.url,
        "published": str(row.published),
        "precision": row.published.precision.value,
        "language": row.language,
        "versions": row.versions,
        "first_seen_at": utc_text(row.first_seen_at),
        "last_seen_at": utc_text(row.last_seen_at),
    }


_SUBJECTS: dict[str, Callable[[Ledger, Catalogue, datetime], Iterator[Json]]] = {
    "windows": _windows,
    "verdicts": _verdicts,
    "evidence": _evidence,
    "alerts": _alerts,
    "coverage": _coverage,
    "documents": _documents,
}
