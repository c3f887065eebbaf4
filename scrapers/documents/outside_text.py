"""What a page holds outside the text that is drawn from it, and that a rule might match.

Which elements hold a document's text is a guess about how its page was made. This asks the page as a whole:
whatever stands anywhere on it, but for the words of links, which are those of other pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from servanda.compliance.prefilter import EDGE, Prefilter
from servanda.scrapers.documents.page_parts import LONG
from servanda.scrapers.text_cleaning import BREAKING_ELEMENTS, html_to_text, one_line, shorten

LEAST = 8
"""Words of a passage that says something."""

MOST_CHARS = 400_000
"""Characters of a script or an attribute that are looked through."""

_BREAKING = frozenset((
    *BREAKING_ELEMENTS, "body", "template", "noscript", "textarea", "button", "option", "svg", "text",
))  # fmt: skip
_UNSEEN = frozenset({"script", "style", "head"})
_QUOTED = re.compile(r"""\"(?:[^\"\\\n]|\\.){50,}\"|'(?:[^'\\\n]|\\.){50,}'|`(?:[^`\\]|\\.){50,}`""")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_VALUES = etree.XPath("//body//@*[string-length() > 50]", smart_strings=False)
_SCRIPTS = etree.XPath("//script/text()", smart_strings=False)


@dataclass(frozen=True, slots=True)
class WholePage:
    """What stands anywhere on a page.

    ``passages``: of its elements, without those of links; ``values`` and ``scripts``: its longer attributes
    and its scripts, of which a browser may make the text. ``holds_nothing``: no part of its elements can
    match a rule or speak of a subject.
    """

    passages: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    holds_nothing: bool = False

    @classmethod
    def of(cls, page: Any, scan: Prefilter | None, *texts: str) -> WholePage:
        """Read from a tree, before anything is taken out of it. ``texts``: all that stands in its
        elements; the passages are told apart only where a rule might match those."""
        if scan is None:
            return cls()
        seen = scan.look(*texts)
        passages = tuple(line for line in _passages(page) if _says_something(line)) if seen.may_match else ()
        nothing = not (seen.may_match or seen.may_concern or any("&" in text for text in texts))
        return cls(passages, tuple(_VALUES(page)), tuple(_SCRIPTS(page)), nothing)

    def outside(self, scan: Prefilter, text: str | None, own_words: int) -> str | None:
        """The beginning of a passage that a rule might match which the text cannot; None where there is none.

        ``text`` None: no rule can match it. Scripts and attributes count where the page says little itself.
        """
        passages = self.passages if own_words >= LONG else (*self.passages, *self._in_data())
        within = scan.rules_of(text) if text is not None else frozenset()
        if not passages or not scan.rules_of(EDGE.join(passages)) - within:
            return None
        return next((shorten(passage, 80) for passage in passages if scan.rules_of(passage) - within), None)

    def _in_data(self) -> Iterator[str]:
        quoted = (found[1:-1] for script in self.scripts for found in _QUOTED.findall(script[:MOST_CHARS]))
        for written in (*(value[:MOST_CHARS] for value in self.values), *quoted):
            if " " in written and _says_something(line := html_to_text(_ESCAPE.sub(_unescaped, written))):
                yield line


def _says_something(line: str) -> bool:
    return line.count(" ") + 1 >= LEAST


def _passages(page: Any) -> Iterator[str]:
    run: list[str] = []
    walk = etree.iterwalk(page, events=("start", "end"))
    for event, at in walk:
        if at.tag in _BREAKING and run:
            yield one_line("".join(run))
            run.clear()
        if event == "end":
            run.append(at.tail or "")
        elif at.tag in _UNSEEN or (at.tag == "a" and at.get("href")):
            walk.skip_subtree()
        else:
            run.append(at.text or "")
    yield one_line("".join(run))


def _unescaped(found: re.Match[str]) -> str:
    """What an escape of JSON or of a script stands for."""
    if found[1]:
        return chr(int(found[1], 16))
    return " " if found[2] in "bfnrt" else found[2]
