"""What a response shows at a glance, for those who ask whether it is the page that was wanted."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote, urlsplit

from scrapers.exchange import Exchange

LOOKED_AT_BYTES = 1 << 18
"""A page in another's place is small; of a larger one only the beginning is looked at."""

_HTML_START = re.compile(rb"[\s\xef\xbb\xbf]*(?:<!doctype html|<html|<head)", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,300})", re.IGNORECASE)
_HEADING = re.compile(r"<h1[^<>]{0,500}>(.{0,500}?)</h1", re.IGNORECASE | re.DOTALL)
_UNSEEN = re.compile(
    r"<(script|style|template|noscript|svg|title)\b[^>]*>.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_NO_SCRIPT = re.compile(r"<noscript\b[^>]*>(.*?)</noscript", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_BETWEEN = re.compile(r"\s[-–—·»:|]+\s|\s*\|\s*|::")
_EDGES = " \t.,!?¡¿…\"'“”"
_DATED = re.compile(r"<time\b|article:published_time|datepublished|<article\b", re.IGNORECASE)


@dataclass(frozen=True)
class Sight:
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
        text = self.exchange.body[:LOOKED_AT_BYTES].decode("utf-8", "replace")
        return " ".join(text.lower().replace("’", "'").split())

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
        return _text(_UNSEEN.sub(" ", self.markup))

    @cached_property
    def words(self) -> int:
        return len(self.text.split())

    @cached_property
    def no_script(self) -> str:
        """What the page says to those without scripts."""
        return _text(" ".join(_NO_SCRIPT.findall(self.markup)))

    @cached_property
    def holds_publication(self) -> bool:
        """Whether something in it is dated or marked as an article, as publications are."""
        return _DATED.search(self.markup) is not None

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


def _text(markup: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", markup)).replace("’", "'").split())
