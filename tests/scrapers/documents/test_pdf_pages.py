"""Pages of PDF documents whose words their text lacks, each written by hand."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pypdf
import pytest
from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject
from support.answers import exchange_of
from support.articles import AT, read
from support.pdfs import pdf_of, pdf_with

from servanda.compliance.document_doubts import find_doubts
from servanda.compliance.publication import PublicationTime
from servanda.scrapers.documents.pdf import read_pdf
from servanda.scrapers.documents.pdf_pages import (
    FEW_WORDS,
    MANY_PAINTS,
    WORDS_BESIDE_SCAN,
    DrawingMarks,
    DrawnPage,
    unreadable_pages,
)

URL = "https://www.agency.example/file/7/download"
TITLE = "Guidance on the Priorities of the Court"
LINES = (
    "The director reminds all of the staff that the priorities of the court are those that were",
    "stated in the spring, and that each of the cases is to be decided on its own facts and in",
    "the order in which it came, unless the parties have asked for more time for their papers.",
    "This memorandum takes the place of the one that was issued in the year before, and is to be",
    "read together with the rules on the conduct of hearings that the court has adopted since.",
    "Questions on it may be sent to the office of the clerk, which will answer them in writing",
    "and will publish the answers that are of use to others on the page of the court.",
)
"""Of 118 words."""

HALVES = tuple(half for line in LINES for half in (line[:40], line[40:80]))
ACROSS = "sets two columns beside each other"

STAMP = "RECEIVED 8 JUNE 2019"


def words(count: int) -> list[str]:
    """Lines of so many words of two letters or more, of a language that can be read."""
    every = ("the order of the court on this case is to be read with that one in it " * 20).split()[:count]
    return [" ".join(every[n : n + 12]) for n in range(0, count, 12)]


def drawn(lines: Sequence[str]) -> bytes:
    shown = (
        b"BT /F1 11 Tf 1 0 0 1 72 %d Tm (%s) Tj ET" % (720 - 14 * n, line.encode())
        for n, line in enumerate(lines)
    )
    return b"\n".join(shown)


def across(left: Sequence[str], right: Sequence[str], shown: bytes) -> bytes:
    """Lines of two columns, each line of both drawn in one go."""
    rows = zip(left, right, strict=True)
    return b"\n".join(
        b"BT /F1 11 Tf 1 0 0 1 72 %d Tm " % (720 - 14 * n) + shown % (one.encode(), other.encode()) + b" ET"
        for n, (one, other) in enumerate(rows)
    )


def down(left: Sequence[str], right: Sequence[str]) -> bytes:
    """The same columns, each drawn from its top to its end."""
    shown = (
        b"BT /F1 11 Tf 1 0 0 1 %d %d Tm (%s) Tj ET" % (x, 720 - 14 * n, line.encode())
        for x, lines in ((72, left), (320, right))
        for n, line in enumerate(lines)
    )
    return b"\n".join(shown)


PICTURE = b"/XObject << /Im1 << /Type /XObject /Subtype /Image /Width 8 /Height 8 >> >>"


def picture(share: float) -> bytes:
    """A picture of so great a share of a page."""
    return b"q 612 0 0 %.2f 0 0 cm /Im1 Do Q\n" % (792 * share)


def missing(*contents: bytes) -> list[str]:
    body = pdf_with(contents, resources=PICTURE)
    return list(read_pdf(exchange_of(URL, body, "application/pdf")).missing)


# --- pictures and drawings --------------------------------------------------------------------------------

TEXT = drawn(LINES)
COVER = drawn([f"And {line}" for line in LINES])
BESIDE = [
    (TEXT, None, "a page of print"),
    (picture(1.0) + TEXT, None, "print on a background"),
    (TEXT + picture(1.0), "is a picture, and its text is what a machine read in it", "print under a scan"),
    (picture(1.0) + b"3 Tr\n" + TEXT, "is a picture, and its text is what a machine", "print that is not drawn"),
    (picture(1.0) + b"3 Tr\n" + drawn(LINES[:2]) + b"\n0 Tr\n" + TEXT, None, "more of it is drawn than is not"),
    (b"3 Tr\n" + TEXT, None, "print that is not drawn, and no picture"),
    (TEXT + picture(0.3), None, "a smaller picture over a page of print"),
    (picture(1.0) + drawn([STAMP]), "is a picture with 2 words of text: it may be a scan", "a scan with a stamp"),
    (picture(0.5) + drawn(words(WORDS_BESIDE_SCAN - 1)), "is a picture with 79 words", "half a page, and 79 words"),
    (picture(0.5) + drawn(words(WORDS_BESIDE_SCAN)), None, "half a page, and 80 words"),
    (picture(0.49) + drawn(words(WORDS_BESIDE_SCAN - 1)), None, "a little less than half a page"),
    (picture(0.1) + drawn(words(FEW_WORDS - 1)), "shows a picture and only 11 words", "a small picture, and 11 words"),
    (picture(0.1) + drawn(words(FEW_WORDS)), None, "a small picture, and 12 words"),
    (picture(0.09) + drawn(words(FEW_WORDS - 1)), None, "a smaller picture"),
    (picture(0.06) * 2 + drawn(words(FEW_WORDS - 1)), "shows a picture and only 11 words", "two smaller ones"),
    (b"0 0 m 9 9 l S\n" * MANY_PAINTS + drawn(["Annex"]), "is drawn, with only 1 words", "letters that are outlines"),
    (b"0 0 m 9 9 l S\n" * (MANY_PAINTS - 1) + drawn(["Annex"]), None, "one shape fewer"),
    (b"0 0 m 9 9 l S\n" * 1_000 + TEXT, None, "a page of print with many rules"),
    (across(HALVES, HALVES, b"(%s) Tj 248 0 Td (%s) Tj"), ACROSS, "two columns, drawn line by line"),
    (across(HALVES, HALVES, b"(%s) Tj -248 0 Td (%s) Tj"), ACROSS, "the right column of each line first"),
    (across(HALVES, HALVES, b"[(%s) -4000 (%s)] TJ"), ACROSS, "two columns with a gap in each line"),
    (across(HALVES, HALVES, b"(%s             %s) Tj"), ACROSS, "two columns with spaces between them"),
    (across(HALVES[:5], HALVES[:5], b"(%s) Tj 248 0 Td (%s) Tj"), None, "five lines of two columns"),
    (across(["1,250", "310"] * 4, HALVES[:8], b"(%s) Tj 248 0 Td (%s) Tj"), None, "a table with short cells"),
    (across(HALVES, HALVES, b"[(%s) -300 (%s)] TJ"), None, "a space between two parts of a line"),
    (down(HALVES, HALVES), None, "two columns, drawn one after the other"),
    (b"", None, "an empty page"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "found", "why"), BESIDE, ids=[why for *_, why in BESIDE])
def test_a_page_whose_words_its_text_lacks(content: bytes, found: str | None, why: str) -> None:
    told = missing(COVER, content)
    if found is None:
        assert told == [], why
    else:
        assert len(told) == 1, why
        assert told[0].startswith(f"page 2 of 2 {found}"), why


def test_a_picture_within_the_page_counts() -> None:
    inline = b"q 612 0 0 792 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q\n"
    assert missing(COVER, inline + drawn([STAMP])) == [
        "page 2 of 2 is a picture with 2 words of text: it may be a scan"
    ]


def test_each_page_is_told_by_itself() -> None:
    scan = picture(1.0)
    assert [told.split(" is ")[0] for told in missing(COVER, scan, TEXT, scan)] == [
        "page 2 of 4",
        "page 4 of 4",
    ]


def test_lines_that_pages_repeat_are_no_words_of_theirs() -> None:
    """A running head of a hundred words on each scan does not make print of it."""
    head = drawn(words(100))
    assert missing(picture(1.0) + head) == []
    assert len(missing(*[picture(1.0) + head] * 3)) == 3


# --- fonts ------------------------------------------------------------------------------------------------


def shifted(line: str) -> str:
    return "".join(chr((ord(c) - 97 + 3) % 26 + 97) if c.islower() else c for c in line)


@pytest.mark.parametrize(
    ("lines", "found", "why"),
    [
        (LINES, False, "plain words"),
        ([shifted(line) for line in LINES], True, "each letter is another one"),
        ([" ".join(line)[:90] for line in LINES], True, "letters that stand apart"),
        ([shifted(line) for line in LINES[:1]], False, "too few words to tell"),
    ],
)
def test_a_font_that_names_other_characters(lines: Sequence[str], found: bool, why: str) -> None:
    told = missing(COVER, drawn(lines))
    assert bool(told) is found, why
    assert all(one.startswith("page 2 of 2 ") for one in told)


@pytest.mark.parametrize(
    ("shown", "text", "found", "why"),
    [
        (60, "x" * 14, True, "sixty bytes that give fourteen characters"),
        (60, "x" * 15, False, "that give fifteen, a quarter"),
        (59, "", False, "a little less"),
        (400, "", True, "many bytes, and no character"),
    ],
)
def test_a_font_that_names_no_characters(shown: int, text: str, found: bool, why: str) -> None:
    marks = DrawingMarks(612 * 792.0, frozenset(), frozenset(), shown=shown)
    expected = ["page 1 of 1 is set in a font that does not name its characters"] if found else []
    assert list(unreadable_pages([DrawnPage(text, marks)])) == expected, why


# --- the whole document -----------------------------------------------------------------------------------


def test_a_form_that_one_program_shows_is_named() -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_of([[TITLE, "", *LINES]])))
    form = DictionaryObject({NameObject("/Fields"): ArrayObject(), NameObject("/XFA"): ArrayObject()})
    writer.root_object[NameObject("/AcroForm")] = form
    told = []
    for needs in (False, True):
        writer.root_object[NameObject("/NeedsRendering")] = BooleanObject(needs)
        written = io.BytesIO()
        writer.write(written)
        told.append(list(read_pdf(exchange_of(URL, written.getvalue(), "application/pdf")).missing))
    assert told == [[], ["it is a form that only the program shows which made it"]]


LISTED = PublicationTime.instant(AT, "America/New_York")


def doubts(body: bytes, title: str = TITLE) -> list[str]:
    article = read(body, title, "application/pdf", url=URL)
    found = find_doubts(article.facts, addresses=(URL, URL), listed=LISTED, stated=article.published)
    return [doubt.kind for doubt in found]


WHOLE = [
    (pdf_of([[TITLE, "", *LINES]]), [], "the title above its text"),
    (pdf_of([LINES], title=TITLE), [], "the title in the file's metadata"),
    (pdf_of([["THE COURT", "", "June 8, 2019", "", TITLE, "", *LINES]]), [], "below a letterhead"),
    (pdf_of([["Annual Report of the Library", "", *LINES[3:]]]), ["other_page"], "another document"),
    (pdf_of([[TITLE, "", *LINES], LINES[:3]]), [], "two pages"),
    (pdf_of([[TITLE, "", *LINES], []]), [], "an empty page at its end"),
    (pdf_with([drawn([TITLE, "", *LINES]), picture(1.0) + drawn([STAMP])], resources=PICTURE), ["not_whole"],
     "a scan at its end"),
    (pdf_with([picture(1.0) + drawn([TITLE, "", STAMP])], resources=PICTURE), ["not_whole", "no_text"],
     "a scan with its title"),
    (pdf_of([[TITLE, "", *(shifted(line) for line in LINES)]]), ["not_whole", "illegible"], "a font that is shifted"),
    (pdf_of([[TITLE, "", *LINES[:2], "in the order in which it came, and the rest of it ..."]]), ["cut"], "a part"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "found", "why"), WHOLE, ids=[why for *_, why in WHOLE])
def test_what_a_document_raises(body: bytes, found: list[str], why: str) -> None:
    assert doubts(body) == found, why
