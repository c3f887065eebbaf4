"""A document as a page shows it: its texts, their differences, and why rules matched it or did not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import Connection

from servanda.compliance.instrument import Commitment, Instrument, Window
from servanda.compliance.match_explanation import RuleExplanation, explain_matches
from servanda.compliance.text_diff import WordChange, word_changes
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.matching.screening import candidate_of
from servanda.jobs.views.document import document
from servanda.jobs.views.json_values import Json
from servanda.models.documents import documents
from servanda.models.documents.documents import Version
from servanda.models.documents.versions import VersionRow, versions
from servanda.models.findings import evidence as evidence_rows
from servanda.models.findings import verdicts as findings
from servanda.models.findings.evidence import EvidenceRow
from servanda.models.findings.verdicts import Decision


@dataclass(frozen=True, slots=True)
class DocumentEdit:
    """What changed between two contents of a document; None where the text of either was not drawn."""

    before: VersionRow
    after: VersionRow
    changes: tuple[WordChange, ...] | None


@dataclass(frozen=True, slots=True)
class InstrumentExplanation:
    """What each rule of an instrument finds in a document; None where it is a copy of the instrument."""

    instrument: Instrument
    rules: tuple[RuleExplanation, ...] | None


@dataclass(frozen=True, slots=True)
class DocumentDossier:
    """A document over time. ``answer`` is what ``servanda document --json`` answers; ``newest`` the content
    seen last, None where it was never read; ``watched_by``: the instruments that its source is read for."""

    answer: Json
    contents: tuple[VersionRow, ...]
    newest: VersionRow | None
    edits: tuple[DocumentEdit, ...]
    explanations: tuple[InstrumentExplanation, ...]
    watched_by: tuple[Instrument, ...]


def document_dossier(
    ledger: Ledger, catalogue: Catalogue, document_id: int, as_of: datetime | None = None
) -> DocumentDossier:
    """What was known of a document at ``as_of`` (None: now); UsageError where there is none."""
    with ledger.reading() as (db, now):
        at = now if as_of is None else as_of
    answer = document(ledger, catalogue, document_id, at)
    with ledger.reading() as (db, _):
        contents = versions(db, document_id, at)
        newest = max(contents, key=lambda content: (content.last_seen_at, content.id), default=None)
        version = documents.version(db, newest.id) if newest else None
    watched_by = tuple(one for one in catalogue.instruments if answer["source"] in one.sources)
    return DocumentDossier(
        answer,
        tuple(contents),
        newest,
        tuple(_edit(before, after) for before, after in pairwise(contents)),
        _explanations(catalogue, watched_by, version),
        watched_by,
    )


def _edit(before: VersionRow, after: VersionRow) -> DocumentEdit:
    if before.text is None or after.text is None:
        return DocumentEdit(before, after, None)
    return DocumentEdit(before, after, word_changes(before.text, after.text))


def _explanations(
    catalogue: Catalogue, instruments: Sequence[Instrument], version: Version | None
) -> tuple[InstrumentExplanation, ...]:
    """Nothing where no text was drawn: then a scan of the bytes showed that no rule can match."""
    if version is None or version.text is None:
        return ()
    return tuple(
        InstrumentExplanation(one, explain_matches(candidate_of(catalogue, version), one))
        for one in instruments
    )


@dataclass(frozen=True, slots=True)
class EvidenceDossier:
    """Evidence with the text in which its passages stand, and what people decided on it."""

    row: EvidenceRow
    instrument: Instrument
    commitment: Commitment
    window: Window | None
    text: str
    explanation: RuleExplanation | None
    decisions: tuple[Decision, ...]


def evidence_dossier(ledger: Ledger, catalogue: Catalogue, evidence: int) -> EvidenceDossier:
    """UsageError where there is no such evidence, or the catalogue has its commitment no longer."""
    with ledger.reading() as (db, now):
        row = _evidence(db, evidence, now)
        version = documents.version(db, row.version)
        decisions = findings.decisions_on(db, evidence_rows.subjects_of(db, row, now), now)
    instrument, commitment = _commitment(catalogue, row)
    rules = explain_matches(candidate_of(catalogue, version), instrument) if version.text else None
    about = [one for one in rules or () if one.rule.commitment == row.commitment and one.matches]
    return EvidenceDossier(
        row,
        instrument,
        commitment,
        next((window for window in instrument.windows if window.id == row.window), None),
        version.text or "",
        max(about, key=lambda one: one.score, default=None),
        tuple(decisions),
    )


def _evidence(db: Connection, evidence: int, now: datetime) -> EvidenceRow:
    """The evidence, or what counts of the same document for the same commitment now."""
    found = evidence_rows.evidence(db, now, only=evidence)
    if not found:
        raise UsageError(f"there is no evidence {evidence} that counts; `servanda evidence` lists what does")
    return found[0]


def _commitment(catalogue: Catalogue, row: EvidenceRow) -> tuple[Instrument, Commitment]:
    try:
        return catalogue.commitment(row.commitment)
    except LookupError as error:
        raise UsageError(f"evidence {row.id} is of a commitment that the catalogue has no longer") from error
