"""Pages of documents are sorted in SQL, by tables beside the ledger that say what the ledger says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from servanda.compliance.publication import Precision, PublicationTime
from servanda.models import tables
from servanda.models.documents import documents
from servanda.models.documents.current_listings import (
    ListingKey,
    listed_lines,
    listed_page,
    refresh_current_listings,
)
from servanda.models.documents.document_search import find_documents, question_words
from servanda.models.documents.identity import identify_items
from servanda.models.documents.listings import record_listings
from servanda.models.polls import polls
from servanda.models.polls.polls import PollRecord
from servanda.models.store import Store

NOW = datetime(2019, 9, 6, 12, tzinfo=UTC)
MEXICO, WASHINGTON = "America/Mexico_City", "America/New_York"
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Item:
    title: str
    published: PublicationTime
    aliases: tuple[tuple[str, str], ...]
    url: str = "https://www.state.gov/a/"
    summary: str | None = None
    text: str | None = None


def item(name: str, published: PublicationTime, title: str | None = None) -> Item:
    return Item(title or name, published, (("guid", name),))


def at(hours: int) -> PublicationTime:
    return PublicationTime.instant(NOW - hours * HOUR, WASHINGTON)


def listed(
    store: Store, *items: Item, source: str = "us-state", route: str = "feed", known: datetime = NOW
) -> list[int]:
    with store.writing() as db:
        polls.load_catalogue(db, "digest", "{}", known)
        record = PollRecord(source, route, known, known, "read", None, 1, len(items), 0, "digest")
        poll = polls.record_poll(db, record)
        found = identify_items(db, source, items, known)
        record_listings(db, poll, found.documents, items, known, route=route)
    return list(found.documents)


def titles(
    store: Store, most: int = 50, *, source: str | None = None, after: ListingKey | None = None
) -> list[str]:
    with store.reading() as db:
        return [line.title for _, line in listed_page(db, most, source=source, after=after)]


def test_the_newest_stand_first_and_dates_where_their_day_begins(store: Store) -> None:
    day = PublicationTime.day(date(2019, 9, 5), MEXICO)
    listed(store, item("old", at(72)), item("day", day), item("new", at(1)))
    listed(store, item("beside", at(2)), source="mx-sre")
    assert titles(store) == ["new", "beside", "day", "old"]
    assert titles(store, source="mx-sre") == ["beside"]
    assert titles(store, source="none") == []


def test_pages_follow_each_other_by_key_and_hold_each_document_once(store: Store) -> None:
    listed(store, *(item(f"d{n}", at(n // 3)) for n in range(20)))
    seen: list[str] = []
    key: ListingKey | None = None
    while True:
        with store.reading() as db:
            page = listed_page(db, 7, after=key)
        if not page:
            break
        seen += [line.title for _, line in page]
        key = page[-1][0]
    assert len(seen) == len(set(seen)) == 20
    assert seen == titles(store)


def test_what_counts_is_what_the_ledger_counts(store: Store) -> None:
    """The newest of the most exact statements; what another route says less exactly changes nothing."""
    listed(store, item("a", at(1), "First"))
    listed(
        store,
        item("a", PublicationTime.day(date(2019, 9, 1), WASHINGTON), "By day"),
        route="listing",
        known=NOW + HOUR,
    )
    assert titles(store) == ["First"]
    listed(store, item("a", at(5), "Corrected"), known=NOW + 2 * HOUR)
    with store.reading() as db:
        ((key, line),) = listed_page(db, 5)
        (row,) = documents.documents(db, NOW + 3 * HOUR)
    assert (line.title, line.published, key.from_at) == (row.title, row.published, NOW - 5 * HOUR)
    assert (line.id, line.versions, line.language) == (row.id, 0, None)


def test_the_table_can_be_rebuilt(store: Store) -> None:
    ids = listed(
        store, item("a", at(1)), item("b", PublicationTime(Precision.MONTH, MEXICO, on=date(2019, 8, 1)))
    )

    def held() -> list[tuple[object, ...]]:
        with store.reading() as db:
            both = (tables.current_listing, tables.document_search)
            return [
                tuple(row) for table in both for row in db.execute(select(table).order_by(table.c.document))
            ]

    before = held()
    with store.writing() as db:
        for table in (tables.current_listing, tables.document_search):
            db.execute(delete(table))
    assert held() == []
    with store.writing() as db:
        refresh_current_listings(db, ids)
    assert held() == before


def search(store: Store, question: str, most: int = 50, before: int | None = None) -> list[str]:
    with store.reading() as db:
        found = (
            find_documents(db, question, most)
            if before is None
            else find_documents(db, question, most, before)
        )
        lines = listed_lines(db, found)
    return [lines[number].title for number in found]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("proteccion migrantes", ["Protocolos de Protección a Migrantes"]),
        ("PROTECCIÓN", ["Protocolos de Protección a Migrantes"]),
        ("guardia nac", ["La Guardia Nacional se despliega"]),
        ("nac guardia", []),
        ("guardia migrantes", []),
        ("", []),
        ('"; DROP TABLE document_search; --', []),
        ("guardia OR migrantes", []),
        ("title:guardia", []),
        ("guardia*", ["La Guardia Nacional se despliega"]),
        ("' | migrantes", ["Protocolos de Protección a Migrantes"]),
        ("5G", ["U.S.-Poland Joint Declaration on 5G"]),
    ],
)
def test_words_are_found_without_accents_and_command_nothing(
    store: Store, question: str, found: list[str]
) -> None:
    listed(
        store,
        item("1", at(1), "Protocolos de Protección a Migrantes"),
        item("2", at(2), "La Guardia Nacional se despliega"),
        item("3", at(3), "U.S.-Poland Joint Declaration on 5G"),
    )
    assert search(store, question) == found


def test_the_words_of_a_text_are_found_once_it_is_drawn_and_new_titles_when_they_are_listed(
    store: Store,
) -> None:
    (document,) = listed(store, item("1", at(1), "A release"))
    assert search(store, "deployed") == []
    with store.writing() as db:
        values = {
            "document": document,
            "digest": "d",
            "title": "A release",
            "language": "en",
            "known_at": NOW,
        }
        stated = {"precision": "instant", "zone": WASHINGTON, "published_at": NOW}
        version = db.execute(
            tables.version.insert().values(**values, **stated).returning(tables.version.c.id)
        ).scalar_one()
        documents.record_text(db, version, "Mexico deployed its National Guard.", "x", NOW)
    assert search(store, "deployed guard") == ["A release"]
    listed(store, item("1", at(1), "Another title"), known=NOW + HOUR)
    assert search(store, "deployed another") == ["Another title"]
    assert search(store, "release") == []


def test_what_is_found_comes_by_key(store: Store) -> None:
    listed(store, *(item(f"d{n}", at(n), f"Statement {n}") for n in range(9)))
    first = search(store, "statement", 4)
    assert first == ["Statement 8", "Statement 7", "Statement 6", "Statement 5"]
    with store.reading() as db:
        last = find_documents(db, "statement", 4)[-1]
    assert search(store, "statement", 4, last) == ["Statement 4", "Statement 3", "Statement 2", "Statement 1"]


def test_a_question_holds_so_many_words_and_no_more() -> None:
    assert question_words("Ánimo, O'Neill_x 90-day") == ["animo", "o", "neill", "x", "90", "day"]
    assert len(question_words("word " * 500)) == 10
