"""One database: opened, migrated, its mode fixed at creation, and its transactions.

The questions that are asked of it stand beside this module, each by its subject:
``polls``, ``documents``, ``evidence_rows``, ``findings`` (decisions, verdicts) and ``mail``.
"""

from __future__ import annotations

import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, Engine, create_engine, event, func, insert, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, OperationalError

from servanda.models.tables import database, replay_clock

Mode = Literal["live", "replay"]

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
"""The newest migration: the schema of this release. Alembic is imported only where a database has another."""

_ONE_WRITER = 7_06_2019
"""Key of PostgreSQL's advisory lock: writers queue there as they do on SQLite."""


class StoreError(Exception):
    """The database cannot be used as asked; the message says what would be valid."""


DATABASE_ERRORS: tuple[type[Exception], ...] = (DatabaseError,)
"""What a database that cannot be used raises, and faults of ours; ``database_problem`` tells them apart."""


def database_problem(error: Exception) -> str | None:
    """Why the database cannot be used as it is, for a person; None where the fault is ours."""
    if isinstance(error, OperationalError) or type(error) is DatabaseError:
        return f"the database cannot be used: {error.orig}"
    return None


def absolute_url(url: str) -> str:
    """The same database, a file named by its absolute path: for who works in another folder."""
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        parsed = parsed.set(database=str(Path(parsed.database).resolve()))
    return parsed.render_as_string(hide_password=False)


@dataclass(frozen=True, slots=True)
class DatabasePlace:
    """Where a database is: a ``file``, or a server, named as PostgreSQL's tools read it."""

    file: Path | None
    environment: dict[str, str]


def database_place(url: str) -> DatabasePlace:
    """Where a database URL leads; StoreError for one that is none."""
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        return DatabasePlace(Path(parsed.database or ""), {})
    host = parsed.host or parsed.query.get("host")
    named = {
        "PGHOST": host,
        "PGPORT": parsed.port,
        "PGUSER": parsed.username,
        "PGPASSWORD": parsed.password,
        "PGDATABASE": parsed.database,
        "PGSSLMODE": parsed.query.get("sslmode"),
    }
    return DatabasePlace(None, {name: str(value) for name, value in named.items() if value})


@dataclass(frozen=True, slots=True)
class DatabaseIdentity:
    """What is fixed when a database is created."""

    id: str
    mode: Mode
    created_at: datetime


class Store:
    """An open database. ``reading`` and ``writing`` give a connection in one transaction."""

    def __init__(self, engine: Engine, identity: DatabaseIdentity) -> None:
        self.engine = engine
        self.identity = identity

    @property
    def mode(self) -> Mode:
        return self.identity.mode

    def replay_now(self) -> datetime:
        """The instant that a replay has reached; it stands still until a command moves it on."""
        with self.reading() as db:
            reached = db.execute(select(func.max(replay_clock.c.now_at))).scalar_one()
        return reached or self.identity.created_at

    def move_replay_to(self, now: datetime) -> None:
        """Move a replay on; StoreError on a live database, or back in time."""
        if self.mode != "replay":
            raise StoreError(
                "--now works only on a replay database, and this one is live; --as-of asks about the past"
            )
        reached = self.replay_now()
        if now < reached:
            raise StoreError(
                "a replay never goes back: "
                f"it has reached {reached.isoformat()}, and --now is {now.isoformat()}"
            )
        if now > reached:
            with self.writing() as db:
                db.execute(insert(replay_clock).values(now_at=now))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view; nothing written through it is kept."""
        with self.engine.connect() as db:
            yield db
            db.rollback()

    @contextmanager
    def writing(self, *, synced: bool = True) -> Iterator[Connection]:
        """One transaction, one writer at a time; committed at the end, rolled back on an exception.

        ``synced`` False: what is committed outlives the end of this process, however it ends; if the machine
        loses power it may be gone, up to the last commit that was synced.
        """
        options = {"servanda_writing": True, "servanda_synced": synced}
        with self.engine.connect().execution_options(**options) as db, db.begin():
            if db.dialect.name == "postgresql":
                if not synced:
                    db.execute(text("SET LOCAL synchronous_commit = off"))
                db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_WRITER})
            yield db

    def close(self) -> None:
        self.engine.dispose()


def create_store(url: str, *, mode: Mode, now: datetime) -> Store:
    """Open a database, creating or migrating it first. ``mode`` counts only for a new one.

    Of several that find none, or an older schema, one makes it and the others wait.
    """
    engine = _usable(open_engine(url), url)
    with _one_preparer(engine.url):
        with engine.connect() as db:
            current = _revision(db) == HEAD
            made = current and _identity(db) is not None
        if not current:
            migrate(engine)
        if not made:
            _initialise(engine, mode, now)
    return _opened(engine, url)


def _initialise(engine: Engine, mode: Mode, now: datetime) -> None:
    """Fix what a database is, where nobody has."""
    with engine.connect().execution_options(servanda_writing=True) as db, db.begin():
        if db.dialect.name == "postgresql":
            db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_WRITER})
        if _identity(db) is None:
            db.execute(insert(database).values(id=uuid.uuid4().hex, mode=mode, created_at=now))


@contextmanager
def _one_preparer(url: URL) -> Iterator[None]:
    """Let one process at a time look whether a database on SQLite is to be made, and make it.

    SQLite's own locks do not wait while a file gets its write-ahead log, and a migration reads before it
    writes. The folder is locked, so that no file is left behind. On PostgreSQL the writers' lock does.
    """
    if url.get_backend_name() != "sqlite":
        yield
        return
    folder = os.open(Path(url.database or "").resolve().parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def open_store(url: str) -> Store:
    """Open a database that exists; StoreError if there is none or its schema is not this release's."""
    if not exists(url):
        raise StoreError(f"there is no database at {redact_url(url)}; `servanda run` creates it")
    return _opened(_usable(open_engine(url), url), url)


