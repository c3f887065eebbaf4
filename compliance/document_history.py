"""What became of a document, by the looks at it: published, edited, withdrawn, restored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

WITHDRAWN_AFTER = timedelta(minutes=30)
"""A document is withdrawn once it was seen gone twice in a row, so far apart: pages get lost for moments."""

State = Literal["seen", "gone"]
StepKind = Literal["published", "edited", "withdrawn", "restored"]


@dataclass(frozen=True, slots=True)
class Observation:
    """One look at a document. ``version`` is what was seen, None where the document was gone."""

    id: int
    at: datetime
    state: State
    version: int | None


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """A change of a document's state.

    ``at`` is the earliest look that shows it: of a withdrawal the first of those that found it gone.
    ``observation`` is the look that made it known. ``version`` is what stands now, None where nothing does;
    ``before`` what was last seen before, None where nothing was.
    """

    kind: StepKind
    at: datetime
    observation: int
    version: int | None
    before: int | None


def derive_history(observations: Iterable[Observation]) -> tuple[HistoryStep, ...]:
    """The steps that a document's observations show, oldest first.

    A document that comes back with another content is restored and edited, by one look. One that was gone
    before it was ever read is withdrawn, and restored when it is first seen.
    """
    steps: list[HistoryStep] = []
    standing: int | None = None
    gone_at: datetime | None = None
    withdrawn = False
    for one in sorted(observations, key=lambda o: (o.at, o.id)):
        if one.state == "gone":
            gone_at = one.at if gone_at is None else gone_at
            if not withdrawn and one.at - gone_at >= WITHDRAWN_AFTER:
                steps.append(HistoryStep("withdrawn", gone_at, one.id, None, standing))
                withdrawn = True
            continue
        if withdrawn:
            steps.append(HistoryStep("restored", one.at, one.id, one.version, standing))
        elif standing is None:
            steps.append(HistoryStep("published", one.at, one.id, one.version, None))
        if standing is not None and one.version != standing:
            steps.append(HistoryStep("edited", one.at, one.id, one.version, standing))
        standing, gone_at, withdrawn = one.version, None, False
    return tuple(steps)


def is_withdrawn(steps: Sequence[HistoryStep]) -> bool:
    """Whether the document is withdrawn after these steps: nothing but its return follows a withdrawal."""
    return bool(steps) and steps[-1].kind == "withdrawn"
