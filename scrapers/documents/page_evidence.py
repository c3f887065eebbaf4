"""What shows that a page is the listed document, whole and legible: facts for ``document_doubts``.

They are taken from the one tree that is parsed of a page, in the process that reads it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from servanda.compliance.document_doubts import SHORT, DocumentFacts
from servanda.compliance.prose import count_damaged, measure_prose
from servanda.compliance.retrieval import (
    TitleShown,
    count_site_words,
    fingerprint,
    text_speaks_of_title,
    titles_are_alike,
    where_title_stands,
)
from servanda.scrapers.addresses import absolute, base_address, normalised
from servanda.scrapers.documents.content_digest import MainPart, content_lines
from servanda.scrapers.documents.page_dates import days_named
from servanda.scrapers.text_cleaning import one_line, shorten

LEAST_PICTURE = 120
"""Pixels. A smaller picture, where its size is stated, is an icon."""

LARGEST_ICON = 512
"""The grid that icons are drawn on. A larger drawing shows something."""

FEW_HEADINGS = 4
"""Where a page has more headings of the second and third level, they head its parts, or other pages."""

NEAREST = 4
"""Elements around a link whose class may call it furniture; further out stands the page."""

LEAST_OF_SLUG = 3

MOST_PARTS = 3
"""Addresses that a page leads to and that are read as parts of its document."""

FILE_HOLDS_MORE = 400
"""Words of a page whose statement no file holds that it offers under another title."""

LONG = 150
"""Words of a page that holds a statement itself, whatever it frames."""

VIDEO_HOSTS = re.compile(
    r"(^|\.)(youtube(-nocookie)?\.com|youtu\.be|vimeo\.com|brightcove\.(com|net)|dvidshub\.net)$"
)
_STATED = etree.XPath(
    "//body/descendant-or-self::*[not(self::script or self::style)]/text() | //meta/@content"
    " | //time/@datetime | //script[@type='application/ld+json']/text()",
    smart_strings=False,
)
"""What a page says to readers and to machines."""

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
_PIXELS = re.compile(r"([0-9]{1,5})(?:px)?")
_BACKGROUND = re.compile(r"background(-image)?\s*:[^;]*url\(", re.IGNORECASE)
_ICON = re.compile(r"logo|icon|icono|avatar|spinner|sprite|share|banner|escudo|flag|bandera", re.IGNORECASE)

_MORE = (
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

_GOES_ON = re.compile(rf"\W*{_MORE}\W*", re.IGNORECASE)
_ENDS_IN_LINK = re.compile(rf"([^.!?]|\.\.\.|…)\s*[\[(]?{_MORE}\W*$", re.IGNORECASE)
_NEXT_PAGE = re.compile(
    r"(next|p[aá]gina siguiente|siguiente( p[aá]gina)?|next page|page 2|2|»)\W*", re.IGNORECASE
)
_ELLIPSIS = re.compile(r"(…|\.{3}|\[(…|\.{3})\])\W{0,2}$")
_SENTENCE_ENDS = re.compile(r"[.!?:;…\"'”’»)\]#*–—-]$")
_LEAST_PROSE = 8


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
        return words < LONG and _GOES_ON.fullmatch(self.label) is not None


@dataclass(frozen=True, slots=True)
class PageMarks:
    """What is to be seen of a page before its furniture, scripts and frames are taken out of the tree."""

    headings: tuple[str, ...]
    days: tuple[date, ...]
    canonical: str | None
    frames: tuple[str, ...]
    videos: int
    drawings: int
    base: str


def page_marks(page: Any, page_url: str) -> PageMarks:
    """Gather them from the whole tree."""
    base = base_address(next(iter(page.xpath("//base/@href")), None), page_url)
    stated = next(iter(page.xpath("//link[@rel='canonical']/@href")), None)
    frames, videos = _frames(page, base)
    return PageMarks(
        headings=tuple(_headings(page, page_url)),
        days=days_named(_STATED(page)),
        canonical=absolute(stated, base) if stated else None,
        frames=tuple(frames),
        videos=videos + int(page.xpath("count(//video|//audio)")),
        drawings=_drawings(page),
        base=base,
    )


def page_facts(
    page: Any,
    marks: PageMarks,
    main: MainPart,
    title: str,
    page_url: str,
    *,
    added: Sequence[str] = (),
    read: frozenset[str] = frozenset(),
) -> DocumentFacts:
    """The facts of a page, by the plain reading of its main part, whether its text is drawn or not.

    ``title``: the listed one; where a route lists addresses only, what stands for it is the address's words.
    ``added``: paragraphs of the document that stand beside the page; ``read``: the addresses, of those that
    the page leads to, from which they came.
    """
    passages = main.passages
    own = [one for one in passages if one != title]
    content = [*own, *added]
    core = _core_words(page, title, added)
    prose = measure_prose("\n".join(content))
    own_words = prose.words if core is None else min(core, prose.words)
    goes_on = [
        f"it goes on at {shorten(url, 200)}, which was not read"
        for url in _next_pages(main.element, marks.base, page_url)
        if url not in read
    ]
    leading = [
        one.url
        for one in _pointers(main.element, marks, page_url)
        if one.url not in read and one.may_carry(title, own_words)
    ]
    framed = [
        one
        for one in marks.frames
        if one not in read and (prose.words < SHORT or _carries_document(one, page_url, prose.words))
    ]
    pictures = list(_pictures(main.element))
    return DocumentFacts(
        title_shown=_title_shown(page, marks, passages, title, page_url),
        prose=replace(prose, damaged=max(prose.damaged, count_damaged(main.element.text_content()))),
        speaks_of_title=text_speaks_of_title(title, content),
        site_words=count_site_words(content),
        days=marks.days,
        canonical=marks.canonical,
        fingerprint=fingerprint(content, title),
        pictures=len(pictures) + marks.drawings,
        photographs=sum(map(_is_photograph, pictures)),
        videos=marks.videos,
        cut=how_it_is_cut(own) if not added else None,
        missing=(*goes_on[:1], *_points_elsewhere(framed, leading[:1], prose.words)),
        core_words=core,
        parts=tuple(dict.fromkeys([*framed, *leading]))[:MOST_PARTS],
    )


def _core_words(page: Any, title: str, added: Sequence[str]) -> int | None:
    """Words of the page's only ``main``, the title left out; None where it has none or several."""
    found = page.xpath("//main | //*[@role='main']")
    if len(found) != 1:
        return None
    lines = [line.partition(": ")[2] for line in content_lines(found[0])]
    return sum(line.count(" ") + 1 for line in [*lines, *added] if line != title)


