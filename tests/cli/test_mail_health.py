"""Mail that does not leave is said by exit code, status and signs of life, whatever stops it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.catalogues import feed_route, source
from support.command_line import servanda
from support.monitors import Monitor
from support.press import PressOffice

from fault_injection.crashes.mail_server import READY, MailServer
from servanda.jobs.bootstrap.wiring import wire
from servanda.jobs.delivery.mail_trouble import describe_trouble
from servanda.jobs.watchdog.diagnosis import find_problems
from servanda.jobs.watchdog.heartbeat_files import read_heartbeats
from servanda.jobs.watchers.membership import add_watcher
from servanda.models.delivery.mail_health import MailHealth

NOW = datetime(2019, 9, 5, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def health(
    waiting: int, since: timedelta, sent: timedelta | None, refused: timedelta | None, *, server: bool
) -> MailHealth:
    def ago(length: timedelta | None) -> datetime | None:
        return None if length is None else NOW - length

    said = None if refused is None else "451 later"
    return MailHealth(waiting, NOW - since, ago(sent), ago(refused), said, server)


CASES = [
    ("nothing waits", health(0, HOUR, None, MINUTE, server=True), None),
    ("one waits for its turn", health(1, MINUTE, None, None, server=False), None),
    ("the server refuses", health(2, MINUTE, HOUR, MINUTE, server=True), "2 mails wait"),
    ("it refused, and took one since", health(2, MINUTE, MINUTE, HOUR, server=True), None),
    ("one address puts off", health(1, 2 * HOUR, MINUTE, MINUTE, server=False), None),
    ("an hour, to the second", health(1, HOUR, None, None, server=False), None),
    ("a second more", health(1, HOUR + timedelta(seconds=1), None, None, server=False), "1 mail waits"),
]  # fmt: skip


@pytest.mark.parametrize(("found", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_mail_is_in_trouble_where_nothing_leaves(found: MailHealth, expected: str | None) -> None:
    said = describe_trouble(found, NOW)
    assert (said is None) == (expected is None)
    assert said is None or (said.startswith(expected or "") and "the oldest since 2019-09-05T" in said)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer(wait=0).running() as running:
        yield running


@pytest.fixture
def live(monitor: Monitor, server: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Monitor:
    """A live monitor with somebody to tell, whose source answers."""
    office = PressOffice(monitor.site)
    office.publish("ordinary", "An ordinary day", datetime.now(UTC))
    monitor.catalogue({"us-a": source("us-a", feed_route(office.url))})
    monkeypatch.setenv("SERVANDA_SMTP_URL", server.url)
    monkeypatch.setenv("SERVANDA_PULSE", str(tmp_path / "pulse"))
    with wire(opening="create") as wiring:
        add_watcher(wiring.ledger, "ana@ana.example")
    return monitor


def problems(tmp_path: Path) -> list[str]:
    found = read_heartbeats(tmp_path / "pulse")
    return [one.words for one in find_problems(found, datetime.now(UTC) + 5 * MINUTE)]


@pytest.mark.slow
@pytest.mark.smtp
def test_refused_mail_is_said_in_every_way_until_it_leaves(
    live: Monitor, server: MailServer, tmp_path: Path
) -> None:
    server.greeting = (554, "5.3.2 we take no mail today")
    done = servanda("run")
    assert done.returncode == 1
    assert "1 mail waits" in done.stderr
    assert "we take no mail today" in done.stderr
    assert "we take no mail today" in servanda("status").stdout
    mail = json.loads(servanda("status", "--json").stdout)["mail"]
    assert (mail["waiting"], mail["last_sent_at"]) == (1, None)
    assert [p for p in problems(tmp_path) if "MailTrouble" in p and "we take no mail today" in p]
    server.greeting = READY
    with wire() as wiring, wiring.store.writing() as db:
        db.exec_driver_sql("UPDATE envelope SET due_at = known_at")  # its time has come
    assert servanda("run").returncode == 0
    assert json.loads(servanda("status", "--json").stdout)["mail"]["trouble"] is None
    assert not [p for p in problems(tmp_path) if "MailTrouble" in p]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value"),
    [("SERVANDA_DKIM_KEY", "/nowhere/dkim.pem"), ("SERVANDA_SMTP_URL", "smtp://a@b@c/x")],
)
def test_a_setting_that_cannot_be_used_is_a_fault_of_the_monitor(
    live: Monitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("SERVANDA_DKIM_SELECTOR", "s") if "DKIM" in name else None
    monkeypatch.setenv(name, value)
    done = servanda("run")
    assert done.returncode == 2
    assert name in done.stderr
    assert [p for p in problems(tmp_path) if "run has been failing" in p and name in p]
