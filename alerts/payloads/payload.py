"""What every payload states, whatever its kind: to what it refers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from servanda.alerts.payloads.parts import (
    AffectedEvidence,
    CommitmentBrief,
    DecisionBrief,
    InstrumentBrief,
    WindowBrief,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """What a payload refers to. Routing, silences, threads and digests ask for it; no field has a default.

    ``window`` is the one that the alert is about. ``evidence`` is what a change of a document affects, each
    with a window of its own. ``commitments`` are all that the payload names. ``page`` is the official page of
    the document, of the source or of the instrument. None and empty where the payload has no such thing.
    """

    instrument: InstrumentBrief | None
    window: WindowBrief | None
    commitments: tuple[CommitmentBrief, ...]
    evidence: tuple[AffectedEvidence, ...]
    decision: DecisionBrief | None
    page: str | None

    @property
    def windows(self) -> tuple[WindowBrief, ...]:
        """The window that the alert is about, then those of the evidence that it affects."""
        named = (self.window, *(affected.window for affected in self.evidence))
        return tuple(window for window in named if window is not None)


NOTHING = References(instrument=None, window=None, commitments=(), evidence=(), decision=None, page=None)
"""Of payloads that speak of the monitor itself."""


class Payload(Protocol):
    """A frozen dataclass that pydantic reads strictly, and that says to what it refers."""

    @property
    def references(self) -> References: ...


def window_references(
    instrument: InstrumentBrief,
    commitment: CommitmentBrief,
    window: WindowBrief,
    *,
    decision: DecisionBrief | None,
) -> References:
    """The references of an alert about a window: its commitment, and the official text."""
    return References(
        instrument=instrument,
        window=window,
        commitments=(commitment,),
        evidence=(),
        decision=decision,
        page=instrument.url,
    )
