"""An instrument as data: its parties, commitments, windows and rules, as frozen dataclasses.

They are validated where they are read (``instruments/``), by pydantic, from these very definitions:
``__pydantic_config__`` is a plain attribute, so nothing is imported here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from servanda.compliance.publication import start_of_day
from servanda.compliance.vocabulary import STRICT


@dataclass(frozen=True)
class Names:
    """The same thing in both languages; each list holds at least one form."""

    en: tuple[str, ...]
    es: tuple[str, ...]
    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class Party:
    """A state or organisation that the instrument binds; ``id`` is ISO 3166 alpha-2 where one exists.

    ``associated``: its capital, offices and officials, by which a document may concern it without naming it.
    They count for shortlists alone.
    """

    id: str
    names: Names
    associated: Names | None = None
    __pydantic_config__ = STRICT

    @property
    def every_name(self) -> tuple[str, ...]:
        """Its names, and those that are associated with it, in both languages."""
        every = (self.names,) if self.associated is None else (self.names, self.associated)
        return tuple(name for names in every for name in (*names.en, *names.es))


@dataclass(frozen=True)
class Commitment:
    """One obligation, with the exact span of the instrument's text that states it.

    ``text[start:end] == quote`` is checked at loading. ``modality`` is the text's own verb;
    ``condition`` is the text's own words, or None where the obligation is unconditional.
    """

    id: str
    section: str
    quote: str
    start: int
    end: int
    debtors: tuple[str, ...]
    creditors: tuple[str, ...]
    modality: str
    action: str
    kind: Literal["one_off", "continuing", "conditional"]
    condition: str | None = None
    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class Anchor:
    """What the count starts from. The anchor day is day zero."""

    event: Literal["publication", "signature", "determination"]
    on: date
    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class Reading:
    """One way to count a window where the text allows several: its anchor day and its zone."""

    id: str
    anchor_on: date
    zone: str
    primary: bool = False
    note: str | None = None
    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class Checklist:
    """The concepts by which the four parts of an announcement are recognised.

    ``quoted``: a party's government speaks (for sources that are not a party's own); ``subject``,
    ``completed``, ``new``: one passage holds one of each; or a sentence says that the parties did something
    together. There ``restates`` names the instrument itself, ``others`` counterparties that are no state,
    ``elsewhere`` other states, ``apart`` other subjects.
    """

    subject: tuple[str, ...]
    completed: tuple[str, ...]
    new: tuple[str, ...]
    quoted: tuple[str, ...]
    restates: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()

    @property
    def tells_acts_apart(self) -> bool:
        """Whether it says what an act is not about: then an act is looked for where no rule looks, too."""
        return bool(self.restates or self.others or self.elsewhere or self.apart)

    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class Window:
    """The interval in which an announcement is due.

    ``duration`` is an ISO 8601 calendar duration (``P90D``). ``greatest_gap`` is the tolerated
    uncovered stretch (``PT1H`` in YAML), None for no tolerance. ``reminders`` are whole days
    before the end. ``sources`` are required: all of them, each where it existed. ``shortlist``: concepts
    that touch the subject beside those of the checklist, for the shortlist alone. ``absence``: whether it
    asks that people looked at the shortlist, or is claimed by rules alone, which every output then says.
    """

    id: str
    commitment: str
    title: str
    anchor: Anchor
    duration: str
    zone: str
    day_count: Literal["calendar"]
    count_anchor_day: bool
    condition: str | None
    review: Literal["required", "automatic"]
    sources: tuple[str, ...]
    readings: tuple[Reading, ...]
    checklist: Checklist
    reminders: tuple[int, ...] = (30, 7, 1)
    automatic_threshold: float | None = None
    greatest_gap: timedelta | None = None
    shortlist: tuple[str, ...] = ()
    absence: Literal["reviewed", "rules-alone"] = "reviewed"
    __pydantic_config__ = STRICT

    @property
    def primary(self) -> Reading:
        return next(reading for reading in self.readings if reading.primary)


@dataclass(frozen=True)
class Concept:
    """Phrases that say one thing, in English and Spanish. A trailing ``*`` on a word admits endings."""

    id: str
    en: tuple[str, ...]
    es: tuple[str, ...]
    __pydantic_config__ = STRICT

    @property
    def phrases(self) -> tuple[str, ...]:
        return (*self.en, *self.es)


@dataclass(frozen=True)
class Rule:
    """When a document is evidence for a commitment.

    All of ``all`` must occur in one passage, at least one of ``any`` (where given) in the document,
    none of ``none`` anywhere. The score is the share of the named concepts that were found (of ``any``,
    two suffice for a full score); at ``threshold`` and above the document is evidence.
    """

    id: str
    commitment: str
    all: tuple[str, ...]
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    threshold: float = 0.5
    window: str | None = None
    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class Instrument:
    """A document in which parties state commitments, with its verbatim text."""

    id: str
    title: str
    published_on: date
    zone: str
    urls: tuple[str, ...]
    text: str
    text_sha256: str
    parties: tuple[Party, ...]
    commitments: tuple[Commitment, ...]
    windows: tuple[Window, ...]
    concepts: tuple[Concept, ...]
    rules: tuple[Rule, ...]
    sources: tuple[str, ...]
    __pydantic_config__ = STRICT

    @property
    def published_at(self) -> datetime:
        """The start of the day of publication, in the instrument's zone."""
        return start_of_day(self.published_on, self.zone)
