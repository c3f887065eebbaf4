"""What alert payloads are made of: the catalogue and the ledgers, as far as a mail tells them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from servanda.compliance.intervals import Interval
from servanda.compliance.publication import PublicationTime
from servanda.compliance.vocabulary import STRICT, Condition, LateCoverage, Phase, Review, VerdictValue


@dataclass(frozen=True, slots=True)
class InstrumentBrief:
    """``url`` is the official page of the text; ``language`` (BCP 47) is that of its quotations."""

    id: str
    title: str
    url: str
    published_on: date
    zone: str
    language: str = "en"
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class CommitmentBrief:
    id: str
    quote: str
    kind: Literal["one_off", "continuing", "conditional"]
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class CountBrief:
    """How a window is counted, so that its derivation can be said in any language.

    ``event`` is what happened on ``anchor_on``, None where the reading counts from another day than the
    window's anchor; ``duration`` is ISO 8601 (``P90D``), in calendar days.
    """

    anchor_on: date
    event: Literal["publication", "signature", "determination"] | None
    duration: str
    anchor_counted: bool
    zone: str
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class WindowBrief:
    """A window with its primary count. ``condition`` is the text's own words, None if unconditional.

    ``derivation`` is English; ``count`` says the same in parts. What was stored before has None.
    """

    id: str
    title: str
    derivation: str
    zone: str
    opens_at: AwareDatetime
    due_at: AwareDatetime
    settles_at: AwareDatetime
    condition: str | None = None
    count: CountBrief | None = None
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class WindowStanding:
    """How a window stands when monitoring begins; nothing of it is an alarm."""

    window: WindowBrief
    phase: Phase
    value: VerdictValue
    final: bool
    condition: Condition
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class SourceBrief:
    """A monitored source: ``counting`` are its routes that may prove absence, ``others`` the rest."""

    id: str
    title: str
    counting: tuple[str, ...]
    others: tuple[str, ...] = ()
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class DocumentBrief:
    """A document behind evidence; ``evidence`` is the id that ``servanda review`` takes.

    ``quotes`` are the passages that matched, in the document's ``language``; ``sha256`` is the digest of the
    response that is kept, which ``servanda capture show`` takes. Alerts of before have none of these.
    """

    evidence: int
    title: str
    url: str
    published: PublicationTime
    source_title: str = ""
    language: str = "en"
    quotes: tuple[str, ...] = ()
    sha256: str = ""
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class MatchBrief:
    """A further commitment that the same document speaks of; ``evidence`` is reviewed by itself."""

    evidence: int
    commitment: CommitmentBrief
    quotes: tuple[str, ...]
    score: float
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class DecisionBrief:
    """What a person decided: on a condition, or on the evidence of this number."""

    on: Literal["condition", "evidence"]
    value: Literal["met", "not_met", "accepted", "accepted_in_part", "rejected"]
    by: str
    reason: str
    at: AwareDatetime
    evidence: int | None = None
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class ReminderBrief:
    """A reminder that is to come: so many days before the end, at this instant."""

    days: int
    at: AwareDatetime
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class WaitingBrief:
    """Evidence that waits for a person, since when; ``review`` is what was decided on it before."""

    document: DocumentBrief
    commitment: CommitmentBrief
    window: WindowBrief | None
    since: AwareDatetime
    review: Review
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class CoverageBrief:
    """A required source over the window. ``complete`` with ``gaps``: they are within the tolerance.

    ``closings``: what no reading had seen in time, with the reading that saw it after all.
    """

    source: str
    title: str
    complete: bool
    gaps: tuple[Interval, ...]
    closings: tuple[LateCoverage, ...] = ()
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class FlowBrief:
    """How many documents came through each step (PRISMA 2020), and who looked at how many.

    ``by_rules_alone``: the window asks for no person's look before absence is claimed.
    """

    identified: int
    retrieved: int
    doubtful: int
    screened: int
    shortlisted: int
    reviewed: int
    accepted: int
    reviewers: tuple[tuple[str, int], ...] = ()
    by_rules_alone: bool = False
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class ReadingBrief:
    """Another way to count the window: when it would end, and whether the answer would be another."""

    id: str
    due_at: AwareDatetime
    zone: str
    relation: Literal["same", "differs", "not yet decidable"]
    value: VerdictValue
    note: str | None = None
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class RouteHealth:
    """The newest poll of a route; ``failure`` is its reason in a sentence, None where it was read."""

    id: str
    url: str
    outcome: Literal["read", "unchanged", "failed", "never polled"]
    failure: str | None
    at: AwareDatetime | None
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class ChangedDocument:
    """A document that is evidence; ``id`` is what ``servanda document`` takes."""

    id: int
    title: str
    url: str
    published: PublicationTime
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class ContentBrief:
    """A content of a document: its digest, when it was first and last seen, and the response that held it.

    ``exchange`` is what ``servanda capture show`` takes; ``sha256`` is that of the response's body.
    """

    digest: str
    title: str
    first_seen_at: AwareDatetime
    last_seen_at: AwareDatetime
    exchange: int
    sha256: str
    capture: str
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class AnswerBrief:
    """The answer that showed a change."""

    exchange: int
    at: AwareDatetime
    status: int | None
    sha256: str
    capture: str
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class FurtherChange:
    """A further document of the same source to which the same happened; ``evidence`` are ids."""

    document: ChangedDocument
    evidence: tuple[int, ...]
    before: ContentBrief | None
    answer: AnswerBrief
    since: AwareDatetime
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class PassageBrief:
    """A passage that matched, and what stands in its place: itself, something like it, or nothing (None)."""

    before: str
    after: str | None
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class AffectedEvidence:
    """Evidence that rests on the document. ``passages`` only where it was edited."""

    evidence: int
    commitment: CommitmentBrief
    window: WindowBrief | None
    candidate: bool
    review: Review
    passages: tuple[PassageBrief, ...]
    __pydantic_config__ = STRICT
