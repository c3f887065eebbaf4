"""A text in passages, and where the phrases of concepts occur in them.

Folding keeps every character's position, so a hit in the folded text is a span of the original.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from servanda.compliance.folding import fold
from servanda.compliance.instrument import Concept
from servanda.compliance.phrases import phrase_pattern
from servanda.compliance.publication import PublicationTime
from servanda.compliance.vocabulary import Span

LONGEST_QUOTE = 600
"""Characters of a passage that a mail can carry."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A version as matching sees it: ``text`` is the title, a blank line, and paragraphs."""

    url: str
    text: str
    published: PublicationTime
    source_title: str
    source_party: str | None


@dataclass(frozen=True, slots=True)
class Passage:
    start: int
    end: int


class Hits:
    """Where each concept occurs in one text; concepts are searched when first asked for."""

    def __init__(self, text: str, concepts: Mapping[str, Concept], passages: list[Passage]) -> None:
        self.text = text
        self.folded = fold(text)
        self.concepts = concepts
        self.passages = passages
        self._found: dict[str, tuple[tuple[int, int], ...]] = {}

    def of(self, concept: str) -> tuple[tuple[int, int], ...]:
        if concept not in self._found:
            pattern = phrase_pattern(self.concepts[concept].phrases)
            spans = (m.span() for m in pattern.finditer(self.folded))
            self._found[concept] = tuple(span for span in spans if self.is_looked_at(span[0]))
        return self._found[concept]

    def is_looked_at(self, at: int) -> bool:
        """Whether a place lies in one of the passages that are looked at."""
        return any(passage.start <= at < passage.end for passage in self.passages)

    def within(self, concept: str, passage: Passage) -> tuple[tuple[int, int], ...]:
        """The hits in a passage; a hit in the title speaks for every passage."""
        title = self.passages[0]
        return tuple(
            span
            for span in self.of(concept)
            if passage.start <= span[0] < passage.end or title.start <= span[0] < title.end
        )

    def quote(self, passage: Passage, hits: Iterable[tuple[int, int]]) -> Span:
        """The passage, cut to a quotable length around the hits that lie in it."""
        inside = sorted(h for h in hits if passage.start <= h[0] < passage.end)
        start, end = passage.start, passage.end
        if end - start > LONGEST_QUOTE and inside:
            start = max(passage.start, min(inside[0][0] - 80, passage.end - LONGEST_QUOTE))
        end = min(end, start + LONGEST_QUOTE)
        start, end = _at_words(self.text, passage, start, end)
        return Span(self.text[start:end], start, end)

    def around(self, hit: tuple[int, int]) -> Span:
        """The passage in which a hit lies."""
        passage = next(p for p in self.passages if p.start <= hit[0] < p.end)
        return self.quote(passage, [hit])


def passages_of(text: str) -> list[Passage]:
    """Paragraphs between blank lines; the first one is the title."""
    found: list[Passage] = []
    start = 0
    for part in text.split("\n\n"):
        if part.strip():
            found.append(Passage(start, start + len(part)))
        start += len(part) + 2
    return found or [Passage(0, len(text))]


def _at_words(text: str, passage: Passage, start: int, end: int) -> tuple[int, int]:
    """Move a cut to the next word boundary inwards."""
    if start > passage.start:
        space = text.find(" ", start, end)
        start = space + 1 if space != -1 else start
    if end < passage.end:
        space = text.rfind(" ", start, end)
        end = space if space > start else end
    return start, end
