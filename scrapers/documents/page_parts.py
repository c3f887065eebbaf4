"""Where the rest of a document may stand: links, files, frames and next pages that its page leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from servanda.compliance.document_doubts import SHORT, STUB
from servanda.compliance.retrieval import titles_are_alike
from servanda.scrapers.addresses import absolute, normalised
from servanda.scrapers.text_cleaning import one_line, shorten

NEAREST = 4
"""Elements around a link whose class may call it furniture; further out stands the page."""

MOST_PARTS = 3
"""Addresses that a page leads to and that are read as parts of its document."""

FILE_HOLDS_MORE = 400
"""Words of a page whose statement no file holds that it offers under another title."""

LONG = 150
"""Words of a page that holds a statement itself, whatever it frames."""

VIDEO_HOSTS = re.compile(
    r"(^|\.)(youtube(-nocookie)?\.com|youtu\.be|vimeo\.com|brightcove\.(com|net)|dvidshub\.net)$"
)

_BOILERPLATE_FRAMES = re.compile(
    r"google(tagmanager|\.com/(maps|recaptcha))|facebook\.com|twitter\.com|platform\.x\.com|doubleclick|addthis"
)

_DOCUMENT_FILE = re.compile(r"\.(pdf|docx?|odt|rtf)$", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

_FURNITURE_CLASS = re.compile(
    r"(^|[\s_-])(share|social|breadcrumbs?|tags?|pager|pagination|related|menu|nav|footer|sidebar)([\s_-]|$)",
    re.IGNORECASE,
)

_SOCIAL = re.compile(
    r"(^|\.)(facebook|twitter|x|linkedin|whatsapp|instagram|pinterest|reddit|flickr|threads|bsky|t)"
    r"\.(com|net|app|me)$"
)

_FURNITURE_LABEL = re.compile(
    r"(home|back( to .*)?|print|share|top|inicio|volver|regresar|imprimir|compartir|anterior|previous|next"
    r"|siguiente)",
    re.IGNORECASE,
)

_NAMES_FILE = re.compile(r"\bpdf\b|\bdocx?\b|\battachment|\bdownload|\bdescarg", re.IGNORECASE)
_VIEWERS = re.compile(r"docs\.google\.com|view\.officeapps|issuu\.com|scribd\.com|calameo\.com")

_ADDRESS = re.compile(r"(https?:/)?/[\w/.?=&%-]+$")

MORE = (
    r"((read|see|view|show) more|read (on|the (full|rest|entire|complete)( \w+){0,3})|continue reading"
    r"|full (text|statement|story)|(leer|ver|seguir|continuar|contin[uú]e) (m[aá]s|leyendo)|sigue leyendo"
    r"|(leer |ver )?(la |el )?(nota|texto|comunicado) complet[ao])"
)

_WHOLE = re.compile(
    r"\b(full|entire|complete) (text|statement|declaration|agreement|document)\b"
    r"|\b(texto|comunicado|documento|acuerdo) (completo|[ií]ntegro)\b"
    r"|\b(nota|declaraci[oó]n|versi[oó]n) completa\b",
    re.IGNORECASE,
)
"""What a label says that leads to all of a document."""

GOES_ON = re.compile(rf"\W*{MORE}\W*", re.IGNORECASE)

_NEXT_PAGE = re.compile(
    r"(next|p[aá]gina siguiente|siguiente( p[aá]gina)?|next page|page 2|2|»)\W*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where a link in the main part of a page leads, and what it says."""

    url: str
    label: str

    @property
    def is_file(self) -> bool:
        named = f"{self.label} {urlsplit(self.url).path}"
        return bool(_DOCUMENT_FILE.search(urlsplit(self.url).path) or _NAMES_FILE.search(named))

    def may_carry(self, title: str, words: int) -> bool:
        """Whether the statement, or more of it, may stand there, of a page with so many words itself."""
        if words < SHORT or _WHOLE.search(self.label):
            return True
        if self.is_file:
            return words < FILE_HOLDS_MORE or titles_are_alike(title, self.label)
        return words < LONG and GOES_ON.fullmatch(self.label) is not None


def _next_pages(main: Any, base: str, page_url: str) -> Iterator[str]:
    """Where the text of a page goes on: further pages under its own address."""
    here = normalised(page_url)
    for link in main.iter("a"):
        href = link.get("href")
        url = absolute(href, base) if href and _NEXT_PAGE.fullmatch(one_line(link.text_content())) else None
        if url is not None and normalised(url) != here and normalised(url).startswith(here.partition("?")[0]):
            yield url


