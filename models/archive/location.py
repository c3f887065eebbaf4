"""Where a record of the archive lies. Apart from what reads records, for most ask only where."""

from __future__ import annotations

import re
from dataclasses import dataclass


class BadRecord(ValueError):
    """Bytes that are no record of ours, or not as they were written."""


@dataclass(frozen=True, slots=True)
class RecordLocation:
    """Where a record lies: file name in the archive's folder, first byte, number of bytes (gzipped)."""

    file: str
    offset: int
    length: int

    def __str__(self) -> str:
        return f"{self.file} {self.offset} {self.length}"

    @classmethod
    def named(cls, text: str) -> RecordLocation:
        """A place as ``str`` writes it; BadRecord for anything else."""
        parts = text.split(" ")
        if len(parts) != 3 or not all(re.fullmatch("[0-9]{1,18}", part) for part in parts[1:]):
            raise BadRecord(f"{text[:200]!r} names no place of an archive")
        return cls(parts[0], int(parts[1]), int(parts[2]))
