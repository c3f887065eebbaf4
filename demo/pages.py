"""Pages in the structures of the official sites: a feed, three kinds of listing, articles. Pure.

The structures are those of the recorded sites; every word is ours, and every page says so in its footer.
"""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import format_datetime
from html import escape

from servanda.demo.story import StoryItem, civil_date

FOOTER = "Reconstructed page of a demonstration. Not an official publication."

_ADDRESSES = {
    "us-state-press": "/{slug}/",
    "us-white-house": "/briefings-statements/{slug}/",
    "us-federal-register": "/documents/{at:%Y/%m/%d}/{number}/{slug}",
    "mx-sre": "/sre/prensa/{slug}",
    "mx-presidencia": "/presidencia/prensa/{slug}",
}


def address(item: StoryItem) -> str:
    """The path of an item's page."""
    return _ADDRESSES[item.source].format(slug=item.slug, at=item.local_at, number=item.document_number)


def feed(items: Sequence[StoryItem], site: str) -> str:
    """State Department, RSS 2.0 as WordPress writes it. Expects the ten newest items."""
    newest = format_datetime(items[0].at)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        "<title>Press Releases (reconstructed)</title>"
        f"<link>{site}</link><description>{FOOTER}</description>"
        f"<lastBuildDate>{newest}</lastBuildDate><language>en-US</language>"
        + "".join(_feed_item(item, site) for item in items)
        + "</channel></rss>"
    )


def _feed_item(item: StoryItem, site: str) -> str:
    paragraphs = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in item.paragraphs)
    return (
        f"<item><title>{escape(item.title)}</title><link>{site}{address(item)}</link>"
        "<dc:creator><![CDATA[Office of the Spokesperson]]></dc:creator>"
        f"<pubDate>{format_datetime(item.at)}</pubDate>"
        f'<guid isPermaLink="false">{site}/?page_id={item.number}</guid>'
        f"<description><![CDATA[<p>{escape(item.paragraphs[0])}</p>]]></description>"
        f"<content:encoded><![CDATA[{paragraphs}]]></content:encoded></item>"
    )


def state_listing(items: Sequence[StoryItem], page: int, is_last: bool) -> str:
    """State Department press releases: dated by day, pages under ``/press-releases/page/N/``."""
    rows = "".join(
        f'<li class="collection-result"><a class="collection-result__link" href="{address(item)}">'
        f'{escape(item.title)}</a><div class="collection-result-meta"><span>Office of the Spokesperson</span>'
        f" <span>{item.local_at:%B} {item.local_at.day}, {item.local_at.year}</span></div></li>"
        for item in items
    )
    following = f'<a class="next page-numbers" href="/press-releases/page/{page + 1}/">Next</a>'
    body = f'<ul class="collection-results">{rows}</ul><nav>{"" if is_last else following}</nav>'
    return _page("Press Releases", body, "en")


def white_house_listing(items: Sequence[StoryItem], page: int, is_last: bool) -> str:
    """White House news: WordPress blocks, instants with offset, pages under ``/news/page/N/``."""
    rows = "".join(
        f'<li class="wp-block-post post-{item.number} post type-post status-publish">'
        f'<h2 class="wp-block-post-title"><a href="{address(item)}" target="_self">'
        f"{escape(item.title)}</a></h2>"
        '<div class="taxonomy-category wp-block-post-terms"><a href="/briefings-statements/" rel="tag">'
        'Briefings &amp; Statements</a></div><div class="wp-block-post-date">'
        f'<time datetime="{item.local_at.isoformat()}">{civil_date(item.local_at.date(), "en")}</time>'
        "</div></li>"
        for item in items
    )
    following = f'<a class="wp-block-query-pagination-next" href="/news/page/{page + 1}/">Next</a>'
    body = f'<ul class="wp-block-post-template">{rows}</ul><nav>{"" if is_last else following}</nav>'
    return _page("News", body, "en")


def gob_mx_listing(items: Sequence[StoryItem], page: int, is_last: bool) -> str:
    """An agency of gob.mx: civil times without zone, the next page linked twice."""
    agency = items[0].source.removeprefix("mx-")
    rows = "".join(
        f'<div class="col-md-4"><article><p><time datetime="{item.local_at:%Y-%m-%d %H:%M:%S}">'
        f'{civil_date(item.local_at.date(), "es")} <span class="sr-only">Fecha de publicación</span></time>'
        f' <span class="tag-presses small">Comunicado</span></p><h2>{escape(item.title)}</h2>'
        f'<a class="small-link" href="{address(item)}?idiom=es" target="_blank">Continuar leyendo</a>'
        "</article></div>"
        for item in items
    )
    following = f"/{agency}/archivo/prensa?order=DESC&amp;page={page + 1}"
    links = (
        f'<li><a rel="next" href="{following}">{page + 1}</a></li>'
        f'<li class="next"><a class="next" rel="next" href="{following}">»</a></li>'
    )
    body = (
        f'<div id="prensa" class="archives"><div class="row">{rows}</div></div>'
        f'<ul class="pagination"><li class="active"><a>{page}</a></li>{"" if is_last else links}</ul>'
    )
    return _page("Prensa", body, "es")


def article(item: StoryItem) -> str:
    """The page behind an item, or the one that stands in its place."""
    title, *said = item.instead or (item.title, *item.paragraphs)
    paragraphs = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in said)
    if item.instead is not None:
        return _page(title, f"<article><h1>{escape(title)}</h1>{paragraphs}</article>", item.language)
    body = (
        f"<article><h1>{escape(title)}</h1>"
        f'<p class="date"><time datetime="{item.local_at.isoformat()}">'
        f"{civil_date(item.local_at.date(), item.language)}</time></p>"
        f'<div class="entry-content">{paragraphs}</div></article>'
    )
    return _page(title, body, item.language)


def challenge() -> str:
    """What a site shows instead of its page, with status 200, where it takes a client for a robot."""
    return (
        '<!doctype html><html lang="es"><head><meta charset="utf-8"><meta name="robots" content="noindex">'
        "<title>Verificación de seguridad</title></head><body><h1>Confirme que no es un robot</h1>"
        f'<form id="captcha-form"><button>Continuar</button></form><footer>{FOOTER}</footer></body></html>'
    )


def _page(title: str, body: str, language: str) -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'</head><body><header><nav><a href="/">Home</a></nav></header><main>{body}</main>'
        f"<footer><p>{FOOTER}</p></footer></body></html>"
    )
