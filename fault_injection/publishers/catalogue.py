"""The catalogue of the bench, written as files: one instrument with many windows, and its sources."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from fault_injection.publishers.interfaces import OFFICE
from fault_injection.publishers.listings import LAYOUTS, Layout
from fault_injection.publishers.registers import ARTICLE
from fault_injection.publishers.truth import BEFORE, BEGIN_ON, Press
from fault_injection.publishers.windows import ZONE, Due

PER_PAGE = 10
FEED_ITEMS = 20
SHORT_FEED_ITEMS = 10
CANARY_BEFORE = 9
"""Days before the first from which the canaries are."""

_CONCEPTS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("migration", ("migra*", "asylum"), ("migra*", "asilo")),
    ("completed", ("agreed", "announced", "concluded"), ("acordaron", "anunciaron")),
    ("new", ("additional", "new"), ("adicional*", "nuev*")),
    ("quoted", ("Secretary of State",), ("canciller",)),
)


def write_catalogue(
    folder: Path, presses: Sequence[Press], dues: Sequence[Due], roots: Mapping[str, str]
) -> Path:
    """YAML 1.2 holds JSON: that is what is written. ``roots`` is where each publisher answers."""
    declaration = folder / "declarations" / "bench-2031"
    declaration.mkdir(parents=True)
    (folder / "sources").mkdir()
    paragraphs = [_obligation(due) for due in dues]
    text = "\n\n".join(paragraphs) + "\n"
    (declaration / "text.txt").write_text(text, encoding="utf-8")
    instrument = _instrument(text, paragraphs, dues, presses)
    (declaration / "instrument.yml").write_text(json.dumps(instrument, indent=1), encoding="utf-8")
    for press in presses:
        source = json.dumps(_source(press, roots[press.id]), indent=1)
        (folder / "sources" / f"{press.id}.yml").write_text(source, encoding="utf-8")
    return folder


def _obligation(due: Due) -> str:
    return (
        f"The United States and Mexico will complete and announce Project {due.topic} within {due.days} days."
    )


def _instrument(
    text: str, paragraphs: Sequence[str], dues: Sequence[Due], presses: Sequence[Press]
) -> dict[str, Any]:
    starts = [text.index(paragraph) for paragraph in paragraphs]
    concepts = [*_CONCEPTS, *((d.id, (f"Project {d.topic}",), (f"Proyecto {d.topic}",)) for d in dues)]
    return {
        "id": "bench-2031",
        "title": "Joint Declaration of the Bench",
        "published_on": BEGIN_ON.isoformat(),
        "zone": ZONE,
        "urls": ["https://declarations.example/bench-2031"],
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "parties": [
            {"id": "US", "names": {"en": ["United States", "U.S."], "es": ["Estados Unidos"]}},
            {"id": "MX", "names": {"en": ["Mexico", "Mexican"], "es": ["México"]}},
        ],
        "commitments": [
            _commitment(due, quote, start) for due, quote, start in zip(dues, paragraphs, starts, strict=True)
        ],
        "windows": [_window(due) for due in dues],
        "concepts": [{"id": name, "en": list(en), "es": list(es)} for name, en, es in concepts],
        "rules": [{"id": d.id, "commitment": d.id, "window": d.id, "all": [d.id]} for d in dues],
        "sources": [press.id for press in presses],
    }


def _commitment(due: Due, quote: str, start: int) -> dict[str, Any]:
    return {
        "id": due.id,
        "section": "Projects",
        "quote": quote,
        "start": start,
        "end": start + len(quote),
        "debtors": ["US", "MX"],
        "creditors": ["US", "MX"],
        "modality": "will complete and announce",
        "action": f"announce Project {due.topic}",
        "kind": "one_off",
    }


def _window(due: Due) -> dict[str, Any]:
    return {
        "id": due.id,
        "commitment": due.id,
        "title": f"Project {due.topic}",
        "anchor": {"event": "determination", "on": due.anchor_on.isoformat()},
        "duration": f"P{due.days}D",
        "zone": ZONE,
        "day_count": "calendar",
        "count_anchor_day": False,
        "condition": None,
        "review": "required" if due.reviewed else "automatic",
        "absence": "rules-alone",
        "automatic_threshold": None if due.reviewed else 0.5,
        "reminders": [1],
        "sources": list(due.sources),
        "readings": [{"id": "only", "anchor_on": due.anchor_on.isoformat(), "zone": ZONE, "primary": True}],
        "checklist": {
            "subject": ["migration"],
            "completed": ["completed"],
            "new": ["new"],
            "quoted": ["quoted"],
        },
    }


def _source(press: Press, root: str) -> dict[str, Any]:
    return {
        "id": press.id,
        "title": f"Press of {press.id}",
        "publisher": f"Office of {press.id}",
        "party": press.party,
        "language": press.language,
        "zone": press.zone,
        "lag": _duration(press.lag),
        "longest_silence": _duration(press.longest_silence),
        "existed": {"since": (BEGIN_ON - timedelta(days=BEFORE)).isoformat()},
        "routes": [_with_canary(press, root, {**_COMMON, **route}) for route in routes_of(press, root)],
    }


def _with_canary(press: Press, root: str, route: dict[str, Any]) -> dict[str, Any]:
    """A live route with depth must always find again what it is known to hold: an older release."""
    if not route.get("depth") or route.get("on_demand"):
        return route
    before = BEGIN_ON - timedelta(days=CANARY_BEFORE)
    kept = [i for i in press.items if i.withdrawn_at is None and press.published(i).civil_on <= before]
    chosen = kept[-1]
    layout = LAYOUTS.get("gobmx" if press.platform == "script" else press.platform)
    address = (layout.article if layout else ARTICLE).format(slug=chosen.slug)
    on = press.published(chosen).civil_on
    return {**route, "canaries": [{"document": root + address, "published_on": on.isoformat()}]}


_COMMON: dict[str, Any] = {
    "reader": "recorded",
    "pause": "PT0S",
    "cadence": "PT6H",
    "minimum_items": 1,
    "empty": "fault",
}


def routes_of(press: Press, root: str) -> list[dict[str, Any]]:
    """The routes of a publisher, as its platform has them."""
    feed = {"id": "feed", "url": f"{root}/feed", "read": {"platform": "feed"}, "cadence": "PT6H"}
    if press.platform in ("rss", "atom"):
        return [{**feed, "minimum_items": FEED_ITEMS}]
    if press.platform in LAYOUTS:
        layout = LAYOUTS[press.platform]
        listing = {
            "id": "listing",
            "url": f"{root}{layout.address(1)}",
            "read": listing_options(layout),
            "depth": True,
            "minimum_items": PER_PAGE,
            "max_pages": 30,
        }
        return (
            [listing, {**feed, "minimum_items": SHORT_FEED_ITEMS}]
            if press.platform == "wordpress"
            else [listing]
        )
    return [_other_route(press, root)]


def listing_options(layout: Layout) -> dict[str, Any]:
    """How a listing in this layout is read."""
    return {
        "platform": "listing",
        "row": layout.row_selector,
        "title": layout.title_selector,
        "link": layout.link_selector,
        "date": {
            "selector": layout.date_selector,
            "attribute": layout.date_attribute,
            "formats": [layout.date_format],
            "language": "en",
        },
        "next": layout.next_selector,
    }


def _counted_route(press: Press, root: str) -> dict[str, Any] | None:
    """Routes of interfaces that count, of feeds with pages, and of listings that come as a script."""
    if press.platform == "rest":
        read: dict[str, Any] = {"platform": "wordpress", "per_page": 10}
        return {"id": "rest", "url": f"{root}/wp-json/wp/v2/release", "read": read, "depth": True, **_NEWS}
    if press.platform == "news":
        read = {"platform": "doj_news", "components": [OFFICE]}
        return {
            "id": "news",
            "url": f"{root}/api/v1/press_releases.json",
            "read": read,
            "depth": True,
            **_NEWS,
        }
    if press.platform == "paged":
        read = {"platform": "feed", "pages": "paged"}
        paged = {"depth": True, "minimum_items": FEED_ITEMS, "max_pages": 30}
        return {"id": "feed", "url": f"{root}/feed", "read": read, **paged}
    if press.platform == "script":
        layout = LAYOUTS["gobmx"]
        read = listing_options(layout)
        read["date"] = {**read["date"], "attribute": ["datetime", "date"]}
        deep = {"depth": True, "minimum_items": PER_PAGE, "max_pages": 30, "addresses": ["/relaciones/"]}
        return {"id": "listing", "url": f"{root}{layout.address(1)}", "read": read, **deep}
    return None


def _other_route(press: Press, root: str) -> dict[str, Any]:
    counted = _counted_route(press, root)
    if counted is not None:
        return counted
    if press.platform == "register":
        read: dict[str, Any] = {
            "platform": "federal_register",
            "agencies": ["homeland-security-department"],
            "per_page": 5,
        }
        return {"id": "api", "url": f"{root}/api/v1/documents.json", "read": read, "depth": True, **_NEWS}
    if press.platform == "dof":
        read = {"platform": "dof"}
        return {"id": "diario", "url": f"{root}/WS_getDiarioFull.php", "read": read, "depth": True, **_NEWS}
    if press.platform == "sitemap":
        read = {"platform": "sitemap", "paths": ["/news/"], "lastmod_is_publication": True}
        return {"id": "sitemap", "url": f"{root}/sitemap.xml", "read": read, "depth": True, "max_pages": 10}
    if press.platform == "page":
        read = {"platform": "page"}
        return {"id": "page", "url": f"{root}/notice", "read": read, "sampled": True, "content": "#notice"}
    layout = LAYOUTS["wordpress"]
    read = {
        "platform": "cdx",
        "archive": root,
        "documents": "captures",
        "read": {**listing_options(layout), "next": None},
    }
    original = f"{root}{layout.address(1)}"
    return {
        "id": "captures",
        "url": original,
        "read": read,
        "depth": True,
        "on_demand": True,
        **_CAPTURES,
    }


_CAPTURES = {"max_pages": 100, "minimum_items": PER_PAGE}
_NEWS = {"minimum_items": 0, "empty": "news", "max_pages": 50}


def _duration(length: timedelta) -> str:
    return f"PT{int(length / timedelta(hours=1))}H"
