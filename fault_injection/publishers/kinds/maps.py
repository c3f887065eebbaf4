"""What goes wrong with a sitemap, with the page that is watched, and with a web archive."""

# ruff: noqa: ARG001, ARG005 - a change is handed all that a change may look at

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from fault_injection.publishers.kinds import rows as change
from fault_injection.publishers.kinds.feed import dropped, in_charset, swapped
from fault_injection.publishers.served import Kind, Served, Sight
from fault_injection.publishers.truth import DAY

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap_kinds() -> tuple[Kind, ...]:
    return (
        Kind(
            "namespace_changed", "loud", text=swapped(NAMESPACE, "http://www.google.com/schemas/sitemap/0.84")
        ),
        Kind("namespace_dropped", "loud", text=swapped(f' xmlns="{NAMESPACE}"', "")),
        Kind("prefixed", "harmless", text=_prefixed),
        Kind("root_renamed", "loud", text=swapped("urlset", "pages")),
        Kind("entries_renamed", "loud", text=swapped("<url>", "<page>", "</url>", "</page>")),
        Kind("locations_dropped", "loud", text=dropped(r"<loc>.*?</loc>")),
        Kind(
            "location_doubled",
            "loud",
            text=lambda text, s: re.sub(r"(<loc>.*?</loc>)", r"\1\1", text, count=1),
        ),
        Kind(
            "links_relative", "harmless", rows=change.each(change.linked(lambda h, s: h.removeprefix(s.root)))
        ),
        Kind("links_elsewhere", "either", rows=change.each(change.linked(_elsewhere))),
        Kind("links_emptied", "loud", rows=change.each(change.linked(lambda href, sight: ""))),
        Kind(
            "paths_renamed",
            "loud",
            rows=change.each(change.linked(lambda h, s: h.replace("/news/", "/en/news/"))),
        ),
        Kind("dates_dropped", "loud", text=dropped(r"<lastmod>.*?</lastmod>")),
        Kind("date_dropped", "loud", text=dropped(r"<lastmod>.*?</lastmod>", 1)),
        Kind("dates_emptied", "loud", rows=change.dated("")),
        Kind("dates_month_first", "loud", rows=change.dated("%m/%d/%Y")),
        Kind("dates_in_rfc_822", "loud", rows=change.dated("%a, %d %b %Y %H:%M:%S %z")),
        Kind("dates_two_digit_year", "loud", rows=change.dated("%y-%m-%dT%H:%M:%S%z")),
        Kind("dates_as_days", "harmless", rows=change.dated("%Y-%m-%d")),
        Kind("dates_without_zone", "harmless", rows=change.dated("%Y-%m-%dT%H:%M:%S")),
        Kind("dates_next_year", "loud", rows=change.moved(365 * DAY)),
        Kind("dates_all_now", "loud", rows=change.all_at(lambda sight: sight.now)),
        Kind("dates_shifted_on", "loud", rows=change.moved(timedelta(hours=5))),
        Kind("dates_shifted_back", "loud", rows=change.moved(timedelta(hours=-26))),
        Kind("order_reversed", "harmless", rows=change.backwards),
        Kind("order_shuffled", "harmless", rows=change.shuffled),
        Kind("entries_doubled", "harmless", rows=change.doubled),
        Kind("no_entries", "loud", rows=change.none_at_all),
        Kind("comments_added", "harmless", text=swapped("<url>", "<!-- page --><url>")),
        Kind(
            "styled", "harmless", text=swapped("?>\n<urlset", '?>\n<?xml-stylesheet href="/s.xsl"?>\n<urlset')
        ),
        Kind("document_type", "loud", text=swapped("?>\n<urlset", "?>\n<!DOCTYPE urlset>\n<urlset")),
        Kind("index_instead", "loud", text=_as_index),
        Kind("byte_order_mark", "harmless", answer=lambda a, s: replace(a, body=b"\xef\xbb\xbf" + a.body)),
        Kind("utf_16", "harmless", answer=in_charset("utf-16", "UTF-16")),
        Kind("blank_line_before", "either", text=lambda text, s: f"\n{text}"),
        Kind("cut_off", "loud", text=lambda text, s: text[: len(text) * 2 // 3]),
        Kind("end_lost", "loud", text=lambda text, s: text.rstrip()[:-3]),
        Kind("bare_ampersand", "loud", text=swapped("</loc>", "?a=1&b=2</loc>")),
    )


def page_kinds() -> tuple[Kind, ...]:
    """``harmless`` here: it must not be taken for a new content of the page."""
    return (
        Kind("part_renamed", "loud", text=swapped('id="notice"', 'id="notices"')),
        Kind(
            "part_doubled",
            "loud",
            text=lambda text, s: re.sub(r'(<div id="notice">.*?</div>)', r"\1\1", text),
        ),
        Kind(
            "part_emptied",
            "loud",
            text=lambda text, s: re.sub(r'(<div id="notice">).*?</div>', r"\1</div>", text),
        ),
        Kind("part_dropped", "loud", text=dropped(r'<div id="notice">.*?</div>')),
        Kind("loading", "loud", text=_loading),
        Kind("class_added", "harmless", text=swapped('id="notice"', 'id="notice" class="new"')),
        Kind(
            "part_moved",
            "harmless",
            text=swapped("<main>", "<main><section>", "</main>", "</section></main>"),
        ),
        Kind(
            "part_wrapped",
            "harmless",
            text=lambda text, s: re.sub(r'(<div id="notice">)(.*?)(</div>)', r"\1<div>\2</div>\3", text),
        ),
        Kind("navigation_changed", "harmless", text=swapped(">About<", ">About the office<")),
        Kind(
            "footer_dated",
            "harmless",
            text=lambda text, s: text.replace("An official website", f"Seen {s.now:%d %B}"),
        ),
        Kind(
            "script_added",
            "harmless",
            text=lambda text, s: text.replace("</h2>", f"</h2><script>t={s.now:%d}</script>"),
        ),
        Kind(
            "comment_added",
            "harmless",
            text=lambda text, s: text.replace("</h2>", f"</h2><!-- {s.now:%d%H} -->"),
        ),
        Kind("head_changed", "harmless", text=swapped("<title>", '<meta name="build" content="7"><title>')),
        Kind(
            "box_added",
            "harmless",
            text=swapped("</main>", "<aside><p>Subscribe to our news.</p></aside></main>"),
        ),
        Kind(
            "tags_shouted",
            "harmless",
            text=lambda text, s: re.sub(r"<(/?)(p|h2|div)", lambda m: f"<{m[1]}{m[2].upper()}", text),
        ),
        Kind("lines_broken", "harmless", text=lambda text, s: re.sub(r"(</p>|</h2>)", "\\1\n   ", text)),
        Kind("spaces_doubled", "harmless", text=lambda text, s: text.replace(" the ", "  the ")),
        Kind("letters_as_entities", "harmless", text=lambda text, s: text.replace("office", "&#111;ffice")),
        Kind("attributes_added", "harmless", text=swapped("<p>", '<p style="margin:0" data-n="1">')),
        Kind("byte_order_mark", "harmless", answer=lambda a, s: replace(a, body=b"\xef\xbb\xbf" + a.body)),
        Kind("utf_16", "harmless", answer=_utf_16),
        Kind("called_json", "loud", answer=lambda a, s: replace(a, content_type="application/json")),
        Kind(
            "pdf_broken",
            "loud",
            answer=lambda a, s: replace(a, body=b"%PDF-1.7 broken", content_type="application/pdf"),
        ),
        Kind("cut_off", "loud", text=lambda text, s: text[: text.index('id="notice"') - 5]),
    )


def archive_kinds() -> tuple[Kind, ...]:
    """``index_`` kinds change the archive's index, the others what it plays back."""
    return (
        Kind(
            "index_malformed_lines",
            "harmless",
            text=lambda text, s: _lines(text, "org,broken", "gov,former)/ 20310 x"),
        ),
        Kind(
            "index_month_zero",
            "harmless",
            text=lambda text, s: _lines(
                text, "gov,former)/news 20310000000000 http://a.example/ text/html 200 A 1"
            ),
        ),
        Kind(
            "index_other_statuses",
            "harmless",
            text=lambda text, s: re.sub(r"(.*) 200 (.*\n)", r"\1 200 \2\1 301 \2", text),
        ),
        Kind(
            "index_dashes",
            "harmless",
            text=lambda text, s: re.sub(r"text/html 200 (\w+) 4242", r"text/html 200 - -", text),
        ),
        Kind("index_doubled", "harmless", text=lambda text, s: text + text),
        Kind(
            "index_reversed", "harmless", text=lambda text, s: "".join(text.splitlines(keepends=True)[::-1])
        ),
        Kind("index_crlf", "harmless", text=lambda text, s: text.replace("\n", "\r\n")),
        Kind(
            "index_header",
            "harmless",
            text=lambda text, s: f"urlkey timestamp original mimetype statuscode digest length\n{text}",
        ),
        Kind("index_cut_off", "either", text=lambda text, s: text[: len(text) - 20]),
        Kind("index_half", "either", text=lambda text, s: text[: len(text) // 2]),
        Kind("index_emptied", "loud", text=lambda text, s: ""),
        Kind(
            "index_json",
            "loud",
            text=lambda text, s: json.dumps([line.split() for line in text.splitlines()]),
        ),
        Kind(
            "index_page",
            "loud",
            text=lambda text, s: "<!DOCTYPE html><html><body>Temporarily offline</body></html>",
        ),
        Kind(
            "index_excluded",
            "loud",
            text=lambda text, s: "org.archive.util.io.RuntimeIOException: Blocked Site Error\n",
        ),
        Kind("index_columns_fewer", "loud", text=lambda text, s: re.sub(r" 200 \w+ 4242", " 200", text)),
        Kind("index_comma_separated", "loud", text=lambda text, s: text.replace(" ", ",")),
        Kind("capture_unlabelled", "loud", answer=_captures(lambda a: replace(a, headers=()))),
        Kind("capture_of_another_time", "loud", answer=_captures(_mislabelled)),
        Kind("capture_missing", "loud", answer=_captures(lambda a: replace(a, status=404))),
        Kind("captures_limited", "loud", answer=_captures(lambda a: replace(a, status=429))),
        Kind(
            "capture_of_a_redirect",
            "loud",
            answer=_captures(
                lambda a: replace(a, status=302, headers=(("Location", "/web/20310101000000id_/"),))
            ),
        ),
        Kind("capture_of_a_challenge", "loud", answer=_captures(_challenged)),
        Kind("rows_renamed", "loud", text=swapped('class="wp-block-post"', 'class="post-card"')),
        Kind("row_lost", "loud", rows=change.without_one),
        Kind("dates_dropped", "loud", text=lambda text, s: re.sub(r"<time.*?</time>", "", text)),
        Kind("dates_month_first", "loud", rows=change.dated("%m/%d/%Y")),
        Kind("order_reversed", "loud", rows=change.backwards),
        Kind("links_absolute", "harmless", rows=change.each(change.linked(lambda href, s: s.root + href))),
        Kind("banner_added", "harmless", text=swapped("<main>", '<div id="wm-ipp">Archived</div><main>')),
    )


AnswerChange = Callable[[Served, Sight], Served]


def _captures(change: Callable[[Served], Served]) -> AnswerChange:
    """Of all answers those alone that play a capture back."""
    return lambda answer, s: (
        change(answer) if any(name == "Memento-Datetime" for name, _ in answer.headers) else answer
    )


def _mislabelled(answer: Served) -> Served:
    return replace(answer, headers=(("Memento-Datetime", "Wed, 01 Jan 2031 00:00:00 GMT"),))


def _challenged(answer: Served) -> Served:
    page = (
        "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>"
        '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate"></script></body></html>'
    )
    return replace(answer, body=page.encode())


def _lines(text: str, *lines: str) -> str:
    return "".join(f"{line}\n" for line in lines) + text


def _prefixed(text: str, sight: Sight) -> str:
    text = re.sub(r"<(/?)(urlset|url|loc|lastmod)\b", r"<\1sm:\2", text)
    return text.replace("xmlns=", "xmlns:sm=")


def _elsewhere(href: str, sight: Sight) -> str:
    return href.replace(sight.root, "https://cdn.example.org")


def _as_index(text: str, sight: Sight) -> str:
    return swapped("urlset", "sitemapindex", "<url>", "<sitemap>", "</url>", "</sitemap>")(text, sight)


def _loading(text: str, sight: Sight) -> str:
    return re.sub(r'(<div id="notice">).*?</div>', r"\1<p>Loading…</p></div>", text)


def _utf_16(answer: Served, sight: Sight) -> Served:
    text = answer.body.decode().replace('<meta charset="utf-8">', "")
    return replace(answer, body=text.encode("utf-16"), content_type="text/html; charset=utf-16")
