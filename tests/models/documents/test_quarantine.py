"""What was put aside, and what ends that, on each database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from servanda.compliance.document_history import State
from servanda.compliance.publication import PublicationTime
from servanda.models.archive.location import RecordLocation
from servanda.models.documents import documents, listings, quarantine
from servanda.models.documents.identity import identify_items
from servanda.models.documents.observations import archived_response, record_observation
from servanda.models.documents.unread_documents import GONE, unread_documents
from servanda.models.polls import polls
from servanda.models.polls.polls import ExchangeRecord, PollRecord
from servanda.models.store import Store

NOW = datetime(2019, 9, 6, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PUBLISHED = PublicationTime.instant(NOW - HOUR, "America/New_York")


@dataclass(frozen=True)
class Item:
    title: str = "A"
    url: str = "https://www.state.gov/a/"
    published: PublicationTime = PUBLISHED
    summary: str | None = None
    text: str | None = None
    aliases: tuple[tuple[str, str], ...] = (("guid", "1"),)


@dataclass(frozen=True)
class Article:
    digest: str
    text: str | None = None
    title: str = "A"
    language: str = "en"
    extractor: str = "by hand"


@dataclass
class Ledger:
    """One listed document, and what is noted of it."""

    store: Store
    poll: int = field(init=False)
    document: int = field(init=False)

    def __post_init__(self) -> None:
        with self.store.writing() as db:
            polls.load_catalogue(db, "digest", "{}", NOW)
            record = PollRecord("us-state", "feed", NOW, NOW, "read", None, 1, 1, 1, "digest")
            self.poll = polls.record_poll(db, record)
            (self.document,) = identify_items(db, "us-state", [Item()], NOW).documents
            listings.record_listings(db, self.poll, [self.document], [Item()], NOW, route="feed")

    def exchange(self, at: datetime, status: int = 200, body_of: int | None = None) -> int:
        record = ExchangeRecord(
            "https://www.state.gov/a/",
            status,
            None,
            "0" * 64,
            RecordLocation(f"{at:%H%M}", 0, 1),
            at,
            body_of=body_of,
        )
        with self.store.writing() as db:
            return polls.record_exchange(db, self.poll, self.document, record)

    def seen(self, at: datetime, status: int = 200, digest: str = "a", text: str | None = None) -> int:
        exchange = self.exchange(at, status)
        with self.store.writing() as db:
            version, _ = documents.record_version(db, self.document, Article(digest, text), PUBLISHED, at)
            record_observation(db, self.document, version, exchange, "seen", at)
        return version

    def note(self, state: State, at: datetime) -> None:
        exchange = self.exchange(at, 404)
        with self.store.writing() as db:
            record_observation(db, self.document, None, exchange, state, at)

    def put_aside(self, at: datetime, kind: str = "poison_hang") -> None:
        exchange = self.exchange(at)
        with self.store.writing() as db:
            quarantine.record_quarantine(db, self.document, exchange, kind, "it took too long", at)

    def why(self, as_of: datetime) -> list[str | None]:
        with self.store.reading() as db:
            return [unread.why for unread in unread_documents(db, as_of)]


@pytest.fixture
def ledger(store: Store) -> Ledger:
    return Ledger(store)


def test_a_document_that_was_put_aside_is_a_duty_until_it_is_read(ledger: Ledger) -> None:
    ledger.put_aside(NOW + HOUR)
    ledger.seen(NOW + 2 * HOUR)
    assert ledger.why(NOW) == [None]
    assert ledger.why(NOW + HOUR) == ["quarantined (poison_hang)"]
    assert ledger.why(NOW + 2 * HOUR) == []


def test_what_was_read_before_is_a_duty_again_and_an_answer_unchanged_ends_nothing(ledger: Ledger) -> None:
    ledger.seen(NOW)
    assert ledger.why(NOW) == []
    ledger.put_aside(NOW + HOUR)
    ledger.seen(NOW + 2 * HOUR, status=304)
    assert ledger.why(NOW + 2 * HOUR) == ["quarantined (poison_hang)"]
    ledger.seen(NOW + 3 * HOUR, status=200)
    assert ledger.why(NOW + 3 * HOUR) == []


def test_a_text_that_was_drawn_after_all_ends_it(ledger: Ledger) -> None:
    version = ledger.seen(NOW)
    ledger.put_aside(NOW + HOUR, "archive_damaged")
    with ledger.store.writing() as db:
        documents.record_text(db, version, "A text.", "by hand", NOW + 2 * HOUR)
    assert ledger.why(NOW + HOUR) == ["quarantined (archive_damaged)"]
    assert ledger.why(NOW + 2 * HOUR) == []


def test_the_last_reason_stands(ledger: Ledger) -> None:
    ledger.put_aside(NOW)
    ledger.put_aside(NOW + HOUR, "poison_crash")
    assert ledger.why(NOW + HOUR) == ["quarantined (poison_crash)"]
    with ledger.store.reading() as db:
        assert [q.kind for q in quarantine.quarantines(db, ledger.document, NOW)] == ["poison_hang"]


@pytest.mark.parametrize(
    "apart, why", [(29 * MINUTE, None), (30 * MINUTE, GONE), (31 * MINUTE, GONE)], ids=["29", "30", "31"]
)
def test_gone_before_it_was_read(ledger: Ledger, apart: timedelta, why: str | None) -> None:
    ledger.note("gone", NOW)
    ledger.note("gone", NOW + apart)
    assert ledger.why(NOW + apart - timedelta(seconds=1)) == [None]
    assert ledger.why(NOW + apart) == [why]


def test_the_bytes_of_a_version_are_those_of_the_last_whole_answer(ledger: Ledger) -> None:
    version = ledger.seen(NOW)
    whole = ledger.exchange(NOW + MINUTE)
    revisit = ledger.exchange(NOW + HOUR, body_of=whole)
    with ledger.store.writing() as db:
        record_observation(db, ledger.document, version, revisit, "seen", NOW + HOUR)
    ledger.seen(NOW + 2 * HOUR, status=304)
    with ledger.store.reading() as db:
        kept = archived_response(db, version)
    assert (kept.exchange, kept.at) == (revisit, NOW + HOUR)
    assert kept.place.file == f"{NOW + MINUTE:%H%M}", "the record that holds them is an earlier one"
