"""What goes wrong with feeds of several pages, and with listings that come as a script."""

# ruff: noqa: ARG001, ARG005 - a change is handed all that a change may look at

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from html import escape

from fault_injection.publishers.kinds import rows as change
from fault_injection.publishers.kinds.feed import rss_kinds, swapped
from fault_injection.publishers.served import Kind, Rows, Served, Sight
from fault_injection.publishers.truth import DAY, Item


def paged_feed_kinds() -> tuple[Kind, ...]:
    """Those of any feed, and those of its further pages."""
    return (
        *rss_kinds(),
        Kind("pages_ignored", "loud", items=_one_page_on),
        Kind("later_page_short", "loud", rows=_on_later_pages(lambda rows: rows[:-1])),
        Kind("later_page_empty", "either", rows=_on_later_pages(lambda rows: [])),
        Kind(
            "later_page_is_html",
            "loud",
            answer=_later_page(b"<!DOCTYPE html><html><body>Page</body></html>", 200),
        ),
        Kind("later_page_gone", "either", answer=_later_page(b"<p>Not found</p>", 404)),
        Kind("later_page_broken", "loud", answer=_later_page(b"<rss><channel><item>", 200)),
        Kind("later_page_refused", "loud", answer=_later_page(b"no", 403)),
    )


def script_kinds() -> tuple[Kind, ...]:
    return (
        Kind("title_emptied", "loud", rows=change.one(change.titled(lambda title: ""))),
        Kind("titles_encoded_twice", "harmless", rows=change.each(change.titled(escape))),
        Kind("links_to_hash", "loud", rows=change.each(change.linked(lambda href, sight: "#"))),
        Kind("links_emptied", "loud", rows=change.each(change.linked(lambda href, sight: ""))),
        Kind("links_to_one", "loud", rows=change.all_to_one),
        Kind("links_of_another_agency", "loud", rows=change.each(change.linked(_elsewhere))),
        Kind("order_reversed", "loud", rows=change.backwards),
        Kind("row_lost", "loud", rows=change.without_one),
        Kind("rows_doubled", "loud", rows=change.doubled),
        Kind("one_row", "loud", rows=change.only(0.0)),
        Kind("no_rows", "loud", rows=change.none_at_all),
        Kind("dates_emptied", "loud", rows=change.dated("")),
        Kind("dates_month_first", "loud", rows=change.dated("%m/%d/%Y %H:%M:%S")),
        Kind("dates_without_seconds", "loud", rows=change.dated("%Y-%m-%d %Hh")),
        Kind("dates_next_year", "loud", rows=change.moved(365 * DAY)),
        Kind("dates_all_now", "loud", rows=change.all_at(lambda sight: sight.now)),
        Kind("dates_shifted_back", "loud", rows=change.moved(timedelta(hours=-26))),
        Kind("other_attribute", "harmless", text=swapped('datetime=\\"', 'date=\\"')),
        Kind(
            "two_attributes",
            "loud",
            text=swapped('datetime=\\"', 'date=\\"2030-01-01 00:00:00\\" datetime=\\"'),
        ),
        Kind("double_quotes", "harmless", text=_in_double_quotes),
        Kind("one_call", "harmless", text=_in_one_call),
        Kind("escaped_in_unicode", "harmless", text=swapped("<", "\\u003c", ">", "\\u003e")),
        Kind("more_said", "harmless", text=lambda text, s: f"{text}$('#more').hide();\n"),
        Kind(
            "called_html", "harmless", answer=lambda a, s: replace(a, content_type="text/html; charset=utf-8")
        ),
        Kind("as_page", "harmless", answer=_as_page),
        Kind("other_call", "loud", text=swapped(".append(", ".before(")),
        Kind(
            "first_row_in_other_call", "loud", text=lambda text, s: text.replace(".append(", ".prepend(", 1)
        ),
        Kind("cut_off", "loud", text=lambda text, s: text[: len(text) * 2 // 3]),
        Kind("emptied", "loud", text=lambda text, s: "\n"),
        Kind("words_instead", "loud", text=lambda text, s: "alert('Servicio no disponible');"),
        Kind(
            "json_instead",
            "loud",
            answer=lambda a, s: replace(a, body=b'{"rows": []}', content_type="application/json"),
        ),
        Kind("element_renamed", "loud", text=swapped("#prensa", "#noticias")),
        Kind("tags_renamed", "loud", text=swapped("<article", "<section", "<\\/article", "<\\/section")),
    )


def _one_page_on(items: Sequence[Item], sight: Sight) -> list[Item]:
    """Every page is the first one."""
    return list(items) if sight.page == 1 else [*items[:20], *items[:20], *items[:20], *items[:20]]


def _on_later_pages(rows: Callable[[Rows], Rows]) -> Callable[[Rows, Sight], Rows]:
    return lambda shown, sight: rows(shown) if sight.page > 1 else shown


def _later_page(body: bytes, status: int) -> Callable[[Served, Sight], Served]:
    return lambda answer, sight: replace(answer, body=body, status=status) if sight.page > 1 else answer


def _elsewhere(href: str, sight: Sight) -> str:
    return href.replace("/relaciones/", "/educacion/")


def _calls(text: str) -> list[str]:
    return [
        line.partition("append('")[2].removesuffix("');") for line in text.splitlines() if "append('" in line
    ]


def _in_double_quotes(text: str, sight: Sight) -> str:
    return "".join(f'$("#prensa").append("{row}");\n' for row in _calls(text))


def _in_one_call(text: str, sight: Sight) -> str:
    return f"$('#prensa').append('{''.join(_calls(text))}');\n" if _calls(text) else text


def _as_page(answer: Served, sight: Sight) -> Served:
    """The same rows as a page, as other clients get them, with a link to the next one."""
    rows = "".join(json.loads(f'"{row}"'.replace("\\'", "'")) for row in _calls(answer.body.decode()))
    following = f"/relaciones/archivo/prensa?order=DESC&amp;page={sight.page + 1}"
    links = f'<ul class="pagination"><li><a rel="next" href="{following}">2</a></li></ul>' if rows else ""
    page = f'<html lang="es"><body><div id="prensa">{rows}</div>{links}</body></html>'
    return replace(answer, body=page.encode(), content_type="text/html; charset=utf-8")
