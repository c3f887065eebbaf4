"""The text of a PDF document, by pypdf, within bounds."""

from __future__ import annotations

import io
import logging
import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pypdf
from pypdf.errors import DependencyError, LimitReachedError, PyPdfError

from servanda.compliance.document_doubts import DocumentFacts
from servanda.scrapers.documents.page_evidence import text_facts
from servanda.scrapers.documents.pdf_pages import (
    DrawingMarks,
    DrawnPage,
    held_beside_pages,
    repeated_lines,
    unreadable_pages,
)
from servanda.scrapers.exchange import Exchange, Unrecognised
from servanda.scrapers.text_cleaning import one_line


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a document may cost in all.

    ``operations`` are those of its drawing programs: a page of print has some hundreds, a dense map ten
    thousands; ``forms`` are images and drawings that are placed; ``drawn_bytes`` are the pages' programs,
    decompressed; ``chars`` are of raw text.
    """

    file_bytes: int = 20_000_000
    pages: int = 300
    operations: int = 500_000
    forms: int = 1_000
    drawn_bytes: int = 20_000_000
    chars: int = 2_000_000


BOUNDS = Bounds()

EXTRACTOR = f"pypdf {pypdf.__version__}"

LIMITS: dict[str, Any] = {
    "zlib_maximum_output_length": 5_000_000,
    "lzw_maximum_output_length": 5_000_000,
    "run_length_maximum_output_length": 5_000_000,
    "zlib_maximum_recovery_input_length": 500_000,
    "array_based_stream_maximum_output_length": 5_000_000,
    "stream_decoding_work_maximum_length": 20_000_000,
    "stream_parsing_work_maximum_count": 500_000,
    "xform_maximum_invocations_per_extraction": 50,
    "jbig2dec_binary": None,
}
"""pypdf's own bounds, tightened: no image is decoded, no program is called."""

LONGEST_HEAD = 12
"""Words of a running head or foot."""

LONGEST_PARAGRAPH = 3_000
"""Characters after which the next end of a sentence at a line's end is taken for a paragraph's."""

_BROKEN = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What pypdf raises over damaged files. RuntimeError: nested too deeply, or not implemented."""

_SENTENCE_END = re.compile(r"[.:;?!…][\"'”’»)\]]*$")
_PAGE_NUMBER = re.compile(r"[-–—]? ?((page|página) )?\d{1,5}( ?(of|de|/) ?\d{1,5})? ?[-–—]?", re.IGNORECASE)

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it logs every repair; the bytes are kept


@dataclass(frozen=True, slots=True)
class PdfText:
    """What a PDF says: its title in its own metadata ("" where it has none), and its paragraphs.

    ``missing``: pages whose words could not be read, each in words.
    """

    title: str
    paragraphs: tuple[str, ...]
    missing: tuple[str, ...] = ()

    def facts(self, listed_title: str, url: str) -> DocumentFacts:
        """What shows that it is the listed document, whole and legible."""
        headings = [self.title, " ".join(self.paragraphs[:3])]
        return text_facts(self.paragraphs, listed_title, url, headings=headings, missing=self.missing)


def read_pdf(exchange: Exchange, *, bounds: Bounds = BOUNDS) -> PdfText:
    """The text of all pages.

    Raises Unrecognised: ``too_large`` (bytes, pages, operations or text past ``bounds``),
    ``encrypted`` (a password is needed), ``bad_pdf`` (damaged past reading), ``no_main_text`` (no text in
    it, as in a scan).
    """
    url = exchange.final_url
    budget = _Budget(url, bounds)
    budget.refuse_past(len(exchange.body), bounds.file_bytes, "bytes")
    try:
        with pypdf.apply_configuration(**LIMITS):
            reader = pypdf.PdfReader(io.BytesIO(exchange.body))
            title, pages = _contents(reader, budget)
            beside = tuple(held_beside_pages(reader))
    except DependencyError as error:
        raise Unrecognised("encrypted", f"{url} is encrypted in a way that cannot be read") from error
    except LimitReachedError as error:
        raise Unrecognised("too_large", f"{url}: {one_line(str(error))[:300]}") from error
    except _BROKEN as error:
        reason = f"{url} cannot be read: {type(error).__name__}: {one_line(str(error))[:300]}"
        raise Unrecognised("bad_pdf", reason) from error
    heads = frozenset(line for line in repeated_lines(pages) if line.count(" ") < LONGEST_HEAD)
    paragraphs = tuple(_paragraphs([line for page in pages for line in _lines(page.text, heads)]))
    if not paragraphs:
        raise Unrecognised("no_main_text", f"{url} has {len(pages)} pages and no text: it may be a scan")
    return PdfText(title, paragraphs, (*unreadable_pages(pages), *beside))


def _contents(reader: pypdf.PdfReader, budget: _Budget) -> tuple[str, list[DrawnPage]]:
    """The title in the file's metadata, and each page."""
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unrecognised("encrypted", f"{budget.url} asks for a password")
    budget.refuse_past(len(reader.pages), budget.bounds.pages, "pages")
    pages = [budget.draw(page) for page in reader.pages]
    return one_line(str(reader.metadata.title or "")) if reader.metadata else "", pages


