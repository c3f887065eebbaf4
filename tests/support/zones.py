"""A time zone made to measure: one whose midnight falls on any second that a test wants."""

from __future__ import annotations

import struct
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path


def day_beginning_at(instant: datetime) -> tuple[date, timedelta]:
    """The civil day that begins at ``instant`` in a zone at most 12 hours from UTC, and that zone's offset."""
    day = (instant.astimezone(UTC) + timedelta(hours=12)).date()
    return day, datetime.combine(day, time.min, UTC) - instant


def write_zone(folder: Path, name: str, offset: timedelta) -> None:
    """A TZif file (RFC 9636, version 1) of a zone that has this one offset; ``folder`` goes into PYTHONTZPATH."""
    designation = b"TST\0"
    header = struct.pack(">4sc15x6l", b"TZif", b"\0", 0, 0, 0, 0, 1, len(designation))
    local_type = struct.pack(">lbB", int(offset.total_seconds()), 0, 0)
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(header + local_type + designation)
