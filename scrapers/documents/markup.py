"""An exchange's body as markup text: is it HTML, in which encoding, and is it of a bearable size."""

from __future__ import annotations

import codecs
import re

from bs4.dammit import EncodingDetector

from servanda.scrapers.exchange import Exchange, Unrecognised

MAX_BYTES = 5_000_000
"""No listing or press release comes near; beyond it a page is refused, not cut."""

MAX_TAGS = 100_000
"""Opening and closing tags. Parsers need about a kilobyte for each."""

HTML_TYPES = ("text/html", "application/xhtml+xml")

_MAGIC = (
    (re.compile(rb"%PDF-"), "application/pdf"),
    (re.compile(rb"\x89PNG|GIF8|\xff\xd8\xff|RIFF....WEBP", re.DOTALL), "an image"),
    (re.compile(rb"PK\x03\x04|\x1f\x8b|\xd0\xcf\x11\xe0"), "an archive or office document"),
    (re.compile(rb"(\xef\xbb\xbf)?\s*([{\[]\s*[\"{\[]|\{\s*\}|\[\s*\])"), "JSON"),
    (
        re.compile(rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]{0,200}>\s*)?<(rss|feed|rdf:RDF|urlset|sitemapindex)\b"),
        "a feed or sitemap",
    ),
)
"""How bodies begin that are no page, whatever their header says."""

_HTML_START = re.compile(
    rb"(\xef\xbb\xbf)?\s*(<!--.{0,500}?-->\s*)?<(!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)

_HOLDERS = (b"main", b"article", b"section", b"div", b"ul", b"ol", b"table")
"""Elements that even careless pages close."""

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")

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
    """The page's markup. Raises Unrecognised: ``wrong_type``, ``too_large``, ``truncated``."""
    shown = next((what for shape, what in _MAGIC if shape.match(exchange.body[:1000])), None)
    kind = shown or media_type(exchange)
    if kind not in HTML_TYPES:
        raise Unrecognised("wrong_type", f"{exchange.final_url} is {kind or 'of no stated type'}, not HTML")
    refuse_large(exchange)
    _refuse_cut(exchange)
    return text_of_body(exchange)


def starts_like_html(body: bytes) -> bool:
    """Whether a body that should be something else begins as a web page does."""
    return _HTML_START.match(body[:2000]) is not None


def _refuse_cut(exchange: Exchange) -> None:
    """Raise Unrecognised ``truncated`` for a page that ends before its closing tags.

    HTML allows them to be left out, and careless pages do. So where the length was stated, and came whole, a
    page that lacks them is believed to be whole unless it ends inside a tag, or with open ``_HOLDERS``.
    """
    body = exchange.body.lower()
    if not re.search(rb"<(html|body)\b", body) or re.search(rb"</(html|body)\b", body):
        return
    has_length = exchange.header("Content-Length") is not None
    has_end = has_length or "chunked" in (exchange.header("Transfer-Encoding") or "").lower()
    is_open = [name.decode() for name in _HOLDERS if _opened(body, name) > body.count(b"</" + name + b">")]
    if not has_end:
        why = "and nothing said how long it is"
    elif body.rfind(b"<") > body.rfind(b">"):
        why = "inside a tag"
    elif is_open:
        why = f"with {', '.join(is_open)} still open"
    else:
        return
    raise Unrecognised("truncated", f"{exchange.final_url} ends before its closing tags, {why}")


def _opened(body: bytes, name: bytes) -> int:
    return body.count(b"<" + name + b" ") + body.count(b"<" + name + b">")


def refuse_large(exchange: Exchange) -> None:
    """Raise Unrecognised ``too_large`` for a body that would take too long to read."""
    size, tags = len(exchange.body), exchange.body.count(b"<")
    if size > MAX_BYTES or tags > MAX_TAGS:
        reason = f"{exchange.final_url} has {size} bytes and {tags} tags, more than {MAX_BYTES} or {MAX_TAGS}"
        raise Unrecognised("too_large", reason)


def text_of_body(exchange: Exchange) -> str:
    """The body decoded as browsers do it: by its byte order mark, header or markup, else as UTF-8, else as
    windows-1252. Bytes that are none of the encoding become U+FFFD, one by one: a stray byte never makes the
    whole page be read in another encoding. (WHATWG, Encoding and HTML, "determining the character encoding".)

    In one respect better than browsers: a body that is UTF-8 from beginning to end, with more than ASCII in
    it, is read as that even where a server calls it Latin-1.
    """
    body = exchange.body
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if body.startswith(mark):
            return body.decode(name, "replace")
    declared = _declared_codec(exchange)
    if declared in (None, "cp1252"):
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            declared = declared or ("utf-8" if _is_mostly_utf8(body) else "cp1252")
    return body.decode(declared, "replace")


def _declared_codec(exchange: Exchange) -> str | None:
    """The encoding that the header states, else the markup. Markup that can be read at all as ASCII is in no
    16-bit encoding, whatever it says: that is UTF-8."""
    stated = _text_codec(_charset(exchange))
    if stated is not None:
        return stated
    in_markup = EncodingDetector.find_declared_encoding(exchange.body[:5000], is_html=True)
    codec = _text_codec(in_markup)
    return "utf-8" if codec is not None and codec.startswith(("utf-16", "utf-32")) else codec


def _is_mostly_utf8(body: bytes) -> bool:
    """Whether a body that states no encoding holds more whole UTF-8 sequences than bytes that fit in none."""
    shown = body.decode("utf-8", "ignore")
    whole = sum(map(len, _BEYOND_ASCII.findall(shown)))
    stray = len(body) - len(shown.encode())
    return whole > stray


def _charset(exchange: Exchange) -> str | None:
    _, _, parameters = (exchange.header("Content-Type") or "").lower().partition("charset=")
    return parameters.partition(";")[0].strip(" \"'") or None


def _text_codec(name: str | None) -> str | None:
    """Python's name of a text encoding, None for one that says nothing; ASCII, Latin-1 are windows-1252."""
    if name is None:
        return None
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return None
    if known in ("ascii", "iso8859-1"):
        return "cp1252"
    if known == "utf-7" or not known.startswith(_TEXT_CODECS):
        return None
    return known
