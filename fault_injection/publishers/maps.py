"""A sitemap, a page that is watched, and a web archive of a listing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from zoneinfo import ZoneInfo

from fault_injection.publishers.listings import PAGE
from fault_injection.publishers.served import Kind, Row, Served, Sight
from fault_injection.publishers.truth import BEGIN_ON, DAY, HOUR, Item, Press, day_start

ARTICLE = "/news/{slug}"
XML = "application/xml; charset=utf-8"
HTML = "text/html; charset=utf-8"

_SITEMAP = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    "{entries}</urlset>\n"
)
_ENTRY = "<url><loc>{href}</loc><lastmod>{stated}</lastmod></url>\n"


def render_sitemap(press: Press, items: Sequence[Item], kind: Kind, sight: Sight) -> Served:
    """Everything that stands on the site, in the order of its addresses, ``lastmod`` being its
    publication."""
    rows = [_row(press, item, sight) for item in sorted(items, key=lambda item: item.slug)]
    entries = "".join(
        _ENTRY.format(href=escape(row.href), stated=row.stated) for row in kind.rows(rows, sight)
    )
    return Served(b"", XML).saying(kind.text(_SITEMAP.format(entries=entries), sight))


def _row(press: Press, item: Item, sight: Sight) -> Row:
    stated = item.at.astimezone(ZoneInfo(press.zone)).isoformat()
    return Row(item, item.title, sight.root + ARTICLE.format(slug=item.slug), stated, stated, "")


def render_notice(press: Press, items: Sequence[Item], kind: Kind, sight: Sight) -> Served:
    """The page that is watched: its newest content alone."""
    item = items[0]
    main = (
        f'<h1>Precedent notices</h1><div id="notice"><h2>{escape(item.title)}</h2><p>The office gives '
        f"notice, by its "
        f"number {item.slug}, that the list of its decisions was brought up to date and stands as "
        f"follows.</p>"
        f"<p>Volume {len(items)} of the decisions is complete, and the next one has been begun with the "
        f"case that is "
        "named in this notice; earlier volumes stay where they are.</p></div>"
    )
    text = PAGE.format(language=press.language, title="Notices", main=main)
    return Served(b"", HTML).saying(kind.text(text, sight))


EVERY = 8 * HOUR
"""How often the archive captures the listing."""


def captures_before(now: datetime) -> list[datetime]:
    """When the archive has captured it so far."""
    at, found = day_start(-6) + HOUR, []
    while at <= now:
        found.append(at)
        at += EVERY
    return found


def render_index(original: str, first: str, last: str, kind: Kind, sight: Sight) -> Served:
    """The captures between two stamps, a line each, as the CDX API answers."""
    stamps = [f"{at:%Y%m%d%H%M%S}" for at in captures_before(sight.now - HOUR)]
    lines = [
        f"gov,former)/news {stamp} {original} text/html 200 {hash_of(stamp)} 4242\n"
        for stamp in stamps
        if first <= stamp <= last
    ]
    return Served(b"", "text/plain;charset=UTF-8").saying(kind.text("".join(lines), sight))


def hash_of(stamp: str) -> str:
    """Any digest: the reader does not look at it."""
    return format(int(stamp) * 7919 % 16**12, "012X")


def as_capture(page: Served, at: datetime) -> Served:
    """A page as the archive plays it back."""
    return Served(
        page.body, page.content_type, page.status, (("Memento-Datetime", format_datetime(at, usegmt=True)),)
    )


__all__ = [
    "BEGIN_ON",
    "DAY",
    "as_capture",
    "captures_before",
    "render_index",
    "render_notice",
    "render_sitemap",
]
