"""What each alert says: everything its mail needs, fixed in the transaction of its cause; nothing derived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from pydantic import AwareDatetime

from servanda.alerts.payloads.parts import (
    AffectedEvidence,
    AnswerBrief,
    ChangedDocument,
    CommitmentBrief,
    ContentBrief,
    CoverageBrief,
    DecisionBrief,
    DocumentBrief,
    FurtherChange,
    InstrumentBrief,
    MatchBrief,
    ReadingBrief,
    ReminderBrief,
    RouteHealth,
    SourceBrief,
    WindowBrief,
    WindowStanding,
)
from servanda.compliance.vocabulary import STRICT, ChecklistPart, Condition, Duty, Phase, VerdictValue


@dataclass(frozen=True, slots=True)
class NowMonitoring:
    """The baseline: what already stands when an instrument is first watched."""

    instrument: InstrumentBrief
    commitments: tuple[CommitmentBrief, ...]
    windows: tuple[WindowStanding, ...]
    sources: tuple[SourceBrief, ...]
    evidence_waiting: int
    evidence_accepted: int
    __pydantic_config__ = STRICT


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


@dataclass(frozen=True, slots=True)
class WindowOpened:
    """A window that is open from now on: what is due, what is watched for it, and when reminders come.

    ``policy`` says what makes evidence count; ``sources`` are those that the window requires.
    """

    instrument: InstrumentBrief
    commitment: CommitmentBrief
    window: WindowBrief
    condition: Condition
    sources: tuple[SourceBrief, ...]
    reminders: tuple[ReminderBrief, ...]
    readings: tuple[ReadingBrief, ...]
    candidates: tuple[DocumentBrief, ...]
    policy: str
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class WindowClosing:
    """A reminder. ``reminder_days`` names it (T−30 is 30); the days truly left are derived."""

    instrument: InstrumentBrief
    commitment: CommitmentBrief
    window: WindowBrief
    reminder_days: int
    condition: Condition
    coverage: tuple[CoverageBrief, ...]
    candidates: tuple[DocumentBrief, ...]
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class WindowVerdict:
    """What is known of a window; of ``window_ended``, ``final_word`` and ``correction``.

    ``previous`` is the verdict that watchers were told before (None: none). ``policy`` says what makes
    evidence count; ``greatest_gap`` is the tolerated uncovered stretch, None for none. ``decision`` is the
    one that changed the answer, None where time or new knowledge did.
    """

    instrument: InstrumentBrief
    commitment: CommitmentBrief
    window: WindowBrief
    phase: Phase
    value: VerdictValue
    previous: VerdictValue | None
    final: bool
    condition: Condition
    duties: tuple[Duty, ...]
    candidates: tuple[DocumentBrief, ...]
    accepted: tuple[DocumentBrief, ...]
    coverage: tuple[CoverageBrief, ...]
    readings: tuple[ReadingBrief, ...]
    late_by_days: int | None
    absence_proven: bool
    policy: str
    greatest_gap: timedelta | None = None
    decision: DecisionBrief | None = None
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A source that no route reads any more, or that is read again.

    ``since`` is when it went blind (in both kinds); ``needed_by`` are the titles of the open windows that
    require it; ``url`` is the official page of the source.
    """

    id: str
    title: str
    url: str
    zone: str
    since: AwareDatetime
    last_valid_at: AwareDatetime | None
    routes: tuple[RouteHealth, ...]
    needed_by: tuple[str, ...] = ()
    __pydantic_config__ = STRICT
