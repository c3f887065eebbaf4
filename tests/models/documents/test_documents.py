from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from servanda.compliance.publication import PublicationTime
from servanda.models import tables
from servanda.models.documents import documents
from servanda.models.documents import unread_documents as unread_duties
from servanda.models.documents.identity import identify_items
from servanda.models.documents.listings import record_listings
from servanda.models.polls import polls
from servanda.models.polls.polls import PollRecord
from servanda.models.store import Store

NOW = datetime(2019, 9, 6, 12, tzinfo=UTC)
LATE_EVENING = datetime(2019, 9, 6, 3, 30, tzinfo=UTC)
ZONE = "America/New_York"


@dataclass(frozen=True)
class Item:
    title: str
    published: PublicationTime
    aliases: tuple[tuple[str, str], ...]
    url: str = "https://www.state.gov/a/"
    summary: str | None = None
    text: str | None = None


def item(title: str = "A", published: PublicationTime | None = None, **aliases: str) -> Item:
    stated = published or PublicationTime.instant(LATE_EVENING, ZONE)
    return Item(title, stated, tuple(aliases.items()))


def listed(store: Store, *items: Item, at: datetime = NOW, source: str = "us-state") -> tuple[int, ...]:
    with store.writing() as db:
        polls.load_catalogue(db, "digest", "{}", at)
        poll = polls.record_poll(
            db, PollRecord(source, "feed", at, at, "read", None, 1, len(items), 0, "digest")
        )
        found = identify_items(db, source, items, at)
        record_listings(db, poll, found.documents, items, at, route="feed")
    return found.documents


IDENTITY = [
    ("the same guid at another address", item(guid="1", url="/a"), item(guid="1", url="/b"), True),
    ("another guid at the same address", item(guid="1", url="/a"), item(guid="2", url="/a"), False),
    ("the same address, once without a guid", item(guid="1", url="/a"), item(url="/a"), True),
    ("the site moved: the path stays", item(url="https://a/x-y", path="/x-y"), item(url="https://b/x-y", path="/x-y"), True),
    ("the same title alone", item("Joint Statement on Cuba", guid="1"), item("Joint Statement on Cuba", guid="2"), False),
]  # fmt: skip


@pytest.mark.parametrize("why, first, second, same", IDENTITY, ids=[case[0] for case in IDENTITY])
def test_which_items_are_one_document(store: Store, why: str, first: Item, second: Item, same: bool) -> None:
    (one,), (other,) = listed(store, first), listed(store, second)
    assert (one == other) is same, why


def test_two_items_of_one_reading_stay_two(store: Store) -> None:
    first, second = listed(store, item(guid="1", url="/a"), item(guid="2", url="/a"))
    assert first != second


def test_sources_do_not_share_documents(store: Store) -> None:
    assert listed(store, item(guid="1")) != listed(store, item(guid="1"), source="us-white-house")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_most_exact_statement_of_a_publication_time_counts(store: Store, order: tuple[int, int]) -> None:
    said = (item(published=PublicationTime.day(date(2019, 9, 5), ZONE), url="/a"), item(guid="1", url="/a"))
    for n in order:
        listed(store, said[n], at=NOW + timedelta(minutes=n))
    with store.reading() as db:
        (row,) = documents.documents(db, NOW + timedelta(hours=1))
        (unread,) = unread_duties.unread_documents(db, NOW + timedelta(hours=1))
    assert row.published == unread.published == PublicationTime.instant(LATE_EVENING, ZONE)


def test_an_edit_is_kept_beside_what_was_said_before(store: Store) -> None:
    listed(store, item("First title", guid="1"))
    listed(store, item("Second title", guid="1"), at=NOW + timedelta(hours=1))
    with store.reading() as db:
        (before,), (after,) = documents.documents(db, NOW), documents.documents(db, NOW + timedelta(hours=1))
    assert (before.title, after.title) == ("First title", "Second title"), (
        "asked about the past, the past answers"
    )


def test_what_is_said_taken_back_and_said_again_counts_again(store: Store) -> None:
    early, late = (
        item(guid="1", published=PublicationTime.instant(NOW - timedelta(hours=h), ZONE)) for h in (9, 4)
    )
    for n, said in enumerate((early, late, early, early)):
        listed(store, said, at=NOW + timedelta(minutes=n))
    with store.reading() as db:
        stated = [documents.documents(db, NOW + timedelta(minutes=n))[0].published for n in range(4)]
        rows = db.execute(select(func.count()).select_from(tables.listing)).scalar_one()
    assert stated == [early.published, late.published, early.published, early.published]
    assert rows == 3, "what is merely said again is no statement"
