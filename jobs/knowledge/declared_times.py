"""A source's declared lag and longest silence, held against what its ledgers saw.

A claim that rests on a declaration that was exceeded is in doubt until somebody corrects the declaration, or
says on record why it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from servanda.compliance.observed_times import ObservedTimes, observe_times
from servanda.instruments.routes import Source
from servanda.models.findings import verdicts as findings
from servanda.models.polls.observed_times import seen_of_source

LOOKED_BACK = timedelta(days=180)
KIND = "declaration"
HOLDS = "holds"


@dataclass(frozen=True, slots=True)
class DeclaredTimes:
    """What was seen; ``exceeded``: what of it contradicts the declaration, None for nothing."""

    observed: ObservedTimes
    exceeded: str | None
    upheld: bool

    @property
    def distrusted(self) -> str | None:
        """Why a claim that rests on the declaration is in doubt; None where it is not."""
        return None if self.upheld else self.exceeded


def declared_times(db: Connection, source: Source, now: datetime) -> DeclaredTimes:
    """The declaration of a source beside what its ordinary readings of half a year saw."""
    routes = [route.id for route in source.live_routes if not route.sampled and not route.dated_by_document]
    seen = seen_of_source(db, source.id, routes, now - LOOKED_BACK, now)
    observed = observe_times(seen.sights, seen.published, seen.read_at, source.lag)
    exceeded = observed.exceeds(source.lag, source.longest_silence)
    return DeclaredTimes(observed, exceeded, exceeded is not None and is_upheld(db, source, now))


def is_upheld(db: Connection, source: Source, now: datetime) -> bool:
    """Whether somebody has said why the declaration as it is now holds."""
    return any(d.subject == subject_of(source) for d in findings.decisions(db, now, kind=KIND))


def subject_of(source: Source) -> str:
    """Names a source's declaration: another lag or silence is another one."""
    lag, silence = (int(value.total_seconds()) for value in (source.lag, source.longest_silence))
    return f"source:{source.id}@lag={lag},silence={silence}"
