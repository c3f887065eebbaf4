"""Sources and their routes as data: what is read, how, how often, and how much of it counts.

Frozen pydantic models, filled from ``instruments/sources/<id>.yml``. Durations are ISO 8601 (``PT30M``).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from servanda.compliance.intervals import BEGINNING, END, Interval
from servanda.compliance.publication import PublicationTime, start_of_day
from servanda.compliance.vocabulary import SourceTerms

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$")]
QueryName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_-]{0,30}$")]
AddressStart = Annotated[str, StringConstraints(pattern=r"^(https?://[^\s/]+)?/[^\s]*$")]
UrlPath = Annotated[str, StringConstraints(pattern=r"^/[^\s]*$")]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class DateField(_Data):
    """Where a row's publication time stands.

    ``attribute`` None reads the element's text; of several, the one that is there. ``formats`` are strptime
    formats, tried in order; ``iso`` stands for ISO 8601. A value without an offset is a civil time in the
    source's zone; a format without a time of day gives a date. ``language`` names the months of ``%B``/``%b``
    (``en`` or ``es``).
    """

    selector: str
    attribute: str | tuple[str, ...] | None = None
    formats: tuple[str, ...]
    language: Literal["en", "es"] = "en"


class FeedOptions(_Data):
    """RSS or Atom. ``guid_scheme`` names the alias under which guids are kept.

    ``pages`` names the parameter of its further pages (``paged`` for WordPress); None where it has one page.
    """

    platform: Literal["feed"]
    guid_scheme: str = "guid"
    pages: QueryName | None = None


class ListingOptions(_Data):
    """An HTML listing. Selectors are CSS; inside a row each must match exactly one element.

    Pages are followed by ``next``; a page without it is the listing's end. With ``next`` None there is one.
    ``others`` are elements that may stand beside the rows under the same tag name (an advertisement, the head
    of a table); any other there is a row that has changed. ``language`` is what the pages say of themselves,
    where that is not the source's language.
    """

    platform: Literal["listing"]
    row: str
    title: str
    link: str
    date: DateField
    next: str | None = None
    others: str | None = None
    language: Literal["en", "es"] | None = None


class FederalRegisterOptions(_Data):
    """The Federal Register API v1, by agency and publication date."""

    platform: Literal["federal_register"]
    agencies: tuple[str, ...]
    per_page: int = Field(default=200, ge=1, le=1000)


class DofOptions(_Data):
    """Mexico's Diario Oficial de la Federación, one request a day; ``max_pages`` bounds the days.

    ``leave_out``: how the names of those parts begin whose notes are not wanted, as the Diario writes them; a
    route that leaves out any is a mere sample.
    """

    platform: Literal["dof"]
    leave_out: tuple[str, ...] = ()


class DofIndexOptions(_Data):
    """The same Diario by its index pages, an edition at a time; ``max_pages`` bounds the days.

    ``documents``: what the address of a note begins with, before its number.
    """

    platform: Literal["dof_index"]
    documents: Url


class DojNewsOptions(_Data):
    """The Justice Department's News API; ``components``: the offices that are wanted, by its names."""

    platform: Literal["doj_news"]
    components: tuple[str, ...] = Field(min_length=1)


class WordPressOptions(_Data):
    """The REST interface of a WordPress site, by publication time; ``Route.url`` is ``…/wp/v2/<type>``.

    ``per_page`` is at most 100; a site with a lower bound says so, and is asked for that.
    """

    platform: Literal["wordpress"]
    per_page: int = Field(default=100, ge=1, le=100)


class SitemapOptions(_Data):
    """An XML sitemap, or an index of sitemaps. ``paths``: how the paths of the wanted documents begin.

    ``lastmod`` says when a page was changed. Only where a publisher is known to leave it at the publication
    time does it date an item; else the documents date themselves, and the route is a mere sample.
    """

    platform: Literal["sitemap"]
    paths: tuple[UrlPath, ...] = Field(min_length=1)
    lastmod_is_publication: bool = False


class PageOptions(_Data):
    """A single page, watched for change; ``Route.content`` names the part that is watched.

    Each distinct content is a document, dated by the day on which it was first seen: it was published on that
    day or before.
    """

    platform: Literal["page"]


class CdxOptions(_Data):
    """Captures of a feed or listing in a web archive, found by its CDX API; ``Route.url`` is the original's.

    ``archive`` is where both answer: ``/cdx/search/cdx`` and ``/web/<timestamp>id_/<address>``. ``read`` says
    how a capture is read. ``documents``: whether these are read at their own addresses or, where they are
    gone, as captures too. ``Route.max_pages`` bounds the captures of one reading.
    """

    platform: Literal["cdx"]
    archive: Url
    read: Annotated[FeedOptions | ListingOptions, Field(discriminator="platform")]
    documents: Literal["original", "captures"] = "original"

    def capture_url(self, at: datetime, url: str) -> str:
        """Where the archive plays back what it has of an address from the time next to ``at``, as it came."""
        return f"{self.archive.rstrip('/')}/web/{at.astimezone(UTC):%Y%m%d%H%M%S}id_/{url}"


Platform = Annotated[
    FeedOptions
    | ListingOptions
    | FederalRegisterOptions
    | DofOptions
    | DofIndexOptions
    | DojNewsOptions
    | WordPressOptions
    | SitemapOptions
    | PageOptions
    | CdxOptions,
    Field(discriminator="platform"),
]


REREAD = tuple(timedelta(hours=hours) for hours in (6, 24, 3 * 24, 7 * 24, 30 * 24))
"""The ages at which documents are read again, where a route does not say otherwise: densest while fresh."""


