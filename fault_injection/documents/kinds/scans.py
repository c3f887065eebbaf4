"""A PDF whose pages are pictures, or lie otherwise than they are read."""

from __future__ import annotations

from typing import Any

from reportlab.lib.units import mm

from fault_injection.documents.kinds.made_files import Make, cover_lines, pages_of, pdf_kind
from fault_injection.documents.pdfs import (
    HEIGHT,
    LEADING,
    MARGIN,
    WIDTH,
    lines_of,
    made,
    place_scan,
    print_lines,
    sheets_of,
)
from fault_injection.documents.releases import STOCKS
from fault_injection.documents.served import Sight


def _scans(stamp: str | None, *, cover: bool = False) -> Make:
    """Pages as pictures, with a stamp of real text, or a cover of real text before."""

    def make(sight: Sight) -> bytes:
        def draw(canvas: Any) -> None:
            if cover:
                print_lines(canvas, cover_lines(sight))
                canvas.showPage()
            for lines in pages_of(sight):
                place_scan(canvas, lines)
                _place_stamp(canvas, sight, stamp)
                canvas.showPage()

        return made(sight.release.title, draw)

    return make


def _place_stamp(canvas: Any, sight: Sight, stamp: str | None) -> None:
    if stamp is not None:
        text = stamp.format(title=sight.release.title, number=sight.rng.randint(1000, 9999))
        canvas.setFont("Helvetica", 8)
        canvas.drawString(20 * mm, 10 * mm, text)


def _scanned_last(sight: Sight) -> bytes:
    """Print first; what was signed, with the announcement, is a picture at the end."""
    body = STOCKS[sight.language].paragraphs(sight.rng, 240)

    def draw(canvas: Any) -> None:
        for lines in sheets_of(lines_of(sight.release.title, body)):
            print_lines(canvas, lines)
            canvas.showPage()
        place_scan(canvas, lines_of("", [sight.announced.saying]))
        canvas.showPage()

    return made(sight.release.title, draw)


def _scan_with_layer(sight: Sight) -> bytes:
    """A scan over the text that a machine recognised, badly."""

    def draw(canvas: Any) -> None:
        for lines in pages_of(sight):
            text = canvas.beginText(MARGIN, HEIGHT - MARGIN)
            text.setTextRenderMode(3)
            text.setFont("Helvetica", 9)
            for line in lines:
                text.textLine(_misread(line))
            canvas.drawText(text)
            place_scan(canvas, lines)
            canvas.showPage()

    return made(sight.release.title, draw)


def _misread(line: str) -> str:
    for right, wrong in (("m", "rn"), ("d", "cl"), ("li", "h"), ("ti", "ü")):
        line = line.replace(right, wrong)
    return line


def _two_columns(sight: Sight) -> bytes:
    """Two columns, set line by line across both."""
    width = (WIDTH - 2 * MARGIN - 30) / 2
    lines = lines_of(sight.release.title, sight.release.whole, width=width)
    half = (len(lines) + 1) // 2

    def draw(canvas: Any) -> None:
        canvas.setFont("Helvetica", 10)
        for n in range(half):
            y = HEIGHT - MARGIN - n * LEADING * 0.8
            canvas.drawString(MARGIN, y, lines[n])
            if half + n < len(lines):
                canvas.drawString(MARGIN + width + 30, y, lines[half + n])

    return made(sight.release.title, draw)


def _rotated(sight: Sight) -> bytes:
    """Pages that were put on the scanner sideways, with their text."""

    def draw(canvas: Any) -> None:
        for lines in pages_of(sight):
            canvas.rotate(90)
            canvas.translate(0, -WIDTH)
            print_lines(canvas, lines)
            canvas.setPageRotation(270)
            canvas.showPage()

    return made(sight.release.title, draw)


SCANS = (
    pdf_kind("pdf_scan", "Every page is a picture.", _scans(None)),
    pdf_kind(
        "pdf_scan_with_stamp",
        "Every page is a picture with a stamp of real text.",
        _scans("{title}. Folio {number}"),
    ),
    pdf_kind("pdf_scanned_last_page", "The last page is a picture, and it says it.", _scanned_last),
    pdf_kind(
        "pdf_cover_before_scans", "A cover of real text stands before pictures.", _scans(None, cover=True)
    ),
    pdf_kind(
        "pdf_cover_before_stamped_scans",
        "A cover of real text stands before stamped pictures.",
        _scans("Folio {number}", cover=True),
    ),
    pdf_kind("pdf_bad_recognition", "A scan lies over text that a machine misread.", _scan_with_layer),
    pdf_kind("pdf_two_columns", "Two columns are set line by line.", _two_columns),
    pdf_kind("pdf_rotated", "The pages lie on their side.", _rotated),
)
