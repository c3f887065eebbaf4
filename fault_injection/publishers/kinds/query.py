"""What goes wrong with answers in JSON: the Federal Register's, and the Diario's."""

# ruff: noqa: ARG001, ARG005 - a change is handed all that a change may look at

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from html import escape
from typing import Any

from fault_injection.publishers.kinds.feed import swapped
from fault_injection.publishers.registers import spanish_day
from fault_injection.publishers.served import Kind, Sight

DataChange = Callable[[Any, Sight], Any]


def register_kinds() -> tuple[Kind, ...]:
    return (
        *_renamed("results", "title", "document_number", "html_url", "publication_date", "count"),
        Kind("date_renamed_pubdate", "loud", text=swapped('"publication_date"', '"pub_date"')),
        Kind("nested", "loud", data=lambda data, s: {"data": data}),
        Kind("listed", "loud", data=lambda data, s: [data]),
        Kind(
            "results_by_number",
            "loud",
            data=_results(lambda found: {str(n): one for n, one in enumerate(found)}),
        ),
        Kind("results_null", "loud", data=_results(lambda found: None)),
        Kind("count_as_text", "loud", data=_keyed("count", str)),
        Kind("count_too_high", "loud", data=_keyed("count", lambda count: count + 1)),
        Kind("count_too_low", "loud", data=_keyed("count", lambda count: max(0, count - 1))),
        Kind("count_null", "loud", data=_keyed("count", lambda count: None)),
        Kind("zero_hits", "loud", data=lambda data, s: {"description": data["description"], "count": 0}),
        Kind("title_null", "loud", data=_first("title", lambda title: None)),
        Kind("title_emptied", "loud", data=_first("title", lambda title: "")),
        Kind("titles_encoded_twice", "harmless", data=_all("title", escape)),
        Kind("link_null", "loud", data=_first("html_url", lambda url: None)),
        Kind("link_to_hash", "loud", data=_first("html_url", lambda url: "#")),
        Kind("links_relative", "harmless", data=_all("html_url", lambda url: url[url.index("/news/") :])),
        Kind("dates_null", "loud", data=_all("publication_date", lambda on: None)),
        Kind(
            "dates_month_first",
            "loud",
            data=_all("publication_date", lambda on: f"{on[5:7]}/{on[8:]}/{on[:4]}"),
        ),
        Kind("dates_with_time", "either", data=_all("publication_date", lambda on: f"{on}T00:00:00Z")),
        Kind(
            "dates_in_words",
            "loud",
            data=_all("publication_date", lambda on: f"{date.fromisoformat(on):%B %d, %Y}"),
        ),
        Kind("dates_out_of_range", "loud", data=_all("publication_date", _next_year)),
        Kind("page_without_next", "either", data=_without("next_page_url")),
        Kind("next_to_itself", "either", data=_keyed("next_page_url", _first_page)),
        Kind(
            "next_elsewhere",
            "either",
            data=_keyed("next_page_url", lambda url: "https://cdn.example.org/more"),
        ),
        Kind("result_lost", "loud", data=_results(lambda found: found[1:])),
        Kind("result_doubled", "either", data=_results(lambda found: [*found, found[0]])),
        Kind("keys_added", "harmless", data=lambda data, s: {**data, "facets": {}, "total_hits": 7}),
        Kind("order_ascending", "harmless", data=_results(lambda found: found[::-1])),
        *written_kinds(),
    )


def diario_kinds() -> tuple[Kind, ...]:
    return (
        *_renamed("ejemplares", "secciones", "contentsection", "content", "titulo", "url", "fecha", "date"),
        Kind("nested", "loud", data=lambda data, s: {"data": data}),
        Kind("listed", "loud", data=lambda data, s: data["ejemplares"]),
        Kind("editions_emptied", "loud", data=lambda data, s: {"ejemplares": []}),
        Kind("edition_without_id", "loud", data=_editions(lambda e: {**e, "id": None})),
        Kind("sections_null", "loud", data=_editions(lambda e: {**e, "secciones": None})),
        Kind("sections_emptied", "loud", data=_editions(lambda e: {**e, "secciones": []})),
        Kind("dates_month_first", "either", data=_notes("date", lambda on: f"{on[3:5]}/{on[:2]}/{on[6:]}")),
        Kind("dates_two_digit_year", "loud", data=_notes("date", lambda on: f"{on[:6]}{on[8:]}")),
        Kind("edition_in_english", "loud", data=_editions(_in_english)),
        Kind("edition_of_the_day_before", "loud", data=_editions(_day_before)),
        Kind("edition_undated", "loud", data=_editions(lambda e: {**e, "fecha": None})),
        Kind("edition_date_without_year", "loud", data=_editions(lambda e: {**e, "fecha": e["fecha"][:-5]})),
        Kind("edition_shouted", "harmless", data=_editions(lambda e: {**e, "fecha": e["fecha"].upper()})),
        Kind("title_null", "loud", data=_notes("titulo", lambda title: None)),
        Kind("titles_emptied", "loud", data=_notes("titulo", lambda title: "")),
        Kind("titles_encoded_twice", "harmless", data=_notes("titulo", escape)),
        Kind("numbers_for_text", "loud", data=_notes("id", int)),
        Kind("ids_renamed", "loud", data=_notes("id", lambda number: f"nota-{number}")),
        Kind("links_emptied", "loud", data=_notes("url", lambda url: "")),
        Kind("links_to_hash", "loud", data=_notes("url", lambda url: "#")),
        Kind("links_relative", "harmless", data=_notes("url", lambda url: url[url.index("/news/") :])),
        Kind("keys_added", "harmless", data=lambda data, s: {**data, "version": 2}),
        Kind("notes_doubled", "either", data=_contents(lambda notes: [*notes, *notes])),
        Kind("called_html", "either", answer=lambda a, s: replace(a, content_type="text/html")),
        *written_kinds(),
    )


