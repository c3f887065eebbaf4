"""The one loader: a folder of YAML and text → a checked catalogue, or every problem at once.

A catalogue folder holds ``declarations/<slug>/instrument.yml`` with its ``text.txt``, and
``sources/<id>.yml``. The package's own folder is the built-in one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from servanda.compliance.vocabulary import Commitment, Instrument, Window
from servanda.instruments.folder import CatalogueFiles, read_folder
from servanda.instruments.instrument_checks import instrument_faults
from servanda.instruments.problems import CatalogueError, Fault, Problem, sort_problems
from servanda.instruments.routes import Source
from servanda.instruments.shapes import Shape
from servanda.instruments.source_checks import (
    canary_warnings,
    required_source_faults,
    required_source_warnings,
    source_faults,
    source_warnings,
)
from servanda.instruments.window_checks import window_faults
from servanda.instruments.yaml import YamlFile

T = TypeVar("T")

_INSTRUMENT = TypeAdapter(Instrument)
_SOURCE = TypeAdapter(Source)
_INSTRUMENT_SHAPE = Shape(_INSTRUMENT)
_SOURCE_SHAPE = Shape(_SOURCE)


@dataclass(frozen=True)
class Catalogue:
    """Instruments and sources, by id in alphabetical order, all checked.

    ``digest`` is the hex SHA-256 over the names and bytes of the files read; ``content`` is what was
    loaded, as canonical JSON (sorted keys, no spaces). ``warnings`` do not forbid use.
    """

    instruments: tuple[Instrument, ...]
    sources: tuple[Source, ...]
    digest: str
    content: str
    warnings: tuple[Problem, ...] = ()

    def instrument(self, instrument_id: str) -> Instrument:
        """LookupError names the ids that exist; so do the other three."""
        return _named({i.id: i for i in self.instruments}, instrument_id, "instrument")

    def source(self, source_id: str) -> Source:
        return _named({s.id: s for s in self.sources}, source_id, "source")

    def window(self, window_id: str) -> tuple[Instrument, Window]:
        found = {w.id: (i, w) for i in self.instruments for w in i.windows}
        return _named(found, window_id, "window")

    def commitment(self, commitment_id: str) -> tuple[Instrument, Commitment]:
        found = {c.id: (i, c) for i in self.instruments for c in i.commitments}
        return _named(found, commitment_id, "commitment")


def builtin_catalogue() -> Path:
    """The folder of the catalogue that comes with the package."""
    return Path(str(resources.files("servanda.instruments")))


def load_catalogue(folder: Path) -> Catalogue:
    """Read and check a whole catalogue. CatalogueError holds every problem, not the first."""
    files = read_folder(folder)
    draft = _Draft(files)
    problems = [*files.problems, *draft.problems()]
    if problems:
        raise CatalogueError(str(folder), problems)
    instruments = tuple(draft.instruments[slug] for slug in sorted(draft.instruments))
    sources = tuple(draft.sources[stem] for stem in sorted(draft.sources))
    return Catalogue(instruments, sources, files.digest, _content(instruments, sources), draft.warnings())


class _Draft:
    """A catalogue while it is being checked: what could be read, and what is wrong."""

    def __init__(self, files: CatalogueFiles) -> None:
        self.files = files
        self.instruments: dict[str, Instrument] = {}
        self.sources: dict[str, Source] = {}
        self.misshapen: list[Problem] = []
        for slug, declaration in files.declarations.items():
            self._keep(
                self.instruments,
                slug,
                _INSTRUMENT_SHAPE.validate(declaration.written, {"text": declaration.text or ""}),
            )
        for stem, written in files.sources.items():
            self._keep(self.sources, stem, _SOURCE_SHAPE.validate(written, {}))

    def _keep(self, kept: dict[str, T], name: str, read: tuple[T | None, tuple[Problem, ...]]) -> None:
        value, problems = read
        self.misshapen += problems
        if value is not None:
            kept[name] = value

    def problems(self) -> Iterator[Problem]:
        yield from self.misshapen
        for slug in self.instruments:
            yield from map(self._declaration(slug).problem, self._instrument_faults(slug))
        yield from self._repeated_ids()
        complete = len(self.instruments) == len(self.files.declarations)
        parties = {p.id for i in self.instruments.values() for p in i.parties} if complete else None
        for stem, source in self.sources.items():
            yield from map(self.files.sources[stem].problem, source_faults(source, stem, parties))

    def _instrument_faults(self, slug: str) -> Iterator[Fault]:
        instrument, text = self.instruments[slug], self.files.declarations[slug].text
        if text is not None:
            yield from _digest_faults(instrument, text)
        yield from instrument_faults(instrument, slug, self.files.sources, text is not None)
        yield from window_faults(instrument)
        yield from required_source_faults(instrument, self.sources)

    def _repeated_ids(self) -> Iterator[Problem]:
        """Windows and commitments are named without their instrument, so their ids are the catalogue's."""
        for key in ("windows", "commitments"):
            first: dict[str, str] = {}
            for slug, instrument in self.instruments.items():
                for i, part in enumerate(getattr(instrument, key)):
                    if first.setdefault(part.id, slug) != slug:
                        message = f"stands in declarations/{first[part.id]} too"
                        fault = Fault((key, i, "id"), message, "an id that is new in the catalogue")
                        yield self._declaration(slug).problem(fault)

    def warnings(self) -> tuple[Problem, ...]:
        found: list[Problem] = []
        for slug, instrument in self.instruments.items():
            found += map(self._declaration(slug).problem, required_source_warnings(instrument, self.sources))
        for stem, source in self.sources.items():
            warned = (*source_warnings(source), *canary_warnings(source))
            found += map(self.files.sources[stem].problem, warned)
        return sort_problems(found)

    def _declaration(self, slug: str) -> YamlFile:
        return self.files.declarations[slug].written


def _digest_faults(instrument: Instrument, text: str) -> Iterator[Fault]:
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    if instrument.text_sha256 != digest:
        yield Fault(("text_sha256",), "is not the SHA-256 of text.txt", digest)


def _content(instruments: tuple[Instrument, ...], sources: tuple[Source, ...]) -> str:
    loaded = {
        "instruments": [_INSTRUMENT.dump_python(i, mode="json") for i in instruments],
        "sources": [_SOURCE.dump_python(s, mode="json") for s in sources],
    }
    return json.dumps(loaded, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _named(found: dict[str, T], wanted: str, what: str) -> T:
    if wanted not in found:
        raise LookupError(f"no {what} {wanted!r}; known: {', '.join(sorted(found)) or 'none'}")
    return found[wanted]
