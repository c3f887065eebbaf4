"""A digest of a document's content: the same for the same words, whichever library extracts the text.

It covers the title and the content of the page's main part, as ``content_lines`` gives it. A redesign of the
page around it, a new release of an extractor, a nonce or a counter do not change it; an edited word does.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from servanda.scrapers.text_cleaning import BREAKING_ELEMENTS, one_line

BLOCKS = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "td", "th", "caption", "figcaption",
    "blockquote", "pre", "del", "s", "ins",
})  # fmt: skip
"""Elements that the digest tells apart; ``del`` and ``s`` because striking out changes what is said."""

FURNITURE = frozenset({
    "head", "script", "style", "noscript", "template", "iframe", "object", "svg", "math", "nav", "header",
    "footer", "aside", "button", "input", "select", "textarea", "label",
})  # fmt: skip
"""Elements that the digest does not see. Of a form only the controls: some sites wrap a whole page in one."""


_PIECES = etree.XPath("descendant::text()", smart_strings=False)


@dataclass(frozen=True, slots=True)
class MainPart:
    """The element that holds a page's content, and what the digest covers of it."""

    element: Any
    lines: list[str]

    @property
    def passages(self) -> list[str]:
        """The lines without what they stand in."""
        return [line.partition(": ")[2] for line in self.lines]


def main_part(page: Any, *, is_main_part: bool = False) -> MainPart:
    """The main part of a page: its only ``article``, else its only ``main``, else ``body``.

    An ``article`` or ``main`` with less than half of the page's content is taken for a teaser.
    ``is_main_part``: the tree holds nothing but the main part, as a route names it; all of it is covered.
    """
    if is_main_part:
        return MainPart(page, content_lines(page))
    body = page.find("body")
    all_lines: list[str] | None = None
    for path in (".//article", ".//main", ".//*[@role='main']"):
        found = body.xpath(path)
        if len(found) != 1:
            continue
        lines = content_lines(found[0])
        size = sum(map(len, lines))
        if size * 2 < _most(body):
            all_lines = content_lines(body) if all_lines is None else all_lines
            if size * 2 < sum(map(len, all_lines)):
                continue
        return MainPart(found[0], lines)
    return MainPart(body, content_lines(body) if all_lines is None else all_lines)


def _most(body: Any) -> int:
    """More characters than the lines of a body can have: mostly this spares collecting them a second time."""
    pieces: list[str] = _PIECES(body)
    longest_tag = max(map(len, BLOCKS)) + 2
    return len(unicodedata.normalize("NFC", "".join(pieces))) + longest_tag * len(pieces)


def content_lines(element: Any) -> list[str]:
    """The content of an element as lines ``tag: text``, one for each stretch of text in one of ``BLOCKS``.

    Left out: ``FURNITURE``, comments, attributes (so a link's target too), inline mark-up, wrappers, empty
    elements. Whitespace is one space, invisible characters are removed, NFC.
    """
    lines: list[str] = []
    run: list[str] = []
    blocks = ["body"]

    def end_run() -> None:
        if text := one_line("".join(run)):
            lines.append(f"{blocks[-1]}: {text}")
        run.clear()

    walk = etree.iterwalk(element, events=("start", "end"))
    for event, at in walk:
        if at.tag in BLOCKS:
            end_run()
            blocks.append(at.tag) if event == "start" else blocks.pop()
        elif at.tag in BREAKING_ELEMENTS:
            run.append(" ")
        if event == "start" and at.tag in FURNITURE:
            walk.skip_subtree()
        elif event == "start":
            run.append(at.text or "")
        elif at is not element:
            run.append(at.tail or "")
    end_run()
    return lines


def digest_of(title: str, lines: Sequence[str]) -> str:
    """Hex SHA-256 of the UTF-8 bytes of the title and the content's lines, each ended by a line feed."""
    return hashlib.sha256("".join(f"{line}\n" for line in (title, *lines)).encode()).hexdigest()
