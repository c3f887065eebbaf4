"""What is watched on the bench: an instrument with two windows, and three sources, written as files."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from fault_injection.crashes.scene import SOURCES

INSTRUMENT = "bench-2031"
PUBLISHED_ON = "2031-03-01"
ZONE = "America/New_York"

_PAST = "The two governments will complete and announce {} within 10 days."
_TEXT = (
    f"{_PAST.format('Project Heron')}\n\n{_PAST.format('Project Ibis')}\n\n"
    "Mexico will deploy its National Guard on the border.\n"
)


def write_catalogue(folder: Path, site: str) -> Path:
    """The instrument and its sources, read at ``site``; YAML 1.2 holds JSON, which is what is written."""
    declaration = folder / "declarations" / INSTRUMENT
    declaration.mkdir(parents=True)
    (folder / "sources").mkdir()
    (declaration / "text.txt").write_text(_TEXT, encoding="utf-8")
    (declaration / "instrument.yml").write_text(json.dumps(_instrument(), indent=1), encoding="utf-8")
    for slug, party in SOURCES.items():
        written = json.dumps(_source(slug, party, site), indent=1)
        (folder / "sources" / f"{slug}.yml").write_text(written, encoding="utf-8")
    return folder


def _instrument() -> dict[str, Any]:
    heron, ibis, guard = _TEXT.strip().split("\n\n")
    return {
        "id": INSTRUMENT,
        "title": "Joint Declaration of the Bench",
        "published_on": PUBLISHED_ON,
        "zone": ZONE,
        "urls": [f"https://declarations.example/{INSTRUMENT}"],
        "text_sha256": hashlib.sha256(_TEXT.encode()).hexdigest(),
        "parties": [
            {"id": "US", "names": {"en": ["United States", "U.S."], "es": ["Estados Unidos"]}},
            {"id": "MX", "names": {"en": ["Mexico", "Mexican"], "es": ["México"]}},
        ],
        "commitments": [
            _commitment("heron", heron, ["US", "MX"], "announce Project Heron"),
            _commitment("ibis", ibis, ["US", "MX"], "announce Project Ibis"),
            _commitment("guard", guard, ["MX"], "deploy the National Guard"),
        ],
        "windows": [_window("heron-10d", "heron", "Heron"), _window("ibis-10d", "ibis", "Ibis")],
        "concepts": [
            {"id": "heron", "en": ["Project Heron"], "es": ["Proyecto Heron"]},
            {"id": "ibis", "en": ["Project Ibis"], "es": ["Proyecto Ibis"]},
            {"id": "guard", "en": ["National Guard"], "es": ["Guardia Nacional"]},
            {"id": "deployed", "en": ["deploy*"], "es": ["desplieg*"]},
            {"id": "migration", "en": ["migra*"], "es": ["migra*"]},
            {"id": "completed", "en": ["announced", "concluded"], "es": ["anunciaron"]},
            {"id": "new", "en": ["additional", "new"], "es": ["adicional*"]},
            {"id": "quoted", "en": ["Secretary of State"], "es": ["canciller"]},
        ],
        "rules": [
            {"id": "heron", "commitment": "heron", "window": "heron-10d", "all": ["heron"]},
            {"id": "ibis", "commitment": "ibis", "window": "ibis-10d", "all": ["ibis"]},
            {"id": "guard", "commitment": "guard", "all": ["guard", "deployed"]},
        ],
        "sources": list(SOURCES),
    }


def _commitment(slug: str, quote: str, debtors: list[str], action: str) -> dict[str, Any]:
    start = _TEXT.index(quote)
    return {
        "id": slug,
        "section": "Projects",
        "quote": quote,
        "start": start,
        "end": start + len(quote),
        "debtors": debtors,
        "creditors": ["US", "MX"],
        "modality": "will",
        "action": action,
        "kind": "one_off",
    }


def _window(slug: str, commitment: str, project: str) -> dict[str, Any]:
    return {
        "id": slug,
        "commitment": commitment,
        "title": f"Project {project} announced within 10 days",
        "anchor": {"event": "publication", "on": PUBLISHED_ON},
        "duration": "P10D",
        "zone": ZONE,
        "day_count": "calendar",
        "count_anchor_day": False,
        "condition": None,
        "review": "required",
        "sources": list(SOURCES),
        "readings": [{"id": "only", "anchor_on": PUBLISHED_ON, "zone": ZONE, "primary": True}],
        "checklist": {
            "subject": ["migration"],
            "completed": ["completed"],
            "new": ["new"],
            "quoted": ["quoted"],
        },
    }


def _source(slug: str, party: str, site: str) -> dict[str, Any]:
    return {
        "id": slug,
        "title": f"Press office {slug}",
        "publisher": f"Press office {slug}",
        "party": party,
        "language": "en",
        "zone": ZONE,
        "lag": "PT6H",
        "longest_silence": "P5D",
        "routes": [
            {
                "id": "listing",
                "url": f"{site}/{slug}/",
                "reader": "recorded",
                "cadence": "P1D",
                "pause": "PT0S",
                "depth": True,
                "max_pages": 5,
                "minimum_items": 1,
                "empty": "fault",
                "read": {
                    "platform": "listing",
                    "row": "li.row",
                    "title": "li.row a",
                    "link": "li.row a",
                    "date": {"selector": "time", "attribute": "datetime", "formats": ["iso"]},
                    "next": "a.next",
                },
            }
        ],
    }
