"""The reading list against the ledgers that it is a cache of, on each database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from servanda.compliance.publication import PublicationTime
from servanda.models.archive.location import RecordLocation
from servanda.models.documents import documents, listings
from servanda.models.documents import reading_queue as unread
from servanda.models.documents import unread_documents as unread_duties
from servanda.models.documents.identity import identify_items
from servanda.models.polls import polls
from servanda.models.polls.polls import ExchangeRecord, PollRecord
from servanda.models.store import Store

NOW = datetime(2019, 9, 6, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PUBLISHED = PublicationTime.instant(NOW - HOUR, "America/New_York")


@dataclass(frozen=True)
class Item:
    title: str
    published: PublicationTime = PUBLISHED
    summary: str | None = None
    text: str | None = None

    @property
    def url(self) -> str:
        return f"https://www.state.gov/{self.title}/"

    @property
    def aliases(self) -> tuple[tuple[str, str], ...]:
        return (("guid", self.title),)


@dataclass(frozen=True)
class Article:
    digest: str
    title: str = "A title"
    text: str = "A title\n\nA text."
    language: str = "en"
    extractor: str = "by hand"


def listed(store: Store, *titles: str, source: str = "us-state", route: str = "feed") -> tuple[int, ...]:
    items = [Item(title) for title in titles]
    with store.writing() as db:
        polls.load_catalogue(db, "digest", "{}", NOW)
        record = PollRecord(source, route, NOW, NOW, "read", None, 1, len(items), 0, "digest")
        poll = polls.record_poll(db, record)
        found = identify_items(db, source, items, NOW)
        listings.record_listings(db, poll, found.documents, items, NOW, route=route)
    return found.documents


def tried(store: Store, document: int, at: datetime) -> None:
    with store.writing() as db:
        exchange = ExchangeRecord(
            "https://www.state.gov/", 503, None, "0" * 64, RecordLocation("f", 0, 1), at
        )
        polls.record_exchange(db, 1, document, exchange)


def read(store: Store, document: int, digest: str, at: datetime = NOW) -> None:
    with store.writing() as db:
        documents.record_version(db, document, Article(digest), PUBLISHED, at)


def waiting(store: Store, source: str = "us-state") -> list[int]:
    with store.reading() as db:
        return [document.document for document in unread.documents_to_read(db, source)]


def unread_by_the_ledgers(store: Store, as_of: datetime = NOW) -> list[int]:
    with store.reading() as db:
        return [document.document for document in unread_duties.unread_documents(db, as_of, ["us-state"])]


def test_what_was_listed_waits_until_it_is_read(store: Store) -> None:
    one, two = listed(store, "one", "two")
    assert waiting(store) == [one, two] == unread_by_the_ledgers(store)
    read(store, one, "a")
    assert waiting(store) == [two] == unread_by_the_ledgers(store)
    read(store, one, "b")
    listed(store, "one", "three")
    assert waiting(store)[0] == two
    assert waiting(store) == unread_by_the_ledgers(store), "a document that was read does not come back"


def test_the_past_is_asked_of_the_ledgers(store: Store) -> None:
    (one,) = listed(store, "one")
    read(store, one, "a", at=NOW + HOUR)
    assert waiting(store) == [] == unread_by_the_ledgers(store, NOW + HOUR)
    assert unread_by_the_ledgers(store, NOW) == [one], "it had not been read by then"


def test_each_source_has_its_own_list(store: Store) -> None:
    (one,) = listed(store, "one")
    (other,) = listed(store, "one", source="mx-sre")
    assert (waiting(store), waiting(store, "mx-sre")) == ([one], [other])
    assert unread_by_the_ledgers(store) == [one]
    with store.reading() as db:
        assert [d.document for d in unread_duties.unread_documents(db, NOW)] == [one, other]


def test_tries_are_counted_and_the_newest_listing_is_shown(store: Store) -> None:
    (one,) = listed(store, "one")
    tried(store, one, NOW)
    tried(store, one, NOW + HOUR)
    with store.reading() as db:
        (found,) = unread.documents_to_read(db, "us-state")
    assert (found.attempts, found.last_attempt_at) == (2, NOW + HOUR)
    assert (found.title, found.url, found.route) == ("one", "https://www.state.gov/one/", "feed")


def test_a_document_that_was_never_tried_has_no_attempt(store: Store) -> None:
    listed(store, "one")
    with store.reading() as db:
        (found,) = unread.documents_to_read(db, "us-state")
    assert (found.attempts, found.last_attempt_at) == (0, None)
