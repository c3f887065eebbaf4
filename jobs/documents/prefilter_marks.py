"""What a plain scan has settled: versions in which no rule of the catalogue, as it is, can match anything.

A mark stands in the table ``screening``, under a digest that names all rules that were looked for. It is no
more than a memory: without it such a version's kept bytes are scanned once more.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from servanda.models.documents import screenings


def mark_unmatchable(db: Connection, version: int, scan_digest: str, now: datetime) -> None:
    """Note that the rules that ``scan_digest`` names cannot match a version."""
    screenings.mark_screened(db, version, scan_digest, now)