def is_hidden(element: Any) -> bool:
    return any(
        one.get("hidden") is not None or _HIDDEN.search(one.get("style") or "")
        for one in (element, *element.iterancestors())
    )


def find_frames(page: Any, base: str) -> tuple[list[str], int]:
    """The addresses that a page frames outside its furniture, and how many of them are videos."""
    found: list[str] = []
    videos = 0
    for element in page.iter("iframe", "frame", "embed", "object"):
        link = element.get("src") or element.get("data-src") or element.get("data") or ""
        url = absolute(link, base) if link else None
        if url is None or in_furniture(element) or is_hidden(element) or _BOILERPLATE_FRAMES.search(url):
            continue
        if {element.get("width"), element.get("height")} & {"0", "1"}:
            continue
        if VIDEO_HOSTS.search(urlsplit(url).hostname or ""):
            videos += 1
        elif url not in found:
            found.append(url)
    return found, videos


def _carries_document(frame: str, page_url: str, words: int) -> bool:
    """Whether a frame may hold a statement beside so many words: a file, a viewer, a page of the site."""
    if _DOCUMENT_FILE.search(urlsplit(frame).path) or _VIEWERS.search(frame):
        return words < FILE_HOLDS_MORE
    return words < LONG and urlsplit(frame).hostname == urlsplit(page_url).hostname


def in_furniture(element: Any, also: tuple[str, ...] = ("header", "aside")) -> bool:
    return any(one.tag in ("nav", "footer", "noscript", *also) for one in element.iterancestors())


def _is_filled_later(element: Any) -> bool:
    """Whether an element is empty and names an address, from which a script would fill it."""
    empty = len(element) == 0 and not (element.text or "").strip()
    return empty and any(
        name.startswith("data-") and _ADDRESS.match(value.strip()) for name, value in element.items()
    )


def _pointers(main: Any, base: str, page_url: str) -> Iterator[Pointer]:
    here = normalised(page_url)
    for link in main.iter("a"):
        href = link.get("href")
        url = absolute(href, base) if href else None
        label = one_line(link.text_content())
        if url is None or in_furniture(link) or _is_furniture(link, label, url, here):
            continue
        yield Pointer(url, label)


def _is_furniture(link: Any, label: str, url: str, here: str) -> bool:
    """Whether a link belongs to the site around the document: shares it, tags it, leads up or on."""
    there = normalised(url)
    if here.startswith(there) or there.partition("?")[0] == here.partition("?")[0]:
        return True
    if _SOCIAL.search(urlsplit(url).hostname or "") or _FURNITURE_LABEL.fullmatch(label):
        return True
    if set((link.get("rel") or "").split()) & {"tag", "prev", "next", "category", "bookmark", "home"}:
        return True
    around = [link, *islice(link.iterancestors(), NEAREST)]
    return any(_FURNITURE_CLASS.search(one.get("class") or "") for one in around)


def _points_elsewhere(framed: Sequence[str], leading: Sequence[str], words: int) -> Iterator[str]:
    """What a page that says little itself leads to: its statement may stand there."""
    for frame in framed:
        yield f"it frames {shorten(frame, 200)}, which was not read"
    for url in leading:
        yield f"beside {words} words it leads to {shorten(url, 200)}, which was not read"


@dataclass(frozen=True, slots=True)
class PartsBeside:
    """Addresses that are to be read as parts of a document, and what of it is not at hand, each in words."""

    urls: tuple[str, ...]
    missing: tuple[str, ...]


def parts_beside(
    main: Any,
    frames: Sequence[str],
    base: str,
    page_url: str,
    title: str,
    own_words: int,
    words: int,
    read: frozenset[str],
) -> PartsBeside:
    """What of a document stands beside its page.

    ``main``: the part of the page that leads to it; ``own_words``, ``words``: its words, and the page's;
    ``read``: addresses whose text is at hand.
    """
    goes_on = [url for url in _next_pages(main, base, page_url) if url not in read]
    leading = [
        one.url
        for one in _pointers(main, base, page_url)
        if one.url not in read and one.may_carry(title, own_words)
    ]
    framed = [
        one
        for one in frames
        if one not in read and (words < SHORT or _carries_document(one, page_url, words))
    ]
    missing = [f"it goes on at {shorten(url, 200)}, which was not read" for url in goes_on[:1]]
    missing += _points_elsewhere(framed, leading[:1], words)
    if own_words < STUB and any(map(_is_filled_later, main.iter("div", "section"))):
        missing.append("a part of its page is empty until a script fills it")
    return PartsBeside(tuple(dict.fromkeys([*framed, *leading]))[:MOST_PARTS], tuple(missing))
