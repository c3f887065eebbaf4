"""Airflow's own PostgreSQL: made once, private, gone with its starter, and no user is left behind."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from support.waiting import wait_for

from servanda.hosting.metadata_database import (
    LONGEST_SOCKET_FOLDER,
    SETTING,
    MetadataDatabase,
    has_own_database,
    socket_folder,
)

HOLDER = """
import os, sys, time
from pathlib import Path
from servanda.hosting.metadata_database import MetadataDatabase
home = Path(sys.argv[1])
database = MetadataDatabase(home, home / "log")
database.component.start(os.environ, home, 0.0)
print(database.component.pid, flush=True)
time.sleep(60)
"""


@contextmanager
def running(home: Path) -> Iterator[MetadataDatabase]:
    home.mkdir(mode=0o700, exist_ok=True)
    database = MetadataDatabase(home, home / "log")
    database.prepare()
    database.component.start(os.environ, home, 0.0)
    try:
        wait_for(database.is_ready, "the database", 30)
        yield database
    finally:
        database.component.end()
        wait_for(lambda: not database.component.running, "its end", 30)


def connect(database: MetadataDatabase) -> psycopg.Connection:
    return psycopg.connect(database.environment[SETTING].replace("+psycopg", ""))


@pytest.mark.postgres
def test_what_is_kept_stands_after_a_restart_and_nobody_else_can_read_it(tmp_path: Path) -> None:
    users = Path("/etc/passwd").read_text()
    home = tmp_path / "home"
    with running(home) as database, connect(database) as db:
        db.execute("CREATE TABLE kept (n int)")
    with running(home) as database, connect(database) as db:
        assert db.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        assert db.execute("SHOW listen_addresses").fetchone() == ("",)
    assert Path("/etc/passwd").read_text() == users
    (data,) = home.glob("postgres-*")
    for folder in (home, data, home / "socket"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.postgres
def test_one_that_was_killed_while_it_was_made_is_made_anew(tmp_path: Path) -> None:
    fresh = tmp_path / "postgres-18.new"
    fresh.mkdir()
    (fresh / "PG_VERSION").write_text("half")
    with running(tmp_path) as database, connect(database) as db:
        assert db.execute("SELECT 1").fetchone() == (1,)
    assert not fresh.exists()


@pytest.mark.postgres
@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel")
def test_it_ends_with_a_starter_that_is_killed(tmp_path: Path) -> None:
    MetadataDatabase(tmp_path, tmp_path / "log").prepare()
    holder = subprocess.Popen(
        (sys.executable, "-c", HOLDER, str(tmp_path)), stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    pid = int(holder.stdout.readline())
    database = MetadataDatabase(tmp_path, tmp_path / "log")
    wait_for(database.is_ready, "the database", 30)
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    wait_for(lambda: not Path(f"/proc/{pid}").exists(), "its end", 20)


def test_a_socket_whose_path_would_be_too_long_lies_elsewhere(tmp_path: Path) -> None:
    assert socket_folder(tmp_path) == tmp_path / "socket"
    long = tmp_path / ("x" * LONGEST_SOCKET_FOLDER)
    assert len(os.fsencode(socket_folder(long))) < LONGEST_SOCKET_FOLDER
    assert (
        socket_folder(long) == socket_folder(long) != socket_folder(tmp_path / ("y" * LONGEST_SOCKET_FOLDER))
    )


@pytest.mark.parametrize("name", [SETTING, f"{SETTING}_CMD", f"{SETTING}_SECRET"])
def test_whoever_names_a_database_uses_that(name: str) -> None:
    assert has_own_database({name: "postgresql://elsewhere"})
    assert not has_own_database({"AIRFLOW__CORE__EXECUTOR": "x"})
