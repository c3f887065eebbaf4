"""PDFs that are really made: pages of print, and pages that are pictures of print."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import reportlab
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
MARGIN, SIZE, LEADING = 60.0, 10.5, 15.0
PLAIN, EMBEDDED = "Helvetica", "Vera"
SCALE = 1.6
"""Dots of a scan for each point."""

_FONT_FILE = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"

Lines = list[str]


def lines_of(
    title: str, paragraphs: Sequence[str], *, font: str = PLAIN, width: float | None = None
) -> Lines:
    """A release set in lines, blank ones between its paragraphs."""
    found: Lines = []
    for text in (title, *paragraphs):
        found += [*simpleSplit(text, _known(font), SIZE, width or WIDTH - 2 * MARGIN), ""]
    return found[:-1]


def sheets_of(lines: Sequence[str]) -> list[Lines]:
    """Lines divided among pages."""
    most = int((HEIGHT - 2 * MARGIN) / LEADING)
    return [list(lines[at : at + most]) for at in range(0, len(lines), most)]


def print_lines(
    canvas: Any, lines: Sequence[str], *, font: str = PLAIN, x: float = MARGIN, space: float = 0
) -> None:
    """Set lines from the top of a page; ``space`` is added between letters."""
    text = canvas.beginText(x, HEIGHT - MARGIN)
    text.setFont(_known(font), SIZE)
    text.setLeading(LEADING)
    text.setCharSpace(space)
    for line in lines:
        text.textLine(line)
    canvas.drawText(text)


def made(title: str, draw: Callable[[Any], object], **options: Any) -> bytes:
    """A file whose pages ``draw`` sets; ``options`` are those of the tool's canvas."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, **options)
    canvas.setTitle(title)
    draw(canvas)
    canvas.save()
    return buffer.getvalue()


def release_pdf(title: str, paragraphs: Sequence[str], *, font: str = PLAIN, **options: Any) -> bytes:
    """A release in print, as its publisher would make it."""

    def draw(canvas: Any) -> None:
        for sheet in sheets_of(lines_of(title, paragraphs, font=font)):
            print_lines(canvas, sheet, font=font)
            canvas.showPage()

    return made(title, draw, **options)


@cache
def _known(font: str) -> str:
    """The name of a font that the tool knows from now on."""
    if font == EMBEDDED:
        pdfmetrics.registerFont(TTFont(EMBEDDED, str(_FONT_FILE)))
    return font


def picture_of(lines: Sequence[str]) -> Image.Image:
    """A page of print as a scanner sees it."""
    image = Image.new("L", (int(WIDTH * SCALE), int(HEIGHT * SCALE)), 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(_FONT_FILE), int(SIZE * SCALE))
    for n, line in enumerate(lines):
        draw.text((MARGIN * SCALE, (MARGIN + n * LEADING) * SCALE), line, fill=0, font=font)
    return image


def place_scan(canvas: Any, lines: Sequence[str]) -> None:
    """Put the picture of a page on a page."""
    canvas.drawImage(ImageReader(picture_of(lines)), 0, 0, WIDTH, HEIGHT)


def place_outlines(canvas: Any, lines: Sequence[str]) -> None:
    """Draw the letters of a page as filled shapes, row by row of dots."""
    image = picture_of(lines).resize((int(WIDTH), int(HEIGHT))).point(lambda dot: 0 if dot < 140 else 255)
    path = canvas.beginPath()
    for y in range(image.height):
        row = image.crop((0, y, image.width, y + 1)).tobytes()
        start = row.find(b"\x00")
        while start != -1:
            end = row.find(b"\xff", start)
            end = end if end != -1 else len(row)
            path.rect(start, HEIGHT - y, end - start, 1)
            start = row.find(b"\x00", end)
        if y % 6 == 5:
            canvas.drawPath(path, stroke=0, fill=1)
            path = canvas.beginPath()
    canvas.drawPath(path, stroke=0, fill=1)
