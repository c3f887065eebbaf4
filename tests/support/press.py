"""A press office on a loopback site: a feed, and a page for each release."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from html import escape

from support.site import Site

GUARD_DEPLOYED = (
    "The Government of Mexico reported today that the National Guard was deployed along the southern border, "
    "with more than six thousand members who took up their posts in the course of this week.",
    "The deployment of the National Guard goes on as planned, and further units are to follow in the coming "
    "days, the spokesperson said at the regular briefing for the press in the capital.",
)
ORDINARY = (
    "The Secretary received the ambassador this morning and spoke about trade, education and culture in a "
    "friendly conversation that went on for about one hour in the reception rooms of the Department.",
    "The two sides will meet again in the autumn, and a delegation of teachers is expected to visit the "
    "capital before the end of the year, as the programme for the coming months has it.",
)


class PressOffice:
    """``publish`` puts a release on top of the feed; its page can be read at once."""

    def __init__(self, site: Site, path: str = "/feed") -> None:
        self.site = site
        self.path = path
        self._items: list[str] = []

    @property
    def url(self) -> str:
        return self.site.url + self.path

    def publish(self, slug: str, title: str, at: datetime, paragraphs: tuple[str, ...] = ORDINARY) -> str:
        """Publish one release; returns its address."""
        address = f"{self.site.url}/{slug}/"
        self._items.insert(
            0,
            f"<item><title>{escape(title)}</title><link>{address}</link>"
            f'<guid isPermaLink="false">{address}</guid><pubDate>{format_datetime(at)}</pubDate></item>',
        )
        body = "".join(f"<p>{escape(p)}</p>" for p in paragraphs)
        self.site.put(
            f"/{slug}/",
            f"<html lang='en'><head><title>{escape(title)}</title></head>"
            f"<body><main><article><h1>{escape(title)}</h1>{body}</article></main></body></html>",
        )
        channel = f"<title>Press releases</title><link>{self.site.url}</link>{''.join(self._items)}"
        self.site.put(
            self.path,
            f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>{channel}</channel></rss>',
            "application/rss+xml; charset=utf-8",
        )
        return address
