"""Two days without a mail server, and five hundred alerts: all are delivered once after it, and say that they are late."""

from __future__ import annotations

import quopri
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from support.mailing import DAY, HOUR, MINUTE, NOW, Post, evidence, flag
from support.moving import Moving, moving

from fault_injection.crashes.mail_server import READY, MailServer
from servanda.alerts.payloads.kinds import AlertKind
from servanda.jobs.alerting.window_alerts import new_alert
from servanda.jobs.notify import notify
from servanda.models.alerts import alerts as alert_rows

pytestmark = [pytest.mark.smtp, pytest.mark.slow]

ALERTS = 500
OUTAGE = timedelta(hours=48)
EVERY = 15 * MINUTE
"""How often notify runs."""


@dataclass
class After:
    """What was seen: passes of notify, tries on record, and connections that a server counted meanwhile."""

    post: Post
    passes: int
    tries: int
    connections: int
    up_at: datetime


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with MailServer(wait=0).running() as running:
        yield running


def tell(at: Moving, numbers: range) -> None:
    """Every other alert is a flag, which is never bundled; the rest is evidence."""
    with at.wiring.store.writing() as db:
        for number in numbers:
            is_flag = number % 2 == 0
            title = f"Matter {number} of the day"
            payload = flag() if is_flag else evidence(title)
            if is_flag:
                payload = replace(payload, window=replace(payload.window, title=title))  # type: ignore[arg-type,type-var,union-attr]
            kind = AlertKind.WINDOW_ENDED if is_flag else AlertKind.NEW_EVIDENCE
            alert = new_alert(
                kind, str(number), payload, subject="window:further-actions-90d", instrument="us-mexico-2019",
                cause=("poll", 1), now=at.now,
            )  # fmt: skip
            assert alert_rows.record_alert(db, alert)


@pytest.fixture
def after(monitor: Any, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> After:
    """A day with nobody listening, a day with a server that says 421, and two hours in which it works."""
    monkeypatch.setenv("SERVANDA_SMTP_URL", server.url)
    server.stored.clear()
    server.connections = 0
    post = Post(monitor)
    post.watcher("ana@ana.example")
    passes = int(OUTAGE / EVERY)
    server.down()
    with moving(monitor, NOW) as at:
        for n in range(passes):
            at.move_to(NOW + n * EVERY)
            tell(at, range(n * ALERTS // passes, (n + 1) * ALERTS // passes))
            if n == passes // 2:
                server.greeting = (421, "4.3.2 down for maintenance")
                server.up()
            notify(at.wiring)
        tries, connections = post.rows("SELECT count(*) FROM attempt")[0][0], server.connections
        server.greeting = READY
        for n in range(passes, passes + 8):
            at.move_to(NOW + n * EVERY)
            notify(at.wiring)
    return After(post, passes, tries, connections, NOW + OUTAGE)


def test_all_is_delivered_once_after_an_outage_and_says_that_it_is_late(
    after: After, server: MailServer
) -> None:
    rows = after.post.rows
    assert rows("SELECT state, count(*) FROM envelope GROUP BY state")[0][0] == "sent"
    assert rows("SELECT count(*) FROM told WHERE envelope IS NOT NULL")[0][0] == ALERTS
    assert set(Counter(stored.message_id for stored in server.stored).values()) == {1}
    texts = [quopri.decodestring(stored.content).decode() for stored in server.stored]
    named = Counter(
        number for text in texts for number in set(re.findall(r"Matter\s+(\d+)\s+of\s+the\s+day", text))
    )
    assert len(named) == ALERTS and set(named.values()) == {1}, "each in one mail"
    late = {m for (m,) in rows("SELECT message_id FROM envelope WHERE delayed_at IS NOT NULL")}
    for stored, text in zip(server.stored, texts, strict=True):
        assert ("Delayed: written" in text) == (stored.message_id in late)
    before = (after.up_at - HOUR).isoformat(" ")[:19]
    (missing,) = rows("SELECT count(*) FROM envelope WHERE known_at < :at AND delayed_at IS NULL", at=before)[
        0
    ]
    assert missing == 0, "whatever was written an hour before says so"
    assert len(late) < len(server.stored), "what was written last was not late"

    # Few tries: one envelope asks for all, once a pass at most.
    assert after.tries <= after.passes
    assert after.connections <= after.passes // 2
    assert rows("SELECT count(*) FROM envelope WHERE state = 'given_up'")[0][0] == 0
    (last,) = rows("SELECT max(at) FROM attempt")[0]
    assert datetime.fromisoformat(f"{last}+00:00") <= after.up_at + HOUR, "and soon after it, all"
    assert after.up_at - NOW == 2 * DAY
