"""Text and addresses from the web, made safe to show: one line, bounded, nothing invisible, no foreign links.

Nothing here knows markup; escaping is the HTML template's own.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit, urlunsplit

TITLE_LIMIT = 300
QUOTE_LIMIT = 1500
REASON_LIMIT = 500
LINK_LIMIT = 1000
LINE_LIMIT = 4000
"""The bound of anything shown, quoted or not."""

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Co"})
"""Categories that show nothing or reorder what is shown: controls, bidi marks, surrogates, unassigned."""

_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that look like nothing."""

_STACK = 3
"""Combining marks kept after one letter; more would climb into the lines above and below."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")


def one_line(text: str, limit: int = TITLE_LIMIT) -> str:
    """``text`` as one line of visible characters, at most ``limit`` of them, cut with an ellipsis.

    Line breaks and tabs of every kind become spaces, runs of spaces one. Nothing visible is ``(empty)``.
    """
    visible = _visible(text[: 20 * limit])
    line = " ".join(visible.split())
    if len(line) > limit:
        line = line[: limit - 1].rstrip() + "…"
    return line or "(empty)"


def _visible(text: str) -> str:
    kept: list[str] = []
    stacked = 0
    for character in unicodedata.normalize("NFC", text):
        if character.isspace():
            character = " "
        elif character in _BLANKS or unicodedata.category(character) in _UNSEEN:
            continue
        stacked = stacked + 1 if unicodedata.combining(character) else 0
        if stacked <= _STACK:
            kept.append(character)
    return "".join(kept)


def link(url: str) -> str | None:
    """``url`` as an ASCII web address fit for a link, None where it is not one.

    Only http and https, with a host, without user name or password, at most LINK_LIMIT characters.
    """
    if len(url) > LINK_LIMIT or any(c.isspace() or unicodedata.category(c) in _UNSEEN for c in url):
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port is not None else ""
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    host = f"[{host}]" if ":" in host else host
    kept = [quote(part, safe="%/:=&?~#+!$,;'@()*[]") for part in (parts.path, parts.query, parts.fragment)]
    address = urlunsplit((parts.scheme, host + port, *kept))
    return address if len(address) <= LINK_LIMIT and _is_host(host) else None


def _is_host(host: str) -> bool:
    return all(c.isalnum() or c in ".-:[]" for c in host)


def language_tag(language: str) -> str:
    """A BCP 47 tag such as ``es`` or ``es-MX``; ``und`` for anything else."""
    return language if _LANGUAGE.fullmatch(language) else "und"
