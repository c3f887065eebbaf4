"""One document of a route that is tried, as it would be kept: where its text stands is looked at as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from servanda.compliance.document_doubts import Doubt, find_doubts
from servanda.instruments.routes import Route, Source
from servanda.models.polls.polls import Failure
from servanda.scrapers.documents.markup import HTML_TYPES, media_type, text_of_body
from servanda.scrapers.exchange import Exchange, Recording, ScrapeError
from servanda.scrapers.http.fetch import Fetcher
from servanda.scrapers.isolation.reader_process import ArticleReader
from servanda.scrapers.platforms.wordpress_rows import PART, is_rest_answer, page_of_row
from servanda.scrapers.route_reading import Article, Item
from servanda.scrapers.text_cleaning import html_to_text

LINES_SHOWN = 3
LONGEST_LINE = 200


@dataclass(frozen=True, slots=True)
class TriedDocument:
    """A document as it would be kept, or why it cannot be read.

    ``first_lines`` and ``last_lines`` are those of its text, ``length`` is in characters, ``share`` is its
    part of the page's words (None for what is no page). ``published``: what it says itself.
    """

    item: Item
    failure: Failure | None = None
    title: str = ""
    published: str | None = None
    first_lines: tuple[str, ...] = ()
    last_lines: tuple[str, ...] = ()
    length: int = 0
    share: float | None = None
    doubts: tuple[Doubt, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether nothing speaks against it; a person still looks."""
        return self.failure is None and not self.doubts


def try_document(
    fetcher: Fetcher,
    reader: ArticleReader,
    source: Source,
    route: Route,
    items: Sequence[Item],
    recording: Recording,
) -> TriedDocument | None:
    """The newest document of a reading; None where there is none.

    Its requests are added to ``recording``.
    """
    newest = max(items, key=lambda item: item.published.interval.from_at, default=None)
    if newest is None:
        return None
    title = "" if route.dated_by_document else newest.title
    try:
        exchange, read_by = _bytes_of(fetcher, route, newest, recording)
        article = reader.read(exchange, route=read_by, source=source, item_title=title, scan=None)
    except ScrapeError as error:
        return TriedDocument(newest, Failure(error.family, error.kind, error.reason))
    return _as_kept(newest, exchange, article, route)


def _bytes_of(fetcher: Fetcher, route: Route, item: Item, recording: Recording) -> tuple[Exchange, Route]:
    """What holds a document's text, and the route by which it is read: its row where that gives it."""
    for answer in recording.exchanges if route.gives_text else ():
        try:
            if answer.status == 200 and is_rest_answer(answer):
                return page_of_row(answer, item.url), route.model_copy(update={"content": PART})
        except ScrapeError:
            continue
    address = route.address_of(item.url, item.published)
    pause = route.pause.total_seconds()
    return fetcher.session(recording)(address, pause_seconds=pause), route


def _as_kept(item: Item, exchange: Exchange, article: Article, route: Route) -> TriedDocument:
    stated = None if route.dated_by_document else article.published
    addresses = (item.url, exchange.final_url)
    doubts = find_doubts(article.facts, addresses=addresses, listed=item.published, stated=stated)
    text = article.text or ""
    lines = [line[:LONGEST_LINE] for line in text.splitlines() if line.strip()]
    return TriedDocument(
        item,
        title=article.title,
        published=str(article.published) if article.published else None,
        first_lines=tuple(lines[1 : 1 + LINES_SHOWN]),
        last_lines=tuple(lines[max(1 + LINES_SHOWN, len(lines) - LINES_SHOWN) :]),
        length=len(text),
        share=_share(exchange, text),
        doubts=doubts,
    )


def _share(exchange: Exchange, text: str) -> float | None:
    """How much of a page's words the text is; None for what is no page."""
    if media_type(exchange) not in HTML_TYPES:
        return None
    whole = len(html_to_text(text_of_body(exchange)).split())
    return min(1.0, len(text.split()) / whole) if whole else None
