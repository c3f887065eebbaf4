"""The document on a page: its main text, title, language, date and digest."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import pypdf
import trafilatura
from bs4 import BeautifulSoup
from htmldate import find_date

from compliance.publication import Published
from instruments.routes import Route, Source
from scrapers.addresses import unwrap_archive
from scrapers.dates import EARLIEST, LATEST_AHEAD, is_plausible, read_iso
from scrapers.digest import content_lines, digest_of, main_element
from scrapers.exchange import Exchange, Unrecognised
from scrapers.markup import html_of, media_type, refuse_large, text_of_body
from scrapers.pdf import is_pdf, read_pdf
from scrapers.plain import one_line, parse_html, shortened
from scrapers.reading import Article
from scrapers.select import exactly_one

MAX_CHARS = 1_000_000
"""The longest declaration at hand has 130,000 characters. A longer text is refused, never cut."""

MAX_ELEMENTS = 20_000
"""Extraction takes more than linear time in these: a few seconds at this bound."""

LONGEST_TITLE = 1_000

_RUNNING_TEXT = (
    "//*[self::p or self::li or self::td or self::blockquote or self::pre][not(.//time)]"
    "[not(contains(@class, 'date') or contains(@class, 'fecha') or @itemprop)]"
)

_NOT_FOUND = re.compile(
    r"(error\s*)?404\b|(page )?not found\b|(the )?page (you requested )?(could not|cannot) be found"
    r"|página no encontrada|no se encontró la página|página no disponible",
    re.IGNORECASE,
)


def read_article(
    exchange: Exchange, *, route: Route, source: Source, item_title: str, max_chars: int = MAX_CHARS
) -> Article:
    """The document on a page, or the PDF or plain text that an address leads to.

    ``route.content`` names the main part of a page where given, and must match once. The title is the item's,
    the page's own where that is empty; the language the source's, unless the page says that it is in English
    or Spanish. The digest of a PDF is that of its file. Raises Unrecognised: ``not_html``, ``too_large``,
    ``too_long``, ``bad_content``, ``not_found`` (a page that says so with status 200), ``no_main_text``,
    ``encrypted``, ``bad_pdf``.
    """
    if is_pdf(exchange):
        return _read_pdf(exchange, source, item_title, max_chars)
    if media_type(exchange) == "text/plain":
        return _read_plain_text(exchange, source, item_title, max_chars)
    markup = html_of(exchange)
    page = parse_html(markup)
    _refuse_many_elements(page, exchange.final_url)
    heading = page_title(page)
    if _NOT_FOUND.match(heading) and not _NOT_FOUND.match(item_title):
        raise Unrecognised("not_found", f"{exchange.final_url} says {shortened(heading, 100)!r}")
    title = one_line(item_title) or heading
    part = _named_part(markup, route.content, exchange.final_url) if route.content else None
    lines = content_lines(main_element(page) if part is None else part)
    paragraphs = (
        main_paragraphs(page if part is None else part, is_main_part=part is not None) if lines else []
    )
    return Article(
        title=title,
        text=_text(title, paragraphs, exchange.final_url, max_chars),
        language=_language(page, source),
        digest=digest_of(title, lines),
        extractor=f"trafilatura {trafilatura.__version__}",
        published=stated_publication(page, source, exchange),
    )


def main_paragraphs(page: Any, *, is_main_part: bool) -> list[str]:
    """The paragraphs of the main text, by trafilatura. ``is_main_part``: the tree holds nothing else.

    Recall is favoured: over 124 official articles in three layouts "fast" with recall kept 99.9 % of the
    words, balanced mode lost up to a sixth of one article, and neither let furniture in. Links in paragraphs
    are made plain text first: trafilatura drops a paragraph that is all link, and editors do leave such
    links, some without a target, around whole sentences.
    """
    tree = copy.deepcopy(page)
    for link in tree.xpath("//a" if is_main_part else "//a[not(@href)] | //p//a"):
        link.drop_tag()
    text = trafilatura.extract(
        tree, output_format="txt", include_comments=False, include_tables=True, fast=True, favor_recall=True
    )
    lines = (one_line(line) for line in (text or "").splitlines())
    return [line for line in lines if line.strip("|-: ")]  # the rule below a table's head is no text


def page_title(page: Any) -> str:
    """The page's own title: its only first-level heading, else ``og:title``, else ``title``."""
    headings = [text for h1 in page.iter("h1") if (text := one_line(h1.text_content()))]
    if len(headings) == 1:
        return shortened(headings[0], LONGEST_TITLE)
    others = page.xpath("//meta[@property='og:title']/@content | //head/title/text()")
    return shortened(next(filter(None, map(one_line, others)), ""), LONGEST_TITLE)


