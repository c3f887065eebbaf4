"""What the alerts say that speak of the monitoring itself: how an instrument stands, how a source does."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import AwareDatetime

from servanda.alerts.payloads.parts import (
    CommitmentBrief,
    DocumentBrief,
    InstrumentBrief,
    RouteHealth,
    SourceBrief,
    WindowStanding,
)
from servanda.alerts.payloads.payload import References
from servanda.compliance.vocabulary import STRICT


@dataclass(frozen=True, slots=True)
class NowMonitoring:
    """The baseline: what already stands when an instrument is first watched.

    ``candidates``: those that wait; what was stored before names none.
    """

    instrument: InstrumentBrief
    commitments: tuple[CommitmentBrief, ...]
    windows: tuple[WindowStanding, ...]
    sources: tuple[SourceBrief, ...]
    evidence_waiting: int
    evidence_accepted: int
    candidates: tuple[DocumentBrief, ...] = ()
    __pydantic_config__ = STRICT

    @property
    def references(self) -> References:
        return References(
            instrument=self.instrument,
            window=None,
            commitments=self.commitments,
            evidence=(),
            decision=None,
            page=self.instrument.url,
        )


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A source that no route reads any more, or that is read again.

    ``since`` is when it went blind (in both kinds); ``needed_by`` are the titles of the open windows that
    require it; ``url`` is the official page of the source.
    """

    id: str
    title: str
    url: str
    zone: str
    since: AwareDatetime
    last_valid_at: AwareDatetime | None
    routes: tuple[RouteHealth, ...]
    needed_by: tuple[str, ...] = ()
    __pydantic_config__ = STRICT

    @property
    def references(self) -> References:
        return References(
            instrument=None,
            window=None,
            commitments=(),
            evidence=(),
            decision=None,
            page=self.url,
        )
