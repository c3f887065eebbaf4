"""Feeds: RSS 2.0 as WordPress writes it, and Atom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from zoneinfo import ZoneInfo

from fault_injection.publishers.served import Kind, Row, Served, Sight
from fault_injection.publishers.truth import Item, Press

RSS_TYPE = "application/rss+xml; charset=UTF-8"
ATOM_TYPE = "application/atom+xml; charset=UTF-8"

_RSS = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
    "<channel>\n<title>Press Releases</title>\n<link>{root}/</link>\n<description>News</description>\n"
    "{items}</channel>\n</rss>\n"
)
_RSS_ITEM = (
    "<item>\n<title>{title}</title>\n<link>{href}</link>\n<dc:creator>Press Office</dc:creator>\n"
    '<pubDate>{stated}</pubDate>\n<guid isPermaLink="false">{guid}</guid>\n'
    "<description>A release of the press office.</description>\n</item>\n"
)
_ATOM = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n<title>News</title>\n'
    "<id>{root}/</id>\n<updated>2031-01-01T00:00:00Z</updated>\n{items}</feed>\n"
)
_ATOM_ENTRY = (
    '<entry>\n<title>{title}</title>\n<link rel="alternate" href="{href}"/>\n<id>{guid}</id>\n'
    "<published>{stated}</published>\n<updated>{stated}</updated>\n<summary>A release.</summary>\n</entry>\n"
)


def rss_date(at: datetime) -> str:
    return format_datetime(at)


def render_rss(items: Sequence[Item], most: int, article: str, kind: Kind, sight: Sight) -> Served:
    """The newest items; ``article`` is the form of a release's address on the same host."""
    rows = kind.rows([_row(item, article, rss_date(item.at), sight) for item in items[:most]], sight)
    return Served(b"", RSS_TYPE).saying(kind.text(_filled(_RSS, _RSS_ITEM, rows, sight), sight))


def render_atom(
    press: Press, items: Sequence[Item], most: int, article: str, kind: Kind, sight: Sight
) -> Served:
    rows = kind.rows(
        [_row(item, article, atom_date(item.at, press.zone), sight) for item in items[:most]], sight
    )
    return Served(b"", ATOM_TYPE).saying(kind.text(_filled(_ATOM, _ATOM_ENTRY, rows, sight), sight))


def atom_date(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).isoformat()


def _filled(whole: str, one: str, rows: Sequence[Row], sight: Sight) -> str:
    parts = [
        one.format(title=escape(r.title), href=escape(r.href), stated=r.stated, guid=escape(r.guid))
        for r in rows
    ]
    return whole.format(root=sight.root, items="".join(parts))


def _row(item: Item, article: str, stated: str, sight: Sight) -> Row:
    href = sight.root + article.format(slug=item.slug)
    guid = f"{sight.root}/?p={item.slug}"
    return Row(item, item.title_at(sight.now), href, stated, stated, guid)
