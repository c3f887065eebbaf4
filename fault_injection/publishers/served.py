"""What a site answers, and how a fault changes it."""

# ruff: noqa: ARG001 - a change is handed all that a change may look at

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from typing import Any, Literal

from fault_injection.publishers.truth import Item, Press

Expect = Literal["loud", "harmless", "either"]
"""What is asked of a reading under a fault. ``loud``: it must be named. ``harmless``: everything is still
there
to be read, and must be read rightly. ``either``: refused or read rightly, as the reader sees fit. Under
none of
them may an item be lost or misdated without a word."""

Scope = Literal["route", "host", "articles"]


@dataclass(frozen=True, slots=True)
class Served:
    """One answer. ``cut`` sends so many bytes of the body and breaks off; -1 breaks off before the status
    line.

    ``drip``: the body comes so slowly that all patience is over before its end. ``tag``: the entity tag that
    stays whatever the body, None for one that follows it.
    """

    body: bytes
    content_type: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    cut: int | None = None
    drip: bool = False
    tag: str | None = None

    def saying(self, text: str) -> Served:
        return replace(self, body=text.encode())


@dataclass(frozen=True, slots=True)
class Row:
    """One item as a listing shows it: ``stated`` is its time in the form of the site, ``shown`` for the
    eye."""

    item: Item
    title: str
    href: str
    stated: str
    shown: str
    guid: str


@dataclass(frozen=True, slots=True)
class Sight:
    """What a change may look at. ``rng`` gives the same draws at each request of one fault.

    ``page`` counts from 1; ``stated`` writes an instant in the form of the site.
    """

    press: Press
    now: datetime
    since: datetime
    root: str
    rng: Random
    page: int
    stated: Callable[[datetime], str]
    layout: Any = None


Rows = list[Row]


def same_items(items: Sequence[Item], sight: Sight) -> list[Item]:
    return list(items)


def same_rows(rows: Rows, sight: Sight) -> Rows:
    return rows


def same_text(text: str, sight: Sight) -> str:
    return text


def same_data(data: Any, sight: Sight) -> Any:
    return data


def same_answer(answer: Served, sight: Sight) -> Served:
    return answer


@dataclass(frozen=True)
class Kind:
    """One kind of fault, by what it changes: the items shown, their rows, the data, the text, or the answer.

    ``days`` is how long it lasts; None: half of its turn. ``expect`` is for readings of the route itself.
    """

    id: str
    expect: Expect
    items: Callable[[Sequence[Item], Sight], list[Item]] = same_items
    rows: Callable[[Rows, Sight], Rows] = same_rows
    data: Callable[[Any, Sight], Any] = same_data
    text: Callable[[str, Sight], str] = same_text
    answer: Callable[[Served, Sight], Served] = same_answer
    scope: Scope = "route"
    days: float | None = None
    group: Literal["layout", "host", "publisher"] = field(default="layout")


CLEAN = Kind("clean", "harmless")
