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
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from servanda.compliance.document_doubts import DocumentFacts
from servanda.compliance.prose import count_damaged, measure_prose
from servanda.compliance.repeated_text import text_lines
from servanda.compliance.retrieval import (
    LEAST_SAYING,
    TitleShown,
    count_site_words,
    text_speaks_of_title,
    where_title_stands,
)
from servanda.scrapers.addresses import absolute, base_address, normalised
from servanda.scrapers.documents.content_digest import MainPart, content_lines
from servanda.scrapers.documents.page_dates import days_named
from servanda.scrapers.documents.page_parts import (
    GOES_ON,
    MORE,
    find_frames,
    in_furniture,
    is_hidden,
    parts_beside,
)
from servanda.scrapers.documents.page_pictures import count_drawings, is_photograph, pictures_in
from servanda.scrapers.text_cleaning import one_line

FEW_HEADINGS = 4
"""Where a page has more headings of the second and third level, they head its parts, or other pages."""

LEAST_OF_SLUG = 3

_TEXTS = etree.XPath(
    "//body/descendant-or-self::*[not(self::script or self::style)]/text()", smart_strings=False
)
_STATED = etree.XPath(
    "//meta/@content | //time/@datetime | //script[@type='application/ld+json']/text()", smart_strings=False
)
"""What a page says to readers, and to machines."""

_ENDS_IN_LINK = re.compile(rf"([^.!?]|\.\.\.|…)\s*[\[(]?{MORE}\W*$", re.IGNORECASE)
_ELLIPSIS = re.compile(r"(…|\.{3}|\[(…|\.{3})\])\W{0,2}$")
_SENTENCE_ENDS = re.compile(r"[.!?:;…\"'”’»)\]#*–—-]$")
_STOPS_SHORT = re.compile(r"(?<![\w/.@-])[a-záéíóúñü]+$")
"""A plain word at the end of a text. Names, times and addresses end texts, too."""

FEW_AFTER = 2
"""Lines of a page's frame after the text's last one; more may be a list that the line leads to."""

_LEAST_PROSE = 8


@dataclass(frozen=True, slots=True)
class PageMarks:
    """What is to be seen of a page before its furniture, scripts and frames are taken out of the tree."""

    headings: tuple[str, ...]
    texts: tuple[str, ...]
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
    frames, videos = find_frames(page, base)
    texts = tuple(_TEXTS(page))
    return PageMarks(
        headings=tuple(_headings(page, page_url)),
        texts=texts,
        days=days_named((*texts, *_STATED(page))),
        canonical=absolute(stated, base) if stated else None,
        frames=tuple(frames),
        videos=videos + int(page.xpath("count(//video|//audio)")),
        drawings=count_drawings(page),
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
    core = _only_main(page)
    around = main.element if core is None else core
    core_words = None if core is None else _words_of(core, title, added)
    prose = measure_prose("\n".join(content))
    own_words = prose.words if core_words is None else min(core_words, prose.words)
    beside = parts_beside(around, marks.frames, marks.base, page_url, title, own_words, prose.words, read)
    pictures = list(pictures_in(around))
    return DocumentFacts(
        title_shown=_title_shown(page, marks, passages, title, page_url),
        prose=replace(prose, damaged=max(prose.damaged, _damaged(main.element))),
        speaks_of_title=text_speaks_of_title(title, content, LEAST_SAYING),
        site_words=count_site_words(content),
        days=marks.days,
        canonical=marks.canonical,
        lines=text_lines(content, title),
        pictures=len(pictures) + marks.drawings,
        photographs=sum(map(is_photograph, pictures)),
        videos=marks.videos,
        cut=how_it_is_cut(own) if not added else None,
        missing=beside.missing,
        core_words=core_words,
        parts=beside.urls,
    )


def _damaged(main: Any) -> int:
    """Damaged words of a main part, and elements whose letters are stored in another order than shown."""
    turned = main.xpath("count(.//bdo | .//*[contains(@style, 'bidi-override')])")
    return count_damaged(main.text_content()) + int(turned)


def _only_main(page: Any) -> Any:
    """A page's only ``main``; None where it has none or several."""
    found = page.xpath("//main | //*[@role='main']")
    return found[0] if len(found) == 1 else None


def _words_of(element: Any, title: str, added: Sequence[str]) -> int:
    """Words of an element and of what stands beside the page, the title left out."""
    lines = [line.partition(": ")[2] for line in content_lines(element)]
    return sum(line.count(" ") + 1 for line in [*lines, *added] if line != title)


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
        speaks_of_title=text_speaks_of_title(title, content, LEAST_SAYING),
        site_words=count_site_words(content),
        lines=text_lines(content, title),
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
    if _ELLIPSIS.search(last) or (len(after) <= FEW_AFTER and _STOPS_SHORT.search(last)):
        return last[-40:]
    if any(GOES_ON.fullmatch(line) for line in after[:2]) and not _SENTENCE_ENDS.search(last):
        return last[-40:]
    return last[-40:] if _ENDS_IN_LINK.search(last) else None


def _links(element: Any, page_url: str) -> bool:
    """Whether a heading is, or holds, a link to another page than this one."""
    here = normalised(page_url)
    links = element.xpath(".//a/@href|ancestor::a/@href")
    return any((url := absolute(link, page_url)) is not None and normalised(url) != here for link in links)


def _headings(page: Any, page_url: str) -> Iterator[str]:
    """What a page calls itself: headings that lead nowhere else, its title, and what it tells machines."""
    for heading in page.iter("h1") if _heads_many_parts(page) else page.iter("h1", "h2", "h3"):
        own = not in_furniture(heading, also=("aside",)) and not is_hidden(heading)
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
    if own == "nowhere" or not page.xpath("//a[@href] | //h3"):
        return own
    if _is_mostly_links(page):
        return "nowhere"
    return where_title_stands(wanted, marks.headings, _passages_of_its_own(page))


def slug_words(url: str) -> str:
    """The words of the last step of an address, "" where they are too few to be a title's."""
    step = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2].partition(".")[0]
    words = [word for word in re.split(r"[\W_]+", step) if len(word) > 2 and not word.isdigit()]
    return " ".join(words) if len(words) >= LEAST_OF_SLUG else ""


def _passages_of_its_own(page: Any) -> list[str]:
    """A page's lines without the text of its links, and without the headings of its parts where it has many:
    those are the titles of other pages."""
    copy = deepcopy(page)
    for link in list(copy.iter("a")):
        if link.get("href"):
            link.drop_tree()
    lines = content_lines(copy.find("body"))
    if _heads_many_parts(page):
        lines = [line for line in lines if not line.startswith(("h2: ", "h3: ", "h4: "))]
    return [line.partition(": ")[2] for line in lines]


def _is_mostly_links(page: Any) -> bool:
    """Whether most of what a page says are the words of links: it is about other pages."""
    linked = sum(len(one_line(link.text_content())) for link in page.xpath("//body//a[@href]"))
    return linked * 2 > len(one_line(page.find("body").text_content()))


def _heads_many_parts(page: Any) -> bool:
    return len(page.xpath("//h2 | //h3")) > FEW_HEADINGS
