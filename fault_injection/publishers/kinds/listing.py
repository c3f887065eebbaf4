"""What a redesign, a careless editor or a broken template does to an HTML listing."""

# ruff: noqa: ARG001, ARG005 - a change is handed all that a change may look at

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import escape

from fault_injection.publishers.kinds import rows as change
from fault_injection.publishers.listings import Layout, Pairs
from fault_injection.publishers.served import Expect, Kind, Served, Sight
from fault_injection.publishers.truth import DAY


def listing_kinds(layout: Layout) -> tuple[Kind, ...]:
    """Every kind for one structure; what it should come to depends on where that structure has its facts."""
    return (*_marked_up(layout), *_linked(), *_dated(layout), *_counted(), *_paged(layout), *_encoded())


def _marked_up(layout: Layout) -> tuple[Kind, ...]:
    return (
        Kind("row_class_renamed", "loud", text=_swapped(layout.row_renamed)),
        Kind("title_class_renamed", "loud", text=_swapped(layout.title_renamed)),
        Kind("date_class_renamed", "loud", text=_swapped(layout.date_renamed)),
        Kind("one_row_renamed", "loud", text=_swapped_once(layout.row_renamed)),
        Kind("class_added", "harmless", text=_class_added),
        Kind(
            "list_moved",
            "harmless",
            text=_wrapped_main('<aside class="hero"><p>Today</p></aside><section>', "</section>"),
        ),
        Kind("items_wrapped", "harmless", text=_items_wrapped),
        Kind("rows_nested", "loud", text=_rows_nested),
        Kind("promoted_box", "harmless", text=_promoted),
        Kind("title_emptied", "loud", rows=change.one(change.titled(lambda title: ""))),
        Kind("titles_emptied", "loud", rows=change.each(change.titled(lambda title: " "))),
        Kind("titles_encoded_twice", "harmless", rows=change.each(change.titled(escape))),
        Kind("titles_spaced", "harmless", rows=change.each(change.titled(lambda t: f"\n   {t}\t\u200b "))),
        Kind("headings_doubled", "loud", text=_headings_doubled(layout)),
        Kind("tags_shouted", "harmless", text=_shouted),
        Kind("quotes_single", "harmless", text=_single_quotes),
        Kind("lines_broken", "harmless", text=lambda text, sight: re.sub(r"(</\w+>)", "\\1\n    ", text)),
        Kind("commented_out", "loud", text=_commented(layout)),
    )


def _linked() -> tuple[Kind, ...]:
    return (
        Kind(
            "links_absolute",
            "harmless",
            rows=change.each(change.linked(lambda href, sight: sight.root + href)),
        ),
        Kind("links_tracked", "harmless", rows=change.each(change.linked(_tracked))),
        Kind("links_to_hash", "loud", rows=change.each(change.linked(lambda href, sight: "#"))),
        Kind("link_to_hash", "loud", rows=change.one(change.linked(lambda href, sight: "#"))),
        Kind(
            "links_scripted", "loud", rows=change.each(change.linked(lambda href, sight: "javascript:open()"))
        ),
        Kind("links_emptied", "loud", rows=change.each(change.linked(lambda href, sight: ""))),
        Kind("links_elsewhere", "either", rows=change.each(change.linked(_elsewhere))),
        Kind("links_in_pairs", "loud", rows=change.collapsed),
        Kind("links_all_the_same", "loud", rows=change.all_to_one),
    )


