"""A database of the first schema, with rows in it, brought to this release's: nothing of it is lost."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import DBAPIError

from servanda.compliance.document_doubts import DocumentFacts, Doubt
from servanda.compliance.prose import ProseFacts
from servanda.compliance.publication import PublicationTime
from servanda.compliance.watchers import Profile, Subscription
from servanda.models import tables
from servanda.models.alerts.alerts import unrouted_alerts
from servanda.models.delivery import recipients
from servanda.models.delivery.envelopes import NewEnvelope, add_envelope
from servanda.models.delivery.watchers import add_watcher, standings, subscribe, watchers
from servanda.models.documents.checks import record_check, standing_doubts
from servanda.models.documents.unread_documents import unread_documents
from servanda.models.store import HEAD, MIGRATIONS, StoreError, create_store, open_engine, open_store

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
    "INSERT INTO alert (id, dedup_key, kind, subject, cause_kind, cause, payload, effective_at, known_at)"
    f" VALUES (3, 'k', 'final_word', 'window:w', 'verdict', 1, '{{}}', {AT}, {AT})",
    f"INSERT INTO watcher (id, address, name, known_at) VALUES (4, 'ana@example.org', 'Ana', {AT})",
    f"INSERT INTO watcher (id, address, name, known_at) VALUES (6, 'ben@example.org', '', {AT})",
    f"INSERT INTO watcher (id, address, name, known_at) VALUES (7, 'caro@example.org', 'Caro', {AT})",
    f"INSERT INTO routing (alert, recipients, known_at) VALUES (3, 2, {AT})",
    *(
        "INSERT INTO subscription (id, watcher, active, operator, instruments, kinds, known_at)"
        f" VALUES ({row}, {AT})"
        for row in (
            """5, 4, true, false, '["a", "b"]', '[]'""",
            """6, 6, true, true, '[]', '["final_word"]'""",
            """9, 4, false, false, '["a", "b"]', '[]'""",
        )
    ),
    *(
        "INSERT INTO envelope"
        " (id, watcher, alert, recipient, message_id, bytes, state, due_at, lease_until, lease_by, known_at)"
        f" VALUES ({row}, 3, '{address}', '<{row}@x>', :bytes, '{state}', {AT}, {lease}, {AT})"
        for row, address, state, lease in (
            ("11, 6", "ben@example.org", "sent", "NULL, NULL"),
            ("12, 4", "ana@example.org", "queued", f"{AT}, 'somebody'"),
        )
    ),
    *(
        f"INSERT INTO attempt (id, envelope, at, code, answer) VALUES ({row})"
        for row in (f"20, 11, {AT}, 0, 'lost'", f"21, 11, {AT}, 250, 'taken'", f"22, 12, {AT}, 451, 'later'")
    ),
)
MAIL = b"Subject: mail\r\n\r\n\x00\xff"


@pytest.fixture
def first_schema(database_url: str) -> str:
    engine = open_engine(database_url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as db:
        config.attributes["connection"] = db
        command.upgrade(config, "0001")
        for row in ROWS:
            db.execute(text(row), {"bytes": MAIL} if ":bytes" in row else {})
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


def test_watchers_keep_what_they_were(first_schema: str) -> None:
    store = create_store(first_schema, mode="live", now=NOW)
    with store.reading() as db:
        ana, ben, caro = watchers(db)
        assert [(one.state, one.known_at) for one in standings(db, ana.id)] == [("ended", NOW)]
        assert standings(db, caro.id) == []
    assert [(one.id, one.address, one.channel, one.state) for one in (ana, ben, caro)] == [
        (4, "ana@example.org", "mail", "ended"),
        (6, "ben@example.org", "mail", "active"),
        (7, "caro@example.org", "mail", "ended"),
    ]
    assert ana.profile == Profile(name="Ana")
    assert ben.profile == Profile(operator=True, analyst=True)
    assert (ana.subscriptions, caro.subscriptions) == ((), ())
    assert ben.subscriptions == (Subscription(kinds=("final_word",)),)
    assert len({ana.key, ben.key, caro.key}) == 3
    assert all(re.fullmatch(r"[0-9a-f]{32}", one.key) and one.secret is None for one in (ana, ben, caro))
    store.close()


def test_what_a_watcher_wanted_before_stays_on_record(first_schema: str) -> None:
    store = create_store(first_schema, mode="live", now=NOW)
    rows = _rows(store.engine, "SELECT id, watcher, slug, active, frequency FROM subscription ORDER BY id")
    assert [(*row[:3], bool(row[3]), row[4]) for row in rows] == [
        (5, 4, "all", True, "at_once"),
        (6, 6, "all", True, "at_once"),
        (9, 4, "all", False, "at_once"),
    ]
    with store.reading() as db:
        kept = db.execute(select(tables.subscription.c.instruments).where(tables.subscription.c.id == 5))
        assert kept.scalar_one() == ["a", "b"]
    store.close()


def test_mails_keep_their_bytes_their_state_and_what_they_carry(first_schema: str) -> None:
    store = create_store(first_schema, mode="live", now=NOW)
    rows = _rows(
        store.engine,
        "SELECT id, watcher, kind, recipient, message_id, bytes, state, lease_by FROM envelope ORDER BY id",
    )
    assert [(*row[:5], bytes(row[5]), *row[6:]) for row in rows] == [
        (11, 6, "alert", "ben@example.org", "<11, 6@x>", MAIL, "sent", None),
        (12, 4, "alert", "ana@example.org", "<12, 4@x>", MAIL, "queued", "somebody"),
    ]
    tried = _rows(
        store.engine, "SELECT id, envelope, code, answer, uncertain, of_server FROM attempt ORDER BY id"
    )
    assert [(*row[:4], *map(bool, row[4:])) for row in tried] == [
        (20, 11, 0, "lost", True, True),
        (21, 11, 250, "taken", False, False),
        (22, 12, 451, "later", False, False),
    ]
    carried = _rows(store.engine, "SELECT watcher, alert, envelope, omitted FROM told ORDER BY watcher")
    assert carried == [(4, 3, 12, None), (6, 3, 11, None)]
    with store.reading() as db:
        assert unrouted_alerts(db) == []
        assert recipients.waiting_watchers(db, NOW) == []
        found = {row.watcher: (row.manner, row.why) for row in db.execute(select(tables.recipient))}
        assert found == {4: ("at_once", {"role": "subscriber"}), 6: ("at_once", {"role": "subscriber"})}
    store.close()


def test_new_rows_get_numbers_that_were_never_given(first_schema: str) -> None:
    store = create_store(first_schema, mode="live", now=NOW)
    with store.writing() as db:
        watcher, new = add_watcher(db, "dora@example.org", NOW)
        subscribe(db, watcher, Subscription(), NOW)
        mail = NewEnvelope(watcher, "alert", "dora@example.org", "<new@x>", MAIL)
        envelope = add_envelope(db, mail, NOW)
        row = {"envelope": envelope, "at": NOW, "code": 250, "answer": "taken", "uncertain": False}
        row["of_server"] = False
        db.execute(insert(tables.attempt), row)
    assert (watcher, new, envelope) == (8, True, 13)
    assert _rows(store.engine, "SELECT max(id) FROM subscription") == [(10,)]
    assert _rows(store.engine, "SELECT max(id) FROM attempt") == [(23,)]
    store.close()


def test_the_ledgers_of_mail_refuse_change(first_schema: str) -> None:
    store = create_store(first_schema, mode="live", now=NOW)
    for ledger in ("watcher", "subscription", "attempt", "told", "recipient", "standing", "profile"):
        column = "code" if ledger == "attempt" else "known_at"
        for act in (f"DELETE FROM {ledger}", f"UPDATE {ledger} SET {column} = {column}"):
            with pytest.raises(DBAPIError, match="append-only"), store.writing() as db:
                db.execute(text(act))
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


def test_a_text_that_was_given_before_may_be_given_again(database_url: str) -> None:
    """Schema 0005 kept each text of a document once."""
    _at_revision(database_url, "0005")
    store = create_store(database_url, mode="live", now=NOW)
    again = f"INSERT INTO given_text (document, origin, digest, text, known_at) VALUES (1, 'feed', 'x', 'X', {AT})"
    with store.writing() as db:
        db.execute(text(again))
    assert len(_rows(store.engine, "SELECT id FROM given_text WHERE digest = 'x'")) == 2
    with pytest.raises(DBAPIError, match="append-only"), store.writing() as db:
        db.execute(text("DELETE FROM given_text"))
    store.close()


def _at_revision(database_url: str, revision: str) -> None:
    """A database of a schema, with a document and a text that was given of it."""
    engine = open_engine(database_url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as db:
        config.attributes["connection"] = db
        command.upgrade(config, revision)
        db.execute(text(f"INSERT INTO document (id, source, first_seen_at) VALUES (1, 'us-state', {AT})"))
        db.execute(
            text(
                "INSERT INTO given_text (id, document, origin, digest, text, known_at)"
                f" VALUES (7, 1, 'feed', 'x', 'X', {AT})"
            )
        )
    engine.dispose()


def test_what_was_listed_and_read_before_is_neither_changed_nor_checked(first_schema: str) -> None:
    """Nothing was held against its listing yet; what is listed from now on is."""
    store = create_store(first_schema, mode="live", now=NOW)
    assert [(row[0], bool(row[1])) for row in _rows(store.engine, "SELECT id, changed FROM listing")] == [
        (7, False)
    ]
    assert _rows(store.engine, "SELECT id FROM document_check") == []
    with store.reading() as db:
        assert standing_doubts(db, NOW) == {}
        assert unread_documents(db, NOW) == ()
    found = DocumentFacts("nowhere", ProseFacts(words=9, function_share=0.4))
    with store.writing() as db:
        assert record_check(
            db,
            3,
            found,
            [Doubt("other_page", "so")],
            title="Title",
            listed=PublicationTime.instant(NOW, "UTC"),
            now=NOW,
        )
    for act in ("DELETE FROM document_check", "UPDATE document_check SET words = 0"):
        with pytest.raises(DBAPIError, match="append-only"), store.writing() as db:
            db.execute(text(act))
    store.close()


def test_the_head_is_the_newest_migration() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


def test_a_database_of_this_schema_is_opened_without_what_migrates(database_url: str) -> None:
    create_store(database_url, mode="live", now=NOW).close()
    code = (
        "import sys; from datetime import UTC, datetime; from servanda.models.store import create_store, open_store;"
        "create_store(sys.argv[1], mode='live', now=datetime.now(UTC)).close(); open_store(sys.argv[1]).close();"
        "print([name for name in ('alembic', 'mako') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, database_url], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    "found, todo",
    [("0001", "`servanda run` upgrades it"), ("9999", "install the release that made it, or a newer one")],
)
def test_a_database_of_another_schema_is_not_read(database_url: str, found: str, todo: str) -> None:
    store = create_store(database_url, mode="live", now=NOW)
    with store.engine.begin() as db:
        db.execute(text("UPDATE alembic_version SET version_num = :found"), {"found": found})
    store.close()
    with pytest.raises(StoreError, match=f"has schema {found}, this release has {HEAD}; {todo}"):
        open_store(database_url)


def test_a_database_without_a_schema_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    with pytest.raises(StoreError, match=r"empty\.db is empty; `servanda run` prepares it"):
        open_store(f"sqlite:///{tmp_path}/empty.db")
