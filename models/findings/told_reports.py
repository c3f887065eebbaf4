"""What was told of a commitment before, to be held against what is found now; and the texts for that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, bindparam, select

from servanda.compliance.same_event import EventReport
from servanda.models import tables
from servanda.models.documents.newest_text import newest_text
from servanda.models.findings.evidence import EvidenceRow
from servanda.models.publication_columns import published_of

EVIDENCE_KINDS = ("candidate", "new_evidence")
"""The kinds of alert that tell of a document that was found."""


@dataclass(frozen=True, slots=True)
class VersionedReport:
    """A report, and the version that holds its text."""

    report: EventReport
    version: int


_alert, _found, _made, _drawn = tables.alert, tables.evidence, tables.version, tables.extraction
_cause = tables.evidence.alias("cause")
_TOLD = (
    select(
        _found.c.id, _found.c.version, _found.c.commitment, _found.c.candidate, _found.c.spans,
        _made.c.title, _made.c.precision, _made.c.zone, _made.c.published_at, _made.c.published_on,
        tables.document.c.source,
    )
    .select_from(_alert)
    .join(_cause, _cause.c.id == _alert.c.cause)
    .join(
        _found,
        (_found.c.version == _cause.c.version)
        & (_found.c.instrument == _cause.c.instrument)
        & (_found.c.known_at == _cause.c.known_at),
    )
    .join(_made, _made.c.id == _found.c.version)
    .join(tables.document, tables.document.c.id == _made.c.document)
    .where(
        _found.c.commitment == bindparam("commitment"),
        ~_found.c.near_miss,
        _alert.c.subject.in_(bindparam("subjects", expanding=True)),
        _alert.c.instrument == bindparam("instrument"),
        _alert.c.cause_kind == "evidence",
        _alert.c.kind.in_(EVIDENCE_KINDS),
    )
    .order_by(_alert.c.id)
)  # fmt: skip
_TEXTS = select(_drawn.c.version, _drawn.c.text).where(
    _drawn.c.version.in_(bindparam("versions", expanding=True)), _drawn.c.id == newest_text(_drawn.c.version)
)


def told_reports(
    db: Connection, instrument: str, subjects: Sequence[str], commitment: str
) -> list[VersionedReport]:
    """The documents that alerts have told as evidence of a commitment, oldest alert first, without texts.

    An alert with one of the ``subjects`` tells of all that was found in a version together with its cause.
    """
    named = {"instrument": instrument, "subjects": list(subjects), "commitment": commitment}
    return [
        VersionedReport(
            EventReport(
                r.id, r.source, r.commitment, r.candidate, r.title,
                tuple(span["text"] for span in r.spans), published_of(r), None,
            ),
            r.version,
        )
        for r in db.execute(_TOLD, named)
    ]  # fmt: skip


def report_of(row: EvidenceRow) -> VersionedReport:
    """Evidence as a report, without its text."""
    passages = tuple(span.text for span in row.spans)
    report = EventReport(
        row.id, row.source, row.commitment, row.candidate, row.title, passages, row.published, None
    )
    return VersionedReport(report, row.version)


def with_texts(db: Connection, found: Iterable[VersionedReport]) -> list[EventReport]:
    """The same reports with their texts, where these were drawn."""
    every = list(found)
    rows = db.execute(_TEXTS, {"versions": sorted({one.version for one in every})})
    texts: dict[int, str] = {r.version: r.text for r in rows}
    return [replace(one.report, text=texts.get(one.version)) for one in every]