class Canary(_Data):
    """A past item that a route is known to hold and that its reader must still find.

    ``document``: its address, or the number under which its publisher knows it.
    """

    document: str = Field(min_length=1, max_length=300)
    published_on: date


class Route(_Data):
    """One way to read a source.

    ``reader``: how its reader is known; only ``recorded`` counts for coverage. ``seen``: what real bytes of
    it, or of its platform, say of it, for people.
    ``depth``: it can reach back past its first page. ``on_demand``: read only when a date range is asked
    for (an archive that no longer changes). ``retired``: never read, kept for the record.
    ``content`` is a CSS selector of an article's main part, for pages where extraction alone goes wrong.
    ``addresses``: how the addresses of its items begin, as paths of its own site or with their host; a page
    with any other is another publisher's.
    ``begins``: the first civil day that the route can show, where that is later than the source's own
    beginning (a site that starts anew with an administration); neither its end nor its count proves silence
    before.
    ``canaries`` are looked for every ``canary_every``, and by each reading that claims their day.
    ``unchanged_for``: how long after a full reading its publisher's word "unchanged" (304) is taken.
    ``reread``: the ages, since publication, at which a document is read again; none for never.
    """

    id: Slug
    url: Url
    reader: Literal["recorded", "described", "unseen"]
    seen: str | None = None
    read: Platform
    cadence: timedelta = Field(gt=timedelta(0), le=timedelta(days=1))
    pause: timedelta = timedelta(seconds=2)
    depth: bool = False
    on_demand: bool = False
    retired: bool = False
    sampled: bool = False
    minimum_items: int = Field(ge=0)
    empty: Literal["fault", "news"]
    max_pages: int = Field(default=1, ge=1, le=2000)
    content: str | None = None
    addresses: tuple[AddressStart, ...] = ()
    begins: date | None = None
    canaries: tuple[Canary, ...] = ()
    canary_every: timedelta = Field(default=timedelta(days=7), gt=timedelta(0))
    unchanged_for: timedelta = Field(default=timedelta(days=1), gt=timedelta(0), le=timedelta(days=7))
    reread: tuple[timedelta, ...] = REREAD
    note: str | None = None

    @property
    def counts(self) -> bool:
        """Whether a valid reading may enter coverage."""
        return self.reader == "recorded" and not self.sampled

    @property
    def dated_by_document(self) -> bool:
        """Whether its items' times are stand-ins, until each document says when it was published."""
        return isinstance(self.read, SitemapOptions) and not self.read.lastmod_is_publication

    @property
    def titled_by_address(self) -> bool:
        """Whether its items' titles are the words of their addresses: stand-ins, which no page need show."""
        return isinstance(self.read, SitemapOptions)

    @property
    def gives_text(self) -> bool:
        """Whether its answers hold the documents' own texts, each in the row of its title."""
        return isinstance(self.read, WordPressOptions)

    @property
    def documents_change(self) -> bool:
        """Whether documents of it can be read again: not a watched page, whose every content is a document of
        its own, and not an archive's captures, which do not change."""
        if isinstance(self.read, CdxOptions):
            return self.read.documents == "original"
        return not isinstance(self.read, PageOptions)

    @property
    def first_date_stands(self) -> bool:
        """Whether an item keeps the time that its first reading gave it: later ones would only move it."""
        return self.dated_by_document or isinstance(self.read, PageOptions)

    def address_of(self, url: str, published: PublicationTime) -> str:
        """Where a document that this route listed is read: at its own address, or as a capture soon after."""
        if isinstance(self.read, CdxOptions) and self.read.documents == "captures":
            return self.read.capture_url(published.interval.until_at, url)
        return url


class Existence(_Data):
    """First and last civil day on which the source published; None where unknown or going on."""

    since: date | None = None
    until: date | None = None


class Source(_Data):
    """One publisher's official output of one kind. ``party`` is None where no party publishes it.

    ``blind_after``: for how long no route may be read before its operators are told.
    """

    id: Slug
    title: str
    publisher: str
    party: str | None
    language: Literal["en", "es"]
    zone: str
    existed: Existence = Existence()
    lag: timedelta = Field(ge=timedelta(0))
    longest_silence: timedelta = Field(gt=timedelta(0))
    blind_after: timedelta = Field(default=timedelta(days=1), gt=timedelta(0))
    routes: tuple[Route, ...] = Field(min_length=1)
    note: str | None = None

    @property
    def existence(self) -> Interval:
        since, until = self.existed.since, self.existed.until
        return Interval(
            start_of_day(since, self.zone) if since else BEGINNING,
            start_of_day(until + timedelta(days=1), self.zone) if until else END,
        )

    def proven_by_end(self, route: Route) -> Interval:
        """Where a route's end or count proves silence: the source's existence, from the route's first day."""
        existed = self.existence
        if route.begins is None:
            return existed
        return Interval(max(existed.from_at, start_of_day(route.begins, self.zone)), existed.until_at)

    @property
    def live_routes(self) -> tuple[Route, ...]:
        """The routes of the daily job: neither retired nor read on demand only."""
        return tuple(r for r in self.routes if not r.retired and not r.on_demand)

    @property
    def terms(self) -> SourceTerms:
        """What a verdict needs; the cadence is the greatest among the routes that count, with depth."""
        deep = [r.cadence for r in self.live_routes if r.depth] or [r.cadence for r in self.routes]
        return SourceTerms(self.id, self.existence, self.lag, max(deep))

    def route(self, route_id: str) -> Route:
        return next(r for r in self.routes if r.id == route_id)
