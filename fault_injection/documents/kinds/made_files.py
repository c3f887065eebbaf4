"""How kinds are made whose document is a PDF, by a real tool."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fault_injection.documents.pdfs import (
    lines_of,
    release_pdf,
    sheets_of,
)
from fault_injection.documents.served import Kind, Served, Sight

Make = Callable[[Sight], bytes]


def pdf_kind(name: str, sentence: str, make: Make) -> Kind:
    return Kind(name, sentence, lambda sight: Served(make(sight), "application/pdf"))


def pages_of(sight: Sight) -> list[list[str]]:
    return sheets_of(lines_of(sight.release.title, sight.release.whole))


def printed(sight: Sight, **options: Any) -> bytes:
    return release_pdf(sight.release.title, sight.release.whole, **options)


def cover_lines(sight: Sight) -> list[str]:
    note = sight.text(
        "The press office sends the statement that the two governments issued today at the end of their "
        "talks. It "
        "follows in the form in which it was signed. For questions, please write to the press desk of the "
        "office, "
        "which answers on working days.",
        "La oficina de prensa remite el comunicado que los dos gobiernos emitieron hoy al término de sus "
        "conversaciones. Se incluye enseguida en la forma en que fue firmado. Para cualquier duda puede "
        "escribir a la "
        "oficina de prensa, que atiende de lunes a viernes.",
    )
    return lines_of(sight.release.title, [note])