def _usable(engine: Engine, url: str) -> Engine:
    """The engine, if its driver takes the options in the URL; StoreError names none of their values."""
    try:
        engine.dialect.create_connect_args(engine.url)
        if engine.dialect.name == "postgresql":
            engine.connect().close()
    except OperationalError as error:
        raise StoreError(f"the database at {redact_url(url)} cannot be opened: {error.orig}") from error
    except (DBAPIError, ArgumentError, TypeError, ValueError):
        options = ", ".join(sorted(engine.url.query)) or "none"
        raise StoreError(
            f"the database at {redact_url(url)} cannot be opened: its driver does not take the options of "
            f"SERVANDA_DATABASE_URL ({options}), or not their values"
        ) from None
    return engine


def exists(url: str) -> bool:
    """Whether there is a database file; a server is taken to be there until it is asked."""
    parsed = _parsed(url)
    return parsed.get_backend_name() != "sqlite" or bool(parsed.database and Path(parsed.database).exists())


def redact_url(url: str) -> str:
    """A database URL fit to be shown: without its password, and without options, which may hold one."""
    return _parsed(url).set(query={}).render_as_string(hide_password=True)


def open_engine(url: str) -> Engine:
    """An engine with the house's settings: on SQLite WAL, foreign keys, a patient writer."""
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise StoreError("a database in memory forgets everything; valid: sqlite:///path/to/file.db")
        if parsed.query:
            options = ", ".join(sorted(parsed.query))
            raise StoreError(
                f"a database on SQLite takes no options, and SERVANDA_DATABASE_URL has {options}"
            )
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, connect_args={"timeout": 30})
        _configure_sqlite(engine)
        return engine
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    raise StoreError(f"{parsed.get_backend_name()} is not supported; valid: sqlite, postgresql")


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        raise StoreError(
            "SERVANDA_DATABASE_URL is not a database URL; "
            "valid: sqlite:///path/to/file.db, postgresql+psycopg://user@host/name; "
            "in user and password write %2F for /, %40 for @, %3A for :"
        ) from None


def migrate(engine: Engine) -> None:
    """Bring the schema to this release's."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as db:
        if db.dialect.name == "postgresql":
            db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_WRITER})
        config.attributes["connection"] = db
        command.upgrade(config, "head")


def _opened(engine: Engine, url: str) -> Store:
    try:
        with engine.connect() as db:
            if not inspect(db).has_table("database"):
                raise StoreError(f"the database at {redact_url(url)} is empty; `servanda run` prepares it")
            _require_current_schema(db, url)
            identity = _identity(db)
    except OperationalError as error:
        raise StoreError(f"the database at {redact_url(url)} cannot be opened: {error.orig}") from error
    if identity is None:
        raise StoreError(
            f"the database at {redact_url(url)} was never initialised; `servanda run` prepares it"
        )
    return Store(engine, identity)


def _revision(db: Connection) -> str | None:
    """The migration that a database has reached, None before the first."""
    if not inspect(db).has_table("alembic_version"):
        return None
    found: str | None = db.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return found


def _require_current_schema(db: Connection, url: str) -> None:
    """StoreError where the schema is another release's: older, or newer than this one knows."""
    found = _revision(db)
    if found == HEAD:
        return
    todo = (
        "`servanda run` upgrades it"
        if found in _known_revisions()
        else "install the release that made it, or a newer one"
    )
    raise StoreError(f"the database at {redact_url(url)} has schema {found}, this release has {HEAD}; {todo}")


def _known_revisions() -> set[str]:
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}


def _identity(db: Connection) -> DatabaseIdentity | None:
    row = db.execute(select(database)).one_or_none()
    return None if row is None else DatabaseIdentity(row.id, row.mode, row.created_at)


def _configure_sqlite(engine: Engine) -> None:
    """Let us, not the driver, say when a transaction begins; a writer takes its lock at once."""

    @event.listens_for(engine, "connect")
    def connected(dbapi_connection, _record):  # type: ignore[no-untyped-def]
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begun(db: Connection) -> None:
        options = db.get_execution_options()
        wanted = "FULL" if options.get("servanda_synced", True) else "NORMAL"
        if options.get("servanda_writing") and db.info.get("synchronous", "FULL") != wanted:
            db.exec_driver_sql(f"PRAGMA synchronous={wanted}")
            db.info["synchronous"] = wanted
        db.exec_driver_sql("BEGIN IMMEDIATE" if options.get("servanda_writing") else "BEGIN")
