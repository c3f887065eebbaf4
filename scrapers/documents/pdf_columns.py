"""Whether a page's lines are read across two columns: then no sentence of either stands whole in the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

LEAST_LINES = 6
"""Lines that two columns have in common. A table's head or a letter's has fewer."""

LEAST_SHOWN = 20
"""Bytes of text on either side: less is a cell of a table, a number or a label."""

GRID = 4.0
"""Points within which two starts of lines are taken for one."""


GAP = 1_500
"""Thousandths of an em between two letters of a line: more than any space."""

BEHIND_GAP = 1e6

_SPACES = re.compile(r"( {5,})")


class Run(NamedTuple):
    """A piece of text that is shown in one go: where it begins, in points, and its length in bytes."""

    y: float
    x: float
    length: int


def position(text_matrix: Sequence[float], matrix: Sequence[float]) -> tuple[float, float]:
    """Where a text matrix puts its next letter on the page: x and y in points."""
    a, b, c, d, e, f = (float(one) for one in matrix[:6])
    x, y = float(text_matrix[4]), float(text_matrix[5])
    return a * x + c * y + e, b * x + d * y + f


def runs_of(operands: Any, x: float, y: float) -> Iterator[Run]:
    """The runs that one operation shows. Where it leaves a gap within, what follows begins at a place that is
    not known: it is taken for the same on every line."""
    length = 0
    for part in _parts(operands):
        if length and _is_gap(part):
            yield Run(y, x, length)
            x, length = BEHIND_GAP, 0
        elif isinstance(part, str | bytes):
            length += len(part)
    if length:
        yield Run(y, x, length)


def _parts(operands: Any) -> Iterator[Any]:
    for operand in operands:
        if isinstance(operand, list):
            yield from operand
        elif isinstance(operand, bytes):
            yield from _SPACES.split(operand.decode("latin-1"))
        elif isinstance(operand, str):
            yield from _SPACES.split(operand)
        else:
            yield operand


def _is_gap(part: Any) -> bool:
    if isinstance(part, str):
        return part.isspace()
    return isinstance(part, int | float) and part <= -GAP


def is_read_across(runs: Iterable[Run]) -> bool:
    """Whether many lines go on, at one and the same place, with the text of another column.

    Text that is drawn column by column comes back to the top of the page, so its lines are told apart. Words
    that are placed one by one begin at other places on each line.
    """
    starts: Counter[int] = Counter()
    for line in _lines(runs):
        shown = 0
        total = sum(run.length for run in line)
        for run in line:
            if shown >= LEAST_SHOWN and total - shown >= LEAST_SHOWN:
                starts[round(run.x / GRID)] += 1
            shown += run.length
    return any(times + starts[place + 1] >= LEAST_LINES for place, times in list(starts.items()))


def _lines(runs: Iterable[Run]) -> list[list[Run]]:
    """Runs that are drawn one after another on one baseline, each line from left to right."""
    return [sorted(line, key=attrgetter("x")) for _, line in groupby(runs, lambda run: round(run.y))]
