"""A catalogue while it is being checked: what could be read, and what is wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from servanda.compliance.instrument import Instrument
from servanda.instruments.adapters import instrument_adapter, source_adapter
from servanda.instruments.checked_catalogue import CheckedPart
from servanda.instruments.folder import CatalogueFiles, WrittenFile
from servanda.instruments.instrument_checks import instrument_faults
from servanda.instruments.problems import Fault, Problem, format_path, sort_problems
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
from servanda.instruments.yaml import Json

_INSTRUMENTS = Shape(instrument_adapter())
_SOURCES = Shape(source_adapter())

T = TypeVar("T")


class CatalogueDraft:
    """What the files say. ``known``: by digest, what single files said in a catalogue without a fault.

    Their YAML is not read again. What they say is checked again, for faults may lie between files.
    ``places``: by file and key, where the values stand of which a problem spoke.
    """

    def __init__(self, files: CatalogueFiles, known: Mapping[str, CheckedPart]) -> None:
        self.files = files
        self.instruments: dict[str, Instrument] = {}
        self.sources: dict[str, Source] = {}
        self.misshapen: list[Problem] = []
        self.known = dict(known)
        self.places = {file: dict(part.places) for file, part in known.items()}
        for slug, declaration in files.declarations.items():
            self._read(self.instruments, slug, declaration, _INSTRUMENTS, {"text": declaration.text or ""})
        for stem, written in files.sources.items():
            self._read(self.sources, stem, written, _SOURCES, {})

    def _read(
        self, found: dict[str, T], name: str, written: WrittenFile, shape: Shape[T], given: Mapping[str, Json]
    ) -> None:
        value = self._recall(written, shape)
        if value is None:
            value, problems = shape.validate(written.yaml, given)
            self.misshapen += problems
        if value is not None:
            found[name] = value

    def _recall(self, written: WrittenFile, shape: Shape[T]) -> T | None:
        known = self.known.get(written.digest)
        value = None if known is None else shape.read_back(known.content)
        if value is None:
            self.known.pop(written.digest, None)
        return value

    def problems(self) -> Iterator[Problem]:
        yield from self.misshapen
        for slug in self.instruments:
            yield from self._located(self.files.declarations[slug], self._instrument_faults(slug))
        yield from self._repeated_ids()
        complete = len(self.instruments) == len(self.files.declarations)
        parties = {p.id for i in self.instruments.values() for p in i.parties} if complete else None
        for stem, source in self.sources.items():
            yield from self._located(self.files.sources[stem], source_faults(source, stem, parties))

    def _located(self, written: WrittenFile, faults: Iterable[Fault]) -> Iterator[Problem]:
        """Faults with their lines; where those are known, the file is not read for them."""
        places = self.places.setdefault(written.digest, {})
        for fault in faults:
            key = format_path(fault.path)
            if key not in places:
                places[key] = written.yaml.place(fault.path)
            yield fault.at(written.name, places[key])

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
                        yield from self._located(self.files.declarations[slug], [fault])

    def warnings(self) -> tuple[Problem, ...]:
        found: list[Problem] = []
        for slug, instrument in self.instruments.items():
            lacking = required_source_warnings(instrument, self.sources)
            found += self._located(self.files.declarations[slug], lacking)
        for stem, source in self.sources.items():
            warned = (*source_warnings(source), *canary_warnings(source))
            found += self._located(self.files.sources[stem], warned)
        return sort_problems(found)


def _digest_faults(instrument: Instrument, text: str) -> Iterator[Fault]:
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    if instrument.text_sha256 != digest:
        yield Fault(("text_sha256",), "is not the SHA-256 of text.txt", digest)
