"""What the alerts say that speak of documents: new evidence, and evidence that changed."""

from __future__ import annotations

from dataclasses import dataclass

from servanda.alerts.payloads.parts import (
    AffectedEvidence,
    AnswerBrief,
    ChangedDocument,
    CommitmentBrief,
    ContentBrief,
    DocumentBrief,
    FurtherChange,
    InstrumentBrief,
    MatchBrief,
    WindowBrief,
)
from servanda.alerts.payloads.payload import References
from servanda.compliance.vocabulary import STRICT, ChecklistPart


@dataclass(frozen=True, slots=True)
class EvidencePayload:
    """A document matched to a commitment; of ``new_evidence`` and of ``candidate``.

    ``quotes`` are the matched passages in the document's ``language``; ``sha256`` is the digest of the
    matched version; ``capture`` says where the recorded bytes lie, None where that is not known. ``matches``
    are the other commitments that the document speaks of; ``repeated`` are other documents, known by then,
    that say the same.
    """

    instrument: InstrumentBrief
    commitment: CommitmentBrief
    window: WindowBrief | None
    document: DocumentBrief
    source_title: str
    publisher: str
    language: str
    quotes: tuple[str, ...]
    score: float
    checklist: tuple[ChecklistPart, ...]
    sha256: str
    capture: str | None = None
    repeated: tuple[DocumentBrief, ...] = ()
    matches: tuple[MatchBrief, ...] = ()
    __pydantic_config__ = STRICT

    @property
    def references(self) -> References:
        return References(
            instrument=self.instrument,
            window=self.window,
            commitments=(self.commitment, *(match.commitment for match in self.matches)),
            evidence=(),
            decision=None,
            page=self.document.url,
        )


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """A document that is evidence was edited, withdrawn or restored.

    ``before`` is the content seen last before, ``after`` the one that stands now, None where none does.
    ``answer`` showed it. ``changes`` are the paragraphs that differ, a line each; empty unless it was edited.
    ``also`` are further documents of the source that were found withdrawn, or back, together with it;
    ``evidence`` is that of all.
    """

    instrument: InstrumentBrief
    document: ChangedDocument
    evidence: tuple[AffectedEvidence, ...]
    source_title: str
    publisher: str
    language: str
    before: ContentBrief | None
    after: ContentBrief | None
    answer: AnswerBrief
    changes: tuple[str, ...]
    also: tuple[FurtherChange, ...] = ()
    __pydantic_config__ = STRICT

    @property
    def references(self) -> References:
        return References(
            instrument=self.instrument,
            window=None,
            commitments=tuple(affected.commitment for affected in self.evidence),
            evidence=self.evidence,
            decision=None,
            page=self.document.url,
        )
