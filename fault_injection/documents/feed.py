"""The feed of a site, as WordPress writes it, with the text of an item where it holds one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from fault_injection.documents.scene import Scene
from fault_injection.publishers.feeds import RSS_TYPE, rss_date
from fault_injection.publishers.listings import LAYOUTS
from fault_injection.publishers.served import Served
from fault_injection.publishers.truth import Item

_FEED = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/">\n<channel>\n<title>Press Releases</title>\n'
    "<link>{root}/</link>\n<description>News</description>\n{items}</channel>\n</rss>\n"
)
_ITEM = (
    "<item>\n<title>{title}</title>\n<link>{href}</link>\n<pubDate>{stated}</pubDate>\n"
    '<guid isPermaLink="false">{root}/?p={slug}</guid>\n<description>A '
    "release.</description>\n{content}</item>\n"
)


def feed_of(root: str, scene: Scene, items: Sequence[Item], content: Mapping[str, str]) -> Served:
    """``content`` holds texts by slug."""
    layout = LAYOUTS[scene.structure.listing]
    parts = [
        _ITEM.format(
            title=escape(item.title),
            href=escape(root + layout.article.format(slug=item.slug) + layout.suffix),
            stated=rss_date(item.at),
            root=root,
            slug=item.slug,
            content=f"<content:encoded><![CDATA[{content[item.slug]}]]></content:encoded>\n"
            if item.slug in content
            else "",
        )
        for item in items
    ]
    return Served(_FEED.format(root=root, items="".join(parts)).encode(), RSS_TYPE)
