"""The catalogue of some plays, as files: for each an instrument with one window, and its source."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from fault_injection.documents.announcing import MEASURES
from fault_injection.documents.releases import BEFORE, DAYS
from fault_injection.documents.scene import LAG, LONGEST_SILENCE, Scene
from fault_injection.publishers.catalogue import listing_options
from fault_injection.publishers.listings import LAYOUTS
from fault_injection.publishers.truth import BEGIN_ON

QUOTE = (
    "The United States and Mexico will complete and announce further actions within 90 days, if necessary."
)
LEAST = 5
"""Items that even the first reading meets on a page."""

_TEXT = QUOTE + "\n"

_CONCEPTS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("measures", MEASURES["en"], MEASURES["es"]),
    (
        "migration",
        ("migration flow*", "irregular migration", "southern border"),
        ("flujos migratorios", "migración irregular", "frontera sur"),
    ),
    ("completed", ("agreed", "announced", "adopted"), ("acordaron", "anunciaron", "adoptaron")),
    ("quoted", ("Government of the United States",), ("Gobierno de México",)),
)


def write_catalogue(folder: Path, scenes: Sequence[Scene], roots: Mapping[str, str]) -> Path:
    """YAML 1.2 holds JSON: that is what is written. ``roots`` is where each publisher answers."""
    (folder / "sources").mkdir(parents=True)
    for scene in scenes:
        declaration = folder / "declarations" / scene.name
        declaration.mkdir(parents=True)
        (declaration / "text.txt").write_text(_TEXT, encoding="utf-8")
        (declaration / "instrument.yml").write_text(
            json.dumps(_instrument(scene), indent=1), encoding="utf-8"
        )
        source = json.dumps(_source(scene, roots[scene.name]), indent=1)
        (folder / "sources" / f"{scene.name}.yml").write_text(source, encoding="utf-8")
    return folder


def _instrument(scene: Scene) -> dict[str, Any]:
    return {
        "id": scene.name,
        "title": "Joint Declaration of the Bench",
        "published_on": BEGIN_ON.isoformat(),
        "zone": scene.zone,
        "urls": ["https://declarations.example/bench"],
        "text_sha256": hashlib.sha256(_TEXT.encode()).hexdigest(),
        "parties": [
            {"id": "US", "names": {"en": ["United States", "U.S."], "es": ["Estados Unidos"]}},
            {"id": "MX", "names": {"en": ["Mexico", "Mexican"], "es": ["México"]}},
        ],
        "commitments": [_commitment(scene)],
        "windows": [_window(scene)],
        "concepts": [{"id": name, "en": list(en), "es": list(es)} for name, en, es in _CONCEPTS],
        "rules": [
            {
                "id": f"{scene.name}-rule",
                "commitment": f"{scene.name}-further",
                "window": scene.name,
                "all": ["measures"],
                "any": ["migration", "completed"],
            }
        ],
        "sources": [scene.name],
    }


def _commitment(scene: Scene) -> dict[str, Any]:
    return {
        "id": f"{scene.name}-further",
        "section": "Further actions",
        "quote": QUOTE,
        "start": 0,
        "end": len(QUOTE),
        "debtors": ["US", "MX"],
        "creditors": ["US", "MX"],
        "modality": "will complete and announce",
        "action": "complete and announce further actions",
        "kind": "one_off",
    }


def _window(scene: Scene) -> dict[str, Any]:
    """By rules alone: no person's look at a shortlist covers up what a reader lost."""
    return {
        "id": scene.name,
        "commitment": f"{scene.name}-further",
        "title": "Further actions",
        "anchor": {"event": "determination", "on": BEGIN_ON.isoformat()},
        "duration": f"P{DAYS}D",
        "zone": scene.zone,
        "day_count": "calendar",
        "count_anchor_day": False,
        "condition": None,
        "review": "required",
        "absence": "rules-alone",
        "reminders": [1],
        "sources": [scene.name],
        "readings": [{"id": "only", "anchor_on": BEGIN_ON.isoformat(), "zone": scene.zone, "primary": True}],
        "checklist": {
            "subject": ["migration"],
            "completed": ["completed"],
            "new": ["measures"],
            "quoted": ["quoted"],
        },
    }


def _source(scene: Scene, root: str) -> dict[str, Any]:
    layout = LAYOUTS[scene.structure.listing]
    listing = {
        "id": "listing",
        "url": f"{root}{layout.address(1)}",
        "read": listing_options(layout),
        "depth": True,
        "minimum_items": LEAST,
        "max_pages": 30,
    }
    feed = {"id": "feed", "url": f"{root}/feed", "read": {"platform": "feed"}, "minimum_items": LEAST}
    return {
        "id": scene.name,
        "title": f"Press of {scene.structure.site}",
        "publisher": scene.structure.site,
        "party": scene.press.party,
        "language": scene.language,
        "zone": scene.zone,
        "lag": _duration(LAG),
        "longest_silence": _duration(LONGEST_SILENCE),
        "existed": {"since": (BEGIN_ON - timedelta(days=BEFORE)).isoformat()},
        "routes": [
            {**_COMMON, "content": scene.structure.content, **route}
            for route in ([listing, feed] if scene.has_feed else [listing])
        ],
    }


_COMMON: dict[str, Any] = {"reader": "recorded", "pause": "PT0S", "cadence": "PT6H", "empty": "fault"}


def _duration(length: timedelta) -> str:
    return f"PT{int(length / timedelta(hours=1))}H"
