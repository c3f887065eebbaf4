"""Copy what has to be kept, in the order in which it belongs together: database, archive, secret."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from servanda.compliance.intervals import utc_text
from servanda.jobs.bootstrap.settings import Settings
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.models.store import HEAD, DatabasePlace, database_place

SQLITE, DUMP, ARCHIVE, SECRET, MANIFEST = (
    "servanda.db", "servanda.dump", "archive", "secret", "backup.json",
)  # fmt: skip
LONGEST_SECONDS = 6 * 3600


@dataclass(frozen=True, slots=True)
class BackupOutcome:
    """What a backup or a restoration has copied; ``secret`` False where it is not kept in a file."""

    folder: Path
    files: int
    secret: bool


def back_up(wiring: Wiring, folder: Path) -> BackupOutcome:
    """Copy all into a folder that does not exist yet, while the monitor goes on; UsageError where it does.

    The database first: the archive is written before the database refers to it, so that every row's bytes
    are in the copy. Nothing stands under the folder's name before all of it is whole.
    """
    if folder.exists():
        raise UsageError(f"{folder} exists already; valid: a new folder")
    draft = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    settings = wiring.settings
    _dump(database_place(settings.database_url), draft)
    files = copy_archive(settings.archive, draft / ARCHIVE)
    secret = settings.secret is None and settings.secret_file.exists()
    if secret:
        copy_private(settings.secret_file, draft / SECRET)
    manifest = {
        "database": wiring.store.identity.id,
        "mode": wiring.store.mode,
        "schema": HEAD,
        "made_at": utc_text(wiring.now),
        "archive_files": files,
    }
    (draft / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    draft.rename(folder)
    return BackupOutcome(folder, files, secret)


def put_back(settings: Settings, folder: Path) -> BackupOutcome:
    """Copy a backup to where the settings say that things are kept; UsageError where anything is there."""
    if not (folder / MANIFEST).is_file():
        raise UsageError(f"{folder} is no backup: it has no {MANIFEST}; valid: what `servanda backup` made")
    place = database_place(settings.database_url)
    if settings.archive.exists() and any(settings.archive.iterdir()):
        raise UsageError(
            f"SERVANDA_ARCHIVE: {settings.archive} is not empty; valid: an empty or a new folder"
        )
    secret = (folder / SECRET).exists()
    if secret and settings.secret_file.exists():
        raise UsageError(f"SERVANDA_SECRET_FILE: {settings.secret_file} exists; move it away first")
    _load(place, folder)
    files = copy_archive(folder / ARCHIVE, settings.archive)
    if secret:
        copy_private(folder / SECRET, settings.secret_file)
    return BackupOutcome(folder, files, secret)


def _dump(place: DatabasePlace, folder: Path) -> None:
    if place.file is None:
        _run_tool("pg_dump", place, "--format=custom", f"--file={folder / DUMP}")
        return
    with closing(sqlite3.connect(place.file)) as kept, closing(sqlite3.connect(folder / SQLITE)) as copy:
        kept.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def _load(place: DatabasePlace, folder: Path) -> None:
    if place.file is None:
        if not (folder / DUMP).exists():
            raise UsageError(f"{folder} is a backup of SQLite, and SERVANDA_DATABASE_URL names PostgreSQL")
        _run_tool(
            "pg_restore", place, "--no-owner", "--exit-on-error", "--single-transaction", str(folder / DUMP)
        )
        return
    if not (folder / SQLITE).exists():
        raise UsageError(f"{folder} is a backup of PostgreSQL, and SERVANDA_DATABASE_URL names SQLite")
    if place.file.exists():
        raise UsageError(f"SERVANDA_DATABASE_URL: {place.file} exists; valid: a file that does not exist yet")
    place.file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(folder / SQLITE, place.file)


def _run_tool(name: str, place: DatabasePlace, *arguments: str) -> None:
    """Run a tool of PostgreSQL; the connection goes by its environment, where no other user sees it."""
    tool = shutil.which(name)
    if tool is None:
        raise UsageError(f"{name} is not installed; it comes with PostgreSQL's client")
    target = ["--dbname", place.environment["PGDATABASE"]] if name == "pg_restore" else []
    done = subprocess.run(
        [tool, "--no-password", *target, *arguments],
        env={"PATH": os.defpath, **place.environment},
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        raise UsageError(f"{name} failed: {said[-1] if said else done.returncode}")


def copy_archive(source: Path, target: Path) -> int:
    """Copy each file of an archive as far as it reaches now; returns how many. Files are only appended to."""
    target.mkdir(parents=True, exist_ok=True)
    names = sorted(path.name for path in source.glob("*.warc.gz")) if source.is_dir() else []
    for name in names:
        shutil.copyfile(source / name, target / name)
    return len(names)


def copy_private(source: Path, target: Path) -> None:
    """Copy a file that its owner alone reads, as one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(source.read_bytes())
