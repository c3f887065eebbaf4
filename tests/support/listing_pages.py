"""Listings and articles of our own, in the structure of the WordPress block listing."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from support.site import Page, Site

PER_PAGE = 5


@dataclass(frozen=True)
class Release:
    """One published item: ``at`` as the page states it, ISO 8601 with offset."""

    slug: str
    title: str
    at: str
    text: str = (
        "Ordinary business of the day, told in a sentence that is long enough to be the main text of a page."
    )


def publish(site: Site, path: str, releases: list[Release], *, language: str = "en") -> None:
    """Put the listing (newest first, paged) and the articles of the releases on the site."""
    newest_first = sorted(releases, key=lambda r: r.at, reverse=True)
    pages = [newest_first[n : n + PER_PAGE] for n in range(0, len(newest_first), PER_PAGE)] or [[]]
    for n, rows in enumerate(pages, 1):
        following = f"{path}page/{n + 1}/" if n < len(pages) else None
        site.put(path if n == 1 else f"{path}page/{n}/", _listing(path, rows, following))
    for release in releases:
        site.pages[f"{path}{release.slug}/"] = _article(release, language)


def _listing(path: str, rows: list[Release], following: str | None) -> str:
    items = "".join(
        f'<li class="wp-block-post"><h2 class="wp-block-post-title"><a href="{path}{row.slug}/">{escape(row.title)}</a></h2>'
        f'<div class="wp-block-post-date"><time datetime="{row.at}">{row.at}</time></div></li>'
        for row in rows
    )
    link = f'<a class="wp-block-query-pagination-next" href="{following}">Next</a>' if following else ""
    return f"<html><body><main><ul>{items}</ul>{link}</main></body></html>"


def _article(release: Release, language: str) -> Page:
    paragraphs = "".join(f"<p>{escape(p)}</p>" for p in release.text.split("\n\n"))
    return Page(
        f"<html lang='{language}'><head><title>{escape(release.title)}</title></head><body><main>"
        f"<h1>{escape(release.title)}</h1>{paragraphs}</main></body></html>".encode()
    )
