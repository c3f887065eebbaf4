"""How many runs may be asked for before some have ended: the rest is refused with 429, and told to come back.

Runs by the clock are not asked for through this door. They always find a place, for what was asked for may
not take all of them.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

MOST_UNFINISHED = 30
"""Runs of one DAG that have not ended; ``collect`` lets a few more than these stand side by side."""

RETRY_AFTER_SECONDS = 30
_TRIGGER = re.compile(r"/api/v2/dags/([\w.~-]+)/dagRuns/?")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Count = Callable[[str], int]


def count_unfinished(dag: str) -> int:
    """The runs of a DAG that wait or are at work."""
    from airflow.models.dagrun import DagRun

    return int(DagRun.active_runs_of_dags(dag_ids=[dag], exclude_backfill=True).get(dag, 0))


class BoundedTriggers:
    """Stands before Airflow's API."""

    def __init__(self, app: App, count: Count = count_unfinished) -> None:
        self._app = app
        self._count = count
        self._underway: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = _TRIGGER.fullmatch(scope.get("path", "")) if scope["type"] == "http" else None
        if asked is None or scope["method"] != "POST" or asked[1] == "~":
            await self._app(scope, receive, send)
            return
        dag = asked[1]
        self._underway[dag] += 1  # before the count: of those that come together each counts the others
        try:
            waiting = await asyncio.to_thread(self._count, dag) + self._underway[dag] - 1
            if waiting < MOST_UNFINISHED:
                await self._app(scope, receive, send)
            else:
                await _refuse(send, dag, waiting)
        finally:
            self._underway[dag] -= 1


async def _refuse(send: Send, dag: str, waiting: int) -> None:
    detail = (
        f"{waiting} runs of {dag} have not ended, and {MOST_UNFINISHED} is the most; "
        f"ask again when some have, say after {RETRY_AFTER_SECONDS} s"
    )
    headers = [
        (b"content-type", b"application/json"),
        (b"retry-after", str(RETRY_AFTER_SECONDS).encode()),
    ]
    await send({"type": "http.response.start", "status": 429, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps({"detail": detail}).encode()})