def _dated(layout: Layout) -> tuple[Kind, ...]:
    iso: Expect = "harmless" if layout.date_format == "iso" else "loud"
    has_time = layout.form == "iso" or "%H" in layout.form
    in_text: Expect = "loud" if layout.date_attribute is None else "harmless"
    return (
        Kind("dates_dropped", "loud", text=lambda text, sight: re.sub(r"<time.*?</time>", "", text)),
        Kind("date_dropped", "loud", text=lambda text, sight: re.sub(r"<time.*?</time>", "", text, count=1)),
        Kind("dates_emptied", "loud", rows=change.dated("")),
        Kind("dates_month_first", "loud", rows=change.dated("%m/%d/%Y %H:%M")),
        Kind("dates_day_first", "loud", rows=change.dated("%d/%m/%Y")),
        Kind("dates_without_year", "loud", rows=change.dated("%B %d")),
        Kind("dates_two_digit_year", "loud", rows=change.dated("%m/%d/%y")),
        Kind("dates_in_spanish", "loud", rows=change.each(change.in_spanish)),
        Kind("dates_shown_in_spanish", in_text, text=_shown_in_spanish),
        Kind(
            "dates_without_zone",
            iso if layout.form == "iso" else "loud",
            rows=change.dated("%Y-%m-%dT%H:%M:%S"),
        ),
        Kind("dates_as_days", iso, rows=change.dated("%Y-%m-%d")),
        Kind("dates_by_day_of_year", "loud", rows=change.dated("%Y-%j")),
        Kind("dates_next_year", "loud", rows=change.moved(365 * DAY)),
        Kind("dates_all_now", "loud", rows=change.all_at(lambda sight: sight.now)),
        Kind("dates_shifted_back", "loud", rows=change.moved(timedelta(hours=-26))),
        Kind("dates_shifted_on", "loud", rows=change.moved(timedelta(hours=5 if has_time else 24))),
        Kind("dates_relative", "loud", rows=change.dated("yesterday")),
        Kind("month_misspelt", "loud", rows=change.one(lambda row, s: replace(row, stated="Marhc 3, 2031"))),
    )


def _counted() -> tuple[Kind, ...]:
    return (
        Kind("order_reversed", "loud", rows=change.backwards),
        Kind("order_shuffled", "loud", rows=change.shuffled),
        Kind("rows_doubled", "either", rows=change.doubled),
        Kind("row_lost", "loud", rows=change.without_one),
        Kind("tenth_lost", "loud", rows=change.without_some),
        Kind("page_shortened", "loud", rows=change.only(0.5)),
        Kind("page_of_one", "loud", rows=change.only(0.0)),
        Kind("no_rows", "loud", rows=change.none_at_all),
    )


def _paged(layout: Layout) -> tuple[Kind, ...]:
    """What happens to the way to the next page shows only where a reading goes that far."""
    following = re.compile(r'(href=")[^"]*("[^>]*>(?:Next|2|&rsaquo;)<)')
    return (
        Kind("next_renamed", "either", text=_swapped(layout.next_renamed)),
        Kind("next_missing", "either", text=lambda text, sight: following.sub(r'data-page="\2', text)),
        Kind(
            "next_to_itself",
            "either",
            text=lambda text, s: following.sub(rf"\1{escape(layout.address(s.page))}\2", text),
        ),
        Kind(
            "next_elsewhere",
            "either",
            text=lambda text, s: following.sub(r"\1https://cdn.example.org/more\2", text),
        ),
    )


def _encoded() -> tuple[Kind, ...]:
    return (
        Kind("latin_1", "harmless", answer=_in_charset("iso-8859-1", "text/html; charset=iso-8859-1")),
        Kind(
            "mislabelled",
            "either",
            answer=lambda a, s: replace(a, content_type="text/html; charset=iso-8859-1"),
        ),
        Kind("byte_order_mark", "harmless", answer=lambda a, s: replace(a, body=b"\xef\xbb\xbf" + a.body)),
        Kind("utf_16", "harmless", answer=_in_charset("utf-16", "text/html; charset=utf-16")),
        Kind(
            "end_lost",
            "harmless",
            answer=lambda a, s: replace(a, body=a.body.replace(b"</body></html>", b"")),
        ),
        Kind("called_plain_text", "loud", answer=lambda a, s: replace(a, content_type="text/plain")),
        Kind("called_json", "loud", answer=lambda a, s: replace(a, content_type="application/json")),
        Kind(
            "called_xhtml", "harmless", answer=lambda a, s: replace(a, content_type="application/xhtml+xml")
        ),
    )