def stated_publication(page: Any, source: Source, exchange: Exchange) -> Published | None:
    """When the page itself says it was published: its ``article:published_time``, else a day by htmldate.

    htmldate looks at metadata, address and markup. The running text, which names other dates, it never sees.
    """
    for stated in page.xpath("//meta[@property='article:published_time']/@content"):
        published = read_iso(stated.strip(), source.zone)
        if published is not None and is_plausible(published, exchange.at):
            return published
    without_text = copy.deepcopy(page)
    for element in without_text.xpath(_RUNNING_TEXT):
        element.drop_tree()
    found = find_date(
        without_text,
        original_date=True,
        extensive_search=False,
        url=unwrap_archive(exchange.final_url),
        min_date=EARLIEST.date().isoformat(),
        max_date=(exchange.at + LATEST_AHEAD).date().isoformat(),
    )
    return Published.day(date.fromisoformat(found), source.zone) if found else None


def _read_pdf(exchange: Exchange, source: Source, item_title: str, max_chars: int) -> Article:
    found = read_pdf(exchange)
    title = shortened(one_line(item_title) or found.title, LONGEST_TITLE)
    return Article(
        title=title,
        text=_text(title, found.paragraphs, exchange.final_url, max_chars),
        language=source.language,
        digest=exchange.sha256,
        extractor=f"pypdf {pypdf.__version__}",
    )


def _read_plain_text(exchange: Exchange, source: Source, item_title: str, max_chars: int) -> Article:
    refuse_large(exchange)
    title = one_line(item_title)
    blocks = re.split(r"\n\s*\n", text_of_body(exchange).replace("\r\n", "\n"))
    paragraphs = [line for block in blocks if (line := one_line(block))]
    return Article(
        title=title,
        text=_text(title, paragraphs, exchange.final_url, max_chars),
        language=source.language,
        digest=digest_of(title, [f"p: {paragraph}" for paragraph in paragraphs]),
        extractor="plain text",
    )


def _text(title: str, paragraphs: Sequence[str], url: str, max_chars: int) -> str:
    """Title and paragraphs, blank lines between; a first paragraph that repeats the title is left out."""
    body = paragraphs[1:] if paragraphs and paragraphs[0] == title else paragraphs
    if not body:
        raise Unrecognised("no_main_text", f"{url} has no text that could be the document's")
    text = "\n\n".join(filter(None, (title, *body)))
    if len(text) > max_chars:
        raise Unrecognised(
            "too_long", f"{url} has {len(text)} characters of text, at most {max_chars} are read"
        )
    return text


def _named_part(markup: str, selector: str, url: str) -> Any:
    tag = exactly_one(BeautifulSoup(markup, "lxml"), selector, kind="bad_content", what=url)
    return parse_html(str(tag))


def _language(page: Any, source: Source) -> str:
    stated = (page.get("lang") or "").strip().lower().partition("-")[0]
    return stated if stated in ("en", "es") else source.language


def _refuse_many_elements(page: Any, url: str) -> None:
    found = int(page.xpath("count(/descendant::*)"))
    if found > MAX_ELEMENTS:
        raise Unrecognised("too_large", f"{url} has {found} elements, at most {MAX_ELEMENTS} are read")
