"""Numbers that the order of the work gives, taken out of what is compared: in JSON, in mails, in keys."""

from __future__ import annotations

import quopri
import re
from typing import Any

HIDDEN = "#"

_NUMBERED = frozenset(
    {
        "id", "document", "evidence", "exchange", "poll", "version", "observation", "alert", "envelope",
        "silence", "decision", "verdict", "candidates", "accepted", "alerts",
    }
)  # fmt: skip
"""Keys whose whole numbers are ids."""

_IN_KEYS = re.compile(r"(?<=:)\d+(?=:|$)")
_PLACE = re.compile(r"servanda-[\w-]+\.warc\.gz(?:(?:\s|<[^>]*>)*,?\s*offset\s+\d+)?")
_WORDS = (
    "accept|acknowledge|alert|capture|document|evidence|exchange|reject|show|"
    "alerta|captura|documento|evidencia"
)
_SPOKEN = re.compile(
    rf"\b((?:{_WORDS})"
    r"\W{0,3}(?:\s*<[^>]*>)*\s*)\d+\b",
    re.IGNORECASE,
)
_MESSAGE_ID = re.compile(r"<[\w.+-]+\.w(\d+)\.[0-9a-f]{12}@")
_BOUNDARY = re.compile(r"=_[0-9a-f]{32}")
_DATE = re.compile(r"^Date: .*\r?\n", re.MULTILINE)


def masked_json(data: Any, key: str = "") -> Any:
    """JSON data without ids and places in the archive."""
    if isinstance(data, dict):
        return {name: masked_json(value, name) for name, value in data.items()}
    if isinstance(data, list):
        return [masked_json(value, key) for value in data]
    if isinstance(data, str):
        return masked_text(data)
    if isinstance(data, int) and not isinstance(data, bool) and key in _NUMBERED:
        return HIDDEN
    return data


def masked_text(text: str) -> str:
    """A text without the ids that it speaks of, and without places in the archive."""
    return _SPOKEN.sub(rf"\1{HIDDEN}", _PLACE.sub(HIDDEN, text))


def masked_key(text: str) -> str:
    """A key such as ``final_word:heron-10d:17`` without its numbers."""
    return _IN_KEYS.sub(HIDDEN, text)


def masked_mail(content: bytes) -> str:
    """A mail as text, without its date, and without the ids in its Message-IDs and sentences."""
    text = quopri.decodestring(content).decode("utf-8", "replace")
    text = _BOUNDARY.sub("=_" + HIDDEN, _DATE.sub("", text))
    text = _MESSAGE_ID.sub(rf"<{HIDDEN}.w\1.{HIDDEN}@", text)
    return masked_text(text)
