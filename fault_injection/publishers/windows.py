"""The windows that are watched, and which of them really hold an announcement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from fault_injection.publishers.truth import BEGIN_ON, DAY, HOUR, Item, Press
from servanda.compliance.intervals import Interval
from servanda.compliance.publication import start_of_day

ZONE = "America/New_York"
SETTLING = 3
"""Days from a window's end to the last day of the bench: its sources' lag and cadence, and one more."""

_COLOURS = ("Red", "Blue", "Green", "White", "Black", "Golden", "Silver", "Amber", "Violet", "Scarlet")
_TREES = (
    "Alder",
    "Birch",
    "Cedar",
    "Willow",
    "Poplar",
    "Hazel",
    "Maple",
    "Rowan",
    "Spruce",
    "Linden",
    "Juniper",
)
TOPICS = tuple(f"{colour} {tree}" for tree in _TREES for colour in _COLOURS)


@dataclass(frozen=True, slots=True)
class Due:
    """One window: announced in one of ``sources`` by ``announced_at``, or never."""

    id: str
    topic: str
    sources: tuple[str, ...]
    anchor_on: date
    days: int
    announced_at: datetime | None = None
    announced_by: str | None = None
    reviewed: bool = False
    """Whether a person accepts its announcement; else the machine does, above a threshold."""

    @property
    def span(self) -> Interval:
        return Interval(
            start_of_day(self.anchor_on, ZONE),
            start_of_day(self.anchor_on + timedelta(days=self.days + 1), ZONE),
        )

    @property
    def is_silent(self) -> bool:
        return self.announced_at is None


def draw_windows(seed: int, days: int, presses: Sequence[Press]) -> tuple[tuple[Due, ...], tuple[Press, ...]]:
    """Windows one after the other for each publisher that can prove silence, some for several at once.

    Nearly half hold an announcement, often in the last hours; it is published by the press that is returned.
    """
    rng = Random(f"{seed}:windows")
    proving = [p for p in presses if p.platform != "page"]
    drawn: list[Due] = []
    for press in proving:
        for anchor, length in _turns(rng, days):
            drawn.append(_due(len(drawn), (press.id,), anchor, length))
    for anchor, length in _turns(rng, days):
        several = tuple(p.id for p in rng.sample(proving, min(3, len(proving))))
        drawn.append(_due(len(drawn), several, anchor, length))
    by_id = {press.id: press for press in presses}
    dues = []
    for due in drawn:
        held = _announced(rng, due) if rng.random() < 0.45 else due
        if held.announced_by is not None:
            press = by_id[held.announced_by]
            by_id[press.id] = press.with_items([*press.items, _release(rng, press, held)])
        dues.append(held)
    return tuple(dues), tuple(by_id[press.id] for press in presses)


def _turns(rng: Random, days: int) -> Iterator[tuple[int, int]]:
    """First day and length of windows that follow on one another; a short bench has short ones."""
    anchor = rng.randint(0, 3)
    while True:
        length = rng.randint(min(4, days // 4), min(12, max(3, days // 3)))
        if anchor + length + 1 > days - SETTLING:
            return
        yield anchor, length
        anchor += length + 1


def _due(number: int, sources: tuple[str, ...], anchor: int, length: int) -> Due:
    topic = TOPICS[number % len(TOPICS)] + (f" {number // len(TOPICS) + 1}" if number >= len(TOPICS) else "")
    name = topic.lower().replace(" ", "-")
    anchor_on = BEGIN_ON + timedelta(days=anchor)
    return Due(name, topic, sources, anchor_on, length, reviewed=number % 2 == 1)


def _announced(rng: Random, due: Due) -> Due:
    """With an announcement, well inside the window or in its last day."""
    first, last = due.span.from_at + 3 * HOUR, due.span.until_at - HOUR
    if rng.random() < 0.4:
        first = last - DAY + 2 * HOUR
    at = (first + (last - first) * rng.random()).astimezone(UTC).replace(second=0, microsecond=0)
    return replace(due, announced_at=at, announced_by=rng.choice(due.sources))


def _release(rng: Random, press: Press, due: Due) -> Item:
    assert due.announced_at is not None
    late = press.lag * rng.uniform(0.1, 0.95) if rng.random() < 0.4 else timedelta(minutes=2)
    title = f"Joint statement on Project {due.topic}"
    if press.language == "es":
        title = f"Declaración conjunta sobre el Proyecto {due.topic}"
    return Item(
        f"{press.id}-statement-{due.id}", title, due.announced_at, due.announced_at + late, topic=due.topic
    )
