"""The recorded verdicts of a window: what its page shows over time."""

from __future__ import annotations

from dataclasses import dataclass

from servanda.compliance.vocabulary import Phase
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.views.window_dossier import MOST_STEPS
from servanda.models.findings import verdicts as findings
from servanda.models.findings.verdicts import StoredVerdict


@dataclass(frozen=True, slots=True)
class WindowSteps:
    """The newest verdicts of a window, oldest first."""

    verdicts: tuple[StoredVerdict, ...]

    @property
    def is_settled(self) -> bool:
        """Whether the last one is final, so that time alone changes nothing any more."""
        last = self.verdicts[-1].verdict if self.verdicts else None
        return last is not None and last.final and last.phase is Phase.SETTLED


def window_steps(ledger: Ledger, window: str) -> WindowSteps:
    with ledger.reading() as (db, now):
        return WindowSteps(tuple(findings.newest_verdicts(db, window, now, MOST_STEPS)))
