"""Read a monitor's signs of life: from its folder, or from its web address if it runs elsewhere."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

from servanda.jobs.watchdog.heartbeat_files import (
    MOST_FILES,
    Heartbeat,
    UnreadableHeartbeat,
    from_json,
    read_heartbeats,
)

TIMEOUT_SECONDS = 20.0
LARGEST_ANSWER = 1_000_000


class MonitorUnreachable(Exception):
    """The monitor's web address gave no signs of life; the message says why."""


def read_monitor(folder: Path, url: str | None) -> list[Heartbeat | UnreadableHeartbeat]:
    """What a folder holds, or a web address says. Unreachable where the latter gives no usable answer."""
    return read_heartbeats(folder) if url is None else _of_answer(_fetch(url))


def check_url(url: str) -> str:
    """ValueError for what is no web address."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url!r} is no web address; valid: https://monitor.example.org/health")
    return url


def _fetch(url: str) -> bytes:
    """The body of the answer; a sick monitor says so with 503. Redirects are not followed."""
    opener = OpenerDirector()
    for handler in (ProxyHandler(), HTTPHandler(), HTTPSHandler()):
        opener.add_handler(handler)
    asked = Request(url, headers={"Accept": "application/json", "User-Agent": "Servanda-watchdog"})  # noqa: S310
    try:
        with opener.open(asked, timeout=TIMEOUT_SECONDS) as answer:
            body: bytes = answer.read(LARGEST_ANSWER + 1)
            status = int(answer.status)
    except (OSError, HTTPException, ValueError) as error:
        raise MonitorUnreachable(f"{url} could not be reached: {error}") from error
    if status not in (200, 503):
        raise MonitorUnreachable(f"{url} answered {status}")
    return body


def _of_answer(body: bytes) -> list[Heartbeat | UnreadableHeartbeat]:
    if len(body) > LARGEST_ANSWER:
        raise MonitorUnreachable("the answer is longer than any of ours")
    try:
        data = json.loads(body.decode("utf-8"))
        pulses, broken = data["pulses"], data["unreadable"]
        if not isinstance(pulses, list) or not isinstance(broken, list):
            raise TypeError
    except (ValueError, RecursionError, LookupError, TypeError) as error:
        raise MonitorUnreachable("the answer is not what /health of this monitor says") from error
    return [*_pulses(pulses[:MOST_FILES]), *_broken(broken[:MOST_FILES])]


def _pulses(said: Sequence[object]) -> list[Heartbeat | UnreadableHeartbeat]:
    found: list[Heartbeat | UnreadableHeartbeat] = []
    for number, one in enumerate(said, 1):
        try:
            found.append(from_json(one))
        except ValueError as error:
            found.append(UnreadableHeartbeat(f"job-{number}", str(error)))
    return found


def _broken(said: Sequence[object]) -> list[Heartbeat | UnreadableHeartbeat]:
    named = [one for one in said if isinstance(one, dict)]
    return [UnreadableHeartbeat(str(one.get("job"))[:40], str(one.get("why"))[:300]) for one in named]
