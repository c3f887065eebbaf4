"""A phrase as a pattern: whole words, compared without case or accents."""

from __future__ import annotations

import re
from functools import lru_cache

from servanda.compliance.folding import fold

_BETWEEN_WORDS = r"""(?:\s?(?:\[\d{1,3}\]|[*†‡]))?["')\]]?[\s-]+["'(\[]?"""

_DIVIDED = r"(?:-\s?)?"
"""A hyphen within a word: of a division at a line's end that stayed in the text."""

LEAST_RUN_TOGETHER = 12
"""Letters of a phrase that is known even where nothing is left between its words."""


@lru_cache(maxsize=4096)
def phrase_pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for all phrases: whole words, any white space or hyphen between them, ``*`` for endings.

    Quotation marks, brackets and footnote marks may stand between two words; nothing may, in a long phrase
    whose spaces had no width. A word may be divided by a hyphen. Built from escaped words only, without
    nested repetition, so that no text can make it slow.
    """
    return re.compile(r"(?<!\w)(?:" + "|".join(map(_one_phrase, phrases)) + r")(?!\w)")


def _one_phrase(phrase: str) -> str:
    words = fold(phrase).split()
    may_run = sum(map(len, words)) >= LEAST_RUN_TOGETHER
    pattern = ""
    for word, following in zip(words, (*words[1:], None), strict=True):
        pattern += _word_pattern(word)
        if following is not None:
            pattern += f"(?:{_BETWEEN_WORDS})?" if may_run and word.isalpha() else _BETWEEN_WORDS
    return pattern


def _word_pattern(word: str) -> str:
    stem = word.removesuffix("*")
    ending = r"\w*" if word.endswith("*") else ""
    letters = map(re.escape, stem)
    return (_DIVIDED if stem.isalpha() else "").join(letters) + ending
