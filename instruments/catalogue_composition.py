"""A draft without a fault becomes a checked catalogue: its content, part by part, and the index of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TypeVar

from pydantic import TypeAdapter

from servanda.compliance.instrument import Instrument
from servanda.instruments.adapters import instrument_adapter, source_adapter
from servanda.instruments.catalogue_draft import CatalogueDraft
from servanda.instruments.checked_catalogue import (
    CatalogueIndex,
    CheckedCatalogue,
    CheckedPart,
    IndexedInstrument,
    IndexedSource,
)
from servanda.instruments.rule_digests import digest_of_rules

T = TypeVar("T")


def compose(draft: CatalogueDraft) -> CheckedCatalogue:
    """What the draft found, fit to be kept; it has no problem."""
    content = bytearray(b'{"instruments":[')
    instruments = tuple(_append_instrument(content, draft, slug) for slug in sorted(draft.instruments))
    content += b'],"sources":['
    sources = tuple(_append_source(content, draft, stem) for stem in sorted(draft.sources))
    content += b"]}"
    index = CatalogueIndex(
        instruments,
        sources,
        warnings=draft.warnings(),
        places={file: places for file, places in draft.places.items() if places},
        zones=tuple(sorted(set(_zones(draft)))),
    )
    return CheckedCatalogue(index, bytes(content))


def _append_instrument(content: bytearray, draft: CatalogueDraft, slug: str) -> IndexedInstrument:
    value, file = draft.instruments[slug], draft.files.declarations[slug].digest
    part = draft.known.get(file) or _dump(instrument_adapter(), value)
    return IndexedInstrument(
        value.id,
        *_append(content, part.content),
        file,
        part.rules,
        windows={window.id: window.sources for window in value.windows},
        commitments=tuple(commitment.id for commitment in value.commitments),
    )


def _append_source(content: bytearray, draft: CatalogueDraft, stem: str) -> IndexedSource:
    value, file = draft.sources[stem], draft.files.sources[stem].digest
    part = draft.known.get(file) or _dump(source_adapter(), value)
    return IndexedSource(value.id, *_append(content, part.content), file)


def _append(content: bytearray, part: bytes) -> tuple[int, int]:
    """From where to where it reaches."""
    if not content.endswith(b"["):
        content += b","
    start = len(content)
    content += part
    return start, len(content)


def _dump(adapter: TypeAdapter[T], value: T) -> CheckedPart:
    data = adapter.dump_python(value, mode="json")
    content = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")
    assert adapter.validate_json(content) == value, "what is read back is what was read"
    return CheckedPart(content, digest_of_rules(data) if isinstance(value, Instrument) else "", {})


def _zones(draft: CatalogueDraft) -> Iterator[str]:
    for instrument in draft.instruments.values():
        yield instrument.zone
        for window in instrument.windows:
            yield window.zone
            yield from (reading.zone for reading in window.readings)
    yield from (source.zone for source in draft.sources.values())
