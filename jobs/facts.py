"""Gather what a verdict needs from the ledgers. Reads, decides nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection

from compliance.intervals import IntervalSet
from compliance.verdicts import judge
from compliance.vocabulary import Condition, Instrument, UnreadDocument, Verdict, Window, WindowFacts
from instruments.catalogue import Catalogue
from models import documents, findings, polls
from models.findings import EvidenceRow


@dataclass(frozen=True)
class Knowledge:
    """What was known of everything at one moment, read in one transaction."""

    as_of: datetime
    coverage: Mapping[str, IntervalSet]
    evidence: tuple[EvidenceRow, ...]
    unread: tuple[UnreadDocument, ...]
    conditions: Mapping[str, Condition]

    def of_window(self, catalogue: Catalogue, window: Window) -> WindowFacts:
        return WindowFacts(
            sources=tuple(catalogue.source(source).terms for source in window.sources),
            coverage={s: self.coverage.get(s, IntervalSet()) for s in window.sources},
            evidence=tuple(e.fact for e in self.evidence if e.window == window.id),
            unread=self.unread,
            condition=self.conditions.get(window.id, Condition.UNKNOWN),
        )


def known_at(db: Connection, catalogue: Catalogue, as_of: datetime) -> Knowledge:
    """What was known at ``as_of``; coverage and unread documents of the sources that a window requires."""
    required = {source for i in catalogue.instruments for window in i.windows for source in window.sources}
    return Knowledge(
        as_of=as_of,
        coverage=polls.coverage_by_source(db, as_of, required),
        evidence=tuple(findings.evidence(db, as_of)),
        unread=documents.unread_documents(db, as_of, required),
        conditions=findings.conditions(db, as_of),
    )


def verdict_of(knowledge: Knowledge, catalogue: Catalogue, window: Window) -> Verdict:
    """The verdict on a window from what was known."""
    return judge(window, knowledge.of_window(catalogue, window), knowledge.as_of)


_INSTRUMENT = TypeAdapter(Instrument)


def rules_digest(instrument: Instrument) -> str:
    """Names everything that decides a match: whoever changes it has every document matched again."""
    data = _INSTRUMENT.dump_python(instrument, mode="json")
    deciding = {key: data[key] for key in ("parties", "commitments", "windows", "concepts", "rules", "urls")}
    return hashlib.sha256(json.dumps(deciding, sort_keys=True).encode()).hexdigest()
