"""A catalogue without a fault, in the form in which it can be kept: one JSON text, and an index of it.

The index answers what is asked without decoding an instrument: ids, warnings, and from which byte to which
each instrument and each source reaches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from servanda.instruments.problems import Place, Problem

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
    rules: str
    windows: dict[str, tuple[str, ...]]
    commitments: tuple[str, ...]
    __pydantic_config__ = _STRICT


@dataclass(frozen=True)
class CatalogueIndex:
    """In the order of the ids.

    ``places``: by file and key, where the values stand of which the warnings speak; ``zones``: every time
    zone that is named.
    """

    instruments: tuple[IndexedInstrument, ...]
    sources: tuple[IndexedSource, ...]
    warnings: tuple[Problem, ...]
    places: dict[str, dict[str, Place]]
    zones: tuple[str, ...]
    __pydantic_config__ = _STRICT


class CheckedPart(NamedTuple):
    """An instrument or a source as JSON; ``rules`` is an instrument's ``rules_digest``, else empty."""

    content: bytes
    rules: str
    places: Mapping[str, Place]


@dataclass(frozen=True)
class CheckedCatalogue:
    """``content`` is canonical JSON in UTF-8: sorted keys, no spaces."""

    index: CatalogueIndex
    content: bytes

    def part(self, indexed: IndexedInstrument | IndexedSource) -> bytes:
        return self.content[indexed.start : indexed.end]

    def parts(self) -> Iterator[tuple[str, CheckedPart]]:
        """Each instrument and source, by the digest of what it was read from."""
        places = self.index.places
        for one in self.index.instruments:
            yield one.file, CheckedPart(self.part(one), one.rules, places.get(one.file, {}))
        for source in self.index.sources:
            yield source.file, CheckedPart(self.part(source), "", places.get(source.file, {}))
