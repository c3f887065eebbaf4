"""Which pages of a PDF hold words that its text lacks: pictures, outlines, fonts without characters."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdf
import pypdf.generic

from servanda.compliance.prose import (
    LEAST_WORDS,
    WORDS_PER_DAMAGED,
    count_damaged,
    measure_prose,
    what_hides_words,
)
from servanda.scrapers.documents.pdf_columns import Run, is_read_across, position, runs_of
from servanda.scrapers.text_cleaning import one_line

FEW_WORDS = 12
"""A page with fewer, beside a picture or a drawing, says nothing in words."""

WORDS_BESIDE_SCAN = 80
"""A stamp, a cover note or a running head has fewer. A page of print that lies on a picture has more."""

LEAST_NOTE = 6
"""Words of a note or a form's field that may be a statement."""

LARGE_PICTURE = 0.5
PICTURE = 0.1
"""Shares of a page."""

INVISIBLE = 3
"""The mode in which recognised text is laid over its picture (ISO 32000-1, 9.3.6)."""

MANY_PAINTS = 150
"""Shapes drawn on a page: more than rules and frames need, as where letters are outlines."""

_PAINTS = frozenset({b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"S", b"s"})
_SHOWS = frozenset({b"Tj", b"TJ", b"'", b'"'})
_PAGE_OF = re.compile(r"\b(?:page|página|pagina)\s+\d{1,3}\s+(?:of|de)\s+(\d{1,3})\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(slots=True)
class DrawingMarks:
    """What a page's drawing program places: ``pictures`` is their share of the page, ``shown`` the bytes of
    text that it shows, ``hidden`` those of them that are drawn invisibly or lie under a picture."""

    area: float
    images: frozenset[str]
    forms: frozenset[str]
    pictures: float = 0.0
    paints: int = 0
    shown: int = 0
    hidden: int = 0
    is_hidden: bool = False
    runs: list[Run] = field(default_factory=list)

    @classmethod
    def of(cls, page: pypdf.PageObject) -> DrawingMarks:
        box = page.mediabox
        names: dict[str, set[str]] = {"/Image": set(), "/Form": set()}
        with contextlib.suppress(Exception):  # a damaged dictionary: then every picture counts as one
            for name, placed in page["/Resources"].get_object()["/XObject"].get_object().items():  # type: ignore[index]
                names.get(str(placed.get_object().get("/Subtype")), set()).add(str(name))
        area = abs(float(box.width) * float(box.height)) or 1.0
        return cls(area, frozenset(names["/Image"]), frozenset(names["/Form"]))

    def note(self, operator: bytes, operands: Any, matrix: Any, text_matrix: Any) -> None:
        """Note one operation."""
        if operator in _PAINTS:
            self.paints += 1
        elif operator == b"Tr" and operands:
            self.is_hidden = int(operands[0]) == INVISIBLE
        elif operator in _SHOWS:
            length = sum(map(_length, operands))
            self.shown += length
            self.runs.extend(runs_of(operands, *position(text_matrix, matrix)))
            self.hidden += length if self.is_hidden else 0
        elif operator == b"INLINE IMAGE" or (operator == b"Do" and str(operands[0]) not in self.forms):
            a, b, c, d = (float(one) for one in matrix[:4])
            share = abs(a * d - b * c) / self.area
            self.pictures += share
            if share >= LARGE_PICTURE:
                self.hidden = self.shown


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """The text of a page, and what else it places."""

    text: str
    marks: DrawingMarks
    lines: list[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", [one_line(line) for line in self.text.splitlines()])


def unreadable_pages(pages: Sequence[DrawnPage]) -> Iterator[str]:
    """Each page whose words the text may lack, with the reason. Lines that many pages repeat (stamps, running
    heads) do not count as a page's words."""
    repeated = repeated_lines(pages)
    for number, page in enumerate(pages, 1):
        own = "\n".join(line for line in page.lines if line not in repeated)
        why = _why_unreadable(page, own)
        if why is not None:
            yield f"page {number} of {len(pages)} {why}"
    counted = [int(found[1]) for page in pages for found in _PAGE_OF.finditer(page.text)]
    if counted and max(counted) > len(pages):
        yield f"it has {len(pages)} pages, and counts {max(counted)}"


def _why_unreadable(page: DrawnPage, own: str) -> str | None:
    words, marks = len(_WORD.findall(own)), page.marks
    covered = min(1.0, marks.pictures)
    if covered >= LARGE_PICTURE and words < WORDS_BESIDE_SCAN:
        return f"is a picture with {words} words of text: it may be a scan"
    if covered >= LARGE_PICTURE and marks.hidden * 2 > marks.shown:
        return "is a picture, and its text is what a machine read in it"
    if covered >= PICTURE and words < FEW_WORDS:
        return f"shows a picture and only {words} words"
    if marks.paints >= MANY_PAINTS and words < FEW_WORDS:
        return f"is drawn, with only {words} words of text"
    if marks.shown >= 60 and len(page.text.strip()) * 4 < marks.shown:
        return "is set in a font that does not name its characters"
    if count_damaged(page.text) * WORDS_PER_DAMAGED > max(words, WORDS_PER_DAMAGED):
        return "is set in a font that does not name its characters"
    if is_read_across(marks.runs):
        return "sets two columns beside each other, and its lines are read across both"
    facts = measure_prose(own)
    hidden = what_hides_words(facts) if facts.words >= LEAST_WORDS or facts.damaged else None
    return None if hidden is None else f"cannot be searched: {hidden}"


def repeated_lines(pages: Sequence[DrawnPage]) -> frozenset[str]:
    """Lines that stand on most pages: running heads and stamps."""
    counted = Counter(line for page in pages for line in set(page.lines) if line)
    return frozenset(line for line, times in counted.items() if times > max(1, len(pages) // 2))


def held_beside_pages(reader: pypdf.PdfReader) -> Iterator[str]:
    """What a file holds beside its pages: attached files, values of forms, notes."""
    with contextlib.suppress(Exception):
        form = reader.root_object["/AcroForm"].get_object()
        if isinstance(form, dict) and "/XFA" in form and _is_true(reader.root_object.get("/NeedsRendering")):
            yield "it is a form that only the program shows which made it"
    with contextlib.suppress(Exception):
        if attached := list(reader.attachments):
            yield f"it holds {len(attached)} attached files, which were not read"
    with contextlib.suppress(Exception):
        values = [str(value) for value in (reader.get_form_text_fields() or {}).values() if value]
        if _counts(values):
            yield "it holds a form with text in its fields, which was not read"
    with contextlib.suppress(Exception):
        notes = [
            str(note.get_object().get("/Contents") or "")
            for page in reader.pages
            for note in page.get("/Annots") or ()
        ]
        if _counts(notes):
            yield "it holds notes beside its text, which were not read"


def _is_true(value: Any) -> bool:
    return isinstance(value, pypdf.generic.BooleanObject) and bool(value.value)


def _counts(texts: Sequence[str]) -> bool:
    return any(len(_WORD.findall(text)) >= LEAST_NOTE for text in texts)


def _length(operand: Any) -> int:
    if isinstance(operand, list):
        return sum(map(_length, operand))
    return len(operand) if isinstance(operand, str | bytes) else 0
