"""What a plain scan has settled: versions in which no rule of the catalogue, as it is, can match anything.

A mark stands in the table ``screening``, under a digest that names all rules that were looked for. It is no
more than a memory: without it such a version's kept bytes are scanned once more.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from sqlalchemy import Connection

from compliance.scanning import Scan
from compliance.vocabulary import Instrument
from instruments.catalogue import Catalogue
from jobs.facts import rules_digest
from jobs.wiring import Wiring
from models import findings


def scan_of(catalogue: Catalogue) -> Scan:
    """All rules of the catalogue, ready to be looked for."""
    return _scan(catalogue.instruments)


def note_scanned(db: Connection, wiring: Wiring, version: int) -> None:
    """Note that the rules as they are cannot match a version."""
    findings.mark_screened(db, version, scan_digest(wiring.catalogue.instruments), wiring.now)


@lru_cache(maxsize=4)
def _scan(instruments: tuple[Instrument, ...]) -> Scan:
    return Scan.of(instruments)


@lru_cache(maxsize=4)
def scan_digest(instruments: tuple[Instrument, ...]) -> str:
    """Names all rules of these instruments together; never equal to one instrument's own digest."""
    digests = ",".join(sorted(rules_digest(instrument) for instrument in instruments))
    return hashlib.sha256(f"scanned for: {digests}".encode()).hexdigest()
