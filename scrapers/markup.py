"""An exchange's body as markup text: is it HTML, in which encoding, and is it of a bearable size."""

from __future__ import annotations

import codecs

from bs4.dammit import EncodingDetector

from scrapers.exchange import Exchange, Unrecognised

MAX_BYTES = 5_000_000
"""No listing or press release comes near; beyond it a page is refused, not cut."""

MAX_TAGS = 100_000
"""Opening and closing tags. Parsers need about a kilobyte for each."""

HTML_TYPES = ("text/html", "application/xhtml+xml")

_TEXT_CODECS = ("utf", "iso8859", "cp125", "gb", "big5", "euc", "shift_jis", "koi8")
"""Python knows more (punycode, unicode_escape …) that no page is written in and that are slow to decode."""


def media_type(exchange: Exchange) -> str:
    """The Content-Type without its parameters, lower case; what the body looks like where there is none."""
    stated = (exchange.header("Content-Type") or "").partition(";")[0].strip().lower()
    if stated:
        return stated
    head = exchange.body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "text/html" if head.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<!--")) else ""


def is_pdf(exchange: Exchange) -> bool:
    """Whether a body begins as a PDF does, whatever its publisher calls it."""
    return exchange.body[:1024].lstrip().startswith(b"%PDF-")


def html_of(exchange: Exchange) -> str:
    """The page's markup. Raises Unrecognised: ``not_html``, ``too_large``."""
    kind = media_type(exchange)
    if kind not in HTML_TYPES:
        raise Unrecognised("not_html", f"{exchange.final_url} is {kind or 'of no stated type'}, not HTML")
    refuse_large(exchange)
    return text_of_body(exchange)


def refuse_large(exchange: Exchange) -> None:
    """Raise Unrecognised ``too_large`` for a body that would take too long to read."""
    size, tags = len(exchange.body), exchange.body.count(b"<")
    if size > MAX_BYTES or tags > MAX_TAGS:
        reason = f"{exchange.final_url} has {size} bytes and {tags} tags, more than {MAX_BYTES} or {MAX_TAGS}"
        raise Unrecognised("too_large", reason)


def text_of_body(exchange: Exchange) -> str:
    """The body decoded as its byte order mark, header or markup says, else as UTF-8, else windows-1252."""
    body = exchange.body
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if body.startswith(mark):
            return body.decode(name, "replace")
    declared = EncodingDetector.find_declared_encoding(body[:5000], is_html=True)
    for candidate in (_charset(exchange), declared, "utf-8"):
        codec = _text_codec(candidate)
        if codec is None:
            continue
        try:
            return body.decode(codec)
        except UnicodeDecodeError:
            continue
    return body.decode("windows-1252", "replace")


def _charset(exchange: Exchange) -> str | None:
    _, _, parameters = (exchange.header("Content-Type") or "").lower().partition("charset=")
    return parameters.partition(";")[0].strip(" \"'") or None


def _text_codec(name: str | None) -> str | None:
    """Python's name of a text encoding, None for one that says nothing; Latin-1 is read as windows-1252."""
    if name is None:
        return None
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return None
    if known == "utf-7" or not known.startswith(_TEXT_CODECS):
        return None
    return "windows-1252" if known == "iso8859-1" else known
