"""The catalogue of ``docs/catalogue.md`` in a folder: valid as it stands, and there to be broken."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from servanda.instruments.catalogue import load_catalogue
from servanda.instruments.problems import CatalogueError, Problem

DOCUMENT = Path(__file__).parents[2] / "docs" / "catalogue.md"
_EXAMPLE = re.compile(r"^```(?:yaml|text) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

INSTRUMENT = "declarations/bermejo-2031/instrument.yml"
TEXT = "declarations/bermejo-2031/text.txt"
LISTING = "sources/ar-cancilleria.yml"
FEED = "sources/bo-presidencia.yml"
REGISTER = "sources/us-federal-register.yml"
GAZETTE = "sources/bo-gaceta.yml"
DIARIO = "sources/mx-dof.yml"


def documented_examples() -> dict[str, str]:
    """File name → content, as the document prints them."""
    return dict(_EXAMPLE.findall(DOCUMENT.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class CatalogueFolder:
    """A catalogue on disk, with what a test does to it."""

    path: Path

    @classmethod
    def documented(cls, path: Path) -> CatalogueFolder:
        folder = cls(path)
        for name, content in documented_examples().items():
            folder.write(name, content)
        return folder

    def write(self, file: str, content: str | bytes) -> None:
        path = self.path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)

    def change(self, file: str, old: str, new: str) -> None:
        """Replace a passage that occurs exactly once in one file."""
        content = (self.path / file).read_text(encoding="utf-8")
        assert content.count(old) == 1, f"{old!r} occurs {content.count(old)} times in {file}"
        self.write(file, content.replace(old, new))

    def line_of(self, file: str, snippet: str) -> int:
        """The line of the first occurrence of ``snippet``, from 1."""
        content = (self.path / file).read_text(encoding="utf-8")
        assert snippet in content, f"{snippet!r} does not occur in {file}"
        return content[: content.index(snippet)].count("\n") + 1

    def problems(self) -> tuple[Problem, ...]:
        """What loading objects to; empty where it loads."""
        try:
            load_catalogue(self.path)
        except CatalogueError as error:
            return error.problems
        return ()


@dataclass(frozen=True)
class Broken:
    """A valid catalogue with one mistake: in ``file``, ``old`` becomes ``new``.

    Exactly one problem follows: on the line that holds ``at`` (in ``file``, or where it is ``reported_in``),
    for ``key``, with ``value``, a message that contains ``message`` and a hint that contains ``valid``.
    """

    why: str
    file: str
    old: str
    new: str
    at: str
    key: str
    value: str | None
    message: str
    valid: str | None
    reported_in: str | None = None

    def __str__(self) -> str:
        return self.why

    def assert_reported(self, folder: CatalogueFolder) -> None:
        folder.change(self.file, self.old, self.new)
        found = folder.problems()
        file = self.reported_in or self.file
        everything = "\n".join(map(str, found)) or "it loads"
        assert len(found) == 1, everything
        (problem,) = found
        assert (problem.file, problem.line) == (file, folder.line_of(file, self.at)), everything
        assert (problem.key, problem.value) == (self.key, self.value), everything
        assert self.message in problem.message, everything
        assert (self.valid or "") in (problem.valid or ""), everything
        assert (self.valid is None) == (problem.valid is None), everything
