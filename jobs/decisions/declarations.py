"""What a person says of a declared lag or longest silence that was exceeded: that it holds, and why."""

from __future__ import annotations

from servanda.instruments.routes import Source
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.knowledge.declared_times import HOLDS, KIND, declared_times, subject_of
from servanda.models.findings import verdicts as findings
from servanda.models.findings.verdicts import Decision


def uphold_declaration(ledger: Ledger, source: Source, *, by: str, reason: str) -> str:
    """Record that the declaration holds all the same; the sentence that was answered."""
    if not by.strip() or not reason.strip():
        raise UsageError("--by or --reason is empty; say who decides, and why the declaration holds")
    with ledger.writing() as (db, now):
        found = declared_times(db, source, now)
        if found.distrusted is None:
            raise UsageError(f"nothing that was seen of {source.id} contradicts its declaration")
        findings.record_decision(db, Decision(KIND, subject_of(source), HOLDS, by, reason, now))
    return found.distrusted
