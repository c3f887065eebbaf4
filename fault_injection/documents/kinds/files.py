"""A PDF that is locked, broken, divided, or holds its text in another part than its pages."""

from __future__ import annotations

import io
from typing import Any

import pypdf
from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject, StreamObject
from reportlab.lib.pdfencrypt import StandardEncryption

from fault_injection.documents.kinds.made_files import Make, cover_lines, pdf_kind, printed
from fault_injection.documents.pdfs import (
    MARGIN,
    WIDTH,
    lines_of,
    made,
    print_lines,
    release_pdf,
    sheets_of,
)
from fault_injection.documents.served import Sight


def _hyphenated(sight: Sight) -> bytes:
    """The phrase is divided at a line's end."""
    phrase = sight.announced.phrase
    before, after = sight.announced.saying.split(phrase)
    lines = [
        *lines_of(sight.release.title, sight.release.paragraphs),
        "",
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
    head = sight.text(
        "Press office – for immediate release", "Oficina de prensa – para su publicación inmediata"
    )

    def draw(canvas: Any) -> None:
        print_lines(
            canvas,
            [
                head,
                "",
                *lines_of(sight.release.title, sight.release.paragraphs)[:38],
                "",
                *lines_of(f"{before}{first}", []),
            ],
        )
        canvas.drawString(WIDTH / 2, 30, "1")
        canvas.showPage()
        print_lines(canvas, [head, "", *lines_of(f"{second}{after}", [])])
        canvas.drawString(WIDTH / 2, 30, "2")
        canvas.showPage()

    return made(sight.release.title, draw)


def _truncated(share: float) -> Make:
    def make(sight: Sight) -> bytes:
        pdf = printed(sight)
        return pdf[: int(len(pdf) * share)]

    return make


def _please_wait(sight: Sight) -> bytes:
    """A form that only one program can show."""
    text = [
        "Please wait...",
        "If this message is not eventually replaced by the proper contents of the document, your PDF viewer "
        "may not be "
        "able to display this type of document.",
        "You can upgrade to the latest version of the reader for Windows, Mac, or Linux by visiting the "
        "page of its maker.",
    ]
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(release_pdf(sight.release.title, text)))
    packet = StreamObject()
    packet.set_data(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'><template/></xdp:xdp>")
    form = DictionaryObject(
        {
            NameObject("/Fields"): ArrayObject(),
            NameObject("/XFA"): writer._add_object(packet),
        }
    )
    writer.root_object[NameObject("/AcroForm")] = form
    writer.root_object[NameObject("/NeedsRendering")] = BooleanObject(True)
    found = io.BytesIO()
    writer.write(found)
    return found.getvalue()


def _portfolio(sight: Sight) -> bytes:
    """The statement is attached to a cover sheet, within the file."""
    writer = pypdf.PdfWriter(
        clone_from=io.BytesIO(
            made(sight.release.title, lambda canvas: print_lines(canvas, cover_lines(sight)))
        )
    )
    writer.add_attachment("statement.pdf", printed(sight))
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _in_fields(sight: Sight) -> bytes:
    """The announcing paragraph is the value of a form's field."""

    def draw(canvas: Any) -> None:
        print_lines(canvas, cover_lines(sight))
        canvas.acroForm.textfield(
            value=sight.announced.saying,
            x=MARGIN,
            y=200,
            width=450,
            height=120,
            fieldFlags="multiline",
            maxlen=1000,
        )

    return made(sight.release.title, draw)


def _note(sight: Sight) -> bytes:
    """The announcing paragraph is a note that is stuck on the page."""

    def draw(canvas: Any) -> None:
        print_lines(canvas, cover_lines(sight))
        canvas.textAnnotation(sight.announced.saying, Rect=(MARGIN, 100, MARGIN + 400, 200))

    return made(sight.release.title, draw)


def _blank(sight: Sight) -> bytes:
    return made(sight.release.title, lambda canvas: canvas.showPage())


def _other_file(sight: Sight) -> bytes:
    """The file of another release."""
    other = sight.siblings[sight.rng.randrange(len(sight.siblings))]
    return release_pdf(other.title, other.whole)


def _encrypted_aes(sight: Sight) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(printed(sight)))
    writer.encrypt("", "owner", algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


FILES = (
    pdf_kind(
        "pdf_encrypted_for_all",
        "The file is encrypted, and opens without a password.",
        lambda s: printed(s, encrypt=StandardEncryption("", "owner", canCopy=0)),
    ),
    pdf_kind(
        "pdf_encrypted_aes", "The file is encrypted by AES, and opens without a password.", _encrypted_aes
    ),
    pdf_kind(
        "pdf_encrypted_for_one",
        "The file asks for a password.",
        lambda s: printed(s, encrypt=StandardEncryption("secret", "owner")),
    ),
    pdf_kind("pdf_hyphenated", "The phrase is divided at a line's end.", _hyphenated),
    pdf_kind("pdf_phrase_over_pages", "The phrase begins on one page and ends on the next.", _over_pages),
    pdf_kind("pdf_truncated", "The file breaks off in the middle.", _truncated(0.5)),
    pdf_kind("pdf_truncated_late", "The file breaks off near its end.", _truncated(0.93)),
    pdf_kind("pdf_please_wait", "A form that only one program shows asks to wait.", _please_wait),
    pdf_kind("pdf_portfolio", "The statement is attached to a cover within the file.", _portfolio),
    pdf_kind("pdf_form_field", "The announcing paragraph is the value of a field.", _in_fields),
    pdf_kind("pdf_note", "The announcing paragraph is a note stuck on the page.", _note),
    pdf_kind("pdf_blank", "The file holds one empty page.", _blank),
    pdf_kind("pdf_of_another", "The file is that of another release.", _other_file),
)
