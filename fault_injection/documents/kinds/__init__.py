"""The kinds of faults behind the listing, by room."""

from __future__ import annotations

from fault_injection.documents.kinds.beside import BESIDE
from fault_injection.documents.kinds.characters import CHARACTERS
from fault_injection.documents.kinds.completed import COMPLETED
from fault_injection.documents.kinds.encodings import ENCODINGS
from fault_injection.documents.kinds.files import FILES
from fault_injection.documents.kinds.fonts import FONTS
from fault_injection.documents.kinds.hidden import HIDDEN
from fault_injection.documents.kinds.homemade import HOMEMADE
from fault_injection.documents.kinds.of_the_site import OF_THE_SITE
from fault_injection.documents.kinds.replaced import REPLACED
from fault_injection.documents.kinds.scans import SCANS
from fault_injection.documents.kinds.sent_on import SENT_ON
from fault_injection.documents.kinds.servers import SERVERS
from fault_injection.documents.kinds.used_again import USED_AGAIN
from fault_injection.documents.kinds.vendors import VENDORS
from fault_injection.documents.served import Kind

ROOMS: dict[str, tuple[Kind, ...]] = {
    "pages of vendors in its place": (*VENDORS, *SERVERS),
    "pages of the publisher's own in its place": (*HOMEMADE, *OF_THE_SITE),
    "encodings": ENCODINGS,
    "characters": CHARACTERS,
    "PDF files": (*FONTS, *SCANS, *FILES),
    "statement elsewhere": (*BESIDE, *HIDDEN, *SENT_ON),
    "changes with time": (*USED_AGAIN, *COMPLETED, *REPLACED),
}

KINDS: dict[str, Kind] = {kind.id: kind for kinds in ROOMS.values() for kind in kinds}

__all__ = ["KINDS", "ROOMS"]
