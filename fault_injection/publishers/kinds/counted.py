"""What goes wrong with interfaces that count: a WordPress site's, and the Justice Department's News API."""

# ruff: noqa: ARG001, ARG005 - a change is handed all that a change may look at

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Any

from fault_injection.publishers.interfaces import OFFICE
from fault_injection.publishers.kinds.feed import swapped
from fault_injection.publishers.kinds.query import DataChange, written_kinds
from fault_injection.publishers.served import Kind, Served, Sight

AnswerChange = Callable[[Served, Sight], Served]


def rest_kinds() -> tuple[Kind, ...]:
    return (
        *(_renamed(key, "loud") for key in ("id", "date", "date_gmt", "link", "title")),
        _renamed("content", "either"),
        Kind("route_is_another", "loud", data=_told(rows=lambda rows: [], total=_zero, pages=_zero)),
        Kind(
            "window_is_empty", "loud", data=_in_windows(lambda told: {"rows": [], "total": "0", "pages": "0"})
        ),
        Kind("after_ignored", "loud", data=_ignoring("after")),
        Kind("window_ignored", "loud", data=_ignoring("after", "before")),
        Kind("before_ignored", "either", data=_ignoring("before")),
        Kind("zones_not_known", "harmless", data=_asked(after=_as_civil, before=_as_civil)),
        Kind(
            "lower_bound", "harmless", data=lambda data, s: {**data, "bound": 4} if "bound" in data else data
        ),
        Kind(
            "clamped_in_silence",
            "harmless",
            data=lambda data, s: {**data, "bound": 4, "clamps": True} if "bound" in data else data,
        ),
        Kind("row_withheld", "loud", data=_rows(lambda rows: rows[1:])),
        Kind("row_doubled", "either", data=_rows(lambda rows: [*rows, rows[0]])),
        Kind("total_too_high", "loud", data=_told(total=lambda total: str(int(total) + 1))),
        Kind("total_too_low", "either", data=_told(total=lambda total: str(max(0, int(total) - 1)))),
        Kind("totals_dropped", "loud", data=_told(total=_nothing, pages=_nothing)),
        Kind("totals_in_words", "loud", data=_told(total=lambda total: "many")),
        Kind("zone_unknown", "loud", data=_site(timezone_string="Mars/Base")),
        Kind("zone_dropped", "loud", data=_site(timezone_string=None)),
        Kind("gmt_zeroed", "loud", data=_each("date_gmt", lambda at: "0000-00-00T00:00:00")),
        Kind("dates_with_offset", "loud", data=_each("date", lambda at: f"{at}+02:00")),
        Kind(
            "dates_month_first", "loud", data=_each("date_gmt", lambda at: f"{at[5:7]}/{at[8:10]}/{at[:4]}")
        ),
        Kind("titles_emptied", "loud", data=_each("title", lambda title: {"rendered": " "})),
        Kind(
            "titles_encoded_twice",
            "harmless",
            data=_each("title", lambda title: {"rendered": escape(title["rendered"])}),
        ),
        Kind("titles_as_text", "loud", data=_each("title", lambda title: title["rendered"])),
        Kind("links_to_hash", "loud", data=_each("link", lambda link: "#")),
        Kind("links_relative", "harmless", data=_each("link", lambda link: link[link.index("/news/") :])),
        Kind("order_reversed", "harmless", data=_rows(lambda rows: rows[::-1])),
        Kind("keys_added", "harmless", data=_each("slug", lambda slug: slug, also={"acf": [], "author": 7})),
        Kind("closed", "loud", answer=_refused(401, "rest_cannot_access")),
        Kind("route_removed", "loud", answer=_refused(404, "rest_no_route")),
        Kind("another_complaint", "loud", answer=_refused(400, "rest_invalid_param")),
        Kind("fatal_error", "loud", answer=_refused(500, "internal_server_error")),
        Kind("object_instead", "loud", text=lambda text, s: f'{{"data": {text}}}'),
        *written_kinds(),
    )


