"""Triggers are refused where too many wait, clearly, and nothing else is."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from servanda.hosting.request_bound import MOST_UNFINISHED, BoundedTriggers

TRIGGER = "/api/v2/dags/collect/dagRuns"
CASES = [
    ("none waits", "POST", TRIGGER, 0, 200),
    ("the last place", "POST", TRIGGER, MOST_UNFINISHED - 1, 200),
    ("none is left", "POST", TRIGGER, MOST_UNFINISHED, 429),
    ("with a prefix", "POST", "/api/v2/dags/servanda.collect/dagRuns", MOST_UNFINISHED, 429),
    ("a question", "GET", TRIGGER, MOST_UNFINISHED, 200),
    ("another address", "POST", "/api/v2/dags/collect/dagRuns/list", MOST_UNFINISHED, 200),
    ("a list over all", "POST", "/api/v2/dags/~/dagRuns", MOST_UNFINISHED, 200),
]


@pytest.mark.parametrize(
    ("method", "path", "waiting", "status"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_only_a_trigger_too_many_is_refused(method: str, path: str, waiting: int, status: int) -> None:
    sent: list[Any] = []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> Any:
        return {}

    async def send(message: Any) -> None:
        sent.append(message)

    bounded = BoundedTriggers(app, lambda _dag: waiting)
    asyncio.run(bounded({"type": "http", "method": method, "path": path}, receive, send))
    assert sent[0]["status"] == status
    if status == 429:
        assert (b"retry-after", b"30") in sent[0]["headers"]
        assert "have not ended" in json.loads(sent[1]["body"])["detail"]


def test_those_that_come_together_count_each_other() -> None:
    taken: list[str] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        await asyncio.sleep(0.05)
        taken.append(scope["path"])

    async def receive() -> Any:
        return {}

    refused: list[Any] = []

    async def send(message: Any) -> None:
        refused.append(message)

    async def together() -> None:
        bounded = BoundedTriggers(app, lambda _dag: 0)
        scope = {"type": "http", "method": "POST", "path": TRIGGER}
        await asyncio.gather(*(bounded(scope, receive, send) for _ in range(2 * MOST_UNFINISHED)))

    asyncio.run(together())
    assert len(taken) <= MOST_UNFINISHED
    assert len(taken) + sum("status" in message for message in refused) == 2 * MOST_UNFINISHED
