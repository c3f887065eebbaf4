"""Interfaces in JSON that count: a WordPress site's REST interface, and the Justice Department's News API."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from fault_injection.publishers.articles import ANNOUNCED, ordinary_text
from fault_injection.publishers.registers import ARTICLE, JSON, Query
from fault_injection.publishers.served import Kind, Served, Sight
from fault_injection.publishers.truth import Item, Press

OFFICE, OTHER_OFFICE = "Office of the Bench", "USAO - Maryland"
OTHERS_A_RELEASE = 3
"""So many releases of another office stand beside each of ours, of the same day."""

NEWS_PAGE = 50


def render_root(press: Press, kind: Kind, sight: Sight) -> Served:
    """What a WordPress site says of its zone."""
    offset = datetime.now(ZoneInfo(press.zone)).utcoffset() or timedelta()
    site = {"timezone_string": press.zone, "gmt_offset": offset.total_seconds() / 3600}
    return _said(kind.data({"site": site}, sight).get("site"), kind, sight, ())


def render_rows(press: Press, items: Sequence[Item], query: Query, kind: Kind, sight: Sight) -> Served:
    """One page of a query, as WordPress 7.1 answers; ``kind.data`` is given the query, then what is told."""
    asked = {name: values[0] for name, values in query.items()}
    told = kind.data({"query": asked, "bound": 100, "clamps": False}, sight)
    asked, bound = told["query"], told["bound"]
    size = int(asked.get("per_page", "10"))
    if size > bound and not told["clamps"]:
        words = f"per_page must be between 1 (inclusive) and {bound} (inclusive)"
        return _error(400, "rest_invalid_param", {"per_page": words})
    size, page = min(size, bound), int(asked.get("page", "1"))
    numbers = {item.slug: n for n, item in enumerate(press.items, 1)}
    found = [item for item in items if _is_asked_for(item, asked)]
    by_id = asked.get("orderby") == "id"
    found.sort(
        key=lambda i: numbers[i.slug] if by_id else i.at.timestamp(), reverse=asked.get("order") != "asc"
    )
    pages = -(-len(found) // size)
    if page > pages and page > 1 and found:
        return _error(400, "rest_post_invalid_page_number")
    shown = [_row(press, item, numbers[item.slug], sight) for item in found[(page - 1) * size : page * size]]
    told = kind.data({"rows": shown, "total": str(len(found)), "pages": str(pages)}, sight)
    headers = tuple(
        (name, told[key])
        for name, key in (("X-WP-Total", "total"), ("X-WP-TotalPages", "pages"))
        if told[key]
    )
    return _said(told["rows"], kind, sight, headers)


def _is_asked_for(item: Item, asked: dict[str, str]) -> bool:
    if "slug" in asked and asked["slug"] != item.slug:
        return False
    after, before = (
        datetime.fromisoformat(asked[name]) if name in asked else None for name in ("after", "before")
    )
    return (after is None or item.at > after) and (before is None or item.at < before)


def _row(press: Press, item: Item, number: int, sight: Sight) -> dict[str, Any]:
    return {
        "id": number,
        "date": f"{item.at.astimezone(ZoneInfo(press.zone)):%Y-%m-%dT%H:%M:%S}",
        "date_gmt": f"{item.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
        "slug": item.slug,
        "link": sight.root + ARTICLE.format(slug=item.slug),
        "title": {"rendered": escape(item.title_at(sight.now))},
        "content": {"rendered": _content(press, item), "protected": False},
    }


def _content(press: Press, item: Item) -> str:
    paragraphs = list(ordinary_text(press.language, item.slug))
    if item.topic is not None:
        paragraphs.insert(0, ANNOUNCED[press.language].format(topic=item.topic))
    return "".join(f"<p>{escape(text)}</p>\n" for text in paragraphs)


def render_news(press: Press, items: Sequence[Item], query: Query, kind: Kind, sight: Sight) -> Served:
    """One page of all releases, as the News API answers: newest day first, a day's rows in no order."""
    page = int(query.get("page", ["0"])[0])
    every = [release for item in items for release in _releases(press, item, sight)]
    every.sort(key=lambda release: -int(release["date"]))
    shown = every[page * NEWS_PAGE : (page + 1) * NEWS_PAGE]
    counts = {"count": str(len(every)), "pagesize": str(NEWS_PAGE), "page": page}
    answer = {"metadata": {"responseInfo": {"status": 200}, "resultset": counts}, "results": shown}
    return _said(kind.data(answer, sight), kind, sight, ())


def _releases(press: Press, item: Item, sight: Sight) -> list[dict[str, Any]]:
    own = _release(press, item, item.slug, OFFICE, sight)
    others = (f"{item.slug}-beside-{n}" for n in range(OTHERS_A_RELEASE))
    return [*(_release(press, item, slug, OTHER_OFFICE, sight) for slug in others), own]


def _release(press: Press, item: Item, slug: str, office: str, sight: Sight) -> dict[str, Any]:
    on = press.published(item).civil_on
    noon = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    return {
        "uuid": f"uuid-{slug}",
        "title": item.title_at(sight.now),
        "url": sight.root + ARTICLE.format(slug=slug),
        "date": str(int(noon.timestamp())),
        "created": f'<time datetime="{item.at.isoformat()}">{int(item.at.timestamp())}</time>\n',
        "component": [{"uuid": f"office-{len(office)}", "name": office}],
        "teaser": "<p>A release.</p>",
        "body": "",
        "topic": "",
    }


def _error(status: int, code: str, params: dict[str, str] | None = None) -> Served:
    body = {"code": code, "message": "No.", "data": {"status": status, "params": params or {}}}
    return Served(json.dumps(body).encode(), JSON, status)


def _said(answer: Any, kind: Kind, sight: Sight, headers: tuple[tuple[str, str], ...]) -> Served:
    text = json.dumps(answer, ensure_ascii=False)
    return Served(b"", JSON, headers=headers).saying(kind.text(text, sight))