def _next_pages(main: Any, base: str, page_url: str) -> Iterator[str]:
    """Where the text of a page goes on: further pages under its own address."""
    here = normalised(page_url)
    for link in main.iter("a"):
        href = link.get("href")
        url = absolute(href, base) if href and _NEXT_PAGE.fullmatch(one_line(link.text_content())) else None
        if url is not None and normalised(url) != here and normalised(url).startswith(here.partition("?")[0]):
            yield url


def text_facts(
    paragraphs: Sequence[str],
    title: str,
    url: str,
    *,
    headings: Sequence[str] = (),
    missing: Sequence[str] = (),
) -> DocumentFacts:
    """The facts of a text without mark-up. ``headings``: what it calls itself, beside its first lines."""
    content = [one for one in paragraphs if one != title]
    wanted = title or slug_words(url)
    shown: TitleShown = "heading"
    if wanted:
        shown = where_title_stands(wanted, (*headings, *paragraphs[:5]), paragraphs)
    return DocumentFacts(
        title_shown=shown,
        prose=measure_prose("\n".join(content)),
        speaks_of_title=text_speaks_of_title(title, content),
        site_words=count_site_words(content),
        fingerprint=fingerprint(content, title),
        cut=how_it_is_cut(content),
        missing=tuple(missing),
    )


def how_it_is_cut(lines: Sequence[str]) -> str | None:
    """How a text ends that goes on elsewhere; None for one that ends."""
    prose = [n for n, line in enumerate(lines) if line.count(" ") + 1 >= _LEAST_PROSE]
    if not prose:
        return None
    last = lines[prose[-1]]
    after = lines[prose[-1] + 1 :]
    if _ELLIPSIS.search(last):
        return last[-40:]
    if any(_GOES_ON.fullmatch(line) for line in after[:2]) and not _SENTENCE_ENDS.search(last):
        return last[-40:]
    return last[-40:] if _ENDS_IN_LINK.search(last) else None


def _links(element: Any, page_url: str) -> bool:
    """Whether a heading is, or holds, a link to another page than this one."""
    here = normalised(page_url)
    links = element.xpath(".//a/@href|ancestor::a/@href")
    return any((url := absolute(link, page_url)) is not None and normalised(url) != here for link in links)


def _is_hidden(element: Any) -> bool:
    return any(
        one.get("hidden") is not None or _HIDDEN.search(one.get("style") or "")
        for one in (element, *element.iterancestors())
    )


