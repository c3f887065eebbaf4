"""What is wrong with a catalogue: where it stands, what the author wrote, and what would be valid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

Path = tuple[str | int, ...]
"""Where a value stands inside one YAML file: ``("windows", 0, "duration")``."""

LONGEST_VALUE = 120
"""Characters of a value that an error repeats."""


class Place(NamedTuple):
    """The line of a value in its file, and the value as it is written there; None where nothing is."""

    line: int
    written: str | None


class Fault(NamedTuple):
    """Something wrong with a value, before it is known on which line the value stands.

    ``valid`` says what would be accepted. ``value`` replaces the value as written, where that says more.
    """

    path: Path
    message: str
    valid: str | None = None
    value: str | None = None

    def at(self, file: str, place: Place) -> Problem:
        value = self.value if self.value is not None else place.written
        return Problem(file, place.line, format_path(self.path), value, self.message, self.valid)


@dataclass(frozen=True, slots=True)
class Problem:
    """One error or warning. ``file`` is relative to the catalogue's folder; ``line`` counts from 1.

    ``line`` is None where the file as a whole is meant, ``value`` where there is none to show.
    """

    file: str
    line: int | None
    key: str
    value: str | None
    message: str
    valid: str | None = None

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        what = self.key if self.value is None else f"{self.key} = {_clipped(self.value)}"
        hint = f"; valid: {self.valid}" if self.valid else ""
        return ": ".join(part for part in (where, what, self.message) if part) + hint


class CatalogueError(Exception):
    """A catalogue cannot be used. Holds every problem that was found, in the order of files and lines."""

    def __init__(self, folder: str, problems: Iterable[Problem]) -> None:
        self.folder = folder
        self.problems = sort_problems(problems)
        count = f"{len(self.problems)} problem{'' if len(self.problems) == 1 else 's'}"
        super().__init__("\n\n".join([f"catalogue {folder}: {count}", *map(str, self.problems)]))


def sort_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """By file and line, and each once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda p: (p.file, p.line or 0)))


def format_path(path: Path) -> str:
    """A path as a person writes it: ``windows[0].duration``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def _clipped(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= LONGEST_VALUE else line[: LONGEST_VALUE - 1] + "…"
