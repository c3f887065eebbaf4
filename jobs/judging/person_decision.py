"""What a person has decided, before it is recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from servanda.jobs.bootstrap.account import current_account
from servanda.models.findings.verdicts import Decision


@dataclass(frozen=True, slots=True)
class PersonDecision:
    """A decision about an ``instrument``; the transaction that records it, with what follows, dates it."""

    instrument: str
    kind: str
    subject: str
    value: str
    by: str
    reason: str
    account: str | None = None

    def recorded_at(self, now: datetime) -> Decision:
        made = Decision(self.kind, self.subject, self.value, self.by, self.reason, now)
        return replace(made, account=self.account or current_account())
