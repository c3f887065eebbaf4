"""Rows that come as a script: calls that append mark-up to an element, as gob.mx answers ``Accept: */*``.

Recorded only in emulation, from public clients' words: ``$('#prensa').append('<article …>')``, a call for
each row, or one with double quotes for all of them.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from servanda.scrapers.documents.markup import media_type, refuse_large, text_of_body
from servanda.scrapers.exchange import Exchange, Unrecognised

SCRIPT_TYPES = frozenset({"text/javascript", "application/javascript", "application/x-javascript"})

_BEGINS = re.compile(r"\s*(\$|jQuery)\s*\(\s*[\"']#[\w-]+[\"']\s*\)\s*\.")
_CALL = re.compile(
    r"(?:\$|jQuery)\s*\(\s*(?P<q>[\"'])#(?P<id>[\w-]+)(?P=q)\s*\)\s*\.append\(\s*"
    r"(?:'(?P<single>(?:[^'\\\n]|\\.)*)'|\"(?P<double>(?:[^\"\\\n]|\\.)*)\")\s*\)\s*;?",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_LIKE_A_ROW = re.compile(r"<(article|time|h[1-6]|tr)\b", re.IGNORECASE)
"""What a row of a listing holds, and a row of page numbers does not."""

_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": "", "v": "", "0": "", "\n": ""}


def is_script(exchange: Exchange) -> bool:
    """Whether a response is a script, by its type, or by its beginning whatever it is called."""
    if media_type(exchange) in SCRIPT_TYPES:
        return True
    return _BEGINS.match(exchange.body[:300].decode("utf-8", "replace")) is not None


def page_of_script(exchange: Exchange) -> str:
    """The mark-up that a script would append, each in an element of the name that it is appended to.

    Raises Unrecognised ``bad_script`` where the script holds mark-up in any other form: it may be rows;
    ``too_large``.
    """
    refuse_large(exchange)
    script = text_of_body(exchange)
    appended: dict[str, list[str]] = {}
    for call in _CALL.finditer(script):
        written = call["single"] if call["single"] is not None else call["double"]
        appended.setdefault(call["id"], []).append(_ESCAPE.sub(_unescaped, written))
    rest = _ESCAPE.sub(_unescaped, _CALL.sub("", script))
    shown = _LIKE_A_ROW.search(rest) if appended else re.search("<", rest)
    if shown is not None:
        why = f"holds mark-up that no known call appends: {rest[shown.start() :][:60]!r}"
        raise Unrecognised("bad_script", f"{exchange.final_url} {why}")
    parts = (f'<div id="{name}">{"".join(rows)}</div>' for name, rows in appended.items())
    return f"<html><body>{''.join(parts)}</body></html>"


def following_page(url: str) -> str:
    """The address of the page after this one, by its number: a script has no link to it."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = [pair for pair in pairs if pair[0] != "page"]
    stated = dict(pairs).get("page", "")
    number = int(stated) if re.fullmatch(r"\d{1,6}", stated) else 1
    return urlunsplit(parts._replace(query=urlencode([*query, ("page", str(number + 1))])))


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    if code:
        return chr(int(code, 16))
    return _CONTROLS.get(found[3], found[3])
