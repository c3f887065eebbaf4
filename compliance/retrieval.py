"""Whether the page that came is the document that was listed, by what both say.

No list of error pages is asked: there is always another. The page itself must show the listed title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from servanda.compliance.folding import fold
from servanda.compliance.prose import content_words, letters_only

TitleShown = Literal["heading", "text", "nowhere"]

SHARE_IN_HEADING = 0.6
SHARE_IN_TEXT = 0.75
"""Of the title's words. Publishers shorten titles in listings, and reword them."""

OPENING_WORDS = 150

LONGEST_HEADING = 60
"""Words that carry meaning; what is longer is no heading."""

WORDS_PER_TITLE_WORD = 4

STEM = 4
"""Letters by which two forms of a word are taken for one."""

FORM_SHARE = 3, 5
"""Of the longer word, which two forms of one have in common."""

LEAST_SAYING = 5
"""Words of a line of a text; a page's frame has shorter ones, such as "Press statement"."""

LEAST_COMMON = 2

_ALIKE = 0.4
"""Of the shorter title's words. Releases of one form share that much, whatever country they speak of."""
_DATES = (
    "january february march april may june july august september october november december monday tuesday"
    " wednesday thursday friday saturday sunday enero febrero marzo abril mayo junio julio agosto septiembre"
    " octubre noviembre diciembre lunes martes miercoles jueves viernes sabado domingo"
)
_OF_DATES = frozenset(_DATES.split())
_WORDS = re.compile(r"\w+")
_QUOTED_WORDS = re.compile(r"\w+|\"")
_SITE_WORDS = (
    "page pages site website web portal session browser server login log sign click request requested"
    " access error cookies javascript connection maintenance unavailable reload refresh url link content"
    " loading robot captcha firewall proxy blocked denied forbidden inactivity password account visitor"
    " pagina paginas sitio web portal sesion navegador servidor solicitud acceso error conexion mantenimiento"
    " recargar actualizar enlace contenido contenidos disponible cargando robot bloqueado denegado prohibido"
    " inactividad contrasena cuenta visitante difusion"
)
_OF_SITES = frozenset(_SITE_WORDS.split())


def where_title_stands(title: str, headings: Iterable[str], passages: Sequence[str]) -> TitleShown:
    """Where a page shows the listed title.

    ``headings``: what the page calls itself; ``passages``: its paragraphs, links left out, which speak of
    other pages. A heading must hold 60 of 100 words of the title, and what it lacks must stand in the text: a
    release about Guatemala is none about Mexico. Else a passage, or the opening, must hold 75 of 100 in not
    much more words than the title has. The title's numbers stand there too: "notice 197" is not "notice 198".
    """
    wanted = set(content_words(title))
    if not wanted:
        return "nowhere"
    opening = _opening(passages)
    text = _stems(word for passage in passages for word in content_words(passage))
    for heading in headings:
        words = content_words(heading)
        said = set(words)
        if len(words) > LONGEST_HEADING or _share(wanted, said) < SHARE_IN_HEADING:
            continue
        if _stems(wanted - said) <= text and _holds_numbers(wanted, said, opening):
            return "heading"
    longest = WORDS_PER_TITLE_WORD * len(wanted)
    for passage in (" ".join(opening[: longest + 10]), *passages):
        words = content_words(passage)
        said = set(words)
        if len(words) > longest + 10 or _share(wanted, said) < SHARE_IN_TEXT:
            continue
        others = [one for one in passages if one != passage]
        if _holds_numbers(wanted, said, opening) and text_speaks_of_title(title, others):
            return "text"
    return "nowhere"


def text_speaks_of_title(title: str, passages: Iterable[str], least_words: int = 1) -> bool:
    """Whether any word of a title, but for those of dates, stands in a text; true for a title without such.

    A page that stands in a document's place may repeat its title above a sentence of its own, or in it: where
    a passage quotes the whole title, that does not count.
    ``least_words``: of a passage that counts.
    """
    wanted: dict[str, list[str]] = {}
    for word in set(letters_only(content_words(title))) - _OF_DATES:
        wanted.setdefault(word[:STEM], []).append(word)
    whole = f'"{" ".join(_WORDS.findall(fold(title)))}"'
    for passage in passages:
        if passage.count(" ") + 1 < least_words:
            continue
        said = " ".join(_QUOTED_WORDS.findall(fold(passage))).replace('" ', '"').replace(' "', '"')
        said = said.replace(whole, " ")
        words = set(content_words(said))
        if any(_are_forms(word, other) for word in words for other in wanted.get(word[:STEM], ())):
            return True
    return not wanted


def _are_forms(one: str, other: str) -> bool:
    """Whether two words with a common stem are forms of one: "announced" and "announcement" are, "states" and
    "statement" are not."""
    common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return common * FORM_SHARE[1] >= max(len(one), len(other)) * FORM_SHARE[0]


def count_site_words(passages: Iterable[str]) -> int:
    """How many different words a text has that are said of pages, sites and sessions: of how it is read, not
    of what happened."""
    return len({word for one in passages for word in _WORDS.findall(fold(one))} & _OF_SITES)


def titles_are_alike(one: str, other: str) -> bool:
    """Whether two titles are of one kind: the same words but for numbers and dates, or most of them."""
    words, others = (set(letters_only(content_words(t))) - _OF_DATES for t in (one, other))
    if words == others:
        return True
    common = len(words & others)
    return common >= LEAST_COMMON and common >= _ALIKE * min(len(words), len(others))


def canonical_disagrees(canonical: str | None, *addresses: str) -> bool:
    """Whether the address that a page states as its own is that of another page than was asked for.

    Sites move, and write an address in several ways: the last step of the path must agree, and the query
    where both have one.
    """
    return canonical is not None and not any(_is_one_page(canonical, address) for address in addresses)


def _is_one_page(one: str, other: str) -> bool:
    (step, query), (other_step, other_query) = _last_step(one), _last_step(other)
    return step == other_step and (not query or not other_query or query == other_query)


def _last_step(url: str) -> tuple[str, frozenset[tuple[str, str]]]:
    parts = urlsplit(url)
    steps = [step for step in unquote(parts.path).lower().split("/") if step]
    last = re.sub(r"\.(html?|aspx?|php|jsp)$", "", steps[-1]) if steps else ""
    return last, frozenset(parse_qsl(parts.query.lower()))


def _stems(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word[:STEM] for word in words)


def _share(wanted: set[str], said: set[str]) -> float:
    return sum(word in said for word in wanted) / len(wanted)


def _holds_numbers(wanted: set[str], said: set[str], opening: Sequence[str]) -> bool:
    """Whether a title's numbers stand there. Those that may be a date's may be written otherwise."""
    numbers = {word for word in wanted if word.isdigit()}
    if not letters_only(wanted - said):
        numbers = {number for number in numbers if not _may_be_of_date(number)}
    return numbers <= {*said, *re.findall(r"\d+", " ".join(opening).replace(",", ""))}


def _may_be_of_date(number: str) -> bool:
    return len(number) <= 4 and (1 <= int(number) <= 31 or 1900 <= int(number) <= 2100)


def _opening(passages: Sequence[str]) -> list[str]:
    words: list[str] = []
    for passage in passages:
        words += passage.split()
        if len(words) >= OPENING_WORDS:
            break
    return words[:OPENING_WORDS]
