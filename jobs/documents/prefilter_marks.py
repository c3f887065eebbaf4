"""What a plain scan has settled: versions in which no rule of the catalogue, as it is, can match anything.

A mark stands in the table ``screening``, under a digest that names all rules that were looked for. It is no
more than a memory: without it such a version's kept bytes are scanned once more.
"""

from __future__ import annotations

from sqlalchemy import Connection

from servanda.jobs.bootstrap.wiring import Wiring
from servanda.models.documents import screenings


def mark_unmatchable(db: Connection, wiring: Wiring, version: int) -> None:
    """Note that the rules as they are cannot match a version."""
    screenings.mark_screened(db, version, wiring.scan_digest, wiring.now)