def _headings(page: Any, page_url: str) -> Iterator[str]:
    """What a page calls itself: headings that lead nowhere else, its title, and what it tells machines."""
    several = len(page.xpath("//h2 | //h3")) > FEW_HEADINGS
    for heading in page.iter("h1") if several else page.iter("h1", "h2", "h3"):
        own = not _in_furniture(heading, also=("aside",)) and not _is_hidden(heading)
        if own and not _links(heading, page_url):
            yield one_line(heading.text_content())
    for stated in page.xpath(
        "//head/title/text()|//title/text()|//meta[@property='og:title' or @name='twitter:title' "
        "or @name='dcterms.title' or @name='DC.title' or @name='title']/@content"
    ):
        yield one_line(stated)
    found = [
        headline
        for script in page.xpath("//script[@type='application/ld+json']/text()")
        for headline in _headlines(script)
    ]
    yield from found if len(set(found)) == 1 else ()


def _headlines(script: str) -> Iterator[str]:
    for quoted in re.findall(r'"headline"\s*:\s*("(?:[^"\\]|\\.){1,1000}")', script[:200_000]):
        try:
            yield one_line(str(json.loads(quoted)))
        except ValueError:
            continue


def _title_shown(
    page: Any, marks: PageMarks, passages: Sequence[str], title: str, page_url: str
) -> TitleShown:
    wanted = title or slug_words(page_url)
    if not wanted:
        return "heading" if marks.headings else "nowhere"
    if where_title_stands(wanted, marks.headings, ()) == "heading":
        return "heading"
    own = where_title_stands(wanted, marks.headings, passages)
    if own == "nowhere" or not page.xpath("//a[@href]"):
        return own
    return where_title_stands(wanted, marks.headings, _passages_without_links(page))


def slug_words(url: str) -> str:
    """The words of the last step of an address, "" where they are too few to be a title's."""
    step = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2].partition(".")[0]
    words = [word for word in re.split(r"[\W_]+", step) if len(word) > 2 and not word.isdigit()]
    return " ".join(words) if len(words) >= LEAST_OF_SLUG else ""


def _passages_without_links(page: Any) -> list[str]:
    """A page's lines without the text of its links: those are the titles of other pages."""
    copy = deepcopy(page)
    for link in list(copy.iter("a")):
        if link.get("href"):
            link.drop_tree()
    return [line.partition(": ")[2] for line in content_lines(copy.find("body"))]


def _frames(page: Any, base: str) -> tuple[list[str], int]:
    """The addresses that a page frames outside its furniture, and how many of them are videos."""
    found: list[str] = []
    videos = 0
    for element in page.iter("iframe", "frame", "embed", "object"):
        link = element.get("src") or element.get("data-src") or element.get("data") or ""
        url = absolute(link, base) if link else None
        if url is None or _in_furniture(element) or _is_hidden(element) or _BOILERPLATE_FRAMES.search(url):
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


def _in_furniture(element: Any, also: tuple[str, ...] = ("header", "aside")) -> bool:
    return any(one.tag in ("nav", "footer", "noscript", *also) for one in element.iterancestors())


def _pictures(main: Any) -> Iterator[Any]:
    for image in main.iter("img", "canvas"):
        if not _in_furniture(image) and not _is_icon(image):
            yield image


def _is_photograph(image: Any) -> bool:
    width, height = _size(image)
    if width is not None and height is not None and width > height:
        return True
    return any(one.tag == "figure" and one.find(".//figcaption") is not None for one in image.iterancestors())


def _drawings(page: Any) -> int:
    """Pictures without an element of their own: drawings in the page, and backgrounds of empty elements."""
    drawn = [
        one
        for one in page.iter("svg")
        if not any(around.tag in ("a", "button", "span", "i") for around in one.iterancestors())
        and max(_measures(one), default=0) > LARGEST_ICON
    ]
    backed = [
        one
        for one in page.xpath("//body//*[contains(@style, 'background')]")
        if _BACKGROUND.search(one.get("style")) and not one.text_content().strip()
    ]
    return sum(not _in_furniture(one) and not _is_hidden(one) for one in (*drawn, *backed))


def _measures(drawing: Any) -> list[float]:
    grid = re.findall(r"[0-9]+(?:\.[0-9]+)?", drawing.get("viewbox") or "")[2:4]
    return [float(size) for size in (*grid, *_size(drawing)) if size is not None]


def _size(image: Any) -> tuple[int | None, int | None]:
    width, height = (_PIXELS.fullmatch((image.get(name) or "").strip()) for name in ("width", "height"))
    return width and int(width[1]), height and int(height[1])


def _is_icon(image: Any) -> bool:
    small = any(size is not None and size < LEAST_PICTURE for size in _size(image))
    named = " ".join(image.get(name) or "" for name in ("src", "class", "id"))
    return small or bool(_ICON.search(named))


def _pointers(main: Any, marks: PageMarks, page_url: str) -> Iterator[Pointer]:
    here = normalised(page_url)
    for link in main.iter("a"):
        href = link.get("href")
        url = absolute(href, marks.base) if href else None
        label = one_line(link.text_content())
        if url is None or _in_furniture(link) or _is_furniture(link, label, url, here):
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
