"""What a response shows at a glance, for those who ask whether it is the page that was wanted."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote, urlsplit

from servanda.scrapers.exchange import Exchange

LOOKED_AT_BYTES = 1 << 16
"""A page in another's place is small; of a larger one only the beginning is looked at."""

_HTML_START = re.compile(rb"[\s\xef\xbb\xbf]*(?:<!doctype html|<html|<head)", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,300})")
_HEADING = re.compile(r"<h1[^<>]{0,500}>(.{0,500}?)</h1", re.DOTALL)
_UNSEEN = re.compile(r"<(?:(script|style|template|noscript|svg|title)\b[^>]*>|!--)")
_UNSEEN_ENDS = {
    tag: re.compile(rf"</{tag}\s*>") for tag in ("script", "style", "template", "noscript", "svg", "title")
}
_COMMENT_END = re.compile("-->")
_NO_SCRIPT = re.compile(r"<noscript\b[^>]*>(.*?)</noscript", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_BETWEEN = re.compile(r"\s[-–—·»:|]+\s|\s*\|\s*|::")
_EDGES = " \t.,!?¡¿…\"'“”"
_DATED = (
    re.compile(r"<time\b"),
    re.compile("article:published_time|datepublished"),
    re.compile(r"<article\b"),
)
_CAPITALS = "ÁÉÍÓÚÜÑ"
"""Beyond A–Z, those that the signs' languages know."""


@dataclass(frozen=True)
class PageView:
    """A response as its bytes, headers and address show it. All text is in lower case, on one line."""

    exchange: Exchange

    @property
    def status(self) -> int:
        return self.exchange.status or 0

    @cached_property
    def is_html(self) -> bool:
        stated = (self.exchange.header("Content-Type") or "").lower()
        return "html" in stated or _HTML_START.match(self.exchange.body[:1024]) is not None

    @cached_property
    def markup(self) -> str:
        """The beginning of the body as text, with even white space."""
        text = self.exchange.body[:LOOKED_AT_BYTES].lower().decode("utf-8", "replace")
        for capital in _CAPITALS:  # str.lower takes five times as long as all of this
            text = text.replace(capital, capital.lower())
        return " ".join(text.replace("’", "'").split())

    @cached_property
    def title(self) -> str:
        found = _TITLE.search(self.markup)
        return _text(found.group(1)) if found else ""

    @cached_property
    def headlines(self) -> tuple[str, ...]:
        """What may be the page's own heading: the parts of its title between bars and dashes, and its only
        first-level heading."""
        headings = _HEADING.findall(self.markup)
        parts = [
            *_BETWEEN.split(self.title),
            self.title,
            *(map(_text, headings) if len(headings) == 1 else ()),
        ]
        return tuple(part.strip(_EDGES) for part in parts if part.strip(_EDGES))

    @cached_property
    def text(self) -> str:
        """What a reader without scripts sees, the title left out."""
        return _text(_without_unseen(self.markup))

    @cached_property
    def words(self) -> int:
        return len(self.text.split())

    @property
    def words_of_refusal(self) -> str:
        """What a refusal says of itself: its title and text, or its body where it is no page."""
        return f"{self.title} {self.text}".strip() if self.is_html else self.markup

    @cached_property
    def no_script(self) -> str:
        """What the page says to those without scripts."""
        return _text(" ".join(_NO_SCRIPT.findall(self.markup)))

    @cached_property
    def holds_publication(self) -> bool:
        """Whether something in it is dated or marked as an article, as publications are."""
        return any(sign.search(self.markup) for sign in _DATED)

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """The steps of the path that answered, after redirects."""
        path = unquote(urlsplit(self.exchange.final_url).path).lower()
        return tuple(step for step in path.split("/") if step)

    @property
    def host(self) -> str:
        return urlsplit(self.exchange.final_url).hostname or ""

    def headline(self, shape: re.Pattern[str]) -> str | None:
        """The first headline that is of this shape from beginning to end."""
        return next((line for line in self.headlines if shape.fullmatch(line)), None)


def any_of(*forms: str) -> re.Pattern[str]:
    """A pattern for each of these wordings."""
    return re.compile("|".join(forms))


def _without_unseen(markup: str) -> str:
    """Without the elements that nobody sees, and comments; one that never ends reaches to the end.

    By steps, because one pattern for a whole element takes ten times as long on a page full of styles.
    """
    pieces, at = [], 0
    while begins := _UNSEEN.search(markup, at):
        pieces.append(markup[at : begins.start()])
        end = _UNSEEN_ENDS.get(begins[1], _COMMENT_END).search(markup, begins.end())
        at = end.end() if end else len(markup)
    return " ".join((*pieces, markup[at:]))


def _text(markup: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", markup)).replace("’", "'").split())
