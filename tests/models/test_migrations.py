"""A database of the first schema, with rows in it, brought to this release's: nothing of it is lost."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from models.store import MIGRATIONS, create_store, open_engine

NOW = datetime(2019, 6, 7, 12, tzinfo=UTC)
AT = "'2019-06-07 12:00:00+00:00'"
STATED = f"'instant', 'America/New_York', {AT}"
ROWS = (
    f"INSERT INTO catalogue (digest, content, loaded_at) VALUES ('d', '{{}}', {AT})",
    "INSERT INTO poll (id, source, route, started_at, finished_at, outcome, pages, items, new_documents, catalogue)"
    f" VALUES (1, 'us-state', 'feed', {AT}, {AT}, 'read', 1, 1, 1, 'd')",
    f"INSERT INTO document (id, source, first_seen_at) VALUES (1, 'us-state', {AT})",
    "INSERT INTO exchange (id, poll, document, url, status, sha256, archive_file, archive_offset, archive_length, at)"
    f" VALUES (1, 1, 1, 'https://a.example/', 200, 'aa', 'a.warc.gz', 0, 9, {AT})",
    "INSERT INTO listing (id, document, poll, digest, title, url, precision, zone, published_at, known_at)"
    f" VALUES (7, 1, 1, 'said', 'Title', 'https://a.example/', {STATED}, {AT})",
    "INSERT INTO version"
    " (id, document, digest, title, language, text, extractor, precision, zone, published_at, known_at)"
    f" VALUES (3, 1, 'dd', 'Title', 'en', 'Title\n\nThe text.', 'trafilatura 2', {STATED}, {AT})",
    "INSERT INTO unread (document, source) VALUES (1, 'us-state')",
)


@pytest.fixture
def first_schema(database_url: str) -> str:
    engine = open_engine(database_url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as db:
        config.attributes["connection"] = db
        command.upgrade(config, "0001")
        for row in ROWS:
            db.execute(text(row))
    engine.dispose()
    return database_url


def _rows(engine: Engine, query: str) -> list[tuple[Any, ...]]:
    with engine.connect() as db:
        return [tuple(row) for row in db.execute(text(query))]


def test_texts_are_moved_and_everything_else_stays(first_schema: str) -> None:
    store = create_store(first_schema, mode="live", now=NOW)
    ask = store.engine
    assert _rows(ask, "SELECT version, text, extractor FROM extraction") == [
        (3, "Title\n\nThe text.", "trafilatura 2")
    ]
    assert _rows(ask, "SELECT id, digest, title FROM version") == [(3, "dd", "Title")]
    assert _rows(ask, "SELECT id, document, poll, digest, url FROM listing") == [
        (7, 1, 1, "said", "https://a.example/")
    ]
    assert _rows(ask, "SELECT id, body_of FROM exchange") == [(1, None)]
    assert _rows(ask, "SELECT id, asked_from_at FROM poll") == [(1, None)]
    assert _rows(ask, "SELECT document, held_until FROM unread") == [(1, None)]
    store.close()


@pytest.mark.parametrize("ledger", ["listing", "extraction", "version", "exchange", "poll"])
def test_the_ledgers_refuse_change_as_before(first_schema: str, ledger: str) -> None:
    store = create_store(first_schema, mode="live", now=NOW)
    with pytest.raises(DBAPIError, match="append-only"), store.writing() as db:
        db.execute(text(f"DELETE FROM {ledger}"))
    store.close()


def test_a_listing_may_say_again_what_it_said_before(first_schema: str) -> None:
    store = create_store(first_schema, mode="live", now=NOW)
    with store.writing() as db:
        db.execute(
            text(next(row for row in ROWS if row.startswith("INSERT INTO listing")).replace("(7,", "(8,"))
        )
    assert len(_rows(store.engine, "SELECT id FROM listing WHERE digest = 'said'")) == 2
    store.close()
