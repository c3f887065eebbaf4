"""HTML listings in the structures of official sites: WordPress blocks, Drupal views, gob.mx, USWDS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from fault_injection.publishers.served import Kind, Row, Served, Sight
from fault_injection.publishers.truth import Item, Press

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """One structure. ``row`` has places for href, title, stated and shown; ``following`` for href.

    ``form`` is how a time is stated, strftime or ``iso``; ``article`` and ``suffix`` make a release's
    address.
    The pairs are what a redesign would replace.
    """

    id: str
    first: str
    later: str
    article: str
    suffix: str
    before: str
    after: str
    row: str
    following: str
    form: str
    row_selector: str
    title_selector: str
    link_selector: str
    date_selector: str
    date_attribute: str | None
    date_format: str
    next_selector: str
    row_renamed: Pairs
    title_renamed: Pairs
    date_renamed: Pairs
    next_renamed: Pairs

    def address(self, page: int) -> str:
        return self.first if page == 1 else self.later.format(page=page)

    def stated(self, at: datetime, zone: str) -> str:
        there = at.astimezone(ZoneInfo(zone))
        return there.isoformat() if self.form == "iso" else there.strftime(self.form)


LAYOUTS = {
    "wordpress": Layout(
        id="wordpress",
        first="/news/",
        later="/news/page/{page}/",
        article="/news/{slug}/",
        suffix="",
        before='<ul class="wp-block-post-template">',
        after="</ul>",
        row='<li class="wp-block-post"><h2 class="wp-block-post-title"><a href="{href}">{title}</a></h2>'
        '<div class="taxonomy-category"><a href="/category/news/">News</a></div>'
        '<div class="wp-block-post-date"><time datetime="{stated}">{shown}</time></div></li>',
        following='<a class="wp-block-query-pagination-next" href="{href}">Next</a>',
        form="iso",
        row_selector="li.wp-block-post",
        title_selector="h2.wp-block-post-title a",
        link_selector="h2.wp-block-post-title a",
        date_selector=".wp-block-post-date time",
        date_attribute="datetime",
        date_format="iso",
        next_selector="a.wp-block-query-pagination-next",
        row_renamed=(('class="wp-block-post"', 'class="post-card"'),),
        title_renamed=(("wp-block-post-title", "post-card-title"),),
        date_renamed=(("wp-block-post-date", "post-card-date"),),
        next_renamed=(("wp-block-query-pagination-next", "pagination-next"),),
    ),
    "drupal": Layout(
        id="drupal",
        first="/all-news-updates?items_per_page=10",
        later="/all-news-updates?items_per_page=10&page={page}",
        article="/news/{slug}",
        suffix="",
        before='<div class="view view-news"><div class="view-content">',
        after="</div></div>",
        row='<div class="news-updates views-row"><div class="news-updates-date-type"><time '
        'datetime="{stated}">'
        '{shown}</time><span>Press Release</span></div><h3 class="news-updates-title"><a href="{href}" '
        'rel="bookmark">{title}</a></h3></div>',
        following='<nav><a class="usa-pagination__next-page" aria-label="Next page" '
        'href="{href}">Next</a></nav>',
        form="iso",
        row_selector="div.news-updates.views-row",
        title_selector="h3.news-updates-title a",
        link_selector="h3.news-updates-title a",
        date_selector=".news-updates-date-type time",
        date_attribute="datetime",
        date_format="iso",
        next_selector='a.usa-pagination__next-page[aria-label="Next page"]',
        row_renamed=(("news-updates views-row", "news-list__row"),),
        title_renamed=(("news-updates-title", "news-list__title"),),
        date_renamed=(("news-updates-date-type", "news-list__date"),),
        next_renamed=(("usa-pagination__next-page", "pager__next"),),
    ),
    "gobmx": Layout(
        id="gobmx",
        first="/relaciones/archivo/prensa?order=DESC&page=1",
        later="/relaciones/archivo/prensa?order=DESC&page={page}",
        article="/relaciones/prensa/{slug}",
        suffix="?idiom=es",
        before='<div id="prensa"><div class="row">',
        after="</div></div>",
        row='<article><time datetime="{stated}" class="date">{shown}</time><h2>{title}</h2>'
        '<a class="small-link" href="{href}">Continuar leyendo</a></article>',
        following='<ul class="pagination"><li><a rel="next" href="{href}">2</a></li>'
        '<li><a rel="next" href="{href}">&rsaquo;</a></li></ul>',
        form="%Y-%m-%d %H:%M:%S",
        row_selector="#prensa article",
        title_selector="h2",
        link_selector="a.small-link",
        date_selector="time",
        date_attribute="datetime",
        date_format="%Y-%m-%d %H:%M:%S",
        next_selector="ul.pagination a[rel=next]",
        row_renamed=(("<article>", '<div class="nota">'), ("</article>", "</div>")),
        title_renamed=(("<h2>", '<p class="titulo">'), ("</h2>", "</p>")),
        date_renamed=(("<time ", "<span "), ("</time>", "</span>")),
        next_renamed=(('class="pagination"', 'class="paginador"'),),
    ),
    "uswds": Layout(
        id="uswds",
        first="/newsroom/media-releases/all",
        later="/newsroom/media-releases/all?page={page}",
        article="/newsroom/media-release/{slug}",
        suffix="",
        before='<ul class="usa-collection">',
        after="</ul>",
        row='<li class="usa-collection__item"><div class="usa-collection__body"><h3 '
        'class="usa-collection__heading">'
        '<a class="usa-link" href="{href}">{title}</a></h3><ul class="usa-collection__meta"><li '
        'class="usa-collection__meta-item"><time>{stated}</time></li></ul></div></li>',
        following='<nav class="usa-pagination"><a class="usa-pagination__next-page" aria-label="Next page" '
        'href="{href}">Next</a></nav>',
        form="%B %d, %Y",
        row_selector="li.usa-collection__item",
        title_selector=".usa-collection__heading a",
        link_selector=".usa-collection__heading a",
        date_selector="time",
        date_attribute=None,
        date_format="%B %d, %Y",
        next_selector='a.usa-pagination__next-page[aria-label="Next page"]',
        row_renamed=(("usa-collection__item", "usa-card"),),
        title_renamed=(("usa-collection__heading", "usa-card__heading"),),
        date_renamed=(("<time>", '<span class="date">'), ("</time>", "</span>")),
        next_renamed=(("usa-pagination__next-page", "usa-pagination__link"),),
    ),
}  # fmt: skip

PAGE = (
    '<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head><body>'
    '<header><nav><a href="/">Home</a> <a href="/about">About</a></nav></header><main>{main}</main>'
    "<footer><p>An official website</p></footer></body></html>\n"
)


def render_listing(
    layout: Layout, press: Press, items: Sequence[Item], per_page: int, kind: Kind, sight: Sight
) -> Served | None:
    """One page of a listing as a kind of fault changes it; None past its end."""
    number = sight.page
    shown = items[(number - 1) * per_page : number * per_page]
    if not shown:
        return None
    rows = kind.rows([_row(layout, press, item, sight) for item in shown], sight)
    following = layout.address(number + 1) if number * per_page < len(items) else None
    main = layout.before + "".join(row_text(layout, row) for row in rows) + layout.after
    main += layout.following.format(href=escape(following)) if following else ""
    text = PAGE.format(language=press.language, title="News", main=main)
    return Served(b"", "text/html; charset=utf-8").saying(kind.text(text, replace(sight, layout=layout)))


def render_script(
    layout: Layout, press: Press, items: Sequence[Item], per_page: int, kind: Kind, sight: Sight
) -> Served:
    """The same rows as a script: a call for each; a page past the end has none."""
    shown = items[(sight.page - 1) * per_page : sight.page * per_page]
    rows = kind.rows([_row(layout, press, item, sight) for item in shown], sight)
    calls = "".join(f"$('#prensa').append('{_in_script(row_text(layout, row))}');\n" for row in rows)
    return Served(b"", "text/javascript; charset=utf-8").saying(
        kind.text(calls, replace(sight, layout=layout))
    )


def _in_script(markup: str) -> str:
    """As Rails' ``escape_javascript`` writes it."""
    escaped = markup.replace("\\", "\\\\").replace("'", "\\'").replace('"', '\\"')
    return escaped.replace("\n", "\\n").replace("</", "<\\/")


def row_text(layout: Layout, row: Row) -> str:
    """A row's markup; its title is escaped here, once."""
    return layout.row.format(
        href=escape(row.href), title=escape(row.title), stated=row.stated, shown=row.shown
    )


def _row(layout: Layout, press: Press, item: Item, sight: Sight) -> Row:
    href = layout.article.format(slug=item.slug) + layout.suffix
    at = item.at.astimezone(ZoneInfo(press.zone))
    return Row(
        item,
        item.title_at(sight.now),
        href,
        layout.stated(item.at, press.zone),
        f"{at:%B} {at.day}, {at:%Y}",
        "",
    )
