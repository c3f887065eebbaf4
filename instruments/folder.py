"""The files of a catalogue folder, read once, and what does not belong there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from servanda.instruments.problems import Problem
from servanda.instruments.yaml import YamlFile, read_yaml


@dataclass(frozen=True)
class Declaration:
    """One folder under ``declarations/``; ``text`` is None where text.txt is missing or cannot be read."""

    written: YamlFile
    text: str | None


@dataclass(frozen=True)
class CatalogueFiles:
    """Everything that was read, by slug and by the file's name without ``.yml``."""

    declarations: dict[str, Declaration]
    sources: dict[str, YamlFile]
    digest: str
    problems: tuple[Problem, ...]


def read_folder(folder: Path) -> CatalogueFiles:
    """Read every file of a catalogue; what is missing or does not belong is a problem, not an exception."""
    if not folder.is_dir():
        return CatalogueFiles({}, {}, "", (Problem(".", None, "", None, "the folder does not exist"),))
    reader = _FolderReader(folder)
    declarations = {d.name: reader.declaration(d) for d in reader.declaration_folders()}
    sources = {f.stem: read_yaml(reader.name(f), reader.read_bytes(f)) for f in reader.source_files()}
    reader.note_stray_yaml()
    if not declarations:
        reader.note("declarations", "the catalogue has no instrument", "declarations/<slug>/instrument.yml")
    if not sources:
        reader.note("sources", "the catalogue has no source", "sources/<id>.yml")
    return CatalogueFiles(declarations, sources, reader.digest(), tuple(reader.problems))


class _FolderReader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.read: dict[str, bytes] = {}

    def declaration_folders(self) -> Iterator[Path]:
        for path in self._entries("declarations"):
            if path.is_dir():
                yield path
            else:
                self.note(self.name(path), "does not belong here", "declarations/<slug>/ folders")

    def declaration(self, folder: Path) -> Declaration:
        for path in self._visible(folder):
            if path.name not in ("instrument.yml", "text.txt"):
                self.note(self.name(path), "does not belong here", "instrument.yml and text.txt")
        raw = self._required(folder / "instrument.yml")
        name = self.name(folder / "instrument.yml")
        written = read_yaml(name, raw) if raw is not None else YamlFile(name, None)
        return Declaration(written, self._text(folder / "text.txt"))

    def source_files(self) -> Iterator[Path]:
        for path in self._entries("sources"):
            if path.suffix == ".yml" and path.is_file():
                yield path
            else:
                self.note(self.name(path), "does not belong here", "sources/<id>.yml files")

    def note_stray_yaml(self) -> None:
        """YAML beside the two folders would be skipped in silence."""
        for path in self._visible(self.folder):
            if path.suffix in (".yml", ".yaml"):
                self.note(path.name, "does not belong here", "declarations/<slug>/ or sources/")

    def read_bytes(self, path: Path) -> bytes:
        raw = path.read_bytes()
        self.read[self.name(path)] = raw
        return raw

    def digest(self) -> str:
        """Over each file's name, length and bytes, in the order of the names."""
        digest = hashlib.sha256()
        for name in sorted(self.read):
            raw = self.read[name]
            digest.update(f"{name}\0{len(raw)}\0".encode())
            digest.update(raw)
        return digest.hexdigest()

    def name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def note(self, file: str, message: str, valid: str | None = None) -> None:
        self.problems.append(Problem(file, None, "", None, message, valid))

    def _text(self, path: Path) -> str | None:
        raw = self._required(path)
        if raw is None:
            return None
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            written = f"byte 0x{raw[error.start]:02x}"
            self.problems.append(Problem(self.name(path), line, "", written, "is not UTF-8", "UTF-8 text"))
            return None

    def _required(self, path: Path) -> bytes | None:
        if path.is_file():
            return self.read_bytes(path)
        self.note(self.name(path), "is missing")
        return None

    def _entries(self, name: str) -> list[Path]:
        folder = self.folder / name
        return self._visible(folder) if folder.is_dir() else []

    def _visible(self, folder: Path) -> list[Path]:
        """In the order of the names, without what a file system or an interpreter leaves behind."""
        return sorted(p for p in folder.iterdir() if not p.name.startswith((".", "__pycache__")))
