"""The document is a PDF, made by a real tool, and then treated as publishers treat theirs."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import pypdf
from pypdf.generic import DictionaryObject, NameObject, StreamObject
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.units import mm

from fault_injection.documents.pdfs import (
    EMBEDDED,
    HEIGHT,
    LEADING,
    MARGIN,
    WIDTH,
    lines_of,
    made,
    place_outlines,
    place_scan,
    print_lines,
    release_pdf,
    sheets_of,
)
from fault_injection.documents.releases import STOCKS
from fault_injection.documents.served import Kind, Served, Sight

Make = Callable[[Sight], bytes]


def _file(name: str, sentence: str, make: Make) -> Kind:
    return Kind(name, sentence, lambda sight: Served(make(sight), "application/pdf"))


def _pages(sight: Sight) -> list[list[str]]:
    return sheets_of(lines_of(sight.release.title, sight.release.whole))


def _printed(sight: Sight, **options: Any) -> bytes:
    return release_pdf(sight.release.title, sight.release.whole, **options)


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


def _scans(stamp: str | None, *, cover: bool = False, from_page: int = 0, texted: Sequence[str] = ()) -> Make:
    """Pages as pictures, from one on; with a stamp of real text, or a cover of real text before."""

    def make(sight: Sight) -> bytes:
        def draw(canvas: Any) -> None:
            if cover:
                print_lines(canvas, _cover_lines(sight))
                canvas.showPage()
            for number, lines in enumerate(_pages(sight)):
                if number >= from_page:
                    place_scan(canvas, lines)
                    _place_stamp(canvas, sight, stamp)
                else:
                    print_lines(canvas, lines)
                canvas.showPage()

        return made(sight.release.title, draw)

    return make


def _place_stamp(canvas: Any, sight: Sight, stamp: str | None) -> None:
    if stamp is not None:
        text = stamp.format(title=sight.release.title, number=sight.rng.randint(1000, 9999))
        canvas.setFont("Helvetica", 8)
        canvas.drawString(20 * mm, 10 * mm, text)


def _cover_lines(sight: Sight) -> list[str]:
    note = sight.text(
        "The press office sends the statement that the two governments issued today at the end of their talks. It "
        "follows in the form in which it was signed. For questions, please write to the press desk of the office, "
        "which answers on working days.",
        "La oficina de prensa remite el comunicado que los dos gobiernos emitieron hoy al término de sus "
        "conversaciones. Se incluye enseguida en la forma en que fue firmado. Para cualquier duda puede escribir a la "
        "oficina de prensa, que atiende de lunes a viernes.",
    )
    return lines_of(sight.release.title, [note])


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
        for lines in _pages(sight):
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
        for lines in _pages(sight):
            canvas.rotate(90)
            canvas.translate(0, -WIDTH)
            print_lines(canvas, lines)
            canvas.setPageRotation(270)
            canvas.showPage()

    return made(sight.release.title, draw)


def _outlined(sight: Sight) -> bytes:
    def draw(canvas: Any) -> None:
        for lines in _pages(sight):
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


def _hyphenated(sight: Sight) -> bytes:
    """The phrase is divided at a line's end."""
    phrase = sight.announced.phrase
    before, after = sight.announced.saying.split(phrase)
    lines = [
        *lines_of(sight.release.title, sight.release.paragraphs), "",
        *lines_of(before.strip(), []),
    ]
    lines[-1] += f" {phrase[:4]}-"
    lines += lines_of(phrase[4:] + after, [])

    def draw(canvas: Any) -> None:
        for sheet in sheets_of(lines):
            print_lines(canvas, sheet)
            canvas.showPage()

    return made(sight.release.title, draw)


def _over_pages(sight: Sight) -> bytes:
    """The phrase begins on one page and ends on the next, under a running head."""
    first, _, second = sight.announced.phrase.partition(" ")
    before, after = sight.announced.saying.split(sight.announced.phrase)
    head = sight.text("Press office – for immediate release", "Oficina de prensa – para su publicación inmediata")

    def draw(canvas: Any) -> None:
        print_lines(canvas, [head, "", *lines_of(sight.release.title, sight.release.paragraphs)[:38], "", *lines_of(f"{before}{first}", [])])
        canvas.drawString(WIDTH / 2, 30, "1")
        canvas.showPage()
        print_lines(canvas, [head, "", *lines_of(f"{second}{after}", [])])
        canvas.drawString(WIDTH / 2, 30, "2")
        canvas.showPage()

    return made(sight.release.title, draw)


def _truncated(share: float) -> Make:
    def make(sight: Sight) -> bytes:
        pdf = _printed(sight)
        return pdf[: int(len(pdf) * share)]

    return make


