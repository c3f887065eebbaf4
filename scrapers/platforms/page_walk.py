"""A listing of several pages, walked there and back until two sweeps over it agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from servanda.compliance.coverage import newest_first_run
from servanda.compliance.publication import PublicationTime
from servanda.instruments.routes import Route
from servanda.scrapers.exchange import Exchange, Fetch, ScrapeError, Unreachable, Unrecognised, Validators
from servanda.scrapers.platforms.item_checks import validators_of
from servanda.scrapers.platforms.repeated_reads import MOST_READS, is_same_read, merge_reads, reads_agree
from servanda.scrapers.route_reading import Item, ReadRequest

GONE = frozenset({"no_rows", "http_404", "soft_404"})
"""What the last page may say when its rows have moved to the page before."""


@dataclass(frozen=True, slots=True)
class ListingPage:
    """One page of a listing. ``next_url`` None: it links to no other; ``is_whole``: its markup is closed.

    ``keys`` are what tells one item from the other.
    """

    items: tuple[Item, ...]
    keys: tuple[str, ...]
    next_url: str | None
    is_whole: bool


Pages = tuple[ListingPage, ...]

PageReader = Callable[[Exchange, bool], ListingPage]
"""A response as a page; whether it is the first one."""

NOTHING = ListingPage((), (), None, is_whole=True)


@dataclass(slots=True)
class PageWalk:
    """One reading under way. Each sweep is the whole listing, top to bottom, its turning page shared with the
    sweep before; ``latest`` and ``validators`` are those of each page's last full response.

    ``read``: a response as a page; ``ends_missing``: a page that is not there is the end, since nothing had
    linked to it.
    """

    route: Route
    fetch: Fetch
    ask: ReadRequest
    read: PageReader
    ends_missing: bool = False
    urls: list[str] = field(default_factory=list)
    latest: list[ListingPage] = field(default_factory=list)
    validators: list[Validators] = field(default_factory=list)
    sweeps: list[Pages] = field(default_factory=list)
    items: dict[str, Item] = field(default_factory=dict)
    missing: ScrapeError | None = None
    ended: bool = False

    def down(self) -> bool:
        """The first sweep, which finds the pages. False where the first page is unchanged since last time."""
        pause = self.route.pause.total_seconds()
        exchange = self.fetch(self.route.url, pause_seconds=pause, validators=self.ask.validators)
        if exchange.status == 304:
            return False
        page = self._keep(exchange, self.route.url, 0)
        while not self._is_enough(page):
            url = _next_of(page, exchange)
            try:
                exchange = self.fetch(url, pause_seconds=pause)
                page = self._keep(exchange, url, len(self.urls))
            except ScrapeError as error:
                if error.kind not in GONE:
                    raise
                if self.ends_missing:
                    self.ended = True
                else:
                    self._keep_missing(url, error)
                break
        self.sweeps.append(tuple(self.latest))
        return True

    def settled(self) -> tuple[Item, ...]:
        """Everything that was met, in the order of a sweep that another one agrees with."""
        base = self.sweeps[0] if len(self.urls) == 1 else self._agreed()
        order = merge_reads((key for page in base for key in page.keys), map(_keys, reversed(self.sweeps)))
        return tuple(self.items[key] for key in order)

    def _agreed(self) -> Pages:
        for n in range(1, MOST_READS):
            downwards = n % 2 == 0
            first = 1 if downwards else 0
            pages = self._again(downwards=downwards)
            newer = _keys(pages[first : first + len(pages) - 1])
            older = list(map(_keys, self.sweeps))
            agreed = [k for k, old in enumerate(older) if reads_agree(old, newer, from_second=downwards)]
            at_rest = n > 1 and all(is_same_read(old, newer, from_second=downwards) for old in older)
            if agreed or at_rest:
                base = self.sweeps[agreed[-1] if agreed else -1]
                self.sweeps.append(pages)
                return base
            self.sweeps.append(pages)
        reason = f"{self.route.url} moved during each of {MOST_READS} sweeps over its {len(self.urls)} pages"
        raise Unreachable("shifted", reason)

    def _again(self, *, downwards: bool) -> Pages:
        """Another sweep, from the page after the turn; that one is as the last sweep left it."""
        pages = list(self.sweeps[-1])
        numbers = range(len(pages)) if downwards else range(len(pages) - 1, -1, -1)
        for n in numbers[1:]:
            pages[n] = self._page_again(n)
            if self.missing is not None and n == len(pages) - 2 and pages[n].next_url is not None:
                self._look_for_missing(self.missing)
        return tuple(pages)

    def _look_for_missing(self, error: ScrapeError) -> None:
        """The page that was not there is linked to all the same: it has come back, or the failure stands."""
        if self._page_again(len(self.urls) - 1) is NOTHING:
            raise error
        raise Unreachable("shifted", f"{self.urls[-1]} was gone and is there again")

    def _page_again(self, n: int) -> ListingPage:
        pause = self.route.pause.total_seconds()
        given = self.validators[n]
        conditions = given if given != Validators() else None
        try:
            exchange = self.fetch(self.urls[n], pause_seconds=pause, validators=conditions)
            return self.latest[n] if exchange.status == 304 else self._keep(exchange, self.urls[n], n)
        except ScrapeError as error:
            if error.kind in GONE and n == len(self.urls) - 1:
                return NOTHING
            raise

    def _keep(self, exchange: Exchange, url: str, n: int) -> ListingPage:
        """A full response as page n: everything on it is kept."""
        page = self.read(exchange, n == 0)
        if n == len(self.urls):
            if any(page.keys == earlier.keys for earlier in self.latest):
                reason = f"page {n + 1}, {exchange.final_url}, is an earlier page again"
                raise Unrecognised("page_repeats", reason)
            self.urls.append(url)
            self.latest.append(page)
            self.validators.append(validators_of(exchange))
        self.items |= zip(page.keys, page.items, strict=True)
        self.latest[n], self.validators[n] = page, validators_of(exchange)
        return page

    def _keep_missing(self, url: str, error: ScrapeError) -> None:
        """The page that a next link led to is not there. It may be that its last row has just moved up: then
        the page before it no longer has that link when it is read again. Else it is the failure it seems."""
        self.missing = error
        self.urls.append(url)
        self.latest.append(NOTHING)
        self.validators.append(Validators())

    def _is_enough(self, page: ListingPage) -> bool:
        reached = reaches_back(page.items, self.ask.back_to)
        return page.next_url is None or len(self.urls) >= self.route.max_pages or reached


def reaches_back(items: Sequence[Item], back_to: datetime | None) -> bool:
    """Whether a page goes back past an instant: the oldest item of its newest-first run lies before it.

    An old item that is pinned above newer ones is no part of that run.
    """
    published: list[PublicationTime] = [item.published for item in items]
    run = newest_first_run(published)
    return back_to is None or not run or published[run[-1]].interval.until_at <= back_to


def _keys(pages: Pages) -> list[tuple[str, ...]]:
    return [page.keys for page in pages]


def _next_of(page: ListingPage, exchange: Exchange) -> str:
    """The address of the following page, on the same host."""
    assert page.next_url is not None
    here, there = urlsplit(exchange.final_url).netloc, urlsplit(page.next_url).netloc
    if here.lower() != there.lower():
        raise Unrecognised("bad_next", f"the page after {exchange.final_url} would be on {there}")
    return page.next_url
