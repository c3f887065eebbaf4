"""Documents in pages of 50: the newest first, or those that hold the words of a question."""

from __future__ import annotations

from dataclasses import dataclass

from servanda.jobs.bootstrap.ledger import Ledger
from servanda.models.documents.current_listings import ListedLine, ListingKey, listed_lines, listed_page
from servanda.models.documents.document_search import LAST, find_documents

PAGE = 50


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """``following`` is the key of the next page, None where this is the last."""

    lines: tuple[ListedLine, ...]
    following: ListingKey | None


@dataclass(frozen=True, slots=True)
class FoundPage:
    """What holds the words; ``following`` is the document after which the next page begins."""

    lines: tuple[ListedLine, ...]
    following: int | None


def document_page(
    ledger: Ledger, *, source: str | None = None, after: ListingKey | None = None
) -> DocumentPage:
    """The documents that were published last, of all sources or of one."""
    with ledger.reading() as (db, _):
        found = listed_page(db, PAGE + 1, source=source, after=after)
    shown = found[:PAGE]
    return DocumentPage(tuple(line for _, line in shown), shown[-1][0] if len(found) > PAGE else None)


def found_page(ledger: Ledger, question: str, before: int | None = None) -> FoundPage:
    """The documents whose title or text holds all words of a question, the one met last first."""
    with ledger.reading() as (db, _):
        found = find_documents(db, question, PAGE + 1, LAST if before is None else before)
        lines = listed_lines(db, found[:PAGE])
    shown = tuple(lines[number] for number in found[:PAGE] if number in lines)
    return FoundPage(shown, found[PAGE - 1] if len(found) > PAGE else None)