@dataclass(slots=True)
class _Budget:
    """What one document has cost so far."""

    url: str
    bounds: Bounds
    drawn_bytes: int = 0
    operations: int = 0
    forms: int = 0
    chars: int = 0

    def draw(self, page: pypdf.PageObject) -> DrawnPage:
        contents = page.get_contents()
        self.drawn_bytes += len(contents.get_data()) if contents is not None else 0
        self.refuse_past(self.drawn_bytes, self.bounds.drawn_bytes, "bytes of drawing")
        marks = DrawingMarks.of(page)

        def count(operator: bytes, operands: Any, matrix: Any, text_matrix: Any) -> None:
            self._count(operator)
            marks.note(operator, operands, matrix, text_matrix)

        text = page.extract_text(visitor_operand_before=count)
        self.chars += len(text)
        self.refuse_past(self.chars, self.bounds.chars, "characters")
        return DrawnPage(text, marks)

    def _count(self, operator: bytes) -> None:
        self.operations += 1
        self.forms += operator == b"Do"
        self.refuse_past(self.operations, self.bounds.operations, "drawing operations")
        self.refuse_past(self.forms, self.bounds.forms, "images and forms")

    def refuse_past(self, found: int, most: int, what: str) -> None:
        if found > most:
            raise Unrecognised("too_large", f"{self.url} has more than {most} {what}")


def _lines(page: str, heads: frozenset[str]) -> list[str]:
    """The lines of a page, without a page number and one running line at its head and foot."""
    lines = [one_line(line) for line in page.strip().splitlines()]
    for edge in (0, -1):
        for is_furniture in (_PAGE_NUMBER.fullmatch, heads.__contains__, _PAGE_NUMBER.fullmatch):
            if len(lines) > 1 and is_furniture(lines[edge]):
                del lines[edge]
    return lines


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """Lines joined into paragraphs, over the ends of pages too.

    A paragraph ends at a blank line, at a line of less than half the usual length (a heading, an item of a
    list), and with a sentence on a shorter line than usual or once it is long.
    """
    full = sorted(map(len, lines))[int(len(lines) * 0.9)] if lines else 0
    paragraph: list[str] = []
    chars = 0
    for line in lines:
        _append(paragraph, line)
        chars += len(line)
        ends_sentence = _SENTENCE_END.search(line) is not None
        may_end = len(line) < 0.75 * full or chars > LONGEST_PARAGRAPH
        must_end = len(line) < 0.5 * full or chars > 4 * LONGEST_PARAGRAPH
        if must_end or (ends_sentence and may_end):
            yield from _whole(paragraph)
            paragraph, chars = [], 0
    yield from _whole(paragraph)


def _append(paragraph: list[str], line: str) -> None:
    """Add a line; a word that was divided at a line's end is put together."""
    divided = bool(paragraph) and paragraph[-1][-1:] == "-" and paragraph[-1][-2:-1].isalpha()
    if divided and line[:1].islower():
        paragraph[-1] = paragraph[-1][:-1] + line
    else:
        paragraph.append(line)


def _whole(paragraph: Sequence[str]) -> Iterator[str]:
    text = " ".join(filter(None, paragraph))
    if text:
        yield text
