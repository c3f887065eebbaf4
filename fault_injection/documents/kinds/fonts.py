"""A PDF whose letters are there, and do not say what they are."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pypdf
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from fault_injection.documents.kinds.made_files import Make, pages_of, pdf_kind, printed
from fault_injection.documents.pdfs import (
    EMBEDDED,
    HEIGHT,
    LEADING,
    MARGIN,
    lines_of,
    made,
    place_outlines,
    print_lines,
    sheets_of,
)
from fault_injection.documents.served import Sight


def _with_fonts(pdf: bytes, change: Callable[[DictionaryObject], object]) -> bytes:
    """The same file with each of its fonts changed."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    for page in writer.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            change(font.get_object())
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _drop_map(font: DictionaryObject) -> None:
    font.pop(NameObject("/ToUnicode"), None)
    font.pop(NameObject("/Encoding"), None)


def _shift_map(font: DictionaryObject) -> None:
    """Each character is named as the one after it."""
    if "/ToUnicode" not in font:
        return
    stream = font["/ToUnicode"]
    lines = stream.get_data().decode("latin-1").splitlines()  # type: ignore[attr-defined]
    shifted = StreamObject()
    shifted.set_data("\n".join(map(_shifted, lines)).encode("latin-1"))
    font[NameObject("/ToUnicode")] = shifted


def _shifted(line: str) -> str:
    stripped = line.strip()
    if stripped.startswith("<") and stripped.endswith(">") and " " not in stripped:
        return f"<{int(stripped[1:-1], 16) + 1:04X}>"
    parts = stripped.split()
    if len(parts) == 2 and all(part.startswith("<") for part in parts) and len(parts[1]) == 6:
        return f"{parts[0]} <{int(parts[1][1:-1], 16) + 1:04X}>"
    if len(parts) >= 3 and parts[2].startswith("[<"):
        named = [f"<{int(one.strip('[]<>'), 16) + 1:04X}>" for one in parts[2:]]
        return f"{parts[0]} {parts[1]} [{' '.join(named)}]"
    return line


def _outlined(sight: Sight) -> bytes:
    def draw(canvas: Any) -> None:
        for lines in pages_of(sight):
            place_outlines(canvas, lines)
            canvas.showPage()

    return made(sight.release.title, draw)


def _outlined_under_head(sight: Sight) -> bytes:
    """The title is text, all below it is shapes."""

    def draw(canvas: Any) -> None:
        for n, lines in enumerate(sheets_of(lines_of("", sight.release.whole))):
            place_outlines(canvas, lines)
            canvas.setFont("Helvetica", 12)
            canvas.drawString(MARGIN, HEIGHT - MARGIN + 20, sight.release.title if n == 0 else str(n))
            canvas.showPage()

    return made(sight.release.title, draw)


def _spaced(by: float) -> Make:
    """Letters set apart by the tool's own spacing."""

    def make(sight: Sight) -> bytes:
        def draw(canvas: Any) -> None:
            for lines in sheets_of(lines_of(sight.release.title, sight.release.whole, width=220)):
                print_lines(canvas, lines, space=by)
                canvas.showPage()

        return made(sight.release.title, draw)

    return make


def _letter_by_letter(sight: Sight) -> bytes:
    """Every letter is placed by itself."""

    def draw(canvas: Any) -> None:
        for lines in sheets_of(lines_of(sight.release.title, sight.release.whole, width=260)):
            canvas.setFont("Helvetica", 10)
            for n, line in enumerate(lines):
                for at, char in enumerate(line):
                    canvas.drawString(MARGIN + at * 8.5, HEIGHT - MARGIN - n * LEADING, char)
            canvas.showPage()

    return made(sight.release.title, draw)


FONTS = (
    pdf_kind(
        "pdf_without_characters",
        "A subset font does not say what its characters are.",
        lambda s: _with_fonts(printed(s, font=EMBEDDED), _drop_map),
    ),
    pdf_kind(
        "pdf_shifted_characters",
        "A subset font names each character as the next one.",
        lambda s: _with_fonts(printed(s, font=EMBEDDED), _shift_map),
    ),
    pdf_kind("pdf_outlines", "All text is drawn as shapes.", _outlined),
    pdf_kind("pdf_outlines_under_head", "The title is text, and all below it shapes.", _outlined_under_head),
    pdf_kind("pdf_spaced", "Letters are spaced a little.", _spaced(1.5)),
    pdf_kind("pdf_spaced_widely", "Letters are spaced so widely that words fall apart.", _spaced(6.0)),
    pdf_kind("pdf_letter_by_letter", "Every letter is placed by itself.", _letter_by_letter),
)