def _please_wait(sight: Sight) -> bytes:
    """A form that only one program can show."""
    text = [
        "Please wait...",
        "If this message is not eventually replaced by the proper contents of the document, your PDF viewer may not be "
        "able to display this type of document.",
        "You can upgrade to the latest version of the reader for Windows, Mac, or Linux by visiting the page of its maker.",
    ]
    return release_pdf(sight.release.title, text)


def _portfolio(sight: Sight) -> bytes:
    """The statement is attached to a cover sheet, within the file."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(made(sight.release.title, lambda canvas: print_lines(canvas, _cover_lines(sight)))))
    writer.add_attachment("statement.pdf", _printed(sight))
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _in_fields(sight: Sight) -> bytes:
    """The announcing paragraph is the value of a form's field."""

    def draw(canvas: Any) -> None:
        print_lines(canvas, _cover_lines(sight))
        canvas.acroForm.textfield(
            value=sight.announced.saying, x=MARGIN, y=200, width=450, height=120, fieldFlags="multiline", maxlen=1000
        )

    return made(sight.release.title, draw)


def _note(sight: Sight) -> bytes:
    """The announcing paragraph is a note that is stuck on the page."""

    def draw(canvas: Any) -> None:
        print_lines(canvas, _cover_lines(sight))
        canvas.textAnnotation(sight.announced.saying, Rect=(MARGIN, 100, MARGIN + 400, 200))

    return made(sight.release.title, draw)


def _blank(sight: Sight) -> bytes:
    return made(sight.release.title, lambda canvas: canvas.showPage())


def _other_file(sight: Sight) -> bytes:
    """The file of another release."""
    other = sight.siblings[sight.rng.randrange(len(sight.siblings))]
    return release_pdf(other.title, other.whole)


def _encrypted_aes(sight: Sight) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(_printed(sight)))
    writer.encrypt("", "owner", algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


FILES = (
    _file("pdf_without_characters", "A subset font does not say what its characters are.", lambda s: _with_fonts(_printed(s, font=EMBEDDED), _drop_map)),
    _file("pdf_shifted_characters", "A subset font names each character as the next one.", lambda s: _with_fonts(_printed(s, font=EMBEDDED), _shift_map)),
    _file("pdf_scan", "Every page is a picture.", _scans(None)),
    _file("pdf_scan_with_stamp", "Every page is a picture with a stamp of real text.", _scans("{title}. Folio {number}")),
    _file("pdf_scanned_last_page", "The last page is a picture, and it says it.", _scanned_last),
    _file("pdf_cover_before_scans", "A cover of real text stands before pictures.", _scans(None, cover=True)),
    _file("pdf_cover_before_stamped_scans", "A cover of real text stands before stamped pictures.", _scans("Folio {number}", cover=True)),
    _file("pdf_bad_recognition", "A scan lies over text that a machine misread.", _scan_with_layer),
    _file("pdf_two_columns", "Two columns are set line by line.", _two_columns),
    _file("pdf_rotated", "The pages lie on their side.", _rotated),
    _file("pdf_encrypted_for_all", "The file is encrypted, and opens without a password.", lambda s: _printed(s, encrypt=StandardEncryption("", "owner", canCopy=0))),
    _file("pdf_encrypted_aes", "The file is encrypted by AES, and opens without a password.", _encrypted_aes),
    _file("pdf_encrypted_for_one", "The file asks for a password.", lambda s: _printed(s, encrypt=StandardEncryption("secret", "owner"))),
    _file("pdf_outlines", "All text is drawn as shapes.", _outlined),
    _file("pdf_outlines_under_head", "The title is text, and all below it shapes.", _outlined_under_head),
    _file("pdf_spaced", "Letters are spaced a little.", _spaced(1.5)),
    _file("pdf_spaced_widely", "Letters are spaced so widely that words fall apart.", _spaced(6.0)),
    _file("pdf_letter_by_letter", "Every letter is placed by itself.", _letter_by_letter),
    _file("pdf_hyphenated", "The phrase is divided at a line's end.", _hyphenated),
    _file("pdf_phrase_over_pages", "The phrase begins on one page and ends on the next.", _over_pages),
    _file("pdf_truncated", "The file breaks off in the middle.", _truncated(0.5)),
    _file("pdf_truncated_late", "The file breaks off near its end.", _truncated(0.93)),
    _file("pdf_please_wait", "A form that only one program shows asks to wait.", _please_wait),
    _file("pdf_portfolio", "The statement is attached to a cover within the file.", _portfolio),
    _file("pdf_form_field", "The announcing paragraph is the value of a field.", _in_fields),
    _file("pdf_note", "The announcing paragraph is a note stuck on the page.", _note),
    _file("pdf_blank", "The file holds one empty page.", _blank),
    _file("pdf_of_another", "The file is that of another release.", _other_file),
)

