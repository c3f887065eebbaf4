"""Evidence → what its alert says of it. Decides nothing."""

from __future__ import annotations

from collections.abc import Sequence

from servanda.alerts.payloads.document_payloads import EvidencePayload
from servanda.alerts.payloads.parts import MatchBrief
from servanda.compliance.instrument import Instrument
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.alerting.payload_parts import (
    commitment_of_evidence,
    document_brief,
    instrument_brief,
    window_of_evidence,
)
from servanda.models.findings.evidence import EvidenceRow


def evidence_payload(
    catalogue: Catalogue,
    instrument: Instrument,
    row: EvidenceRow,
    repeated: Sequence[EvidenceRow],
    others: Sequence[EvidenceRow],
) -> EvidencePayload:
    """``repeated`` says the same elsewhere; ``others`` are what the same document is evidence of besides."""
    source = catalogue.source(row.source)
    return EvidencePayload(
        instrument=instrument_brief(instrument),
        commitment=commitment_of_evidence(instrument, row),
        window=window_of_evidence(catalogue, instrument, row),
        document=document_brief(catalogue, row),
        source_title=source.title,
        publisher=source.publisher,
        language=row.language,
        quotes=_matched_passages(row),
        score=row.score,
        checklist=row.checklist,
        sha256=row.sha256,
        capture=f"{row.archive_file}, offset {row.archive_offset}",
        repeated=tuple(document_brief(catalogue, other) for other in repeated),
        matches=tuple(_match_brief(instrument, other) for other in others),
    )


def _match_brief(instrument: Instrument, row: EvidenceRow) -> MatchBrief:
    return MatchBrief(row.id, commitment_of_evidence(instrument, row), _matched_passages(row), row.score)


def _matched_passages(row: EvidenceRow) -> tuple[str, ...]:
    """The passages that the rules found."""
    return tuple(span.text for span in row.spans)
