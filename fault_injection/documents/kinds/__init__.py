"""The kinds of faults behind the listing, by room."""

from __future__ import annotations

from fault_injection.documents.kinds.characters import CHARACTERS
from fault_injection.documents.kinds.elsewhere import ELSEWHERE
from fault_injection.documents.kinds.encodings import ENCODINGS
from fault_injection.documents.kinds.files import FILES
from fault_injection.documents.kinds.histories import HISTORIES
from fault_injection.documents.kinds.homemade import HOMEMADE
from fault_injection.documents.kinds.vendors import VENDORS
from fault_injection.documents.served import Kind

ROOMS: dict[str, tuple[Kind, ...]] = {
    "pages of vendors in its place": VENDORS,
    "pages of the publisher's own in its place": HOMEMADE,
    "encodings": ENCODINGS,
    "characters": CHARACTERS,
    "PDF files": FILES,
    "statement elsewhere": ELSEWHERE,
    "changes with time": HISTORIES,
}

KINDS: dict[str, Kind] = {kind.id: kind for kinds in ROOMS.values() for kind in kinds}

__all__ = ["KINDS", "ROOMS"]
