"""An instrument as JSON: the contract of ``catalogue show ID``."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from servanda.compliance.instrument import Instrument, Window
from servanda.compliance.intervals import utc_text
from servanda.compliance.windows import CountedWindow, count_window
from servanda.instruments.catalogue import Catalogue
from servanda.instruments.routes import Source

_WINDOW = TypeAdapter(Window)


def show_instrument(catalogue: Catalogue, instrument_id: str) -> dict[str, Any]:
    """``{id, published_on, text_sha256, commitments, windows, sources}`` and more; LookupError if unknown.

    A commitment is ``{id, quote, start, end, debtors, kind, condition, …}``. A window holds what the
    catalogue says of it and, for each reading, the derivation and the instants that follow.
    """
    instrument = catalogue.instrument(instrument_id)
    return {
        "id": instrument.id,
        "title": instrument.title,
        "published_on": instrument.published_on.isoformat(),
        "zone": instrument.zone,
        "text_sha256": instrument.text_sha256,
        "urls": list(instrument.urls),
        "parties": [{"id": p.id, "name": p.names.en[0]} for p in instrument.parties],
        "commitments": _commitments(instrument),
        "windows": [_window(window) for window in instrument.windows],
        "sources": [_source(catalogue.source(source_id)) for source_id in instrument.sources],
    }


def _commitments(instrument: Instrument) -> list[dict[str, Any]]:
    return [
        {
            "id": c.id,
            "section": c.section,
            "quote": c.quote,
            "start": c.start,
            "end": c.end,
            "debtors": list(c.debtors),
            "creditors": list(c.creditors),
            "modality": c.modality,
            "action": c.action,
            "kind": c.kind,
            "condition": c.condition,
        }
        for c in instrument.commitments
    ]


def _window(window: Window) -> dict[str, Any]:
    shown: dict[str, Any] = _WINDOW.dump_python(window, mode="json")
    for reading, as_json in zip(window.readings, shown["readings"], strict=True):
        as_json.update(_counted(count_window(window, reading)))
    return {**shown, **_counted(count_window(window, window.primary))}


def _counted(term: CountedWindow) -> dict[str, str]:
    return {
        "opens_at": utc_text(term.opens_at),
        "due_at": utc_text(term.due_at),
        "derivation": term.derivation,
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "party": source.party,
        "language": source.language,
        "zone": source.zone,
        "routes": [
            {
                "id": route.id,
                "url": route.url,
                "platform": route.read.platform,
                "reader": route.reader,
                "counts": route.counts,
                "depth": route.depth,
                "on_demand": route.on_demand,
                "retired": route.retired,
            }
            for route in source.routes
        ],
    }
