"""Made-up press releases and feeds, the same bytes on every machine, in the structure of an official site."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Literal

from benchmarks.official import official_body, official_page
from benchmarks.words import WORDS

Weight = Literal["full", "light", "official"]
"""``full``: a page of about 45 KB, most of it furniture, as publishers have them. ``light``: text alone.
``official``: as ``benchmarks.official`` describes; one release in a hundred is about a commitment."""

ITEMS = 10
FIRST_AT = datetime(2019, 6, 10, 12, tzinfo=UTC)
SPACING = timedelta(hours=5)

_ON_SUBJECT = (
    "The Government of Mexico reported that it has deployed its National Guard throughout the country, with "
    "priority to its southern border, and the Secretary welcomed the deployment as a step on migration."
)


def published_at(feed: int, item: int) -> datetime:
    return FIRST_AT + item * SPACING + timedelta(seconds=feed)


def read_at(edition: int = 0) -> datetime:
    """An hour after the newest item of an edition of every feed."""
    return FIRST_AT + (edition + ITEMS - 1) * SPACING + timedelta(hours=1)


def feed_page(base: str, weight: Weight, feed: int, edition: int = 0) -> bytes:
    """A feed of the ten newest items; each edition has one new item, and one has left."""
    newest_first = range(edition + ITEMS - 1, edition - 1, -1)
    items = "".join(_feed_item(base, weight, feed, item) for item in newest_first)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>Press releases {feed}</title><link>{base}</link>{items}</channel></rss>"
    ).encode()


def article_page(weight: Weight, feed: int, item: int) -> bytes:
    if weight == "official":
        published = published_at(feed, item).isoformat()
        return official_page(title_of(feed, item), official_body(feed, item), published)
    title, body = title_of(feed, item), _body(feed, item)
    main = f"<main><article><h1>{title}</h1>{body}</article></main>"
    if weight == "light":
        return f"<html lang='en'><head><title>{title}</title></head><body>{main}</body></html>".encode()
    return (
        f"<!DOCTYPE html><html lang='en-US'><head><meta charset='utf-8'><title>{title} - Department</title>"
        f"<meta property='article:published_time' content='{published_at(feed, item).isoformat()}'>{_SCRIPT}"
        f"</head><body class='single'><header><nav>{_links(140, 'menu')}</nav></header>{main}"
        f"<aside><h2>Related</h2>{_links(20, 'related')}</aside><footer>{_links(90, 'footer')}</footer>"
        f"{_SCRIPT}</body></html>"
    ).encode()


def _feed_item(base: str, weight: Weight, feed: int, item: int) -> str:
    body = "".join(official_body(feed, item)) if weight == "official" else _body(feed, item)
    return (
        f"<item><title>{title_of(feed, item)}</title><link>{base}/{weight}/release-{feed}-{item}/</link>"
        f"<dc:creator><![CDATA[Office of the Spokesperson]]></dc:creator>"
        f"<pubDate>{format_datetime(published_at(feed, item))}</pubDate>"
        f'<guid isPermaLink="false">{base}/{weight}/?page_id={feed * 100_000 + item}</guid>'
        f"<description>{escape(body[:300])}</description>"
        f"<content:encoded><![CDATA[{body}]]></content:encoded></item>"
    )


def title_of(feed: int, item: int) -> str:
    chosen = random.Random(f"title {feed} {item}").choices(WORDS, k=9)
    return f"{' '.join(chosen).capitalize()} ({feed}-{item})"


def _body(feed: int, item: int) -> str:
    """Six to fourteen paragraphs of about 400 characters; one release in twenty is about a commitment."""
    chance = random.Random(f"body {feed} {item}")
    paragraphs = [_paragraph(chance) for _ in range(chance.randint(6, 14))]
    if (feed * ITEMS + item) % 20 == 7:
        paragraphs[1] = _ON_SUBJECT
    return "".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs)


def _paragraph(chance: random.Random) -> str:
    return " ".join(f"{' '.join(chance.choices(WORDS, k=18)).capitalize()}." for _ in range(3))


def _links(count: int, kind: str) -> str:
    chance = random.Random(kind)
    rows = (
        f'<li class="{kind}__item menu-item menu-item-{n}"><a class="{kind}__link" '
        f'href="/{kind}/{n}/">{" ".join(chance.choices(WORDS, k=3))}</a></li>\n'
        for n in range(count)
    )
    return f"<ul class='{kind}'>{''.join(rows)}</ul>"


_SCRIPT = (
    "<script>"
    + "".join(
        f"window.dataLayer.push({{'gtm.id':{n},'event':'load','area':'region-{n}'}});" for n in range(120)
    )
    + "</script>"
)
