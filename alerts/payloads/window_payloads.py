"""What the alerts say that speak of a window: that it is open, that it closes, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from servanda.alerts.payloads.parts import (
    CommitmentBrief,
    CoverageBrief,
    DecisionBrief,
    DocumentBrief,
    FlowBrief,
    InstrumentBrief,
    ReadingBrief,
    ReminderBrief,
    SourceBrief,
    WindowBrief,
)
from servanda.alerts.payloads.payload import References, window_references
from servanda.compliance.vocabulary import STRICT, Condition, Duty, Phase, VerdictValue


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

    @property
    def references(self) -> References:
        return window_references(self.instrument, self.commitment, self.window, decision=None)


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
    flow: FlowBrief | None = None
    __pydantic_config__ = STRICT

    @property
    def references(self) -> References:
        return window_references(self.instrument, self.commitment, self.window, decision=None)


@dataclass(frozen=True, slots=True)
class WindowVerdict:
    """What is known of a window; of ``window_ended``, ``final_word`` and ``correction``.

    ``previous`` is the verdict that watchers were told before (None: none). ``policy`` says what makes
    evidence count; ``greatest_gap`` is the tolerated uncovered stretch, None for none. ``decision`` is the
    one that changed the answer, None where time or new knowledge did. ``flow``: how documents came through
    the steps of the search; what was stored before has None.
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
    flow: FlowBrief | None = None
    __pydantic_config__ = STRICT

    @property
    def references(self) -> References:
        return window_references(self.instrument, self.commitment, self.window, decision=self.decision)
