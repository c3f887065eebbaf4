"""The nouns of matching and judging, as frozen dataclasses; a catalogue's are ``compliance.instrument``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from servanda.compliance.intervals import Interval, IntervalSet
from servanda.compliance.publication import PublicationTime, StatedTime
from servanda.compliance.shortlist import Flow, ReasonKind, ShortlistedDocument

MATCHER = "3"
"""Names how texts are matched. Where it changes, every document is matched again."""

STRICT = {"extra": "forbid", "strict": True}


# --- what is known --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """A quotable stretch of a version's text: ``text == version.text[start:end]``."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ChecklistPart:
    """One part of the announcement checklist, with the passage that shows it (None where it fails)."""

    id: Literal["issued_by_party", "concerns_all_parties", "completed_and_new", "published_in_window"]
    holds: bool
    passage: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Match:
    """A version matched to a commitment by a rule; ``checklist`` only where a window is concerned.

    ``predates``: it was published before the day of the instrument, so it cannot carry it out.
    """

    rule: str
    commitment: str
    window: str | None
    score: float
    spans: tuple[Span, ...]
    checklist: tuple[ChecklistPart, ...] = ()
    predates: bool = False

    @property
    def meets_checklist(self) -> bool:
        """Whether every part of a window's checklist holds, but for the date."""
        return bool(self.checklist) and all(
            part.holds for part in self.checklist if part.id != "published_in_window"
        )

    @property
    def is_candidate(self) -> bool:
        """Whether it may be the announcement that the window waits for.

        An act published after the window's end is a candidate too: accepted, it is a late announcement.
        """
        return self.meets_checklist and not self.predates

    @property
    def is_near_miss(self) -> bool:
        """Whether it was looked at for a window and fails the checklist: kept, never alarmed about."""
        return bool(self.checklist) and not self.is_candidate


class DocumentAnswer(StrEnum):
    """What a person says of a doubtful document: it is the one that was listed, whole; it is not; or whatever
    it is, it does not matter for what is monitored."""

    IS_DOCUMENT = "is_document"
    IS_NOT = "is_not"
    IRRELEVANT = "irrelevant"


class Review(StrEnum):
    """What a person said of evidence. ``NOT_ASKED``: a near miss, which waits for nobody."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    ACCEPTED_IN_PART = "accepted_in_part"
    REJECTED = "rejected"
    NOT_ASKED = "not_asked"


ACCEPTED_REVIEWS = frozenset({Review.ACCEPTED, Review.ACCEPTED_IN_PART})


class Condition(StrEnum):
    UNKNOWN = "unknown"
    MET = "met"
    NOT_MET = "not_met"


@dataclass(frozen=True, slots=True)
class EvidenceFact:
    """Evidence as a verdict sees it. ``document`` identifies the announcement across its versions.

    ``stated``: every time that was ever stated of it.
    """

    id: int
    document: int
    title: str
    published: PublicationTime
    score: float
    candidate: bool
    review: Review
    stated: tuple[StatedTime, ...] = ()


@dataclass(frozen=True, slots=True)
class UnreadDocument:
    """A document that a listing named and of which it is not known what it says.

    ``why``: what stands in the way, None where it merely was not read yet. A document that was withdrawn
    before it could be read stays unread: nobody knows what it said. ``kind``: ``doubtful`` where something
    was read, and it is not shown that it is the document, whole and legible; ``reread`` where it may have
    been completed since ``read_at``, which counts for windows that end after that; ``by_eye`` where it was
    read whole, and words cannot judge it: it stands on the shortlists. ``seen_as``: what
    it is then. ``stated``: every time that was ever stated of it.
    """

    document: int
    source: str
    title: str
    published: PublicationTime
    why: str | None = None
    kind: Literal["unread", "doubtful", "reread", "by_eye"] = "unread"
    read_at: datetime | None = None
    stated: tuple[StatedTime, ...] = ()
    seen_as: ReasonKind | None = None


@dataclass(frozen=True, slots=True)
class MissingCanary:
    """An item that a source is known to hold and that its reader, when last looked for, did not find."""

    source: str
    route: str
    canary: str
    looked_at: datetime


@dataclass(frozen=True, slots=True)
class LateCoverage:
    """A stretch of publication times that no reading had seen in time, and the reading that saw it after all.

    ``poll`` is that reading's number; ``read_at`` when it became known.
    """

    interval: Interval
    route: str
    poll: int
    read_at: datetime


@dataclass(frozen=True, slots=True)
class SourceTerms:
    """What a verdict needs to know of a required source. ``cadence`` is that of its route with depth."""

    id: str
    existed: Interval
    lag: timedelta
    cadence: timedelta


@dataclass(frozen=True, slots=True)
class WindowFacts:
    """Everything known about a window at one moment; the only input of a verdict.

    ``shortlist``: whatever stands there, whenever it was published; ``identified``: how many documents of the
    required sources were ever listed with a time inside the window.
    """

    sources: tuple[SourceTerms, ...]
    coverage: dict[str, IntervalSet]
    evidence: tuple[EvidenceFact, ...] = ()
    unread: tuple[UnreadDocument, ...] = ()
    condition: Condition = Condition.UNKNOWN
    canaries: tuple[MissingCanary, ...] = ()
    closings: dict[str, tuple[LateCoverage, ...]] = field(default_factory=dict)
    shortlist: tuple[ShortlistedDocument, ...] = ()
    identified: int = 0


# --- verdicts -------------------------------------------------------------------------------------


class Phase(StrEnum):
    PENDING = "pending"
    OPEN = "open"
    ELAPSED = "elapsed"
    SETTLED = "settled"


ENDED_PHASES = frozenset({Phase.ELAPSED, Phase.SETTLED})


class VerdictValue(StrEnum):
    NOT_TRIGGERED = "not_triggered"
    ANNOUNCED = "announced"
    ANNOUNCED_LATE = "announced_late"
    ANNOUNCED_PARTIAL = "announced_partial"
    PENDING = "pending"
    UNVERIFIED = "unverified"
    NONE_FOUND = "none_found"


@dataclass(frozen=True, slots=True)
class Duty:
    """One unmet thing that must hold before absence may be claimed."""

    kind: Literal["coverage", "canary", "unread", "doubtful", "reread", "candidate", "shortlist", "settling"]
    source: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class SourceCoverage:
    """Coverage of one required source over the window; tolerated ``gaps`` do not make it incomplete.

    ``closings``: the gaps that there were, each with the reading that closed it.
    """

    source: str
    complete: bool
    gaps: tuple[Interval, ...]
    closings: tuple[LateCoverage, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingOutcome:
    """Another way to count, computed beside the primary one; it sends no mail."""

    id: str
    due_at: datetime
    relation: Literal["same", "differs", "not yet decidable"]
    value: VerdictValue


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a window as of a moment, with its reasons.

    ``flow``: how its documents came through the steps, None where an older release judged.
    """

    window: str
    as_of: datetime
    opens_at: datetime
    due_at: datetime
    settles_at: datetime
    derivation: str
    phase: Phase
    value: VerdictValue
    final: bool
    condition: Condition
    reasons: tuple[str, ...]
    duties: tuple[Duty, ...] = ()
    candidates: tuple[int, ...] = ()
    accepted: tuple[int, ...] = ()
    late_by_days: int | None = None
    absence_proven: bool = False
    readings: tuple[ReadingOutcome, ...] = ()
    coverage: tuple[SourceCoverage, ...] = field(default=())
    flow: Flow | None = None
