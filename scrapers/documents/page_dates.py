"""The days that a page names, in words, figures or for machines: one of them should be its document's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from servanda.compliance.folding import fold
from servanda.scrapers.dates import MONTHS

MOST_DAYS = 30
"""Days kept of a page. A table of dates says nothing of when the page was published."""

_MONTHS = {
    name: number
    for months in MONTHS.values()
    for number, month in enumerate(months, 1)
    for name in (month, month[:3])
} | {"sept": 9, "setiembre": 9}
_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_WRITTEN = (
    re.compile(rf"\b(?P<m>{_NAME})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?(?: del?)? {_YEAR}\b"),
    re.compile(
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th|o)?[ -]*(?:de |of )?(?P<m>{_NAME})\b\.?,?[ -]*(?:del? )?{_YEAR}\b"
    ),
)
_HOLDS_YEAR = re.compile(r"(?:19|20)\d\d")
_ISO = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)")
_FIGURES = re.compile(r"(?<!\d)(?P<one>\d{1,2})[-/.](?P<other>\d{1,2})[-/.](?P<y>(?:19|20)\d\d)(?!\d)")


def days_named(texts: Iterable[str]) -> tuple[date, ...]:
    """The days that texts name, the first thirty. Figures that may be read in two ways name both days."""
    found: dict[date, None] = {}
    for text in texts:
        if _HOLDS_YEAR.search(text):
            found.update(dict.fromkeys(_days_of(fold(text))))
        if len(found) >= MOST_DAYS:
            break
    return tuple(found)[:MOST_DAYS]


def _days_of(text: str) -> Iterator[date]:
    for pattern in _WRITTEN:
        for shape in pattern.finditer(text):
            yield from _day(int(shape["y"]), _MONTHS[shape["m"]], int(shape["d"]))
    for shape in _ISO.finditer(text):
        yield from _day(int(shape["y"]), int(shape["m"]), int(shape["d"]))
    for shape in _FIGURES.finditer(text):
        yield from _day(int(shape["y"]), int(shape["one"]), int(shape["other"]))
        yield from _day(int(shape["y"]), int(shape["other"]), int(shape["one"]))


def _day(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return
