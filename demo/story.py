"""Summer 2019 as data: what each site published and when, and what went wrong with the sites.

``story/events.yml`` holds the pages that matter, ``everyday.yml`` a rhythm of everyday ones that is unrolled
here, ``troubles.yml`` the outages. Nothing is drawn by lot: every run tells the same story.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, TypeAdapter

from servanda.compliance.windows import long_date
from servanda.instruments.yaml import read_yaml

FOLDER = Path(__file__).parent / "story"

FIRST_ON = date(2019, 5, 20)
"""The sites had published before the story begins: a first reading finds a full page."""

LAST_ON = date(2019, 9, 12)

_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

T = TypeVar("T")


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Event(_Data):
    source: str
    at: AwareDatetime
    title: str
    path: str
    body: tuple[str, ...] | Literal["declaration"]
    document_number: str | None = None
    happened: str | None = None
    instead: tuple[str, ...] | None = None


class _Kind(_Data):
    title: str
    body: tuple[str, ...]


class _Everyday(_Data):
    language: Literal["en", "es"]
    zone: str
    rhythm: tuple[str, ...]
    without: frozenset[date]
    slots: dict[str, tuple[str, ...]]
    kinds: tuple[_Kind, ...]


class Trouble(_Data):
    """Something wrong with one source's site in ``[from_at, until_at)``."""

    source: str
    kind: Literal["reset", "unavailable", "challenge", "shallow"]
    from_at: AwareDatetime
    until_at: AwareDatetime
    happened: str
    ended: str


@dataclass(frozen=True, slots=True)
class StoryItem:
    """One published page. ``slug`` is unique within its source, ``number`` within the story.

    ``instead``: title and paragraphs of what its address shows in its place, with status 200.
    """

    source: str
    number: int
    at: datetime
    title: str
    slug: str
    paragraphs: tuple[str, ...]
    language: str
    zone: str
    document_number: str | None = None
    happened: str | None = None
    instead: tuple[str, ...] | None = None

    @property
    def local_at(self) -> datetime:
        """The publication time on the publisher's clocks."""
        return self.at.astimezone(ZoneInfo(self.zone))


@dataclass(frozen=True)
class Story:
    """Everything that is published, oldest first, and everything that goes wrong."""

    items: tuple[StoryItem, ...]
    troubles: tuple[Trouble, ...]

    def published(self, source: str, now: datetime) -> list[StoryItem]:
        """What a source shows at ``now``, newest first."""
        return [item for item in reversed(self.items) if item.source == source and item.at <= now]

    def trouble(self, source: str, now: datetime) -> Trouble | None:
        """What is wrong with a source's site at ``now``."""
        return next((t for t in self.troubles if t.source == source and t.from_at <= now < t.until_at), None)

    def happened(self, after: datetime, until: datetime) -> list[tuple[datetime, str]]:
        """What there is to tell of the time in ``(after, until]``, in order."""
        told = [(item.at, item.happened) for item in self.items if item.happened]
        told += [(trouble.from_at, trouble.happened) for trouble in self.troubles]
        told += [(trouble.until_at, trouble.ended) for trouble in self.troubles]
        return sorted(one for one in told if after < one[0] <= until)


def read_story(declaration: str) -> Story:
    """The whole story; ``declaration`` is the instrument's text, which the State Department's page shows."""
    everyday = _read("everyday.yml", TypeAdapter(dict[str, _Everyday]))
    events = _read("events.yml", TypeAdapter(dict[str, tuple[_Event, ...]]))["events"]
    troubles = _read("troubles.yml", TypeAdapter(dict[str, tuple[Trouble, ...]]))["troubles"]
    items = [item for source, days in everyday.items() for item in _unroll(source, days)]
    items += [_item(event, everyday[event.source], declaration) for event in events]
    ordered = sorted(items, key=lambda item: (item.at, item.source))
    return Story(tuple(replace(item, number=n) for n, item in enumerate(ordered, 1)), troubles)


def civil_date(on: date, language: str) -> str:
    """``5 September 2019``, ``5 de septiembre de 2019``."""
    return long_date(on) if language == "en" else f"{on.day} de {_MONTHS[on.month - 1]} de {on.year}"


def slug_of(title: str) -> str:
    """A title as part of an address."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def _read(name: str, shape: TypeAdapter[T]) -> T:
    written = read_yaml(name, (FOLDER / name).read_bytes())
    assert not written.problems, written.problems
    return shape.validate_python(written.value)


def _unroll(source: str, days: _Everyday) -> Iterator[StoryItem]:
    for n, at in enumerate(_instants(days)):
        kind = days.kinds[n % len(days.kinds)]
        slots = {name: values[n % len(values)] for name, values in days.slots.items()}
        slots["date"] = civil_date(at.date(), days.language)
        title = kind.title.format_map(slots)
        yield StoryItem(
            source=source,
            number=0,
            at=at.astimezone(UTC),
            title=title,
            slug=f"{slug_of(title)}-{n + 1}",
            paragraphs=tuple(paragraph.format_map(slots) for paragraph in kind.body),
            language=days.language,
            zone=days.zone,
            document_number=f"2019-{10001 + n}",
        )


def _instants(days: _Everyday) -> Iterator[datetime]:
    """Every publication of the rhythm, oldest first, in the publisher's zone."""
    for n in range((LAST_ON - FIRST_ON).days + 1):
        on = FIRST_ON + timedelta(days=n)
        for beat in days.rhythm:
            weekday, _, clock = beat.partition(" ")
            if on.weekday() == _WEEKDAYS.index(weekday) and on not in days.without:
                yield datetime.combine(on, time.fromisoformat(clock), ZoneInfo(days.zone))


def _item(event: _Event, days: _Everyday, declaration: str) -> StoryItem:
    is_declaration = event.body == "declaration"
    return StoryItem(
        source=event.source,
        number=0,
        at=event.at.astimezone(UTC),
        title=event.title,
        slug=event.path,
        paragraphs=tuple(declaration.strip().split("\n\n")) if is_declaration else tuple(event.body),
        language=days.language,
        zone=days.zone,
        document_number=event.document_number,
        happened=event.happened,
        instead=event.instead,
    )
