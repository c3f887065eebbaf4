"""What is worth telling, once: the alert and its payload, fixed in the transaction of its cause.

A payload holds everything its mail says, so that a mail can be written again, word for word, from what is
stored. Texts may come from the web and are kept as they came; ``alerts.render`` makes them safe.
Days left, percentages and sentences are not stored: they are derived.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Literal

from pydantic import AwareDatetime, TypeAdapter

from alerts.briefs import (
    AnswerBrief,
    ChangedDocument,
    CommitmentBrief,
    ContentBrief,
    CoverageBrief,
    DocumentBrief,
    InstrumentBrief,
    ReadingBrief,
    RouteHealth,
    SourceBrief,
    TouchedEvidence,
    WindowBrief,
    WindowStanding,
)
from compliance.vocabulary import STRICT, ChecklistPart, Condition, Duty, Phase, Value


class AlertKind(StrEnum):
    NOW_MONITORING = "now_monitoring"
    NEW_EVIDENCE = "new_evidence"
    CANDIDATE = "candidate"
    DOCUMENT_EDITED = "document_edited"
    DOCUMENT_WITHDRAWN = "document_withdrawn"
    DOCUMENT_RESTORED = "document_restored"
    WINDOW_CLOSING = "window_closing"
    WINDOW_ENDED = "window_ended"
    FINAL_WORD = "final_word"
    CORRECTION = "correction"
    SOURCE_BLIND = "source_blind"
    SOURCE_RECOVERED = "source_recovered"


# --- payloads ----------------------------------------------------------------------------------------


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
    matched version; ``capture`` says where the recorded bytes lie, None where that is not known.
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
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """A document that is evidence was edited, withdrawn or restored.

    ``before`` is the content seen last before, ``after`` the one that stands now, None where none does.
    ``answer`` showed it. ``changes`` are the paragraphs that differ, a line each; empty unless it was edited.
    """

    instrument: InstrumentBrief
    document: ChangedDocument
    evidence: tuple[TouchedEvidence, ...]
    source_title: str
    publisher: str
    language: str
    before: ContentBrief | None
    after: ContentBrief | None
    answer: AnswerBrief
    changes: tuple[str, ...]
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
    evidence count; ``greatest_gap`` is the tolerated uncovered stretch, None for none.
    """

    instrument: InstrumentBrief
    commitment: CommitmentBrief
    window: WindowBrief
    phase: Phase
    value: Value
    previous: Value | None
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


Payload = NowMonitoring | EvidencePayload | DocumentChange | WindowClosing | WindowVerdict | SourceHealth

PAYLOADS: dict[AlertKind, type[Payload]] = {
    AlertKind.NOW_MONITORING: NowMonitoring,
    AlertKind.NEW_EVIDENCE: EvidencePayload,
    AlertKind.CANDIDATE: EvidencePayload,
    AlertKind.DOCUMENT_EDITED: DocumentChange,
    AlertKind.DOCUMENT_WITHDRAWN: DocumentChange,
    AlertKind.DOCUMENT_RESTORED: DocumentChange,
    AlertKind.WINDOW_CLOSING: WindowClosing,
    AlertKind.WINDOW_ENDED: WindowVerdict,
    AlertKind.FINAL_WORD: WindowVerdict,
    AlertKind.CORRECTION: WindowVerdict,
    AlertKind.SOURCE_BLIND: SourceHealth,
    AlertKind.SOURCE_RECOVERED: SourceHealth,
}
"""The payload that each kind carries."""


@dataclass(frozen=True, slots=True)
class Alert:
    """Something worth telling. ``id`` is None until it is stored.

    ``subject`` names what it is about (``window:…``, ``commitment:…``, ``document:…``, ``source:…``,
    ``instrument:…``); ``known_at`` is when we came to know it, ``effective_at`` when it became so.
    """

    id: int | None
    kind: AlertKind
    subject: str
    instrument: str | None
    dedup_key: str
    known_at: AwareDatetime
    effective_at: AwareDatetime
    mode: Literal["live", "replay"]
    payload: Payload

    def __post_init__(self) -> None:
        wanted = PAYLOADS[self.kind]
        if not isinstance(self.payload, wanted):
            raise TypeError(f"{self.kind} carries a {wanted.__name__}, got a {type(self.payload).__name__}")


# --- storage ------------------------------------------------------------------------------------------

_ADAPTERS: dict[type[Payload], TypeAdapter[Payload]] = {
    one: TypeAdapter(one) for one in set(PAYLOADS.values())
}


def to_json(payload: Payload) -> dict[str, Any]:
    """The payload as JSON data (strings, numbers, lists, dicts), to be stored."""
    data: dict[str, Any] = _ADAPTERS[type(payload)].dump_python(payload, mode="json")
    return data


def from_json(kind: AlertKind | str, data: dict[str, Any]) -> Payload:
    """The payload of a stored alert, exactly as it was; pydantic's ValidationError names what does not fit.

    It is read as JSON text: strict reading of Python values would refuse the strings that stand for instants.
    """
    return _ADAPTERS[PAYLOADS[AlertKind(kind)]].validate_json(json.dumps(data))
