"""What was done in a stretch of time, in numbers: the head of every digest, and all of a quiet day's."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import AwareDatetime, TypeAdapter

from servanda.alerts.payloads.parts import WindowBrief
from servanda.compliance.intervals import Interval
from servanda.compliance.vocabulary import STRICT


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """A source over the time in question; without ``gaps`` it is covered."""

    id: str
    title: str
    zone: str
    gaps: tuple[Interval, ...]
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """What was done from ``from_at`` up to ``until_at``, and how things stood then.

    ``documents_read``: documents of these sources that were new, or read otherwise than before; ``matches``:
    evidence that had not been known before; ``evidence_waiting``: for a person's review; ``windows``: those
    that are not settled, the nearest end first; ``unread``: documents that were listed and not read;
    ``canaries_missing``: items that their readers must find and, when last looking, did not.
    """

    from_at: AwareDatetime
    until_at: AwareDatetime
    sources: tuple[SourceFigures, ...]
    documents_read: int
    matches: int
    evidence_waiting: int
    windows: tuple[WindowBrief, ...]
    unread: int = 0
    canaries_missing: int = 0
    __pydantic_config__ = STRICT

    @property
    def covered(self) -> int:
        return sum(not source.gaps for source in self.sources)

    @property
    def gaps(self) -> int:
        return sum(len(source.gaps) for source in self.sources)

    @property
    def all_seen(self) -> bool:
        """Whether what was published in this time was seen; not where no source was looked at."""
        return bool(self.sources) and not (self.gaps or self.unread or self.canaries_missing)

    @property
    def next_deadline(self) -> WindowBrief | None:
        return next((window for window in self.windows if window.due_at > self.until_at), None)


@dataclass(frozen=True, slots=True)
class DigestContents:
    """What a digest tells beside its alerts. ``zone`` is its reader's; ``mails`` counts those that they were
    written in this time. A storm has no numbers.
    """

    kind: Literal["daily", "weekly", "quiet", "storm"]
    zone: str
    mails: int = 0
    numbers: PeriodFigures | None = None
    __pydantic_config__ = STRICT


_ADAPTER = TypeAdapter(DigestContents)


def to_json(digest: DigestContents) -> dict[str, Any]:
    """To be stored; ``from_json`` reads it back."""
    data: dict[str, Any] = _ADAPTER.dump_python(digest, mode="json")
    return data


def from_json(data: dict[str, Any]) -> DigestContents:
    return _ADAPTER.validate_json(json.dumps(data))
