"""Dated queries in JSON: the Federal Register's API, and the Diario Oficial day by day."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from fault_injection.publishers.served import Kind, Served, Sight
from fault_injection.publishers.truth import Item, Press

JSON = "application/json; charset=utf-8"
ARTICLE = "/news/{slug}"
Query = dict[str, list[str]]

_WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip


def render_register(press: Press, items: Sequence[Item], query: Query, kind: Kind, sight: Sight) -> Served:
    """One page of a query by publication date, as the Federal Register answers."""
    first = date.fromisoformat(query.get("conditions[publication_date][gte]", ["0001-01-01"])[0])
    last = date.fromisoformat(query.get("conditions[publication_date][lte]", ["9999-12-31"])[0])
    size = int(query.get("per_page", ["20"])[0])
    hits = [item for item in items if first <= press.published(item).civil_on <= last]
    shown = hits[(sight.page - 1) * size : sight.page * size]
    answer: dict[str, Any] = {"description": f"Documents from {first} to {last}", "count": len(hits)}
    if hits:
        answer["total_pages"] = -(-len(hits) // size)
        if sight.page * size < len(hits):
            following = {**query, "page": [str(sight.page + 1)]}
            answer["next_page_url"] = f"{sight.root}/api/v1/documents?{urlencode(following, doseq=True)}"
        answer["results"] = [_document(press, item, sight) for item in shown]
    return _said(answer, kind, sight)


def _document(press: Press, item: Item, sight: Sight) -> dict[str, Any]:
    return {
        "title": item.title_at(sight.now),
        "type": "Notice",
        "abstract": "A notice of the department.",
        "document_number": f"2031-{10000 + sum(item.slug.encode()) * 7 % 50000}-{item.slug[-4:]}",
        "html_url": sight.root + ARTICLE.format(slug=item.slug),
        "publication_date": press.published(item).civil_on.isoformat(),
    }


def render_diario(press: Press, items: Sequence[Item], query: Query, kind: Kind, sight: Sight) -> Served:
    """The editions of one day, as the service of the Diario answers."""
    on = date(int(query["year"][0]), int(query["month"][0]), int(query["day"][0]))
    notes = [_note(item, on, sight) for item in items if press.published(item).civil_on == on]
    edition: dict[str, Any] = {"id": None}
    if notes:
        sections = [
            {
                "contentsection": {
                    "name": "PODER EJECUTIVO",
                    "content": {"name": "SECRETARIA", "content": notes},
                }
            }
        ]
        edition = {"id": f"{on:%d%m%Y}-MAT", "fecha": spanish_day(on), "secciones": sections}
    return _said({"ejemplares": [edition]}, kind, sight)


def spanish_day(on: date) -> str:
    return f"{_WEEKDAYS[on.weekday()]} {on.day} de {_MONTHS[on.month - 1]} {on.year}"


def _note(item: Item, on: date, sight: Sight) -> dict[str, Any]:
    number = 5_000_000 + int.from_bytes(item.slug.encode(), "big") % 900_000_007
    return {
        "id": str(number),
        "date": f"{on:%d/%m/%Y}",
        "titulo": item.title_at(sight.now),
        "url": sight.root + ARTICLE.format(slug=item.slug),
    }


def _said(answer: Any, kind: Kind, sight: Sight) -> Served:
    text = json.dumps(kind.data(answer, sight), ensure_ascii=False)
    return Served(b"", JSON).saying(kind.text(text, sight))
