"""What the alerts say that speak of people's decisions: those that were made, and those that are awaited."""

from __future__ import annotations

from dataclasses import dataclass

from servanda.alerts.payloads.parts import (
    CommitmentBrief,
    DecisionBrief,
    InstrumentBrief,
    WaitingBrief,
    WindowBrief,
)
from servanda.alerts.payloads.payload import References, window_references
from servanda.compliance.vocabulary import STRICT, Condition, Phase, VerdictValue


@dataclass(frozen=True, slots=True)
class ConditionRecorded:
    """Somebody recorded whether a window's condition is met, and no verdict's alert tells of it.

    ``previous`` is what was recorded before; ``value`` and ``final`` are those of the verdict that stands.
    """

    instrument: InstrumentBrief
    commitment: CommitmentBrief
    window: WindowBrief
    decision: DecisionBrief
    condition: Condition
    previous: Condition
    phase: Phase
    value: VerdictValue
    final: bool
    __pydantic_config__ = STRICT

    @property
    def references(self) -> References:
        return window_references(self.instrument, self.commitment, self.window, decision=self.decision)


@dataclass(frozen=True, slots=True)
class ReviewWaiting:
    """What waits for an analyst, what has waited longest first."""

    instrument: InstrumentBrief
    waiting: tuple[WaitingBrief, ...]
    __pydantic_config__ = STRICT

    @property
    def references(self) -> References:
        return References(
            instrument=self.instrument,
            window=None,
            commitments=(),
            evidence=(),
            decision=None,
            page=self.instrument.url,
        )
