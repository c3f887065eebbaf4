"""What watchers are to be told, said a second time and otherwise than the product says it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from servanda.compliance.watchers import Frequency, HeartbeatFrequency

FLAGS = {"window_ended", "final_word", "correction"}
OF_OPERATORS = {"source_blind", "source_recovered", "address_suspended", "mail_given_up"}
OF_ANALYSTS = {"review_waiting"}


Pace = Frequency | Literal["unacknowledged"]


@dataclass(frozen=True)
class Wish:
    """One subscription: a pace, and kinds (none: all)."""

    pace: Pace
    kinds: frozenset[str] = frozenset()

    def wants(self, names: set[str], kind: str) -> bool:
        if self.pace == "unacknowledged" and kind not in FLAGS:
            return False
        return not self.kinds or bool(self.kinds & names)


@dataclass
class Person:
    """``state`` as they themselves, or who runs the monitor, last said."""

    name: str
    state: str
    wishes: tuple[Wish, ...]
    operator: bool = False
    heartbeat: HeartbeatFrequency = "never"
    watched_since: datetime | None = None
    """Since when they are active and want every flag, without a break; None while that is not so."""

    @property
    def address(self) -> str:
        return f"{self.name}@{self.name}.example"

    @property
    def wants_flags(self) -> bool:
        return self.state == "active" and any(
            not one.kinds and one.pace != "unacknowledged" for one in self.wishes
        )


@dataclass(frozen=True)
class Quiet:
    """A silence: of a kind, or of the instrument (None: of all kinds)."""

    id: int
    kind: str | None
    until_at: datetime


@dataclass
class Expected:
    """Who is told of one alert, and in what manner, by the state of things when it is routed."""

    people: dict[str, Person]
    silences: list[Quiet] = field(default_factory=list)

    def manners(self, kind: str, instrument: str | None, payload: Any, now: datetime) -> dict[str, str]:
        """By name; not for the end of a silence, which goes to those whom it spared."""
        said = json.loads(payload) if isinstance(payload, str) else payload
        names = {kind}
        if (said.get("decision") or {}).get("on") == "condition":
            names.add("condition_recorded")
        found = {p.name: m for p in self.people.values() if (m := self._manner(p, kind, names)) is not None}
        if self._is_silenced(kind, instrument, now):
            return dict.fromkeys(found, "silenced")
        return found

    def _manner(self, person: Person, kind: str, names: set[str]) -> str | None:
        if person.state != "active":
            return None
        if kind in OF_OPERATORS | OF_ANALYSTS:
            return "at_once" if person.operator else None
        paces = {one.pace for one in person.wishes if one.wants(names, kind)}
        if not paces:
            return None
        if "at_once" in paces or (kind in FLAGS and paces & {"daily", "weekly"}):
            return "at_once"
        return "unacknowledged" if "unacknowledged" in paces else "digest"

    def _is_silenced(self, kind: str, instrument: str | None, now: datetime) -> bool:
        if kind in FLAGS or kind == "silence_ended":
            return False
        return any(
            now < one.until_at and (kind == one.kind if one.kind else instrument == "us-mexico-2019")
            for one in self.silences
        )
