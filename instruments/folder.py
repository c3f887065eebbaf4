"""The files of a catalogue folder, read once, and what does not belong there."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from servanda.instruments.problems import Problem

if TYPE_CHECKING:
    from servanda.instruments.yaml import YamlFile


LARGEST_TEXT = 5_000_000
"""Bytes of any file of a catalogue; a treaty of a thousand pages has three million."""


@dataclass(frozen=True)
class WrittenFile:
    """One YAML file as bytes, None where it is missing; with ``text``, the instrument's, where it is one."""

    name: str
    raw: bytes | None
    text: str | None = None

    @cached_property
    def yaml(self) -> YamlFile:
        """What it says, understood when it is asked for: that takes a hundred times as long as reading it."""
        from servanda.instruments.yaml import YamlFile, read_yaml

        return YamlFile(self.name, None) if self.raw is None else read_yaml(self.name, self.raw)

    @cached_property
    def digest(self) -> str:
        """Hex SHA-256 over what it says, wherever it stands."""
        return digest_of({"yaml": self.raw or b"", "text": (self.text or "").encode()})


@dataclass(frozen=True)
class CatalogueFiles:
    """Everything that was read, by slug and by the file's name without ``.yml``.

    A declaration's ``text`` is None where text.txt is missing or cannot be read.
    """

    declarations: dict[str, WrittenFile]
    sources: dict[str, WrittenFile]
    digest: str
    problems: tuple[Problem, ...]


def read_folder(folder: Path) -> CatalogueFiles:
    """Read every file of a catalogue; what is missing or does not belong is a problem, not an exception."""
    if not folder.is_dir():
        return CatalogueFiles({}, {}, "", (Problem(".", None, "", None, "the folder does not exist"),))
    reader = _FolderReader(folder)
    declarations = {entry.name: reader.declaration(entry) for entry in reader.declaration_folders()}
    sources = {
        entry.name.removesuffix(".yml"): WrittenFile(f"sources/{entry.name}", reader.read(entry))
        for entry in reader.source_files()
    }
    reader.note_stray_yaml()
    if not declarations:
        reader.note("declarations", "the catalogue has no instrument", "declarations/<slug>/instrument.yml")
    if not sources:
        reader.note("sources", "the catalogue has no source", "sources/<id>.yml")
    return CatalogueFiles(declarations, sources, digest_of(reader.contents), tuple(reader.problems))


def digest_of(contents: dict[str, bytes]) -> str:
    """Hex SHA-256 over each name, length and bytes, in the order of the names."""
    digest = hashlib.sha256()
    for name in sorted(contents):
        digest.update(f"{name}\0{len(contents[name])}\0".encode())
        digest.update(contents[name])
    return digest.hexdigest()


class _FolderReader:
    def __init__(self, folder: Path) -> None:
        self.folder = os.fspath(folder)
        self.problems: list[Problem] = []
        self.contents: dict[str, bytes] = {}

    def declaration_folders(self) -> Iterator[os.DirEntry[str]]:
        for entry in self._entries("declarations"):
            if entry.is_dir():
                yield entry
            else:
                self.note(self.name(entry), "does not belong here", "declarations/<slug>/ folders")

    def declaration(self, folder: os.DirEntry[str]) -> WrittenFile:
        entries = {entry.name: entry for entry in _visible(folder.path)}
        for name in entries:
            if name not in ("instrument.yml", "text.txt"):
                self.note(
                    f"{self.name(folder)}/{name}", "does not belong here", "instrument.yml and text.txt"
                )
        written = f"{self.name(folder)}/instrument.yml"
        raw = self._required(entries.get("instrument.yml"), written)
        text = self._required(entries.get("text.txt"), name := f"{self.name(folder)}/text.txt")
        return WrittenFile(written, raw, None if text is None else self._decoded(name, text))

    def source_files(self) -> Iterator[os.DirEntry[str]]:
        for entry in self._entries("sources"):
            if entry.name.endswith(".yml") and entry.is_file():
                yield entry
            else:
                self.note(self.name(entry), "does not belong here", "sources/<id>.yml files")

    def note_stray_yaml(self) -> None:
        """YAML beside the two folders would be skipped in silence."""
        for entry in _visible(self.folder):
            if entry.name.endswith((".yml", ".yaml")):
                self.note(entry.name, "does not belong here", "declarations/<slug>/ or sources/")

    def read(self, entry: os.DirEntry[str]) -> bytes:
        """The bytes of a file, or of the beginning of one that is too large, which is noted."""
        with open(entry.path, "rb") as file:  # noqa: PTH123  # two thousand files: a Path for each takes as long
            raw = file.read(LARGEST_TEXT + 1)
        if len(raw) > LARGEST_TEXT:
            self.note(self.name(entry), "is too large", f"up to {LARGEST_TEXT} bytes")
            raw = b""
        self.contents[self.name(entry)] = raw
        return raw

    def name(self, entry: os.DirEntry[str]) -> str:
        return entry.path[len(self.folder) :].lstrip(os.sep).replace(os.sep, "/")

    def note(self, file: str, message: str, valid: str | None = None) -> None:
        self.problems.append(Problem(file, None, "", None, message, valid))

    def _decoded(self, name: str, raw: bytes) -> str | None:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            written = f"byte 0x{raw[error.start]:02x}"
            self.problems.append(Problem(name, line, "", written, "is not UTF-8", "UTF-8 text"))
            return None

    def _required(self, entry: os.DirEntry[str] | None, name: str) -> bytes | None:
        if entry is not None and entry.is_file():
            return self.read(entry)
        self.note(name, "is missing")
        return None

    def _entries(self, name: str) -> list[os.DirEntry[str]]:
        folder = os.path.join(self.folder, name)  # noqa: PTH118
        return _visible(folder) if os.path.isdir(folder) else []  # noqa: PTH112


def _visible(folder: str) -> list[os.DirEntry[str]]:
    """In the order of the names, without what a file system or an interpreter leaves behind."""
    with os.scandir(folder) as entries:
        found = [entry for entry in entries if not entry.name.startswith((".", "__pycache__"))]
    return sorted(found, key=lambda entry: entry.name)
