"""What goes wrong with feeds."""

# ruff: noqa: ARG001, ARG005 - a change is handed all that a change may look at

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import escape

from fault_injection.publishers.kinds import rows as change
from fault_injection.publishers.served import Kind, Row, Served, Sight
from fault_injection.publishers.truth import DAY

TextChange = Callable[[str, Sight], str]


def rss_kinds() -> tuple[Kind, ...]:
    return (
        *_common(),
        Kind("items_renamed", "loud", text=swapped("<item>", "<news>", "</item>", "</news>")),
        Kind("channel_renamed", "either", text=swapped("<channel>", "<list>", "</channel>", "</list>")),
        Kind("root_renamed", "loud", text=swapped("<rss ", "<news ", "</rss>", "</news>")),
        Kind(
            "date_element_renamed",
            "loud",
            text=swapped("<pubDate>", "<releasedOn>", "</pubDate>", "</releasedOn>"),
        ),
        Kind("dates_dropped", "loud", text=dropped(r"<pubDate>.*?</pubDate>\n")),
        Kind("date_dropped", "loud", text=dropped(r"<pubDate>.*?</pubDate>\n", 1)),
        Kind("guids_dropped", "harmless", text=dropped(r"<guid.*?</guid>\n")),
        Kind(
            "guids_anew",
            "harmless",
            rows=change.each(lambda r, s: replace(r, guid=f"urn:{s.since:%j}:{r.guid}")),
        ),
        Kind("links_dropped", "loud", text=dropped(r"(?<=</title>\n)<link>.*?</link>\n(?=<dc)")),
        Kind("prefixed", "either", text=_prefixed),
        Kind("dates_in_iso", "harmless", rows=change.dated("%Y-%m-%dT%H:%M:%S%z")),
        Kind("weekdays_wrong", "harmless", rows=change.dated("Mon, %d %b %Y %H:%M:%S %z")),
        Kind("zones_by_name", "loud", rows=change.dated("%a, %d %b %Y %H:%M:%S Central European Time")),
        Kind("zones_dropped", "loud", rows=change.each(_without_offset)),
        Kind("titles_in_cdata", "harmless", text=_in_cdata),
    )


def atom_kinds() -> tuple[Kind, ...]:
    return (
        *_common(),
        Kind("entries_renamed", "loud", text=swapped("<entry>", "<news>", "</entry>", "</news>")),
        Kind("root_renamed", "either", text=swapped("<feed ", "<news ", "</feed>", "</news>")),
        Kind(
            "namespace_changed",
            "either",
            text=swapped("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#"),
        ),
        Kind("namespace_dropped", "either", text=swapped(' xmlns="http://www.w3.org/2005/Atom"', "")),
        Kind("dates_dropped", "loud", text=dropped(r"<(published|updated)>.*?</\1>\n")),
        Kind("published_dropped", "either", text=dropped(r"<published>.*?</published>\n")),
        Kind("updated_dropped", "harmless", text=dropped(r"(?<=published>\n)<updated>.*?</updated>\n")),
        Kind("ids_dropped", "harmless", text=dropped(r"(?<=/>\n)<id>.*?</id>\n")),
        Kind(
            "ids_anew",
            "harmless",
            rows=change.each(lambda r, s: replace(r, guid=f"urn:{s.since:%j}:{r.guid}")),
        ),
        Kind("links_dropped", "loud", text=dropped(r"<link .*?/>\n")),
        Kind("rel_dropped", "harmless", text=swapped(' rel="alternate"', "")),
        Kind("prefixed", "either", text=_prefixed_atom),
        Kind("dates_in_utc", "harmless", rows=change.each(_utc)),
        Kind("dates_in_rfc_822", "harmless", rows=change.dated("%a, %d %b %Y %H:%M:%S %z")),
        Kind("zones_dropped", "either", rows=change.dated("%Y-%m-%dT%H:%M:%S")),
    )


def _common() -> tuple[Kind, ...]:
    return (*_rows(), *_dates(), *_bytes())


def _rows() -> tuple[Kind, ...]:
    return (
        Kind("title_emptied", "loud", rows=change.one(change.titled(lambda title: ""))),
        Kind(
            "titles_dropped",
            "loud",
            text=dropped(r"(?<=<item>\n)<title>.*?</title>\n|(?<=<entry>\n)<title>.*?</title>\n"),
        ),
        Kind("titles_encoded_twice", "harmless", rows=change.each(change.titled(escape))),
        Kind(
            "links_relative", "harmless", rows=change.each(change.linked(lambda h, s: h.removeprefix(s.root)))
        ),
        Kind(
            "links_tracked", "harmless", rows=change.each(change.linked(lambda h, s: f"{h}?utm_source=rss"))
        ),
        Kind("links_to_hash", "loud", rows=change.each(change.linked(lambda href, sight: "#"))),
        Kind("links_emptied", "loud", rows=change.each(change.linked(lambda href, sight: ""))),
        Kind("links_elsewhere", "either", rows=change.each(change.linked(_elsewhere))),
        Kind("links_in_pairs", "loud", rows=change.each_pair_with_its_guid),
        Kind("order_reversed", "loud", rows=change.backwards),
        Kind("order_shuffled", "loud", rows=change.shuffled),
        Kind("items_doubled", "harmless", rows=change.doubled),
        Kind("item_lost", "loud", rows=change.without_one),
        Kind("tenth_lost", "loud", rows=change.without_some),
        Kind("feed_shortened", "loud", rows=change.only(0.4)),
        Kind("feed_of_one", "loud", rows=change.only(0.0)),
        Kind("no_items", "loud", rows=change.none_at_all),
    )


