"""The way back that the tour shows: from a mail's Message-ID to the bytes it rests on, as it is printed there."""

from __future__ import annotations

import email
import email.policy
import hashlib
import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from support.command_line import servanda

from servanda.jobs.bootstrap.wiring import wire

pytestmark = pytest.mark.slow

Blocks = Callable[[str], list[Any]]
Row = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """What a query of the tour gave for one mail, with a folder in which ``var/archive`` is the archive."""

    row: Row
    folder: Path


@pytest.fixture(params=["evidence", "verdict"])
def found(request: pytest.FixtureRequest, watched: Any, blocks: Blocks, tmp_path: Path) -> Iterator[Found]:
    (query,) = [block.text for block in blocks("sql") if block.name == request.param]
    subject = {"evidence": "New evidence", "verdict": "Window ended"}[request.param]
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "archive").symlink_to(watched.settings.archive)
    with wire(settings=watched.settings) as wiring, wiring.store.reading() as db:
        row = db.execute(text(query), {"message_id": message_id(watched.settings.outbox, subject)}).one()
        yield Found(dict(row._mapping), tmp_path)


def message_id(outbox: Path, subject: str) -> str:
    """The Message-ID of a mail in the outbox whose subject holds the words."""
    for path in sorted(outbox.glob("*.eml")):
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if subject in mail["Subject"]:
            return str(mail["Message-ID"])
    pytest.fail(f"no mail about {subject!r}")


def test_the_python_of_the_tour_reads_the_bytes_and_checks_them(
    found: Found, blocks: Blocks, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (script,) = [block.text for block in blocks("python") if block.document.name == "tour.md"]
    monkeypatch.chdir(found.folder)
    names = dict(found.row)
    exec(script, names)
    stored = names["stored"]
    assert stored.url == found.row["url"]
    assert hashlib.sha256(stored.body).hexdigest() == found.row["sha256"]
    assert capsys.readouterr().out.startswith(found.row["url"])


def test_the_shell_of_the_tour_finds_the_same_record(found: Found, blocks: Blocks) -> None:
    (script,) = [block.text for block in blocks("sh") if "gunzip" in block.text]
    environment = {name: str(value) for name, value in found.row.items()} | {"PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        ["bash", "-c", script], cwd=found.folder, env=environment, capture_output=True, check=True
    )
    head, _, body = done.stdout.partition(b"\r\n\r\n")[2].partition(b"\r\n\r\n")
    assert b"WARC/1.1" in done.stdout
    assert f"WARC-Target-URI: {found.row['url']}".encode() in done.stdout
    assert head.startswith(b"HTTP/1.1 200")
    assert hashlib.sha256(body.removesuffix(b"\r\n\r\n")).hexdigest() == found.row["sha256"]


def test_the_copy_that_operations_tells_to_make_holds_everything(
    watched: Any, blocks: Blocks, tmp_path: Path
) -> None:
    made = next(b.text for b in blocks("sh") if b.text.startswith("servanda backup"))
    brought = next(b.text for b in blocks("sh") if b.text.startswith("servanda restore"))
    folder = made.split()[-1]
    assert folder == brought.splitlines()[0].split()[-1]
    copied = {
        **watched.environment,
        "SERVANDA_DATABASE_URL": f"sqlite:///{tmp_path}/servanda.db",
        "SERVANDA_ARCHIVE": str(tmp_path / "archive"),
        "SERVANDA_SECRET_FILE": str(tmp_path / "secret"),
    }
    for line, environment in ((made, watched.environment), (brought.splitlines()[0], copied)):
        words = [str(tmp_path / "backup") if word == folder else word for word in line.split()[1:]]
        done = servanda(*words, **environment)
        assert done.returncode == 0, done.stderr
    before, after = (
        json.loads(text)
        for text in (watched.ask("status", "--json"), servanda("status", "--json", **copied).stdout)
    )
    assert (after["windows"], after["commitments"]) == (before["windows"], before["commitments"])
