"""The Federal Register's API, as far as the reader asks it: documents by agency and range of dates. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from servanda.demo.pages import address
from servanda.demo.story import StoryItem

Query = Mapping[str, Sequence[str]]

AGENCIES = ("homeland-security-department", "justice-department")
"""The agencies of every document of the story."""


class BadQuery(ValueError):
    """The API answers 400 with a message."""


def documents(items: Sequence[StoryItem], query: Query, site: str) -> str:
    """One page of the answer; ``items`` are all that the Register has published by now, newest first.

    As the real one: no ``results`` where nothing was found, ``next_page_url`` where there is more.
    """
    found = [item for item in items if _is_asked_for(item, query)]
    per_page, page = _number(query, "per_page", 20), _number(query, "page", 1)
    shown = found[(page - 1) * per_page : page * per_page]
    answer: dict[str, object] = {"description": "Documents (reconstructed)", "count": len(found)}
    if found:
        answer["total_pages"] = -(-len(found) // per_page)
        if page * per_page < len(found):
            answer["next_page_url"] = _next_page_url(query, page + 1, site)
        answer["results"] = [_result(item, query, site) for item in shown]
    return json.dumps(answer, ensure_ascii=False)


def _is_asked_for(item: StoryItem, query: Query) -> bool:
    on = item.local_at.date()
    agencies = query.get("conditions[agencies][]", ())
    if agencies and not set(agencies) & set(AGENCIES):
        return False
    first, last = (query.get(f"conditions[publication_date][{end}]") for end in ("gte", "lte"))
    return (not first or _day(first[0]) <= on) and (not last or on <= _day(last[0]))


def _result(item: StoryItem, query: Query, site: str) -> dict[str, object]:
    """The fields asked for; all of them where none is named."""
    known: dict[str, object] = {
        "title": item.title,
        "type": "Rule",
        "abstract": item.paragraphs[0],
        "document_number": item.document_number,
        "html_url": f"{site}{address(item)}",
        "publication_date": item.local_at.date().isoformat(),
        "agencies": [{"slug": slug} for slug in AGENCIES],
    }
    asked = query.get("fields[]") or list(known)
    if unknown := [name for name in asked if name not in known]:
        raise BadQuery(f"{unknown[0]} is not a valid field")
    return {name: known[name] for name in asked}


def _next_page_url(query: Query, page: int, site: str) -> str:
    kept = [(key, value) for key, values in query.items() if key != "page" for value in values]
    return f"{site}/api/v1/documents?{urlencode([*kept, ('format', 'json'), ('page', str(page))])}"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadQuery(f"{text} is not a valid date") from error


def _number(query: Query, name: str, default: int) -> int:
    values = query.get(name)
    if values and not (values[0].isdigit() and 0 < int(values[0]) <= 1000):
        raise BadQuery(f"{values[0]} is not a valid {name}")
    return int(values[0]) if values else default
