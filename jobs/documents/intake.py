"""What documents are taken in with."""

from __future__ import annotations

from dataclasses import dataclass

from servanda.instruments.catalogue import Catalogue
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.documents.document_reader import DocumentReader
from servanda.scrapers.http.fetch import Fetcher


@dataclass(frozen=True, slots=True)
class DocumentIntake:
    """What asks publishers for documents, reads them, and records what came of it."""

    ledger: Ledger
    fetcher: Fetcher
    reader: DocumentReader

    @property
    def catalogue(self) -> Catalogue:
        """It says whom a change of a document concerns."""
        return self.reader.catalogue
