"""The document at an address: title, language, date and digest at once; its text where it is wanted.

Extraction is the expensive part, and few documents match. A plain reading gives all the rest, and a scan of
the plain text says whether any rule could match at all; only then is the text drawn. It can be drawn later,
by reading the same response without a scan.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from servanda.compliance.prefilter import Prefilter, Sighting
from servanda.scrapers.documents.content_digest import digest_of, main_part
from servanda.scrapers.documents.markup import html_of, is_pdf, media_type, refuse_large, text_of_body
from servanda.scrapers.documents.outside_text import WholePage
from servanda.scrapers.documents.page_evidence import page_facts, page_marks, text_facts
from servanda.scrapers.documents.page_facts import (
    LONGEST_TITLE,
    is_placeholder,
    page_language,
    page_title,
    refuse_many_elements,
    refuse_no_document,
    stated_publication,
)
from servanda.scrapers.documents.page_text import (
    drop_unread_elements,
    extractor_name,
    free_main_part,
    join_broken,
    main_paragraphs,
    paragraphs_beside,
    text_pieces,
    whole_text,
)
from servanda.scrapers.exchange import Exchange, Unrecognised
from servanda.scrapers.route_reading import Article
from servanda.scrapers.text_cleaning import expand_compatibility, one_line, parse_html, shorten

if TYPE_CHECKING:
    from servanda.instruments.routes import Route, Source

MAX_CHARS = 1_000_000
"""The longest declaration at hand has 130,000 characters. A longer text is refused, never cut."""

PLAIN_SCAN = "plain scan"
"""The extractor of an article whose text was not drawn."""


@dataclass(frozen=True, slots=True)
class BesidePage:
    """What of a document's text stands beside its page: ``texts``, each of paragraphs separated by blank
    lines; ``addresses``: where those came from that the page itself leads to."""

    texts: tuple[str, ...] = ()
    addresses: frozenset[str] = frozenset()


NOTHING_BESIDE = BesidePage()


@dataclass(frozen=True, slots=True)
class ExtractOptions:
    """What of a source and a route matters for its documents. ``dated``: they must date themselves;
    ``titled``: the listed titles are only the words of their addresses."""

    language: str
    zone: str
    content: str | None
    dated: bool
    titled: bool = False
    beside: BesidePage = NOTHING_BESIDE

    @classmethod
    def of(cls, source: Source, route: Route) -> ExtractOptions:
        return cls(
            source.language, source.zone, route.content, route.dated_by_document, route.titled_by_address
        )


def read_article(
    exchange: Exchange,
    *,
    route: Route,
    source: Source,
    item_title: str,
    scan: Prefilter | None = None,
    max_chars: int = MAX_CHARS,
) -> Article:
    """The document on a page, or the PDF or plain text that an address leads to.

    Its text is None where ``scan`` shows that no rule could match it; without a scan it is always drawn, and
    so is that of a PDF or plain text. ``route.content`` names the main part of a page where given, and must
    match once. The title is the item's, the page's own where that is empty; the language the source's, unless
    the page says that it is in English or Spanish; the date what the page states, sought further only where
    the route's documents must date themselves. The digest of a PDF is that of its file.

    Raises Unrecognised: ``wrong_type``, ``truncated``, ``too_large``, ``too_long``, ``bad_content``,
    ``not_found`` (a page that says so with status 200), ``no_main_text``, ``encrypted``, ``bad_pdf``.
    """
    return read_document(exchange, ExtractOptions.of(source, route), item_title, scan, max_chars)


def read_document(
    exchange: Exchange,
    terms: ExtractOptions,
    item_title: str,
    scan: Prefilter | None,
    max_chars: int = MAX_CHARS,
) -> Article:
    """``read_article``, given only what matters."""
    if is_pdf(exchange):
        return _concerning(_read_pdf(exchange, terms, item_title, max_chars), scan)
    if media_type(exchange) == "text/plain":
        return _concerning(_read_plain_text(exchange, terms, item_title, max_chars), scan)
    return _read_page(exchange, terms, item_title, scan, max_chars)


def _read_page(
    exchange: Exchange, terms: ExtractOptions, item_title: str, scan: Prefilter | None, max_chars: int
) -> Article:
    markup, url = html_of(exchange), exchange.final_url
    page = parse_html(markup)
    refuse_many_elements(page, url)
    heading = page_title(page)
    refuse_no_document(heading, item_title, url)
    title = one_line(item_title) or heading
    language = page_language(page, terms.language)
    published = stated_publication(page, terms.zone, exchange, search=terms.dated)
    free_main_part(page)
    marks = page_marks(page, url)
    whole = WholePage.of(page, scan, title, *marks.texts)
    named = bool(terms.content)
    if terms.content:
        page = _named_part(markup, terms.content, url)
    drop_unread_elements(page)
    main = main_part(page, is_main_part=named)
    added = paragraphs_beside(main.passages, terms.beside.texts)
    if is_placeholder(main.lines, title) and not added:
        raise _no_main_text(url)
    text, extractor = None, PLAIN_SCAN
    listed = "" if terms.titled else one_line(item_title)
    facts = page_facts(page, marks, main, listed, url, added=added, read=terms.beside.addresses)
    seen = None if scan is None else _look(scan, title, page, added, max_chars, whole)
    digest = digest_of(title, [*main.lines, *(f"p: {paragraph}" for paragraph in added)])
    if seen is None or seen.may_match:
        drawn = whole_text(main_paragraphs(page, is_main_part=named), main.passages)
        text = _text(title, [*drawn, *added], url, max_chars)
        extractor = extractor_name()
    if scan is not None and seen is not None:
        outside = whole.outside(scan, text, facts.own_words)
        facts = replace(facts, concerns=seen.may_concern, outside=outside)
    return Article(title, text, language, digest, extractor, facts, published)


def _concerning(article: Article, scan: Prefilter | None) -> Article:
    """An article whose text is always drawn, with whether it may speak of the subject of a window."""
    if scan is None or article.text is None:
        return article
    concerns = scan.look(article.text).may_concern
    return replace(article, facts=replace(article.facts, concerns=concerns))


def _look(
    scan: Prefilter, title: str, page: Any, added: Sequence[str], max_chars: int, whole: WholePage
) -> Sighting:
    """Whether the text is wanted. One that may be too long is drawn too, and refused then."""
    pieces = text_pieces(page)
    if pieces is None or sum(map(len, pieces)) > max_chars:
        return Sighting(may_match=True, may_concern=True)
    if whole.holds_nothing and not added:
        return Sighting(may_match=False, may_concern=False)
    return scan.look(title, *pieces, *added)


def _read_pdf(exchange: Exchange, terms: ExtractOptions, item_title: str, max_chars: int) -> Article:
    from servanda.scrapers.documents import pdf

    found = pdf.read_pdf(exchange)
    title = shorten(one_line(item_title) or found.title, LONGEST_TITLE)
    return Article(
        title=title,
        text=_text(title, found.paragraphs, exchange.final_url, max_chars),
        language=terms.language,
        digest=exchange.sha256,
        extractor=pdf.EXTRACTOR,
        facts=found.facts(one_line(item_title), exchange.final_url),
    )


def _read_plain_text(exchange: Exchange, terms: ExtractOptions, item_title: str, max_chars: int) -> Article:
    refuse_large(exchange)
    title = one_line(item_title)
    blocks = re.split(r"\n\s*\n", text_of_body(exchange).replace("\r\n", "\n"))
    paragraphs = [line for block in blocks if (line := one_line(block))]
    return Article(
        title=title,
        text=_text(title, paragraphs, exchange.final_url, max_chars),
        language=terms.language,
        digest=digest_of(title, [f"p: {paragraph}" for paragraph in paragraphs]),
        extractor="plain text",
        facts=text_facts(paragraphs, title, exchange.final_url),
    )


def _text(title: str, paragraphs: Sequence[str], url: str, max_chars: int) -> str:
    """Title and paragraphs, blank lines between; a first paragraph that repeats the title is left out."""
    body = paragraphs[1:] if paragraphs and paragraphs[0] == title else paragraphs
    if not body:
        raise _no_main_text(url)
    text = expand_compatibility("\n\n".join(filter(None, (title, *join_broken(body)))))
    if len(text) > max_chars:
        raise Unrecognised(
            "too_long", f"{url} has {len(text)} characters of text, at most {max_chars} are read"
        )
    return text


def _no_main_text(url: str) -> Unrecognised:
    return Unrecognised("no_main_text", f"{url} has no text that could be the document's")


def _named_part(markup: str, selector: str, url: str) -> Any:
    """The part of a page that its route names; matches within it belong to it (state.gov nests its parts).

    Raises Unrecognised ``bad_content`` for none, or several apart.
    """
    from bs4 import BeautifulSoup  # here, because it is slow to load and few routes name a part

    found = BeautifulSoup(markup, "lxml").select(selector)
    known = {id(tag) for tag in found}
    outermost = [tag for tag in found if not any(id(around) in known for around in tag.parents)]
    if len(outermost) != 1:
        why = f"{selector!r} matches {len(outermost)} elements, exactly 1 is expected"
        raise Unrecognised("bad_content", f"{url}: {why}")
    return parse_html(str(outermost[0]))
