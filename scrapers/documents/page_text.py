"""The text of a page: all of it as plain pieces, or its main text by an extractor.

Both see the same tree, so a scan of the pieces speaks for whatever the extractor may draw from it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from typing import Any

from lxml import etree

from servanda.compliance.prefilter import EDGE, fold_to_alphanumerics
from servanda.scrapers.documents.content_digest import FURNITURE
from servanda.scrapers.text_cleaning import one_line

UNREAD = FURNITURE - {"header", "input", "label"}
"""Elements whose text is never a document's. The extractor leaves them out too, but for pages with little
text, where it would turn to scripts and attributes as well; of none of that the digest knows."""

_UNREAD_ATTRIBUTES = "//*[@data-preloaded]"

_PIECES = etree.XPath("descendant::text()", smart_strings=False)
_FOOTNOTE_MARK = re.compile(r"[\[(]?(\d{1,3}|[*†‡§]{1,3})[\])]?")
_WORD_ENDS = re.compile(r"[^\W\d_]{4}[.,;:)\"'”’»]?$")
_BREAKS_OFF = re.compile(r"(?: \S+){3} [^\W\d_]+,?$")
_GOES_ON = re.compile(r"[a-záéíóúñü]+[ ,]")
_OPEN_REFERENCE = re.compile(r"&[#\w]{0,32}$")


def free_main_part(page: Any) -> None:
    """Where careless mark-up leaves a menu open, the parser puts the whole document into it: an element that
    holds the main part is no furniture, and is made a plain one. So is one within the main part that holds
    prose, whatever its name."""
    for main in page.xpath("//main | //*[@role='main'] | //article[count(//article) = 1]"):
        for around in main.iterancestors(*FURNITURE):
            around.tag = "div"
        for inside in list(main.iter("aside", "nav", "button", "textarea", "noscript", "template")):
            if _says_something(inside):
                inside.tag = "div"


def _says_something(element: Any) -> bool:
    """Whether an element holds prose of its own, and is no list of links."""
    text = one_line(element.text_content())
    linked = sum(len(one_line(link.text_content())) for link in element.iter("a"))
    return text.count(" ") + 1 >= LEAST_PROSE and linked * 2 < len(text)


def drop_unread_elements(page: Any) -> None:
    """Remove from a tree what no document's text is drawn from; what follows such an element stays."""
    etree.strip_elements(page, *UNREAD, with_tail=False)
    _join_words(page)
    for element in page.xpath(_UNREAD_ATTRIBUTES):
        del element.attrib["data-preloaded"]


def _join_words(page: Any) -> None:
    """Make raised, lowered and quoted text, and lines of one paragraph, part of the text around them:
    trafilatura may divide it there.

    Footnote marks after a word are removed: they would become a part of it.
    """
    for br in list(page.iter("br")):
        if not _is_break(br.getnext()) and not _is_break(br.getprevious(), tail=br):
            br.tail = f" {br.tail or ''}"
            br.drop_tag()
    for mark in list(page.iter("sup", "sub", "q")):
        before = mark.getprevious()
        said = (before.tail if before is not None else mark.getparent().text) or ""
        if _FOOTNOTE_MARK.fullmatch(mark.text_content().strip()) and _WORD_ENDS.search(said):
            mark.drop_tree()
        else:
            mark.drop_tag()


def _is_break(element: Any, tail: Any = None) -> bool:
    """Whether beside a line break stands another one, with nothing between: that ends a paragraph."""
    if element is None or element.tag != "br":
        return False
    between = element.tail if tail is not None else element.getprevious().tail
    return not (between or "").strip()


def text_pieces(page: Any) -> list[str] | None:
    """Every stretch of text in a tree, as an extractor may keep or drop it; None where that cannot be told.

    References that were escaped twice are read, as trafilatura reads them. It joins pieces first, so one
    that breaks off in a reference may become anything.
    """
    pieces: list[str] = _PIECES(page)
    if any("&" in piece for piece in pieces):
        if any(_OPEN_REFERENCE.search(piece) for piece in pieces):
            return None
        pieces = [unescape(piece) for piece in pieces]
    return pieces


def main_paragraphs(page: Any, *, is_main_part: bool) -> list[str]:
    """The paragraphs of the main text, by trafilatura, which uses the tree up.

    ``is_main_part``: the tree holds nothing else. Recall is favoured: over 124 official articles in three
    layouts "fast" with recall kept 99.9 % of the words, balanced mode lost up to a sixth of one article, and
    neither let furniture in. Links in paragraphs are made plain text first: trafilatura drops a paragraph
    that is all link, and editors do leave such links, some without a target, around whole sentences.
    """
    from trafilatura import extract  # here, because it is slow to load and few documents need it

    for link in page.xpath("//a" if is_main_part else "//a[not(@href)] | //p//a"):
        link.drop_tag()
    text = extract(
        page, output_format="txt", include_comments=False, include_tables=True, fast=True, favor_recall=True
    )
    lines = (one_line(line) for line in (text or "").splitlines())
    return [line for line in lines if line.strip("|-: ")]  # the rule below a table's head is no text


LEAST_PROSE = 8
"""Words of a line that is prose; menus have shorter ones."""


def whole_text(paragraphs: list[str], passages: Sequence[str]) -> list[str]:
    """The paragraphs of the main text; where they lack much of the page's prose, all of its lines instead.

    An extractor may take a banner or a box for the text and drop the rest without an error. ``passages``: the
    lines of the page's main part.
    """
    drawn = " ".join(paragraphs)
    passages = [unescape(line) for line in passages]  # as trafilatura reads what was escaped twice
    prose = [line for line in passages if line.count(" ") + 1 >= LEAST_PROSE]
    missing = sum(line.count(" ") + 1 for line in prose if line not in drawn)
    if missing <= max(LEAST_PROSE, (drawn.count(" ") + 1) / 2):
        return paragraphs
    return passages


def join_broken(paragraphs: Sequence[str]) -> list[str]:
    """Paragraphs, those joined that break off within a sentence: the first ends in a plain word, and the next
    begins with a small letter. A phrase is looked for within a paragraph."""
    joined: list[str] = []
    for paragraph in paragraphs:
        if joined and _BREAKS_OFF.search(joined[-1]) and _GOES_ON.match(paragraph):
            joined[-1] = f"{joined[-1]} {paragraph}"
        else:
            joined.append(paragraph)
    return joined


def paragraphs_beside(passages: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Those paragraphs of texts that stand beside a page that the page does not hold itself."""
    held = squeeze("".join(passages))
    found = []
    for text in texts:
        for paragraph in text.split("\n\n"):
            bare = squeeze(paragraph)
            if paragraph.count(" ") + 1 >= LEAST_BESIDE and bare not in held:
                found.append(paragraph)
                held += bare
    return found


LEAST_BESIDE = 4


def squeeze(text: str) -> str:
    """What counts where two texts are compared: letters and digits, folded."""
    return fold_to_alphanumerics(text).replace(EDGE, "")


def extractor_name() -> str:
    import trafilatura  # loaded already

    return f"trafilatura {trafilatura.__version__}"