TextChange = Callable[[str, Sight], str]


def _swapped(pairs: Pairs) -> TextChange:
    def change(text: str, sight: Sight) -> str:
        for old, new in pairs:
            text = text.replace(old, new)
        return text

    return change


def _swapped_once(pairs: Pairs) -> TextChange:
    def change(text: str, sight: Sight) -> str:
        for old, new in pairs:
            text = text.replace(old, new, 1)
        return text

    return change


def _wrapped_main(before: str, after: str) -> TextChange:
    return lambda text, sight: text.replace("<main>", f"<main>{before}").replace("</main>", f"{after}</main>")


def _class_added(text: str, sight: Sight) -> str:
    return re.sub(r'class="', 'class="is-new ', text)


def _items_wrapped(text: str, sight: Sight) -> str:
    """Everything in a row gets one more box around it."""
    start, end = _row_start(sight), _row_end(sight)
    row = re.compile(
        f"{re.escape(start)}(.*?){re.escape(end)}(?={re.escape(start)}|{re.escape(sight.layout.after)})"
    )
    return row.sub(rf'{start}<div class="inner">\1</div>{end}', text)


def _rows_nested(text: str, sight: Sight) -> str:
    """Two rows slide into the first: one end tag was forgotten, another stands twice."""
    starts = [m.start() for m in re.finditer(re.escape(_row_start(sight)), text)]
    if len(starts) < 2:
        return text
    inner = text[starts[1] : starts[2] if len(starts) > 2 else starts[1]]
    return text[: starts[0] + len(_row_start(sight))] + inner + text[starts[0] + len(_row_start(sight)) :]


def _promoted(text: str, sight: Sight) -> str:
    box = '<section class="promo"><h4>Most read</h4><p><a href="/about">About us</a></p></section>'
    return text.replace("<main>", f"<main>{box}")


def _headings_doubled(layout: Layout) -> TextChange:
    """Each heading stands twice in its row, once for small screens."""
    heading = "h2" if "<h2" in layout.row else "h3"
    return lambda text, sight: re.sub(rf"(<{heading}.*?</{heading}>)", r"\1\1", text)


def _shouted(text: str, sight: Sight) -> str:
    return re.sub(r"<(/?)(\w+)", lambda m: f"<{m[1]}{m[2].upper()}", text).replace("<!DOCTYPE", "<!doctype")


def _single_quotes(text: str, sight: Sight) -> str:
    return re.sub(r'="([^"\']*)"', r"='\1'", text)


def _commented(layout: Layout) -> TextChange:
    return lambda text, s: text.replace(layout.before, f"{layout.before}<!--").replace(
        f"{layout.after}", f"-->{layout.after}"
    )


def _tracked(href: str, sight: Sight) -> str:
    return f"{href}{'&' if '?' in href else '?'}utm_source=list&utm_medium=web"


def _elsewhere(href: str, sight: Sight) -> str:
    return f"https://cdn.example.org{href}"


def _shown_in_spanish(text: str, sight: Sight) -> str:
    return re.sub(r"(<time[^>]*>)(\w+) (\d+)", r"\1\3 de Marzo", text)


def _in_charset(codec: str, content_type: str) -> Callable[[Served, Sight], Served]:
    def change(answer: Served, sight: Sight) -> Served:
        text = answer.body.decode("utf-8").replace('<meta charset="utf-8">', "")
        return replace(answer, body=text.encode(codec, "xmlcharrefreplace"), content_type=content_type)

    return change


def _row_start(sight: Sight) -> str:
    layout: Layout = sight.layout
    return layout.row[: layout.row.index(">") + 1]


def _row_end(sight: Sight) -> str:
    layout: Layout = sight.layout
    return layout.row[layout.row.rindex("</") :]
