"""What is said to people, in their language: sentences, numbers, dates.

English is written in the code, and is the key to the translations in ``locale/``. Placeholders are named, and
what fills them is never read as a format itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import get_args

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from compliance.watching import Language

LOCALE = Path(__file__).parent / "locale"
LANGUAGES: tuple[Language, ...] = get_args(Language)


class Words:
    """How to say things in one language."""

    def __init__(self, language: Language, translations: NullTranslations) -> None:
        self.language = language
        self._translations = translations

    def say(self, text: str, /, **values: object) -> str:
        """The sentence in this language. ``text`` is a constant of the code, with ``{names}`` for values."""
        said = self._translations.gettext(text)
        return said.format(**values) if values else said

    def count(self, one: str, many: str, number: int, /, **values: object) -> str:
        """The sentence for this number of things, which it may name as ``{n}``."""
        return self._translations.ngettext(one, many, number).format(n=number, **values)


@cache
def words(language: Language) -> Words:
    """The words of a language; English needs no translation."""
    if language == "en":
        return Words(language, NullTranslations())
    return Words(language, _translations(LOCALE / language / "servanda.po"))


def _translations(path: Path) -> NullTranslations:
    """The translations in a .po file, read as they stand: nothing is to be compiled."""
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file))
    compiled.seek(0)
    return Translations(compiled)


Say = Callable[..., str]
ENGLISH = words("en")
