"""Whether the page that came is the document that was listed, by what both say.

No list of error pages is asked: there is always another. The page itself must show the listed title.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Literal
from urllib.parse import unquote, urlsplit

from servanda.compliance.folding import fold
from servanda.compliance.prose import content_words, letters_only

TitleShown = Literal["heading", "text", "nowhere"]

SHARE_IN_HEADING = 0.6
SHARE_IN_TEXT = 0.75
"""Of the title's words. Publishers shorten titles in listings, and reword them."""

OPENING_WORDS = 150
LEAST_OF_FINGERPRINT = 6

_ALIKE = 0.3
"""Of the shorter title's words. Releases of one form share that much, whatever country they speak of."""
_DATES = (
    "january february march april may june july august september october november december monday tuesday"
    " wednesday thursday friday saturday sunday enero febrero marzo abril mayo junio julio agosto septiembre"
    " octubre noviembre diciembre lunes martes miercoles jueves viernes sabado domingo"
)
_OF_DATES = frozenset(_DATES.split())
_ADDRESSES = re.compile(r"\S*(?:/|@|\.\w{2,}\b)\S*")


def where_title_stands(title: str, headings: Iterable[str], passages: Sequence[str]) -> TitleShown:
    """Where a page shows the listed title.

    ``headings``: what the page calls itself; ``passages``: its paragraphs, links left out, which speak of
    other pages. A heading must hold 60 of 100 words of the title, a passage or the opening 75 of 100; and the
    numbers of the title stand there too, wherever: "notice 197" is not "notice 198".
    """
    wanted = set(content_words(title))
    if not wanted:
        return "nowhere"
    opening = " ".join(_opening(passages))
    for heading in headings:
        said = set(content_words(heading))
        if _share(wanted, said) >= SHARE_IN_HEADING and _holds_numbers(wanted, said, opening):
            return "heading"
    for passage in (opening, *passages):
        said = set(content_words(passage))
        if _share(wanted, said) >= SHARE_IN_TEXT and _holds_numbers(wanted, said, opening):
            return "text"
    return "nowhere"


def titles_are_alike(one: str, other: str) -> bool:
    """Whether two titles are of one kind: the same words but for numbers and dates, or most of them."""
    words, others = (set(letters_only(content_words(t))) - _OF_DATES for t in (one, other))
    if not words or not others:
        return words == others
    return len(words & others) >= _ALIKE * min(len(words), len(others))


def fingerprint(passages: Iterable[str], title: str) -> str:
    """What tells whether two documents are one text: a digest of its words in order, without the title's own,
    numbers and addresses, which pages that stand in a document's place repeat. Empty for almost no text."""
    own = set(content_words(title))
    words = [
        word
        for passage in passages
        for word in re.findall(r"[^\W\d_]+", fold(_ADDRESSES.sub(" ", passage)))
        if word not in own and len(word) > 1
    ]
    if len(words) < LEAST_OF_FINGERPRINT:
        return ""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:32]


def canonical_disagrees(canonical: str | None, *addresses: str) -> bool:
    """Whether the address that a page states as its own is that of another page than was asked for.

    Sites move, and write an address in several ways: the last step of the path, or the query, must agree.
    """
    if canonical is None:
        return False
    stated = _last_step(canonical)
    return all(stated != _last_step(address) for address in addresses)


def _last_step(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    steps = [step for step in unquote(parts.path).lower().split("/") if step]
    last = re.sub(r"\.(html?|aspx?|php|jsp)$", "", steps[-1]) if steps else ""
    return last, (parts.query if "=" in parts.query and last in ("", "index", "nota", "node") else "")


def _share(wanted: set[str], said: set[str]) -> float:
    return sum(word in said for word in wanted) / len(wanted)


def _holds_numbers(wanted: set[str], said: set[str], opening: str) -> bool:
    numbers = {word for word in wanted if word.isdigit()}
    return numbers <= said or numbers <= {*said, *re.findall(r"\d+", opening)}


def _opening(passages: Sequence[str]) -> list[str]:
    words: list[str] = []
    for passage in passages:
        words += passage.split()
        if len(words) >= OPENING_WORDS:
            break
    return words[:OPENING_WORDS]
