"""Facts put into a database as the reading jobs put them there: polls, coverage, documents, looks at them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from servanda.compliance.intervals import Interval
from servanda.compliance.publication import PublicationTime
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.documents.observations import record_gone, record_seen
from servanda.jobs.polling import health_alerts as health
from servanda.models.archive.folder import RecordLocation
from servanda.models.documents import documents, identity, listings
from servanda.models.polls import polls
from servanda.models.polls.polls import ExchangeRecord, Failure, PollRecord
from servanda.scrapers.route_reading import Item

TEXTS = {
    "candidate": "The United States and Mexico announced additional measures on migration today in a joint "
    "statement, the Secretary of State said.",
    "guard": "Mexico deployed its National Guard on the border, as the Secretary noted with thanks.",
    "ordinary": "Ordinary business of the day, told in a sentence that is long enough to be a page.",
}
ROUTE = "listing"
LAG = timedelta(hours=12)


@dataclass(frozen=True)
class Text:
    """The main content of a page."""

    title: str
    text: str | None
    language: str = "en"
    extractor: str = "test"

    @property
    def digest(self) -> str:
        return hashlib.sha256(f"{self.title}\n{self.text}".encode()).hexdigest()


@dataclass
class Page:
    """A document on record: what it says now, its version, and whether it was last seen gone."""

    source: str
    document: int
    text: Text
    version: int
    published: PublicationTime
    gone: bool = False


class Facts:
    """``wiring`` is the one of the jobs; every method is one transaction."""

    def __init__(self, wiring: Wiring) -> None:
        self.wiring = wiring
        self._made = 0

    def read(self, source: str, *, days: int, release: tuple[str, timedelta] | None = None) -> Page | None:
        """A valid reading that reaches ``days`` back; ``release``: the kind of a new item, and its age."""
        now = self.wiring.now
        with self.wiring.store.writing() as db:
            poll = self._poll(db, source, None)
            seen = Interval(now - timedelta(days=days), now - LAG)
            polls.record_coverage(db, poll, source, ROUTE, seen, "listing", now)
            return None if release is None else self._publish(db, poll, source, *release)

    def block(self, source: str) -> None:
        """A reading that failed."""
        with self.wiring.store.writing() as db:
            self._poll(db, source, Failure("blocked", "challenge", "a challenge stands in its place"))

    def edit(self, page: Page, kind: str) -> None:
        """The page says something else from now on."""
        self._made += 1
        page.text = Text(page.text.title, f"{TEXTS[kind]} Edited for the {self._made}th time.")
        with self.wiring.store.writing() as db:
            page.version, _ = documents.record_version(
                db, page.document, page.text, page.published, self.wiring.now
            )
            self._seen(db, page)

    def look(self, page: Page, *, gone: bool) -> None:
        """The page is looked at again, and is there or gone."""
        page.gone = gone
        with self.wiring.store.writing() as db:
            if not gone:
                self._seen(db, page)
                return
            poll = self._poll(db, page.source, None)
            exchange = self._exchange(db, poll, page.document, "https://gone.example/", 404)
            now, catalogue = self.wiring.now, self.wiring.catalogue
            record_gone(db, catalogue, page.document, exchange, now, now=now)

    def _seen(self, db: Connection, page: Page) -> None:
        poll = self._poll(db, page.source, None)
        exchange = self._exchange(db, poll, page.document, "https://seen.example/", 200)
        now, catalogue = self.wiring.now, self.wiring.catalogue
        record_seen(db, catalogue, page.document, page.version, exchange, now, now=now)

    def _poll(self, db: Connection, source: str, failure: Failure | None) -> int:
        now, catalogue = self.wiring.now, self.wiring.catalogue
        outcome = "read" if failure is None else "failed"
        record = PollRecord(source, ROUTE, now, now, outcome, failure, 1, 1, 0, catalogue.digest)  # type: ignore[arg-type]
        poll = polls.record_poll(db, record)
        found = catalogue.source(source)
        failed = failure is not None
        health.record_health_alerts(db, catalogue, found, found.live_routes[0], poll, failed=failed, now=now)
        return poll

    def _publish(self, db: Connection, poll: int, source: str, kind: str, age: timedelta) -> Page:
        self._made += 1
        now, number = self.wiring.now, self._made
        published = PublicationTime.instant(now - age, "UTC")
        url = f"https://{source}.example/{kind}-{number}"
        item = Item(f"{kind.title()} {number}", url, published, (("url", url),))
        (document,) = identity.identify_items(db, source, [item], now).documents
        listings.record_listings(db, poll, [document], [item], now, route=ROUTE)
        text = Text(item.title, f"{TEXTS[kind]} It is release number {number} of its office.")
        version, _ = documents.record_version(db, document, text, published, now)
        exchange = self._exchange(db, poll, document, url, 200)
        record_seen(db, self.wiring.catalogue, document, version, exchange, now, now=now, first=True)
        return Page(source, document, text, version, published)

    def _exchange(self, db: Connection, poll: int, document: int, url: str, status: int) -> int:
        self._made += 1
        place = RecordLocation("servanda-test.warc.gz", self._made, 1)
        sha256 = hashlib.sha256(f"{url}{self._made}".encode()).hexdigest()
        return polls.record_exchange(
            db, poll, document, ExchangeRecord(url, status, None, sha256, place, self.wiring.now)
        )
