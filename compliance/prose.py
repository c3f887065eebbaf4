"""Whether a text is language that can be read and searched, by facts about its words.

Function words ("the", "de") make up a steady share of real prose: in 184 recorded releases, transcripts and
declarations in English and Spanish at least 21 of 100 words. Text in broken fonts, in a wrong encoding, with
letters permuted or spaced out does not come near.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from servanda.compliance.folding import fold

LEAST_SHARE = 0.13
"""Of function words. Lists of names and tables in recorded pages reach 0.15."""

MOST_SINGLE_LETTERS = 0.25
"""Share of words of one letter; the most in a recorded text is 0.11."""

LEAST_WORDS = 25
"""A shorter text says too little of itself to be judged by shares."""

WORDS_PER_DAMAGED = 5_000
"""One damaged word in so many is borne with; any more may be the word that is looked for."""

_WORDS = {
    "en": "the of and to in that is for on with as by at from this be are it was has have will an or not its"
    " their which our his he who been they but would all more also can these her she you into about than"
    " between other were had up after such no any if when so my your there them what over through must should"
    " may under do how only against some us we",
    "es": "de la que el en los se del las un por con una su para es al lo como mas pero sus le ha si sin"
    " sobre este ya entre cuando todo esta ser son tambien fue habia muy hasta desde nos durante uno ni"
    " contra ese les mi quien han asi esto donde nuestro nuestra estos estas cada asimismo hacia segun ante"
    " bajo porque mediante hay tiene no",
    "fr": "de la le les des et une un du dans en est pour qui que sur avec ce pas par au sont cette ont aux"
    " nous vous leur mais ou ete plus ces aussi entre elle ils se son sa",
    "pt": "de que os as do da dos das em um uma para com nao na no nos nas pelo pela ao sao mais foi seu sua"
    " sobre tambem ate entre esta isso se por como",
    "de": "der die das und ist von zu den mit sich auf fur nicht ein eine dem des im auch an werden aus er"
    " hat dass sie nach bei einer um am sind in",
    "it": "il di che la per un in sono del della con non si dei le da una alla nel piu al gli come anche ha"
    " delle questo ai lo se",
}
_LANGUAGES = {name: frozenset(words.split()) for name, words in _WORDS.items()}

_ENGLISH, _SPANISH = _LANGUAGES["en"], _LANGUAGES["es"]
FUNCTION_WORDS = _ENGLISH | _SPANISH

FOREIGN_SHARE = 8
"""A text with one letter in so many of another script says something in that script."""

LOOKED_AT = 2_000
"""Words from which the language is told."""

SAMPLED = 300
"""Words from which it is told whether a text is Spanish."""

LEAST_ACCENTED = 80
"""Words of a Spanish text, of which some have accents, or end in "-cion" where accents were left out."""

_ACCENTED = re.compile("[áéíóúñü]", re.IGNORECASE)
_LOST_ACCENT = re.compile(r"\b[a-z]{3,}cin\b")
_ENDS_IN_CION = re.compile(r"[cs]ion\b")
_SEPARATORS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_TOKEN = re.compile(r"\S+")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_REPLACED_INSIDE = re.compile("[^\\W\\d_]\ufffd|\ufffd[^\\W\\d_]")
_AT_EDGES = re.compile("\ufffd?[^\\W\\d_]+\ufffd?[.,;:]?")
_MOJIBAKE = re.compile(
    "Ã[\u0080-\u00bf]|Â[\u00a0-\u00bf]|â€"
    "|Ă[łˇŠ±\u00adşĄ‰“ŤńĹ©]"
    "|(?<![A-ZÀ-Ý])[ÃÂ][\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u20ac\u2122]"
)
_MARK_INSIDE = re.compile("[^\\W\\d_][†‡•¶§¤][^\\W\\d_]")
_APART = re.compile(r"(?<!\S)(?:[^\W\d_] ){5,}[^\W\d_](?!\S)")
_CONTROLS = re.compile("[^\\W\\d_][\x00-\x08\x0e-\x1f\x7f]+(?=[^\\W\\d_])")
_GLYPHS = re.compile(r"\(cid:\d+\)")
_ASKED = re.compile(r"(?<![\w/?&=.])[a-záéíóúñ]{2,}\?[a-záéíóúñ]{1,}(?![\w/=&])")
_LOOK_ALIKES = frozenset("аеорсухіѕјԁһӏАВЕКМНОРСТУХІЅЈοαερκνυιΑΒΕΖΗΙΚΜΝΟΡΤΥΧօ")
_TURNED = re.compile("[\u202d\u202e]")
"""Marks after which letters are shown in another order than they are stored in."""

_SUSPICIOUS = re.compile("[\u202d\u202e\ufffd\ue000-\uf8ff\U000f0000-\U0010fffdÃÂâĂ†‡•¶§¤\u0370-\u058f]")


@dataclass(frozen=True, slots=True)
class ProseFacts:
    """What a text's words show.

    ``words``: how many; ``function_share`` and ``single_letters``: shares of them. ``damaged``: words with a
    character that was lost, is of private use, shows UTF-8 read as something else, or with letters of two
    scripts. ``language``: another one than English and Spanish that it is in, or ``other`` for another
    script; None for neither.
    """

    words: int = 0
    function_share: float = 0.0
    single_letters: float = 0.0
    damaged: int = 0
    language: str | None = None


def measure_prose(text: str) -> ProseFacts:
    """The facts of a text, from one pass over its words."""
    folded = fold(text)
    words = _WORD.findall(folded)
    count = len(words)
    if not count:
        return ProseFacts(damaged=count_damaged(text))
    function = sum(word in FUNCTION_WORDS for word in words)
    single = sum(len(word) == 1 for word in words)
    return ProseFacts(
        words=count,
        function_share=round(function / count, 3),
        single_letters=round(single / count, 3),
        damaged=count_damaged(text) + _lost_accents(text, folded, words),
        language=_other_language(words),
    )


def _lost_accents(text: str, folded: str, words: Sequence[str]) -> int:
    """Words of a Spanish text that lost letters with their accents: "migracin".

    Of 40 words in a row 98 of 100 times one has an accent, and "-ción" ends one in thirty. A text without
    either, or with "-cin" instead, did not only drop its accents.
    """
    lost = len(_LOST_ACCENT.findall(folded))
    is_long = len(words) >= LEAST_ACCENTED
    if (not lost and not is_long) or not _is_spanish(words[:SAMPLED]):
        return 0
    if _ACCENTED.search(text):
        return lost if lost > 1 else 0  # one such word among words with accents may be a name
    return lost or int(is_long and not _ENDS_IN_CION.search(folded))


def _is_spanish(words: Sequence[str]) -> bool:
    spanish, english = (sum(word in theirs for word in words) for theirs in (_SPANISH, _ENGLISH))
    return spanish > english and spanish >= LEAST_SHARE * len(words)


def what_hides_words(facts: ProseFacts) -> str | None:
    """Why a text cannot be searched, in words; None where it can be. Not asked of other languages."""
    if facts.damaged * WORDS_PER_DAMAGED > max(facts.words, WORDS_PER_DAMAGED - 1):
        return f"{facts.damaged} of its {facts.words} words hold characters that were lost or are unreadable"
    if facts.words < LEAST_WORDS or facts.language is not None:
        return None
    if facts.single_letters > MOST_SINGLE_LETTERS:
        return f"{facts.single_letters:.0%} of its words are single letters: its letters stand apart"
    if facts.function_share < LEAST_SHARE:
        return (
            f"only {facts.function_share:.0%} of its {facts.words} words are such as any sentence needs: "
            "it is no legible English or Spanish"
        )
    return None


def _other_language(words: list[str]) -> str | None:
    """Another language, where clearly more of the words are its function words."""
    if len(words) < LEAST_WORDS:
        return None
    words = words[:LOOKED_AT]
    foreign = sum(len(word) for word in words if word[0] >= "\u0250")
    if foreign * FOREIGN_SHARE > sum(map(len, words)):
        return "other"
    found = {name: sum(w in theirs for w in words) / len(words) for name, theirs in _LANGUAGES.items()}
    best = max(found, key=lambda name: found[name])
    clearly = found[best] >= LEAST_SHARE and found[best] > 1.2 * max(found["en"], found["es"])
    return best if clearly and best not in ("en", "es") else None


def count_damaged(text: str) -> int:
    """Words with a character that was lost, is of private use, or is not what it looks like; letters that
    stand apart; numbers of glyphs. ``text`` as it was read, before anything invisible is taken out."""
    found: int = sum(len(shape.findall(text)) for shape in (_APART, _GLYPHS, _ASKED, _CONTROLS))
    if text.isascii() or not _SUSPICIOUS.search(text):
        return found
    tokens = [token for token in _TOKEN.findall(text) if not token.isascii()]
    opened: int = sum(token.startswith("\ufffd") for token in tokens)
    closed: int = sum(token.rstrip(".,;:").endswith("\ufffd") for token in tokens)
    turned = len(_TURNED.findall(text))
    return found + turned + sum(map(_is_damaged, tokens)) + max(0, opened - closed)


def _is_damaged(token: str) -> bool:
    """A lost character at the edge of a word was a quotation mark; within it, a letter."""
    if "\ufffd" in token and _REPLACED_INSIDE.search(token):
        return not _AT_EDGES.fullmatch(token)
    private = _PRIVATE.findall(token)
    if len(private) >= 3 or (private and any(char.isalpha() for char in token)):
        return True
    return bool(_MOJIBAKE.search(token) or _MARK_INSIDE.search(token)) or _is_of_two_scripts(token)


def _is_of_two_scripts(token: str) -> bool:
    """Whether a word mixes Latin letters with Greek or Cyrillic ones that look alike."""
    letters = [char for char in token if char.isalpha()]
    scripts = {_script(char) for char in letters}
    if "latin" in scripts:
        return "other" in scripts and len(letters) > 2
    return len(letters) > 2 and all(char in _LOOK_ALIKES for char in letters)


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    if "\u0370" <= char <= "\u058f" and char not in "µμΩπΔδ":
        return "other"
    return "latin" if char < "\u0250" else "none"


def content_words(text: str) -> list[str]:
    """The words of a text that carry its meaning: numbers, and words of three letters or more that are no
    function words; all of its words where there are none. Folded, in order."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    words = re.findall(r"\d+|[^\W\d_]+", fold(_SEPARATORS.sub("", plain)))
    kept = [w for w in words if w.isdigit() or (len(w) > 2 and w not in FUNCTION_WORDS)]
    return kept or words


def letters_only(words: Iterable[str]) -> list[str]:
    return [word for word in words if not word.isdigit()]