def written_kinds() -> tuple[Kind, ...]:
    """How the same data is written down."""
    return (
        Kind("indented", "harmless", text=lambda text, s: json.dumps(json.loads(text), indent=2)),
        Kind("escaped", "harmless", text=lambda text, s: json.dumps(json.loads(text), ensure_ascii=True)),
        Kind("cut_off", "loud", text=lambda text, s: text[: len(text) * 2 // 3]),
        Kind("words_before", "loud", text=lambda text, s: f"<b>Warning</b>: {text}"),
        Kind("byte_order_mark", "either", answer=lambda a, s: replace(a, body=b"\xef\xbb\xbf" + a.body)),
        Kind("wrapped_in_a_call", "loud", text=lambda text, s: f"callback({text});"),
        Kind("single_quotes", "loud", text=lambda text, s: text.replace('"', "'")),
        Kind("emptied", "loud", text=lambda text, s: "{}"),
        Kind("null", "loud", text=lambda text, s: "null"),
        Kind("utf_16", "either", answer=lambda a, s: replace(a, body=a.body.decode().encode("utf-16"))),
        Kind("page_instead", "loud", text=lambda text, s: "<!DOCTYPE html><html><body>Service</body></html>"),
        Kind("error_instead", "loud", text=lambda text, s: '{"status": 500, "message": "internal error"}'),
    )


def _renamed(*keys: str) -> tuple[Kind, ...]:
    return tuple(Kind(f"renamed_{key}", "loud", text=swapped(f'"{key}":', f'"{key}_v2":')) for key in keys)


def _keyed(key: str, change: Callable[[Any], Any]) -> DataChange:
    """One value of the envelope."""
    return lambda data, s: {**data, key: change(data[key])} if key in data else data


def _without(key: str) -> DataChange:
    return lambda data, s: {k: v for k, v in data.items() if k != key}


def _results(change: Callable[[list[Any]], Any]) -> DataChange:
    return lambda data, s: {**data, "results": change(data["results"])} if data.get("results") else data


def _all(key: str, change: Callable[[Any], Any]) -> DataChange:
    return _results(lambda found: [{**one, key: change(one[key])} for one in found])


def _first(key: str, change: Callable[[Any], Any]) -> DataChange:
    return _results(lambda found: [{**found[0], key: change(found[0][key])}, *found[1:]])


def _editions(change: Callable[[dict[str, Any]], Any]) -> DataChange:
    """Every edition that has notes."""
    return lambda data, s: {"ejemplares": [change(e) if e["id"] else e for e in data["ejemplares"]]}


def _contents(change: Callable[[list[Any]], Any]) -> DataChange:
    """The notes of every section."""

    def changed(data: Any, sight: Sight) -> Any:
        data = copy.deepcopy(data)
        for edition in data["ejemplares"]:
            for section in edition.get("secciones", []):
                held = section["contentsection"]["content"]
                held["content"] = change(held["content"])
        return data

    return changed


def _notes(key: str, change: Callable[[Any], Any]) -> DataChange:
    return _contents(lambda notes: [{**note, key: change(note[key])} for note in notes])


def _next_year(on: str) -> str:
    return f"{int(on[:4]) + 1}{on[4:]}"


def _first_page(url: str) -> str:
    return url.rpartition("&page=")[0]


def _edition_on(edition: dict[str, Any]) -> date:
    day = edition["id"][:8]
    return date(int(day[4:]), int(day[2:4]), int(day[:2]))


def _in_english(edition: dict[str, Any]) -> dict[str, Any]:
    return {**edition, "fecha": f"{_edition_on(edition):%A, %B %d, %Y}"}


def _day_before(edition: dict[str, Any]) -> dict[str, Any]:
    return {**edition, "fecha": spanish_day(_edition_on(edition) - timedelta(days=1))}
