"""The replay as ``make demo`` runs it: what it prints, what may be typed next, and the same state again."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from servanda.demo.replay import Replay
from servanda.jobs.bootstrap.replay import REPLAY_BANNER
from servanda.models import tables
from servanda.models.store import Store, open_store

pytestmark = pytest.mark.slow

_OF_ONE_RUN = {
    "database": {"id"},
    "catalogue": {"digest", "content"},
    "poll": {"catalogue"},
    "listing": {"digest"},
    "exchange": {"sha256", "archive_file", "archive_offset", "archive_length"},
    "verdict": {"catalogue"},
    "envelope": {"message_id", "bytes", "lease_by"},
    "attempt": {"answer"},
    "route_state": {"etag"},
    "watcher": {"key", "secret"},
}
"""What differs from run to run: what is drawn at random, and the port of the sites, which digests depend on."""


def canonical(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Every table, without what belongs to one run alone."""

    def plain(table: str, row: dict[str, Any]) -> dict[str, Any]:
        kept = {name: value for name, value in row.items() if name not in _OF_ONE_RUN.get(table, set())}
        text = json.dumps(kept, default=str, sort_keys=True)
        text = re.sub(r"127\.0\.0\.1:\d+", "SITE", text)
        return dict(json.loads(re.sub(r'"(sha256|capture)": "[^"]*"', r'"\1": "-"', text)))

    with store.reading() as db:
        return {
            table.name: [plain(table.name, dict(row)) for row in db.execute(select(table)).mappings()]
            for table in tables.metadata.sorted_tables
        }


def test_a_second_complete_run_ends_in_the_same_state(replay: Replay, printed: str, folder: Path) -> None:
    second = open_store(f"sqlite:///{folder}/servanda.db")
    try:
        ours, theirs = canonical(replay.wiring.store), canonical(second)
    finally:
        second.close()
    assert {name: len(rows) for name, rows in theirs.items()} == {n: len(rows) for n, rows in ours.items()}
    for name, rows in ours.items():
        assert rows == theirs[name], name


def test_the_story_is_told_in_order(printed: str) -> None:
    flat = " ".join(printed.split())
    told = (
        "Now monitoring: U.S.-Mexico Joint Declaration",
        "mx-sre cannot be read: prensa: unreachable",
        "mx-sre is read again; what it published meanwhile was seen too",
        "mx-presidencia cannot be read: prensa: blocked: challenge",
        "mx-presidencia is read again; never seen: 2019-07-29T02:00:00Z to 2019-08-09T16:30:01Z",
        "Near miss, kept without alert: “U.S.-Poland Joint Declaration on 5G”",
        "The last second of the window. → Window open, verdict pending",
        "A second later: the window has ended. ✉ Window ended, no announcement accepted",
        "✉ Final word, absence not proven",
        "→ Window settled, verdict unverified, final · coverage, mx-presidencia: not covered",
        "→ Window settled, verdict none_found, final",
        "✉ Candidate announcement: The Vice President's Meeting With the Foreign Secretary of Mexico",
        "Windows as of 2019-09-13T02:00:00Z",
        "The window ended 5 September 2019, 23:59:59 Washington. No announcement has been accepted.",
        ", equal",
        "What to type next",
    )
    places = [flat.find(text) for text in told]
    assert -1 not in places, told[places.index(-1)]
    assert places == sorted(places)


def test_every_table_is_printed_under_the_banner(printed: str) -> None:
    lines = printed.splitlines()
    tables_at = [n for n, line in enumerate(lines) if line.startswith("┏")]
    assert len(tables_at) == 2
    assert all(lines[n - 2].strip() == REPLAY_BANNER for n in tables_at)


def test_what_it_says_to_type_next_works_as_it_stands(printed: str, folder: Path, tmp_path: Path) -> None:
    typed = printed.split("What to type next", 1)[1].splitlines()[1:]
    sourced, *commands = [line for line in typed if line and not line.startswith("#")]
    assert len(commands) == 7
    shutil.copytree(folder, tmp_path / "kept")
    copied = (
        f"SERVANDA_DATABASE_URL='sqlite:///{tmp_path}/kept/servanda.db' SERVANDA_OUTBOX='{tmp_path}/mails'"
    )
    for command in commands:
        script = f"{sourced} && export {copied} && {command}"
        done = subprocess.run(
            ["/bin/sh", "-c", script], capture_output=True, text=True, timeout=60, check=False
        )
        assert (done.returncode, done.stderr) == (0, ""), command
        if " review accept " in command:
            assert "announced_late (final)" in done.stdout
        elif " review reject " in command:
            assert "none_found (final)" in done.stdout
        else:
            assert done.stdout.count(REPLAY_BANNER) >= 1, command
    subjects = [path.read_text().split("Subject: ")[1][:200] for path in (tmp_path / "mails").glob("*.eml")]
    assert len(subjects) == 4, "two corrections to each watcher"
