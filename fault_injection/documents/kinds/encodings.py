"""Bytes that are not in the encoding that they are said to be in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape

from fault_injection.documents.announcing import Language
from fault_injection.documents.served import Kind, Served, Sight

_ACCENTED: dict[Language, str] = {"en": "additional measures", "es": "medidas de contención"}
"""In Spanish the phrase itself is hit."""


def _decoded(sight: Sight) -> str:
    return sight.clean.body.decode()


def _as(body: bytes, content_type: str) -> Served:
    return Served(body, content_type)


def _without_meta(text: str) -> str:
    return text.replace('<meta charset="utf-8">\n', "").replace('<meta charset="utf-8">', "")


def _stray_byte(sight: Sight, at: int) -> Served:
    """Latin-1 pasted into the phrase on a page that is UTF-8: a letter of it is lost for good."""
    said = sight.announced.phrase.encode()
    broken = said[:at] + b"\xf3" + said[at + 1 :]
    return replace(sight.clean, body=sight.clean.body.replace(said, broken))


def _stray_byte_within(sight: Sight) -> Served:
    return _stray_byte(sight, 3)


def _stray_byte_at_edge(sight: Sight) -> Served:
    """The first letter of the last word is lost."""
    return _stray_byte(sight, sight.announced.phrase.encode().rfind(b" ") + 1)


def _stray_bytes_outside(sight: Sight) -> Served:
    """One stray byte, not in the phrase."""
    return replace(sight.clean, body=sight.clean.body.replace(b"</p>", b" \xa0</p>", 1))


def _latin_called_utf8(sight: Sight) -> Served:
    return _as(_decoded(sight).encode("cp1252", "xmlcharrefreplace"), "text/html; charset=utf-8")


def _utf8_called_latin2(sight: Sight) -> Served:
    return _as(_without_meta(_decoded(sight)).encode(), "text/html; charset=iso-8859-2")


def _utf8_called_cyrillic(sight: Sight) -> Served:
    return _as(_without_meta(_decoded(sight)).encode(), "text/html; charset=windows-1251")


def _twice_utf8(sight: Sight) -> Served:
    """Read as Latin-1 and written as UTF-8 once more, by the publisher itself."""
    return _as(_decoded(sight).encode().decode("latin-1").encode(), "text/html; charset=utf-8")


def _mojibake(sight: Sight) -> Served:
    """The text alone was read as windows-1252 when it was pasted."""
    broken = [text.encode().decode("cp1252", "replace").replace("\ufffd", "") for text in sight.release.whole]
    return sight.page(paragraphs=broken)


def _utf16_in_disguise(sight: Sight) -> Served:
    return _as(_decoded(sight).encode("utf-16-le"), "text/html; charset=utf-8")


def _utf16_unnamed(sight: Sight) -> Served:
    return _as(_without_meta(_decoded(sight)).encode("utf-16-be"), "text/html")


def _mac_roman(sight: Sight) -> Served:
    """What an old machine wrote, called Latin-1."""
    return _as(
        _without_meta(_decoded(sight)).encode("mac-roman", "xmlcharrefreplace"),
        "text/html; charset=iso-8859-1",
    )


def _entities_twice(sight: Sight) -> Served:
    named = [_named(text) for text in sight.release.whole]
    return sight.page(paragraphs=[one.replace("&amp;", "&") for one in named])


def _entities_twice_and_markup(sight: Sight) -> Served:
    """The whole text is escaped once too often, its mark-up too."""
    inner = "".join(f"<p>{_named(text)}</p>" for text in sight.release.whole)
    return sight.page(body=f"<div>{escape(inner)}</div>")


def _named(text: str) -> str:
    return text.encode("ascii", "xmlcharrefreplace").decode()


def _changed(change: Callable[[str], str]) -> Callable[[Sight], Served]:
    def answer(sight: Sight) -> Served:
        return sight.page(paragraphs=[change(text) for text in sight.release.whole])

    return answer


def _question_marks(text: str) -> str:
    """What a database in ASCII made of it."""
    return text.encode("ascii", "replace").decode()


def _dropped(text: str) -> str:
    return text.encode("ascii", "ignore").decode()


def _rot_by_one(text: str) -> str:
    """Letters moved by one, as text in a private font is."""
    return "".join(chr(ord(char) + 1) if char.isascii() and char.isalpha() else char for char in text)


ENCODINGS = (
    Kind("stray_byte", "A byte of another encoding stands within a word of the phrase.", _stray_byte_within),
    Kind(
        "stray_byte_at_edge", "A byte of another encoding begins a word of the phrase.", _stray_byte_at_edge
    ),
    Kind(
        "stray_byte_elsewhere", "A byte of another encoding stands outside the phrase.", _stray_bytes_outside
    ),
    Kind(
        "latin_called_utf8",
        "A page in windows-1252 is called UTF-8.",
        _latin_called_utf8,
        phrases=_ACCENTED,
        languages=("es",),
    ),
    Kind("utf8_called_latin2", "A page in UTF-8 is called Latin-2.", _utf8_called_latin2, phrases=_ACCENTED),
    Kind(
        "utf8_called_cyrillic",
        "A page in UTF-8 is called windows-1251.",
        _utf8_called_cyrillic,
        phrases=_ACCENTED,
    ),
    Kind(
        "mojibake",
        "The text was pasted in the wrong encoding.",
        _mojibake,
        phrases=_ACCENTED,
        languages=("es",),
    ),
    Kind(
        "twice_utf8",
        "The page was written as UTF-8 twice.",
        _twice_utf8,
        phrases=_ACCENTED,
        languages=("es",),
    ),
    Kind("utf16_in_disguise", "A page in UTF-16 is called UTF-8.", _utf16_in_disguise),
    Kind("utf16_unnamed", "A page in UTF-16 has neither a mark nor a name.", _utf16_unnamed),
    Kind(
        "mac_roman",
        "A page of an old machine is called Latin-1.",
        _mac_roman,
        phrases=_ACCENTED,
        languages=("es",),
    ),
    Kind(
        "entities_twice",
        "References were escaped twice.",
        _entities_twice,
        phrases=_ACCENTED,
        languages=("es",),
    ),
    Kind("markup_escaped", "The mark-up of the text was escaped with it.", _entities_twice_and_markup),
    Kind(
        "question_marks",
        "Accents became question marks.",
        _changed(_question_marks),
        phrases=_ACCENTED,
        languages=("es",),
    ),
    Kind(
        "accents_dropped",
        "Letters with accents were left out.",
        _changed(_dropped),
        phrases=_ACCENTED,
        languages=("es",),
    ),
    Kind("private_font", "Letters mean others, by a font of the site's own.", _changed(_rot_by_one)),
)
