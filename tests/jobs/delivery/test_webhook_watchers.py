"""A webhook has the same guarantees as a mailbox."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from support.mailing import HOUR, MINUTE, NOW, Post
from support.monitors import Monitor

from servanda.compliance.watchers import Profile, Subscription
from servanda.jobs.notify import notify
from servanda.jobs.watchers.membership import DesiredWatcher, join
from servanda.jobs.watchers.validation import new_secret


class Hook:
    """Answers with ``statuses`` in order, the last for ever; keeps what it got."""

    def __init__(self) -> None:
        self.statuses: list[int] = [204]
        self.got: list[dict[str, Any]] = []
        self.ids: list[str] = []
        self.port = 0


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    made = Hook()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            made.ids.append(self.headers["webhook-id"])
            status = made.statuses.pop(0) if len(made.statuses) > 1 else made.statuses[0]
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    made.port = int(server.server_address[1])
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def post(monitor: Monitor, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> Post:
    monkeypatch.setenv("SERVANDA_ALLOW_HOSTS", f"127.0.0.1:{monitor.site.port},127.0.0.1:{hook.port}")
    made = Post(monitor)
    wanted = DesiredWatcher(
        f"http://127.0.0.1:{hook.port}/hook", Profile(heartbeat="never"), (Subscription(),), "webhook", new_secret()
    )  # fmt: skip
    with monitor.at(NOW - HOUR) as wiring:
        join(wiring.ledger, lambda: wiring.letterhead, wanted, by="test", agreed="test")
    return made


def run(post: Post, now: Any) -> None:
    with post.monitor.at(now) as wiring:
        notify(wiring)


def test_it_is_told_once_and_again_under_one_id_where_it_was_not_taken(post: Post, hook: Hook) -> None:
    hook.statuses = [503, 204]
    post.flag(NOW)
    for minutes in (0, 1, 2, 60):
        run(post, NOW + minutes * MINUTE)
    assert len(hook.got) == 2
    assert hook.got[0] == hook.got[1]
    assert len(set(hook.ids)) == 1
    assert hook.got[0]["type"] == "servanda.window_ended"
    assert hook.got[0]["data"]["replay"] is True
    assert post.rows("SELECT state FROM envelope") == [("sent",)]


def test_one_that_is_gone_is_suspended_at_once(post: Post, hook: Hook) -> None:
    hook.statuses = [410]
    post.flag(NOW)
    run(post, NOW)
    assert post.rows("SELECT state FROM envelope") == [("refused",)]
    assert post.rows("SELECT state FROM standing ORDER BY id")[-1] == ("suspended",)


def test_one_that_is_late_says_so(post: Post, hook: Hook) -> None:
    hook.statuses = [500, 204]
    post.flag(NOW)
    for hours in (0, 2):
        run(post, NOW + hours * HOUR)
    assert "delayed" not in hook.got[0]["data"]
    assert hook.got[1]["data"]["delayed"].startswith("Delayed: written 20 June 2019")
