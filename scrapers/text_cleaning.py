"""Text from the web as plain text: no markup, no invisible characters, even whitespace, NFC."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import lxml.html
from lxml import etree

from servanda.scrapers.exchange import Unrecognised

_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs"})
"""Control, format (zero-width, word joiner, soft hyphen, direction marks), private use, surrogates."""

_INVISIBLE_ELSE = frozenset({
    0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0,
    *range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0),
})  # fmt: skip
"""Fillers and variation selectors: letters or marks by category, and yet nothing to see."""

_INVISIBLE_PRINTABLE = frozenset(map(chr, _INVISIBLE_ELSE))
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")

_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);")
_REFERENCE = re.compile(rb"&#(?:[xX]0*(?P<hex>[0-9a-fA-F]{1,6})|0*(?P<decimal>[0-9]{1,7}));?")
_FORBIDDEN = frozenset((*range(9), 11, 12, *range(14, 32), 127, *range(0xD800, 0xE000), 0xFFFE, 0xFFFF))
"""Characters that XML does not allow: HTML may hold them, but libraries built on XML break over them."""

_FORBIDDEN_CONTROLS = bytes(code for code in sorted(_FORBIDDEN) if code < 128)
_FORBIDDEN_ELSE = tuple(chr(code).encode() for code in (0xFFFE, 0xFFFF))

_UNSEEN_ELEMENTS = ("script", "style", "template", "noscript")
BREAKING_ELEMENTS = (
    "address", "article", "aside", "blockquote", "br", "caption", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "th", "thead", "tr",
    "ul",
)  # fmt: skip


class _Visible(dict[int, str]):
    """What each character becomes, for ``str.translate``; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character.isspace():
            shown = " "
        elif code in _INVISIBLE_ELSE or unicodedata.category(character) in _INVISIBLE_CATEGORIES:
            shown = ""
        else:
            shown = character
        self[code] = shown
        return shown


_VISIBLE = _Visible()


def one_line(text: str) -> str:
    """The visible text on one line: every run of whitespace is one space, NFC."""
    line = " ".join(text.split())
    if line.isascii() and line.isprintable():
        return line
    if not line.isprintable() or not _INVISIBLE_PRINTABLE.isdisjoint(_BEYOND_ASCII.findall(line)):
        line = " ".join(line.translate(_VISIBLE).split())  # slow, and most text has nothing to take out
    return unicodedata.normalize("NFC", line)


_FOOTNOTE_MARK = re.compile("(?<=[^\\W\\d_]{4})[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]{1,3}(?![^\\W_])")
"""Superscript numerals that end a word of four letters or more; after a shorter one they are powers."""


def expand_compatibility(text: str) -> str:
    """Text as it is searched: ligatures, full width and other compatibility characters written out (NFKC),
    footnote marks taken away, for they would become a part of the word before them."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", _FOOTNOTE_MARK.sub("", text))


def shorten(text: str, most: int) -> str:
    """``text``, cut with an ellipsis where it is longer than ``most`` characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def html_to_text(fragment: str) -> str:
    """The visible text of a piece of HTML, on one line; "a < b" and "R&D" are no HTML and stay."""
    return " ".join(html_to_paragraphs(fragment))


def html_to_paragraphs(fragment: str) -> list[str]:
    """The visible text of a piece of HTML, a paragraph for each of its blocks."""
    if not _MARKUP.search(fragment):
        return [line for line in (one_line(part) for part in fragment.split("\n\n")) if line]
    try:
        tree = parse_html(f"<div>{fragment}</div>")
    except Unrecognised:  # a title or a summary, which must not keep a whole listing from being read
        return [line] if (line := one_line(_MARKUP.sub(" ", fragment))) else []
    paragraphs: list[list[str]] = [[]]
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        if element.tag == "br":
            paragraphs[-1].append(" ")
        elif element.tag in BREAKING_ELEMENTS:
            paragraphs.append([])
        if event == "end":
            paragraphs[-1].append(element.tail or "")
        elif element.tag in _UNSEEN_ELEMENTS:
            walk.skip_subtree()
        else:
            paragraphs[-1].append(element.text or "")
    return [line for line in (one_line("".join(pieces)) for pieces in paragraphs) if line]


def parse_html(markup: str) -> Any:
    """The lxml tree of ``markup``, an ``html`` element. Comments are left out; nothing is ever fetched.

    Raises Unrecognised ``too_deep`` where elements are nested so deeply (256) that the parser stopped there,
    which it would do in silence.
    """
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        page = lxml.html.document_fromstring(_allowed(markup), parser=parser, ensure_head_body=True)
    except etree.ParserError:  # nothing in it
        return lxml.html.document_fromstring(b"<html></html>", parser=parser, ensure_head_body=True)
    if any("depth" in error.message for error in parser.error_log.filter_from_fatals()):
        raise Unrecognised("too_deep", "its elements are nested more deeply than is read")
    return page


def _allowed(markup: str) -> bytes:
    """UTF-8 without the characters that XML does not allow, written out or as references.

    In bytes, because characters are slow to take out of a text that is not all ASCII.
    """
    clean = markup.encode("utf-8", "ignore").translate(None, _FORBIDDEN_CONTROLS)
    for one in _FORBIDDEN_ELSE:
        clean = clean.replace(one, b"")
    return _REFERENCE.sub(_without_forbidden, clean)


def _without_forbidden(reference: re.Match[bytes]) -> bytes:
    code = int(reference["hex"], 16) if reference["hex"] else int(reference["decimal"])
    return b"" if code in _FORBIDDEN else reference[0]
