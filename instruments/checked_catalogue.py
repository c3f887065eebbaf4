"""A catalogue without a fault, in the form in which it can be kept: one JSON text, and an index of it.

The index answers what is asked without decoding an instrument: ids, warnings, and from which byte to which
each instrument and each source reaches.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from pydantic import TypeAdapter

from servanda.instruments.adapters import instrument_adapter, source_adapter
from servanda.instruments.problems import Problem
from servanda.instruments.rule_digests import digest_of_rules

if TYPE_CHECKING:
    from servanda.compliance.vocabulary import Instrument
    from servanda.instruments.routes import Source

T = TypeVar("T")

_STRICT = {"extra": "forbid", "strict": True}


@dataclass(frozen=True)
class IndexedSource:
    """``start`` and ``end`` are bytes of the content; ``file`` is the digest of what it was read from."""

    id: str
    start: int
    end: int
    file: str
    __pydantic_config__ = _STRICT


@dataclass(frozen=True)
class IndexedInstrument:
    """The same; ``windows`` with the sources that each requires, ``rules`` as ``rules_digest`` names them."""

    id: str
    start: int
    end: int
    file: str
    windows: dict[str, tuple[str, ...]]
    commitments: tuple[str, ...]
    rules: str
    __pydantic_config__ = _STRICT


@dataclass(frozen=True)
class CatalogueIndex:
    """In the order of the ids. ``zones``: every time zone that is named."""

    instruments: tuple[IndexedInstrument, ...]
    sources: tuple[IndexedSource, ...]
    warnings: tuple[Problem, ...]
    zones: tuple[str, ...]
    __pydantic_config__ = _STRICT


@dataclass(frozen=True)
class CheckedCatalogue:
    """``content`` is canonical JSON in UTF-8: sorted keys, no spaces."""

    index: CatalogueIndex
    content: bytes

    def part(self, indexed: IndexedInstrument | IndexedSource) -> bytes:
        return self.content[indexed.start : indexed.end]

    def parts(self) -> Iterator[tuple[str, CheckedPart]]:
        """Each instrument and source, by the digest of what it was read from."""
        for instrument in self.index.instruments:
            yield instrument.file, CheckedPart(self.part(instrument), instrument.rules)
        for source in self.index.sources:
            yield source.file, CheckedPart(self.part(source))


class CheckedPart(NamedTuple):
    """An instrument or a source as JSON; ``rules`` is an instrument's ``rules_digest``."""

    content: bytes
    rules: str = ""


def compose(
    instruments: Sequence[tuple[str, Instrument]],
    sources: Sequence[tuple[str, Source]],
    warnings: tuple[Problem, ...],
    known: Mapping[str, CheckedPart],
) -> CheckedCatalogue:
    """The whole, of its parts in order, each with the digest of its file; ``known`` are dumped already."""
    content = bytearray(b'{"instruments":[')
    indexed = [_append_instrument(content, known.get(file), file, value) for file, value in instruments]
    content += b'],"sources":['
    listed = [_append_source(content, known.get(file), file, value) for file, value in sources]
    content += b"]}"
    zones = sorted({zone for _, i in instruments for zone in _zones_of(i)} | {s.zone for _, s in sources})
    return CheckedCatalogue(
        CatalogueIndex(tuple(indexed), tuple(listed), warnings, tuple(zones)), bytes(content)
    )


def _append_instrument(
    content: bytearray, known: CheckedPart | None, file: str, value: Instrument
) -> IndexedInstrument:
    part = known or _dump(instrument_adapter(), value)
    windows = {window.id: window.sources for window in value.windows}
    commitments = tuple(commitment.id for commitment in value.commitments)
    return IndexedInstrument(
        value.id, *_append(content, part.content), file, windows, commitments, part.rules
    )


def _append_source(content: bytearray, known: CheckedPart | None, file: str, value: Source) -> IndexedSource:
    part = known or _dump(source_adapter(), value)
    return IndexedSource(value.id, *_append(content, part.content), file)


def _append(content: bytearray, part: bytes) -> tuple[int, int]:
    if not content.endswith(b"["):
        content += b","
    start = len(content)
    content += part
    return start, len(content)


def _dump(adapter: TypeAdapter[T], value: T) -> CheckedPart:
    data = adapter.dump_python(value, mode="json")
    content = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")
    assert adapter.validate_json(content) == value, "what is kept is what was read"
    return CheckedPart(content, digest_of_rules(data) if "rules" in data else "")


def _zones_of(instrument: Instrument) -> Iterator[str]:
    yield instrument.zone
    for window in instrument.windows:
        yield window.zone
        yield from (reading.zone for reading in window.readings)
