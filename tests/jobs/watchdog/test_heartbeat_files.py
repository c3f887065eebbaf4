"""Signs of life as files: written whole, read strictly, and never a reason to fall over."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from servanda.jobs.watchdog.heartbeat_files import (
    LARGEST_FILE,
    LONGEST_PROMISE,
    Heartbeat,
    UnreadableHeartbeat,
    parse_heartbeat,
    read_heartbeat,
    read_heartbeats,
    to_json,
    write_heartbeat,
)

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
PULSE = Heartbeat("notify", "ended", NOON, NOON + timedelta(minutes=15), "airflow", NOON)


@pytest.mark.parametrize(
    "pulse",
    [
        PULSE,
        Heartbeat("collect", "at_work", NOON),
        replace(PULSE, failure="OperationalError: the server is gone", failing_since=NOON),
        Heartbeat("run", "promised", NOON, NOON + LONGEST_PROMISE, "every 8 days"),
    ],
)
def test_what_is_left_is_what_is_read(tmp_path: Path, pulse: Heartbeat) -> None:
    write_heartbeat(tmp_path / "new" / "folder", pulse)
    assert read_heartbeats(tmp_path / "new" / "folder") == [pulse]
    assert read_heartbeat(tmp_path / "new" / "folder", pulse.job) == pulse
    assert [path.name for path in (tmp_path / "new" / "folder").iterdir()] == [f"{pulse.job}.json"]


def test_a_reader_never_meets_half_a_file(tmp_path: Path) -> None:
    """The writer renames: whoever reads meanwhile meets the old file or the new one."""
    write_heartbeat(tmp_path, PULSE)
    pulses = [replace(PULSE, failure="x" * n) for n in range(1, 200)]

    def write_all() -> None:
        for one in pulses:
            write_heartbeat(tmp_path, one)

    writer = threading.Thread(target=write_all)
    writer.start()
    seen = []
    while writer.is_alive():
        seen += read_heartbeats(tmp_path)
    writer.join()
    assert seen and all(isinstance(one, Heartbeat) for one in seen)


def test_no_folder_holds_no_pulse_and_other_files_are_none(tmp_path: Path) -> None:
    assert read_heartbeats(tmp_path / "absent") == []
    (tmp_path / ".draft.json").write_text("{")
    (tmp_path / "notes.txt").write_text("none of ours")
    assert read_heartbeats(tmp_path) == []


def said(**changes: Any) -> bytes:
    return json.dumps({**to_json(PULSE), **changes}).encode()


@pytest.mark.parametrize(
    "content, why",
    [
        (b"", "no whole JSON"),
        (said()[:-7], "no whole JSON"),
        (b"\xff\xfe\x00", "no whole JSON"),
        (b"[" * 5000, "no whole JSON"),
        (b"[]", "no JSON object"),
        (b" " * (LARGEST_FILE + 1), "longer than"),
        (said(job="../notify"), "job = '../notify'; valid: a name"),
        (said(job=None), "job = None; valid: a name"),
        (said(state="dead"), "state = 'dead'; valid: promised, at_work, ended"),
        (said(at=None), "at is missing"),
        (said(at="yesterday"), "at = 'yesterday'; valid: an instant"),
        (said(at="2026-01-31T12:00:00"), "valid: an instant"),
        (said(at="0001-01-01T00:00:00+23:59"), "valid: an instant"),
        (said(at=5), "at = 5; valid: an instant"),
        (said(due_at="2026-02-08T12:00:01Z"), "promised for later than 8 days"),
        (said(failure=["a"]), "valid: text or null"),
        (said(schedule=7), "valid: text or null"),
    ],
)
def test_what_is_no_pulse_is_told_with_file_key_and_reason(tmp_path: Path, content: bytes, why: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse_heartbeat(content)
    assert why in str(refused.value)
    (tmp_path / "notify.json").write_bytes(content)
    (found,) = read_heartbeats(tmp_path)
    assert isinstance(found, UnreadableHeartbeat) and found.job == "notify"
    assert str(tmp_path / "notify.json") in found.why and why in found.why
    assert read_heartbeat(tmp_path, "notify") is None


def test_a_file_that_speaks_of_another_job_and_a_folder_in_place_of_one(tmp_path: Path) -> None:
    write_heartbeat(tmp_path, PULSE)
    (tmp_path / "notify.json").rename(tmp_path / "assess.json")
    (tmp_path / "collect.json").mkdir()
    assess, collect = read_heartbeats(tmp_path)
    assert isinstance(assess, UnreadableHeartbeat) and "speaks of another job, notify" in assess.why
    assert isinstance(collect, UnreadableHeartbeat) and "Is a directory" in collect.why


def test_words_are_bounded_and_on_one_line(tmp_path: Path) -> None:
    write_heartbeat(tmp_path, replace(PULSE, failure="a\nb " * 1000, failing_since=NOON))
    kept = read_heartbeat(tmp_path, "notify")
    assert kept is not None and kept.failure is not None
    assert len(kept.failure) <= 500 and "\n" not in kept.failure
