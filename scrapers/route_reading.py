"""What a reader understood of a route, independent of platform."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from servanda.compliance.document_doubts import DocumentFacts
from servanda.compliance.intervals import Interval
from servanda.compliance.publication import PublicationTime
from servanda.scrapers.exchange import Fetch, Validators

if TYPE_CHECKING:  # what reads documents does without the catalogue, and without the libraries behind it
    from servanda.instruments.routes import Route, Source


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a listing or feed.

    ``title`` is plain text, one line, no invisible characters. ``url`` is absolute. ``aliases`` are
    (scheme, value) pairs that identify the document apart from its address, strongest first:
    ``("guid", …)``, ``("fr", "2019-15246")``, ``("url", …)`` without query tracking, ``("path", "/slug/")``.
    ``text``: what the listing itself gives of the document's text, its paragraphs separated by blank lines.
    """

    title: str
    url: str
    published: PublicationTime
    aliases: tuple[tuple[str, str], ...]
    summary: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """What to read: ``back_to`` and ``until`` bound the publication times of interest.

    A listing is read page after page until it has reached ``back_to`` (None: one page). A dated query asks
    for exactly ``back_to`` … ``until`` (None: now). With ``validators`` the first request is conditional.
    """

    now: datetime
    back_to: datetime | None = None
    until: datetime | None = None
    validators: Validators | None = None


@dataclass(frozen=True, slots=True)
class AttestedListing:
    """A listing as an archive saw it at ``attested_at``: its items' publication times, top to bottom."""

    published: tuple[PublicationTime, ...]
    attested_at: datetime


@dataclass(frozen=True, slots=True)
class RouteReading:
    """A valid reading: all items, top to bottom over all pages, each once.

    ``asked`` and ``stated`` are set by dated queries: the range asked for, and the publisher's count.
    ``listings`` are set where an archive's captures were read: each proves what it proves by its own time,
    and together they hold the items. ``doubts`` are sentences for a person: what was passed over, and how
    much of it.
    """

    items: tuple[Item, ...]
    pages: int
    reached_end: bool
    validators: Validators
    asked: Interval | None = None
    stated: int | None = None
    listings: tuple[AttestedListing, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The publisher says that nothing changed since the last valid reading (304)."""


class Reader(Protocol):
    """Read one route. Raises Unreachable, Blocked or Unrecognised; never returns a part in silence."""

    def __call__(
        self, source: Source, route: Route, fetch: Fetch, ask: ReadRequest
    ) -> RouteReading | Unchanged: ...


@dataclass(frozen=True, slots=True)
class Article:
    """The main content of a document's page.

    ``text`` is what is quoted from: the title, a blank line, the main text, its paragraphs separated by blank
    lines; None where a plain scan showed that no rule could match it, and nothing was extracted. ``digest``
    (hex SHA-256) covers the normalised raw content, not the extractor's view of it, so that a new release of
    the extractor is no new version. ``facts`` are what shows that it is the listed document, whole and
    legible. ``published`` is what the page itself says in its metadata, sought
    further where the route's documents must date themselves; None if nothing.
    """

    title: str
    text: str | None
    language: str
    digest: str
    extractor: str
    facts: DocumentFacts
    published: PublicationTime | None = None
