"""Addresses of documents: made absolute, unwrapped from web archives, and what they identify."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

Aliases = tuple[tuple[str, str], ...]

MAX_LENGTH = 2000

_PLAYBACK = re.compile(
    r"(https?://web\.archive\.org/web/\d{1,14}(?:[a-z]{2}_)?/)(https?):/{1,2}(.+)", re.IGNORECASE
)
_TRACKING = re.compile(
    r"utm_.+|mc_[ce]id|pk_.+|fbclid|gclid|dclid|msclkid|yclid|igshid|mkt_tok|_ga|_gl", re.IGNORECASE
)
_IDIOM = frozenset({"idiom"})
"""gob.mx ends the links of a listing with the language of its furniture, ``?idiom=es``."""

_PASSING = re.compile(
    r"((j|php)sessid|jsessionid|aspsessionid\w*|cf(id|token))=.*"
    r"|((session|sess)_?id|sid)=(?=.*\d)[\w-]{16,}"
    r"|(no_?cache|cache_?bust(er)?|cb|rnd|rand(om)?|_)=[\d.]{6,}"
    r"|(t|ts|time|timestamp|v|ver)=1\d{9}(\d{3})?",
    re.IGNORECASE,
)
"""What belongs to a visit, not to a document: sessions, and numbers that keep caches from answering. Under a
name that may be a document's own ("sid" is a story's on some sites) only what looks like one."""

_SCRIPT = re.compile(r"\.(php\d?|aspx?|jsp|do|cgi|cfm|pl)$", re.IGNORECASE)
"""A path that names no document: its query does."""

_SESSION_IN_PATH = re.compile(r";(jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_SLUG = re.compile(r"(?=.*[^\W\d_])\w+(?:-\w+)+", re.UNICODE)
_DEFAULT_PORTS = {"http": 80, "https": 443}


def unwrap_archive(url: str) -> str:
    """The original address of a Wayback Machine playback address; any other comes back as it is."""
    playback = _PLAYBACK.fullmatch(url)
    return f"{playback[2]}://{playback[3]}" if playback else url


def archive_prefix(url: str) -> str:
    """What a playback address puts before the original, empty for any other."""
    playback = _PLAYBACK.fullmatch(url)
    return playback[1] if playback else ""


def absolute(link: str, page_url: str) -> str | None:
    """The address that a link on a page names, outside any archive; None where it names no http document.

    On a page that came through the archive a link may be rewritten or as its publisher wrote it.
    """
    link = re.sub(r"[\t\r\n]", "", link.strip())
    if re.fullmatch(r"(#.*|https?:/*)?", link, re.IGNORECASE):
        return None
    base = page_url if link.startswith(("/web/", "//web.archive.org/")) else unwrap_archive(page_url)
    try:
        url = unwrap_archive(urljoin(base, link))
        parts = urlsplit(url)
        usable = parts.scheme in _DEFAULT_PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return url if usable and len(url) <= MAX_LENGTH and not re.search(r"\s", url) else None


def base_address(stated: str | None, page_url: str) -> str:
    """What relative links on a page start from: its ``base href`` (``xml:base``), else its own address."""
    return (absolute(stated, page_url) if stated else None) or page_url


def normalised(url: str) -> str:
    """An address as identity: scheme and host in lower case; no port that goes without saying, no user name,
    fragment, session, tracking or idiom; escapes written in one way."""
    parts = urlsplit(unwrap_archive(url))
    path = _one_spelling(_SESSION_IN_PATH.sub("", parts.path)) or "/"
    return urlunsplit((parts.scheme.lower(), _host(parts), path, _identifying_query(parts), ""))


def normalised_before(url: str) -> str:
    """The same as it was written until sessions and escapes were known to change: documents that were
    first listed then are known by it."""
    parts = urlsplit(unwrap_archive(url))
    kept = _pairs(parts.query)
    return urlunsplit((parts.scheme.lower(), _host(parts), parts.path or "/", urlencode(sorted(kept)), ""))


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").lower()
    return f"{host}:{parts.port}" if parts.port and parts.port != _DEFAULT_PORTS.get(parts.scheme) else host


def _one_spelling(path: str) -> str:
    """A path whose escapes are in capitals, none of them of a plain character, and all others escaped."""
    plain = _ESCAPED.sub(_unescaped, path)
    return quote(plain, safe="/%!$&'()*+,;=:@~")


def _unescaped(found: re.Match[str]) -> str:
    char = chr(int(found[1], 16))
    return char if _UNRESERVED.fullmatch(char) else f"%{found[1].upper()}"


def document_aliases(url: str, extra: Aliases = ()) -> Aliases:
    """What identifies a document, strongest first: ``extra`` (guid, number), its address, its path.

    ``url`` is absolute. The path survives a move to another host, but only one that ends in a slug (two
    words or more) and needs no query says which document it is.
    """
    address = normalised(url)
    parts = urlsplit(address)
    slug = unquote(parts.path).rstrip("/").rpartition("/")[2].partition(".")[0]
    by_path = (("path", parts.path),) if not parts.query and _SLUG.fullmatch(slug) else ()
    addresses = dict.fromkeys((address, normalised_before(url)))
    return (*extra, *(("url", one) for one in addresses), *by_path)


def _pairs(query: str) -> list[tuple[str, str]]:
    pairs = parse_qsl(query, keep_blank_values=True)
    return [p for p in pairs if not _TRACKING.fullmatch(p[0]) and p[0].lower() not in _IDIOM]


def _identifying_query(parts: SplitResult) -> str:
    """What of a query says which document is meant; all of it, where a script would be asked for nothing."""
    pairs = _pairs(parts.query)
    kept = [pair for pair in pairs if not _PASSING.fullmatch("=".join(pair))]
    return urlencode(sorted(kept if kept or not _SCRIPT.search(parts.path) else pairs))
