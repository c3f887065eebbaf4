"""What the program says to people, as its code and templates hold it: the keys to the translations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import normalize

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("alerts", "web", "jobs")
KEYWORDS = {"say": None, "msgid": None, "count": (1, 2)}
"""``Words.say``, ``Words.count`` (one, many) and the mark of sentences that are said elsewhere."""

Msgid = str | tuple[str, str]
"""A sentence, or a pair of them for one and for many."""


def msgids() -> dict[Msgid, str]:
    """Every sentence with the place where it stands first.

    A pair names its number as ``{n}``: that tells it from what other things called ``count`` are asked.
    """
    found: dict[Msgid, str] = {}
    for path in _files():
        method = "python" if path.suffix == ".py" else "jinja2"
        with path.open("rb") as file:
            for line, text, _, _ in extract(method, file, keywords=KEYWORDS):
                key = text if isinstance(text, str) else (text[0], text[1])
                if isinstance(key, tuple) and "{n}" not in key[1]:
                    continue
                found.setdefault(key, f"{path.relative_to(ROOT)}:{line}")
    return found


def unextracted() -> list[str]:
    """Calls in templates that no extraction sees: it knows ``say(…)``, not ``words.say(…)``."""
    return [
        f"{path.relative_to(ROOT)}: {call.group()}"
        for path in _files()
        if path.suffix != ".py"
        for call in re.finditer(r"\w+\.(say|count|msgid)\(", path.read_text(encoding="utf-8"))
    ]


def as_po(key: Msgid, place: str) -> str:
    """An entry that waits for its translation, to be pasted into the .po file."""
    if isinstance(key, str):
        return f'#: {place}\nmsgid {normalize(key)}\nmsgstr ""\n'
    one, many = map(normalize, key)
    return f'#: {place}\nmsgid {one}\nmsgid_plural {many}\nmsgstr[0] ""\nmsgstr[1] ""\n'


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def _files() -> Iterator[Path]:
    for folder in FOLDERS:
        for suffix in ("*.py", "*.j2"):
            yield from sorted((ROOT / folder).rglob(suffix))
