"""Signs of life: one small JSON file for each job, which needs no database to be left or to be read.

A file says what its job did last, how that ended, and by when the next sign is due. It is written whole and
renamed, so that a reader meets the old one or the new one. Standard library alone.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Literal, cast, get_args

HeartbeatState = Literal["promised", "at_work", "ended"]
"""``promised``: it was never done, and whoever else keeps the schedule says when it is to be."""

LONGEST_PROMISE = timedelta(days=8)
"""A job may promise its next sign of life at most so far ahead; more would be no watch."""

LARGEST_FILE = 16_384
MOST_FILES = 50
_WORDS_LIMIT = 500
_JOB = re.compile(r"[a-z][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What a job last said of itself.

    ``at``: when it said so. ``due_at``: by when it is to say something again; None: nobody promised.
    ``schedule``: who keeps that promise; None: nobody, it was asked for by hand. ``ended_at``: when a round
    last ended, None for never. ``failure``: why the last round that ended failed; None: it did not.
    ``database``: the id of the one that the rounds keep, None while none was opened.
    """

    job: str
    state: HeartbeatState
    at: datetime
    due_at: datetime | None = None
    schedule: str | None = None
    ended_at: datetime | None = None
    failure: str | None = None
    failing_since: datetime | None = None
    database: str | None = None


@dataclass(frozen=True, slots=True)
class UnreadableHeartbeat:
    """A file that should be a pulse and is none."""

    job: str
    why: str


def write_heartbeat(folder: Path, pulse: Heartbeat) -> None:
    """Keep a pulse in place of the job's last one; OSError where the folder cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    content = json.dumps(to_json(pulse), ensure_ascii=False, indent=1).encode() + b"\n"
    with NamedTemporaryFile(dir=folder, prefix=".", suffix=".tmp", delete=False) as draft:
        written = Path(draft.name)
        try:
            draft.write(content)
            draft.flush()
            os.fsync(draft.fileno())
            draft.close()
            written.chmod(0o644)
            written.replace(folder / f"{pulse.job}.json")
        except BaseException:
            written.unlink(missing_ok=True)
            raise


def read_heartbeat(folder: Path, job: str) -> Heartbeat | None:
    """The job's last pulse; None where there is none that can be read."""
    found = _read(folder / f"{job}.json")
    return found if isinstance(found, Heartbeat) else None


def read_heartbeats(folder: Path) -> list[Heartbeat | UnreadableHeartbeat]:
    """Every pulse in a folder, by name; none where there is no folder. Never raises."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".json" and path.name[0] != ".")
    except FileNotFoundError:
        return []
    except OSError as error:
        return [UnreadableHeartbeat(folder.name, f"{folder}: {error.strerror or error}")]
    return [_read(path) for path in paths[:MOST_FILES]]


def _read(path: Path) -> Heartbeat | UnreadableHeartbeat:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
        pulse = parse_heartbeat(content)
    except OSError as error:
        return UnreadableHeartbeat(path.stem, f"{path}: {error.strerror or error}")
    except ValueError as error:
        return UnreadableHeartbeat(path.stem, f"{path}: {error}")
    if pulse.job != path.stem:
        return UnreadableHeartbeat(path.stem, f"{path}: it speaks of another job, {pulse.job}")
    return pulse


def parse_heartbeat(content: bytes) -> Heartbeat:
    """A pulse from the bytes of its file; ValueError says what is wrong with them."""
    if len(content) > LARGEST_FILE:
        raise ValueError(f"longer than {LARGEST_FILE} bytes")
    try:
        data = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError("no whole JSON") from error
    return from_json(data)


def to_json(pulse: Heartbeat) -> dict[str, Any]:
    return {
        "job": pulse.job,
        "state": pulse.state,
        "at": _text(pulse.at),
        "due_at": _text(pulse.due_at),
        "schedule": pulse.schedule,
        "ended_at": _text(pulse.ended_at),
        "failure": None if pulse.failure is None else pulse.failure[:_WORDS_LIMIT],
        "failing_since": _text(pulse.failing_since),
        "database": pulse.database,
    }


def from_json(data: object) -> Heartbeat:
    """ValueError names the key that does not fit, and what would be valid."""
    if not isinstance(data, Mapping):
        raise ValueError("no JSON object")
    job, state, at = data.get("job"), data.get("state"), _instant(data, "at")
    if not isinstance(job, str) or not _JOB.fullmatch(job):
        raise ValueError(f"job = {_short(job)}; valid: a name in a-z, 0-9 and hyphens")
    if state not in get_args(HeartbeatState):
        raise ValueError(f"state = {_short(state)}; valid: {', '.join(get_args(HeartbeatState))}")
    if at is None:
        raise ValueError("at is missing; valid: an instant such as 2026-01-31T12:00:00Z")
    due_at = _instant(data, "due_at")
    if due_at is not None and due_at - at > LONGEST_PROMISE:
        raise ValueError(f"due_at = {_text(due_at)}: promised for later than {LONGEST_PROMISE.days} days")
    return Heartbeat(
        job=job,
        state=cast(HeartbeatState, state),
        at=at,
        due_at=due_at,
        schedule=_words(data, "schedule"),
        ended_at=_instant(data, "ended_at"),
        failure=_words(data, "failure"),
        failing_since=_instant(data, "failing_since"),
        database=_words(data, "database"),
    )


def _instant(data: Mapping[str, Any], key: str) -> datetime | None:
    value = data.get(key)
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value)
        return at.astimezone(UTC) if at.tzinfo is not None else _refuse(key, value)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(
            f"{key} = {_short(value)}; valid: an instant such as 2026-01-31T12:00:00Z"
        ) from error


def _refuse(key: str, value: object) -> datetime:
    raise ValueError(f"{key} = {_short(value)} has no offset")


def _words(data: Mapping[str, Any], key: str) -> str | None:
    value = data.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{key} = {_short(value)}; valid: text or null")
    return None if value is None else " ".join(value[:_WORDS_LIMIT].split())


def _short(value: object) -> str:
    return repr(value)[:60]


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
