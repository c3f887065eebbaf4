"""PDF files made of lines of text, written by hand so that every byte is known."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence

from pypdf import PdfReader, PdfWriter

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def pdf_of(pages: Sequence[Sequence[str]], *, title: str = "") -> bytes:
    """A PDF with these lines on its pages, a line each; an empty line leaves a gap."""
    return pdf_with([_drawn(lines) for lines in pages], title=title)


def pdf_with(contents: Sequence[bytes], *, title: str = "", resources: bytes = b"") -> bytes:
    """A PDF whose pages are drawn by these content streams, compressed."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [ %s ] /Count %d >>" % (kids, len(contents)),
        b"<< /Title (%s) >>" % title.encode("latin-1"),
    ]
    for n, drawn in enumerate(contents):
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R " % (5 + 2 * n)
        objects.append(page + b"/Resources << /Font << /F1 %s >> %s >> >>" % (FONT, resources))
        packed = zlib.compress(drawn)
        objects.append(
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
        )
    return _file_of(objects)


def encrypted(pdf: bytes, password: str) -> bytes:
    """The same document, to be opened with ``password`` (RC4, 128 bits)."""
    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf))), io.BytesIO()
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def _drawn(lines: Sequence[str]) -> bytes:
    """Each line at its own height, 14 points apart."""
    shown = (
        b"BT /F1 11 Tf 1 0 0 1 72 %d Tm (%s) Tj ET" % (720 - 14 * n, _escaped(line))
        for n, line in enumerate(lines)
        if line
    )
    return b"\n".join(shown)


def _escaped(line: str) -> bytes:
    raw = line.encode("cp1252")
    return raw.replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")


def _file_of(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 3 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)
