"""Text from the web as it may stand on a page: visible characters alone, in the pieces that are marked.

Nothing here is markup: the templates escape whatever they are given, and no page shows markup that was
fetched.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Co"})
"""Categories that show nothing, or reorder what is shown."""

LONGEST = 200_000
"""Characters of a text that a page shows."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph; ``marks`` are the numbers of the spans that it lies in."""

    text: str
    marks: tuple[int, ...] = ()


def visible(text: str) -> str:
    """The text without what cannot be seen; spaces of every kind become plain ones, lines stay lines."""
    return "".join(
        character
        if character == "\n"
        else " "
        if character.isspace()
        else ""
        if unicodedata.category(character) in UNSEEN
        else character
        for character in text
    )


def paragraphs(text: str, spans: Iterable[tuple[int, int]] = ()) -> Iterator[tuple[Piece, ...]]:
    """The paragraphs of a text, each in pieces cut where a span begins or ends. Spans may overlap."""
    marked = [(max(0, start), min(len(text), end)) for start, end in spans]
    at = 0
    for block in text[:LONGEST].split("\n\n"):
        pieces = tuple(_pieces(text, at, at + len(block), marked))
        if any(piece.text.strip() for piece in pieces):
            yield pieces
        at += len(block) + 2


def _pieces(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> Iterator[Piece]:
    cuts = {start, end} | {cut for span in spans for cut in span if start < cut < end}
    for here, there in pairwise(sorted(cuts)):
        marks = tuple(n for n, (first, last) in enumerate(spans) if first <= here and there <= last)
        yield Piece(visible(text[here:there]), marks)
