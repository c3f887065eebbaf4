"""The phrase in characters or mark-up in which nobody would type it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from html import escape

from fault_injection.documents.announcing import Language
from fault_injection.documents.served import Kind, Served, Sight

_WITH_LIGATURE: dict[Language, str] = {"en": "additional efforts", "es": "acciones eficaces"}
_ACCENTED: dict[Language, str] = {"en": "additional measures", "es": "medidas de contención"}

Change = Callable[[str], str]


def _in_phrase(name: str, sentence: str, change: Change, phrases: dict[Language, str] | None = None) -> Kind:
    """The phrase's characters are changed; what comes of it is text."""

    def answer(sight: Sight) -> Served:
        phrase, saying = sight.announced.phrase, sight.announced.saying
        return sight.saying(saying.replace(phrase, change(phrase)))

    return Kind(name, sentence, answer, phrases=phrases)


def _in_text(name: str, sentence: str, change: Change, phrases: dict[Language, str] | None = None) -> Kind:
    """All of the release's characters are changed."""

    def answer(sight: Sight) -> Served:
        return sight.page(paragraphs=[change(text) for text in sight.release.whole])

    return Kind(name, sentence, answer, phrases=phrases)


def _marked_up(name: str, sentence: str, change: Change) -> Kind:
    """The phrase's mark-up is changed; what comes of it is markup."""

    def answer(sight: Sight) -> Served:
        phrase = sight.announced.phrase
        text = "".join(f"<p>{escape(one)}</p>\n" for one in sight.release.whole)
        return sight.page(body=text.replace(escape(phrase), change(phrase)))

    return Kind(name, sentence, answer)


def _first(text: str) -> str:
    return text.partition(" ")[0]


def _rest(text: str) -> str:
    return text.partition(" ")[2]


def _ligatures(text: str) -> str:
    for letters, one in (("ffi", "ﬃ"), ("ff", "ﬀ"), ("fi", "ﬁ"), ("fl", "ﬂ")):
        text = text.replace(letters, one)
    return text


def _full_width(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def _mathematical(text: str) -> str:
    return "".join(chr(0x1D41A + ord(char) - ord("a")) if "a" <= char <= "z" else char for char in text)


def _between_letters(mark: str) -> Change:
    return lambda text: mark.join(text)


def _between_words(mark: str) -> Change:
    return lambda text: text.replace(" ", mark)


def _homoglyphs(text: str) -> str:
    """Cyrillic letters of the same look, in every word."""
    return text.translate(str.maketrans("aeo", "\u0430\u0435\u043e"))


def _one_homoglyph(text: str) -> str:
    return text.replace("a", "\u0430", 1).replace("i", "\u0456", 1)


def _hyphenated(text: str) -> str:
    """Divided with a hyphen and a space, as a line's end in the editor's draft was."""
    word = _first(text)
    return f"{word[:4]}- {word[4:]} {_rest(text)}"


def _unclosed_hyphen(text: str) -> str:
    word = _first(text)
    return f"{word[:4]}-{word[4:]} {_rest(text)}"


CHARACTERS = (
    _in_text("ligatures", "Letters are joined in ligatures.", _ligatures, _WITH_LIGATURE),
    _in_phrase("full_width", "The phrase is in full width.", _full_width),
    _in_phrase("mathematical", "The phrase is in mathematical bold.", _mathematical),
    _in_phrase("soft_hyphens", "Soft hyphens stand between all letters.", _between_letters("\u00ad")),
    _in_phrase("zero_width", "Spaces of no width stand between all letters.", _between_letters("\u200b")),
    _in_phrase("word_joiners", "Joiners of no width stand between all letters.", _between_letters("\u2060")),
    _in_phrase(
        "no_break_space", "The words are joined by a space that does not break.", _between_words("\u00a0")
    ),
    _in_phrase("narrow_space", "The words are joined by a narrow space.", _between_words("\u202f")),
    _in_phrase("ideographic_space", "The words are joined by a wide space.", _between_words("\u3000")),
    _in_phrase(
        "zero_width_space_only",
        "Only a space of no width stands between the words.",
        _between_words("\u200b"),
    ),
    _in_phrase(
        "superscript",
        "A raised numeral stands after the first word.",
        lambda text: f"{_first(text)}¹ {_rest(text)}",
    ),
    _in_phrase(
        "footnote_in_brackets",
        "A footnote's number in brackets stands after the first word.",
        lambda text: f"{_first(text)} [1] {_rest(text)}",
    ),
    _in_phrase("homoglyphs", "Letters are Cyrillic ones of the same look.", _homoglyphs),
    _in_phrase("one_homoglyph", "One letter is a Cyrillic one of the same look.", _one_homoglyph),
    replace(
        _in_phrase(
            "combining_accents",
            "Accents are characters of their own.",
            lambda text: unicodedata.normalize("NFD", text),
            _ACCENTED,
        ),
        languages=("es",),
    ),
    _in_phrase(
        "quotation_marks",
        "The first word stands in quotation marks.",
        lambda text: f"“{_first(text)}” {_rest(text)}",
    ),
    _in_phrase(
        "guillemets", "The last words stand in guillemets.", lambda text: f"{_first(text)} «{_rest(text)}»"
    ),
    _in_phrase(
        "low_quotes",
        "The first word stands in low quotation marks.",
        lambda text: f"„{_first(text)}“ {_rest(text)}",
    ),
    _in_phrase("hyphen", "The words are joined by a hyphen that does not break.", _between_words("\u2011")),
    _in_phrase("en_dash", "The words are joined by a dash.", _between_words("–")),
    _in_phrase("spaced_dash", "A dash stands between the words.", _between_words(" – ")),
    _in_phrase("hyphenated", "The first word was divided at a line's end.", _hyphenated),
    _in_phrase("unclosed_hyphen", "The first word holds a hyphen of the draft.", _unclosed_hyphen),
    _in_phrase("letters_apart", "The letters of the phrase stand apart.", _between_letters(" ")),
    _in_text("all_letters_apart", "All letters stand apart.", _between_letters(" ")),
    _in_phrase(
        "bidi_marks",
        "Marks of direction stand around the words.",
        lambda text: f"\u202a{_first(text)}\u202c \u200e{_rest(text)}",
    ),
    _in_text(
        "reversed", "The text is stored backwards and turned by a mark.", lambda text: "\u202e" + text[::-1]
    ),
    _in_phrase("upper_case", "The phrase is in capitals.", str.upper),
    _marked_up(
        "spans", "Each letter is an element.", lambda text: "".join(f"<span>{char}</span>" for char in text)
    ),
    _marked_up("bold_half", "Half a word is bold.", lambda text: f"<b>{text[:4]}</b>{text[4:]}"),
    _marked_up("line_break", "The words stand on two lines.", lambda text: text.replace(" ", "<br>\n")),
    _marked_up("may_break", "The words may break anywhere.", lambda text: "<wbr>".join(text)),
    _marked_up(
        "two_paragraphs",
        "A paragraph ends within the phrase.",
        lambda text: text.replace(" ", "</p>\n<p>", 1),
    ),
    _marked_up(
        "raised_mark",
        "A raised footnote mark stands within the phrase.",
        lambda text: text.replace(" ", "<sup>1</sup> ", 1),
    ),
    _marked_up(
        "link_mark",
        "A footnote's link stands within the phrase.",
        lambda text: text.replace(" ", '<a href="#fn1">[1]</a> ', 1),
    ),
)
