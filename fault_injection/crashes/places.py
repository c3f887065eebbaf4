"""Where a monitor of the bench lives: a folder, a database, and fresh copies of both."""

from __future__ import annotations

import contextlib
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import psycopg

from servanda.jobs.bootstrap.settings import Settings


@dataclass(frozen=True, slots=True)
class Place:
    """A monitor's folder and database, the site that it reads, the mail server that it hands mails to."""

    folder: Path
    database_url: str
    catalogue: Path
    site: tuple[str, int]
    smtp_url: str

    def environment(self) -> dict[str, str]:
        """The variables that make the command line work here."""
        return {
            "SERVANDA_DATABASE_URL": self.database_url,
            "SERVANDA_CATALOGUE": str(self.catalogue),
            "SERVANDA_ARCHIVE": str(self.folder / "archive"),
            "SERVANDA_CACHE": str(self.folder / "cache"),
            "SERVANDA_OUTBOX": str(self.folder / "outbox"),
            "SERVANDA_SMTP_URL": self.smtp_url,
            "SERVANDA_MAIL_FROM": "servanda@example.org",
            "SERVANDA_CONTACT": "desk@example.org",
            "SERVANDA_ALLOW_HOSTS": "{}:{}".format(*self.site),
        }

    def settings(self) -> Settings:
        """The same, for a wiring in this process."""
        given = self.environment()
        return Settings(
            database_url=self.database_url,
            catalogue=self.catalogue,
            archive=self.folder / "archive",
            cache=self.folder / "cache",
            outbox=self.folder / "outbox",
            smtp_url=self.smtp_url,
            mail_from=given["SERVANDA_MAIL_FROM"],
            contact=given["SERVANDA_CONTACT"],
            allow_hosts=frozenset({self.site}),
        )


class Databases(Protocol):
    """Databases of one kind: an empty one, and copies of one that nobody has open."""

    name: str

    def empty(self, folder: Path) -> str:
        """The URL of a database that ``create_store`` can fill."""

    def copy(self, url: str, folder: Path) -> str:
        """The URL of a copy."""

    def drop(self, url: str) -> None:
        """Remove a copy, whoever still has it open."""


class SqliteDatabases:
    name = "SQLite"

    def empty(self, folder: Path) -> str:
        return f"sqlite:///{folder}/servanda.db"

    def copy(self, url: str, folder: Path) -> str:
        origin = Path(url.removeprefix("sqlite:///"))
        for suffix in ("", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                shutil.copy(f"{origin}{suffix}", f"{folder}/servanda.db{suffix}")
        return self.empty(folder)

    def drop(self, url: str) -> None:
        """It goes with its folder."""


class PostgresDatabases:
    """``server``: the URL of a PostgreSQL on which databases may be made."""

    name = "PostgreSQL"

    def __init__(self, server: str) -> None:
        self._server = server

    def empty(self, folder: Path) -> str:  # noqa: ARG002
        return self._made("")

    def copy(self, url: str, folder: Path) -> str:  # noqa: ARG002
        return self._made(f' TEMPLATE "{self._name(url)}"')

    def drop(self, url: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{self._name(url)}" WITH (FORCE)')

    def _made(self, how: str) -> str:
        name = f"crashes_{uuid.uuid4().hex}"
        self._run(f'CREATE DATABASE "{name}"{how}')
        return self._server.replace("/postgres?", f"/{name}?")

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as admin:
            admin.execute(statement.encode())

    def _name(self, url: str) -> str:
        return url.rpartition("?")[0].rpartition("/")[2]


@contextmanager
def copied(base: Place, databases: Databases, folder: Path, smtp_url: str) -> Iterator[Place]:
    """A fresh copy of a place, which hands its mails to a server of its own; gone at the end."""
    folder.mkdir(parents=True)
    shutil.copytree(base.folder / "archive", folder / "archive")
    url = databases.copy(base.database_url, folder)
    try:
        yield replace(base, folder=folder, database_url=url, smtp_url=smtp_url)
    finally:
        databases.drop(url)
        shutil.rmtree(folder)