def _dates() -> tuple[Kind, ...]:
    return (
        Kind("dates_emptied", "loud", rows=change.dated("")),
        Kind("dates_month_first", "loud", rows=change.dated("%m/%d/%Y %H:%M")),
        Kind("dates_without_year", "loud", rows=change.dated("%a, %d %b %H:%M:%S %z")),
        Kind("dates_in_spanish", "loud", rows=change.each(change.in_spanish)),
        Kind("dates_next_year", "loud", rows=change.moved(365 * DAY)),
        Kind("dates_all_now", "loud", rows=change.all_at(lambda sight: sight.now)),
        Kind("dates_shifted_back", "loud", rows=change.moved(timedelta(hours=-26))),
        Kind("dates_shifted_on", "loud", rows=change.moved(timedelta(hours=5))),
        Kind("dates_in_words", "loud", rows=change.dated("%B %d, %Y")),
    )


def _bytes() -> tuple[Kind, ...]:
    return (
        Kind("byte_order_mark", "harmless", answer=lambda a, s: replace(a, body=b"\xef\xbb\xbf" + a.body)),
        Kind("utf_16", "harmless", answer=in_charset("utf-16", "UTF-16")),
        Kind("latin_1", "harmless", answer=in_charset("iso-8859-1", "ISO-8859-1")),
        Kind("blank_line_before", "either", text=lambda text, sight: f"\n\n{text}"),
        Kind("words_before", "either", text=lambda text, sight: f"Warning: cache is stale\n{text}"),
        Kind("bare_ampersand", "either", text=swapped("<title>", "<title>R&D: ")),
        Kind("control_character", "either", text=swapped("<title>", "<title>\x0b")),
        Kind("cut_off", "loud", text=lambda text, sight: text[: len(text) * 2 // 3]),
        Kind("end_lost", "loud", text=lambda text, sight: text.rstrip()[:-7]),
        Kind("entities_declared", "loud", text=_with_entities),
        Kind(
            "called_html", "either", answer=lambda a, s: replace(a, content_type="text/html; charset=utf-8")
        ),
        Kind("json_instead", "loud", answer=_as_json),
    )


def swapped(*words: str) -> TextChange:
    """Words replaced in pairs: old, new, old, new."""

    def change(text: str, sight: Sight) -> str:
        for old, new in zip(words[::2], words[1::2], strict=True):
            text = text.replace(old, new)
        return text

    return change


def dropped(pattern: str, count: int = 0) -> TextChange:
    return lambda text, sight: re.sub(pattern, "", text, count=count)


def in_charset(codec: str, name: str) -> Callable[[Served, Sight], Served]:
    """The same document in another encoding, which it declares itself."""

    def change(answer: Served, sight: Sight) -> Served:
        text = answer.body.decode("utf-8").replace('encoding="UTF-8"', f'encoding="{name}"')
        kind = answer.content_type.partition(";")[0]
        return replace(answer, body=text.encode(codec, "xmlcharrefreplace"), content_type=kind)

    return change


def _without_offset(row: Row, sight: Sight) -> Row:
    """The time that stood there, in UTC, without its ``+0000``."""
    return replace(row, stated=row.stated.rpartition(" ")[0])


def _utc(row: Row, sight: Sight) -> Row:
    return replace(row, stated=f"{row.item.at:%Y-%m-%dT%H:%M:%SZ}")


def _prefixed(text: str, sight: Sight) -> str:
    """The same vocabulary behind a prefix of its own."""
    text = re.sub(r"<(/?)(item|title|link|pubDate|guid|description)\b", r"<\1r:\2", text)
    return text.replace("<rss ", '<rss xmlns:r="http://backend.userland.com/rss2" ')


def _prefixed_atom(text: str, sight: Sight) -> str:
    text = re.sub(r"<(/?)(\w+)(?=[ >])", r"<\1a:\2", text)
    return text.replace('xmlns="http', 'xmlns:a="http')


def _in_cdata(text: str, sight: Sight) -> str:
    return re.sub(r"(?<=<item>\n)<title>(.*?)</title>", r"<title><![CDATA[\1]]></title>", text)


def _with_entities(text: str, sight: Sight) -> str:
    head, _, rest = text.partition("?>")
    return f'{head}?>\n<!DOCTYPE rss [<!ENTITY office "Press Office">]>{rest}'


def _elsewhere(href: str, sight: Sight) -> str:
    return href.replace(sight.root, "https://cdn.example.org")


def _as_json(answer: Served, sight: Sight) -> Served:
    titles = re.findall(r"<title>(.*?)</title>", answer.body.decode("utf-8"))
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": titles}).encode()
    return replace(answer, body=body, content_type="application/feed+json")
