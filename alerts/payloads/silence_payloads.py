"""What the end of a silence says."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import AwareDatetime

from servanda.alerts.payloads.payload import NOTHING, References
from servanda.compliance.vocabulary import STRICT


@dataclass(frozen=True, slots=True)
class SilenceEnded:
    """A silence, and how it ended; what it withheld from a reader is added to their mail when it is written.

    ``instrument``, ``subject`` and ``kinds`` are what was silenced, None and empty for any. ``ended_by``
    None: its time was over. ``withheld`` counts the alerts that somebody was not told because of it.
    """

    id: int
    instrument: str | None
    subject: str | None
    kinds: tuple[str, ...]
    by: str
    reason: str
    from_at: AwareDatetime
    until_at: AwareDatetime
    ended_at: AwareDatetime
    ended_by: str | None
    end_reason: str
    withheld: int
    __pydantic_config__ = STRICT

    @property
    def references(self) -> References:
        return NOTHING
