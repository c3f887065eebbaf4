"""What kinds share whose statement is elsewhere: an introduction, and the statement beside it."""

from __future__ import annotations

from collections.abc import Mapping

from fault_injection.documents.pdfs import release_pdf
from fault_injection.documents.served import Served, Sight


def introduction(sight: Sight) -> str:
    return sight.text(
        "The two governments issued a joint statement today, at the end of the talks that were held in "
        "Washington.",
        "Los dos gobiernos emitieron hoy un comunicado conjunto, al término de las conversaciones en "
        "Washington.",
    )


def file_address(sight: Sight, ending: str) -> str:
    return f"/files/{sight.release.slug}{ending}"


def statement_page(sight: Sight) -> Mapping[str, Served]:
    return {file_address(sight, ".html"): sight.clean}


def statement_pdf(sight: Sight) -> Mapping[str, Served]:
    pdf = release_pdf(sight.release.title, sight.release.whole)
    return {file_address(sight, ".pdf"): Served(pdf, "application/pdf")}
