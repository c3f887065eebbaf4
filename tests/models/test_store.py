from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError

from servanda.models import tables
from servanda.models.store import Store, StoreError, create_store, open_store

NOW = datetime(2019, 6, 7, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def is_search(name: str | None) -> bool:
    """Whether something belongs to the search, which each database does in its own way and SQL alone knows."""
    return (name or "").removeprefix("ix_").startswith("document_search")


def test_the_migrations_make_the_schema_that_the_tables_describe(store: Store) -> None:
    with store.reading() as db:
        opts = {"compare_type": True, "include_object": lambda _, name, *__: not is_search(name)}
        context = MigrationContext.configure(db, opts=opts)
        assert compare_metadata(context, tables.metadata) == []


def test_the_mode_is_fixed_when_the_database_is_created(database_url: str) -> None:
    first = create_store(database_url, mode="replay", now=NOW)
    again = create_store(database_url, mode="live", now=NOW + DAY)
    assert (again.mode, again.identity) == ("replay", first.identity)
    assert open_store(database_url).identity == first.identity


@pytest.mark.parametrize("table", tables.LEDGERS)
def test_ledgers_refuse_change_and_removal(store: Store, table: str) -> None:
    with store.reading() as db:
        triggers = (
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"
            if db.dialect.name == "sqlite"
            else "SELECT 2 * count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = CAST(:table AS regclass)"
        )
        name = table if db.dialect.name == "sqlite" else f'"{table}"'
        assert db.execute(text(triggers), {"table": name}).scalar_one() == 2


@pytest.mark.parametrize("statement", ["UPDATE database SET mode = 'replay'", "DELETE FROM database"])
def test_a_row_of_a_ledger_stays_as_it_was(store: Store, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), store.writing() as db:
        db.execute(text(statement))
    assert store.mode == "live"


def test_instants_come_back_aware_and_in_utc(store: Store) -> None:
    washington = datetime.fromisoformat("2019-06-07T08:00:00.123456-04:00")
    with store.writing() as db:
        db.execute(insert(tables.monitored).values(instrument="i", since_at=washington))
    with store.reading() as db:
        kept = db.execute(select(tables.monitored.c.since_at)).scalar_one()
    assert kept == washington
    assert kept.utcoffset() == timedelta(0)


def test_a_naive_instant_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="must be aware"), store.writing() as db:
        db.execute(insert(tables.monitored).values(instrument="i", since_at=datetime(2019, 6, 7)))


def test_what_an_exception_interrupts_is_not_kept(store: Store) -> None:
    def interrupted() -> None:
        with store.writing() as db:
            db.execute(insert(tables.monitored).values(instrument="i", since_at=NOW))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        interrupted()
    with store.reading() as db:
        assert db.execute(select(func.count()).select_from(tables.monitored)).scalar_one() == 0


def test_a_foreign_key_must_point_at_a_row(store: Store) -> None:
    with pytest.raises(DBAPIError), store.writing() as db:
        db.execute(insert(tables.document_alias).values(source="s", scheme="url", value="v", document=99))


def test_writers_queue_and_none_is_lost(store: Store) -> None:
    def write(n: int) -> None:
        for i in range(5):
            with store.writing() as db:
                seen = db.execute(select(func.count()).select_from(tables.monitored)).scalar_one()
                db.execute(insert(tables.monitored).values(instrument=f"{n}-{i}-{seen}", since_at=NOW))

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as db:
        names = [row.instrument for row in db.execute(select(tables.monitored))]
    assert sorted(int(name.rsplit("-", 1)[1]) for name in names) == list(range(20)), "each saw all before it"


def test_a_replay_moves_on_and_never_back(database_url: str) -> None:
    store = create_store(database_url, mode="replay", now=NOW)
    assert store.replay_now() == NOW
    store.move_replay_to(NOW + DAY)
    store.move_replay_to(NOW + DAY)
    with pytest.raises(StoreError, match="never goes back: it has reached 2019-06-08"):
        store.move_replay_to(NOW)
    assert open_store(database_url).replay_now() == NOW + DAY


def test_a_live_database_refuses_another_now(store: Store) -> None:
    with pytest.raises(StoreError, match=r"this one is live.*--as-of"):
        store.move_replay_to(NOW)


@pytest.mark.parametrize(
    "url, message",
    [
        ("sqlite:///nowhere/at/all.db", "there is no database at .*servanda run"),
        ("mysql://host/name", "mysql is not supported; valid: sqlite, postgresql"),
        ("not a url", "is not a database URL; valid: sqlite:///"),
        ("sqlite://", "there is no database at"),
        ("mysql://ana:secret@host/name", r"^(?!.*secret)"),
    ],
)
def test_a_database_that_cannot_be_opened_says_what_would_be_valid(url: str, message: str) -> None:
    with pytest.raises(StoreError, match=message):
        open_store(url)


def test_opening_a_missing_database_does_not_create_it(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        open_store(f"sqlite:///{tmp_path}/absent.db")
    assert list(tmp_path.iterdir()) == []


def test_a_database_in_memory_is_refused() -> None:
    with pytest.raises(StoreError, match="forgets everything"):
        create_store("sqlite://", mode="live", now=NOW)


def test_a_schema_of_another_release_is_named(store: Store, schema_url: str) -> None:
    with store.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"has schema 9999, this release has \d+; install"):
        open_store(schema_url)