def news_kinds() -> tuple[Kind, ...]:
    return (
        *(
            _key_renamed(key, "loud")
            for key in ("results", "title", "url", "date", "count", "uuid", "metadata")
        ),
        _key_renamed("component", "loud"),
        Kind("office_renamed", "loud", text=swapped(OFFICE, f"{OFFICE} (OB)")),
        Kind("offices_dropped", "loud", data=_releases("component", lambda offices: "")),
        Kind("offices_as_object", "loud", data=_releases("component", lambda offices: offices[0])),
        Kind("nested", "loud", data=lambda data, s: {"data": data}),
        Kind("listed", "loud", data=lambda data, s: data["results"]),
        Kind("results_null", "loud", data=_results(lambda found: None)),
        Kind("results_emptied", "loud", data=_results(lambda found: [])),
        Kind("count_as_number", "loud", data=_count(int)),
        Kind("count_null", "loud", data=_count(lambda count: None)),
        Kind("row_dropped", "loud", data=_results(lambda found: found[1:])),
        Kind("row_doubled", "loud", data=_results(lambda found: [*found[:-1], found[0]])),
        Kind("order_reversed", "loud", data=_results(lambda found: found[::-1])),
        Kind("days_unordered", "harmless", data=_results(_by_title_within_days)),
        Kind("dates_as_numbers", "loud", data=_releases("date", int)),
        Kind("dates_in_milliseconds", "loud", data=_releases("date", lambda at: f"{at}000")),
        Kind("dates_in_words", "loud", data=_releases("date", lambda at: "October 2, 2031")),
        Kind("dates_next_year", "loud", data=_releases("date", lambda at: str(int(at) + 366 * 86400))),
        Kind("titles_emptied", "loud", data=_releases("title", lambda title: "")),
        Kind("titles_encoded_twice", "harmless", data=_releases("title", escape)),
        Kind("links_to_hash", "loud", data=_releases("url", lambda url: "#")),
        Kind("links_relative", "harmless", data=_releases("url", lambda url: url[url.index("/news/") :])),
        Kind("keys_added", "harmless", data=lambda data, s: {**data, "version": 2}),
        *written_kinds(),
    )


def _renamed(key: str, expect: Any) -> Kind:
    return Kind(f"renamed_{key}", expect, data=_rows(lambda rows: [_with_key(row, key) for row in rows]))


def _with_key(row: dict[str, Any], key: str) -> dict[str, Any]:
    return {(f"{name}_v2" if name == key else name): value for name, value in row.items()}


def _key_renamed(key: str, expect: Any) -> Kind:
    return Kind(f"renamed_{key}", expect, text=swapped(f'"{key}":', f'"{key}_v2":'))


def _rows(change: Callable[[list[Any]], Any]) -> DataChange:
    """The rows of an answer, where there are any."""
    return lambda data, s: {**data, "rows": change(data["rows"])} if data.get("rows") else data


def _each(key: str, change: Callable[[Any], Any], also: dict[str, Any] | None = None) -> DataChange:
    return _rows(lambda rows: [{**row, key: change(row[key]), **(also or {})} for row in rows])


def _told(**changes: Callable[[Any], Any]) -> DataChange:
    """What an answer tells: its rows, or its counts."""
    return lambda data, s: (
        {**data, **{key: change(data[key]) for key, change in changes.items()}} if "rows" in data else data
    )


def _in_windows(change: Callable[[Any], dict[str, Any]]) -> DataChange:
    """What an answer to a query with a window tells; the control is answered as it should be."""
    asked = {"window": False}

    def changed(data: Any, sight: Sight) -> Any:
        if "query" in data:
            asked["window"] = "after" in data["query"]
        return change(data) if "rows" in data and asked["window"] else data

    return changed


def _asked(**changes: Callable[[str], str]) -> DataChange:
    """How a query is understood."""

    def changed(data: Any, sight: Sight) -> Any:
        if "query" not in data:
            return data
        query = {k: changes[k](v) if k in changes else v for k, v in data["query"].items()}
        return {**data, "query": query}

    return changed


def _ignoring(*names: str) -> DataChange:
    return lambda data, s: (
        {**data, "query": {k: v for k, v in data["query"].items() if k not in names}}
        if "query" in data
        else data
    )


def _as_civil(at: str) -> str:
    """A time in UTC, taken for a time at the site, five hours behind."""
    return at.replace("Z", "-05:00")


def _site(**changes: Any) -> DataChange:
    return lambda data, s: {"site": {**data["site"], **changes}} if "site" in data else data


def _zero(value: str) -> str:
    return "0"


def _nothing(value: str) -> str:
    return ""


def _refused(status: int, code: str) -> AnswerChange:
    body = f'{{"code": "{code}", "message": "No.", "data": {{"status": {status}}}}}'.encode()
    return lambda answer, s: replace(answer, body=body, status=status, headers=())


def _results(change: Callable[[list[Any]], Any]) -> DataChange:
    return lambda data, s: {**data, "results": change(data["results"])}


def _releases(key: str, change: Callable[[Any], Any]) -> DataChange:
    return _results(lambda found: [{**one, key: change(one[key])} for one in found])


def _count(change: Callable[[Any], Any]) -> DataChange:
    def changed(data: Any, sight: Sight) -> Any:
        counts = data["metadata"]["resultset"]
        return {**data, "metadata": {"resultset": {**counts, "count": change(counts["count"])}}}

    return changed


def _by_title_within_days(found: list[Any]) -> list[Any]:
    return sorted(found, key=lambda one: (-int(one["date"]), one["uuid"][::-1]))
