"""Text as matching compares it: one case, no accents, one form of quotation marks and dashes."""

from __future__ import annotations

import unicodedata


class _Folding(dict[int, str]):
    """Character → its lower-case base letter: exactly one character each, filled as needed."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        base = unicodedata.normalize("NFKD", char)[0].lower()
        self[code] = base if len(base) == 1 else char
        return self[code]


_FOLDING = _Folding(
    {ord(mark): "'" for mark in "’‘‛ʼ′"}
    | {ord(mark): '"' for mark in "“”„‟«»″"}
    | {ord(dash): "-" for dash in "‐‑‒–—―−"}
)


def fold(text: str) -> str:
    """``text`` without case and accents; same length, so positions stay."""
    return text.translate(_FOLDING)
