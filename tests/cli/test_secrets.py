"""No command says a secret, whatever is wrong with the setting that holds it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.catalogues import feed_route, source
from support.command_line import servanda
from support.monitors import Monitor
from support.press import PressOffice

from servanda.cli.start import main
from servanda.jobs.bootstrap.wiring import wire
from servanda.jobs.watchers.membership import add_watcher

pytestmark = pytest.mark.slow

CANARY = "kanarienvogel"
CASES = [
    ("SERVANDA_SMTP_URL", f"smtp://ana:{CANARY}#x@127.0.0.1:1"),
    ("SERVANDA_SMTP_URL", f"smtp://ana:{CANARY}/x@127.0.0.1:1"),
    ("SERVANDA_SMTP_URL", f"smtp://ana:x/{CANARY}@127.0.0.1:1"),
    ("SERVANDA_SMTP_URL", f"smtp://ana:{CANARY}?x@127.0.0.1:1"),
    ("SERVANDA_SMTP_URL", f"{CANARY}:25"),
    ("SERVANDA_SMTP_URL", f"smtp://ana:{CANARY}@127.0.0.1:1"),
    ("SERVANDA_DATABASE_URL", f"postgresql://ana:{CANARY}@127.0.0.1:1/x?connect_timeout={CANARY}"),
    ("SERVANDA_DATABASE_URL", f"postgresql://ana:{CANARY}@127.0.0.1:1/x?bogus={CANARY}"),
    ("SERVANDA_DATABASE_URL", f"postgresql://ana:{CANARY}@127.0.0.1:1/x?password={CANARY}"),
    ("SERVANDA_DATABASE_URL", f"postgresql://ana:x@127.0.0.1:{CANARY}/x"),
    ("SERVANDA_DATABASE_URL", f"sqlite:////tmp/none.db?key={CANARY}"),
    ("SERVANDA_PUBLIC_URL", f"https://ana:{CANARY}@example.org/servanda"),
    ("SERVANDA_SECRET", CANARY[:10]),
]
VERBS = [("run",), ("status",), ("notify",), ("watchdog",)]


@pytest.fixture
def live(monitor: Monitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Monitor:
    office = PressOffice(monitor.site)
    office.publish("ordinary", "An ordinary day", datetime.now(UTC))
    monitor.catalogue({"us-a": source("us-a", feed_route(office.url))})
    monkeypatch.setenv("SERVANDA_PULSE", str(tmp_path / "pulse"))
    with wire(opening="create") as wiring:
        add_watcher(wiring.ledger, "ana@ana.example")
    return monitor


def said_by(verbs: Iterable[tuple[str, ...]], capsys: pytest.CaptureFixture[str]) -> str:
    """What the command line says, in this process; whatever it raises fails the test."""
    for verb in verbs:
        with pytest.MonkeyPatch.context() as typed:
            typed.setattr(sys, "argv", ["servanda", *verb])
            with pytest.raises(SystemExit):
                main()
    said = capsys.readouterr()
    return said.out + said.err


@pytest.mark.parametrize(("name", "value"), CASES, ids=range(len(CASES)))
def test_no_command_repeats_a_secret(
    live: Monitor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    value: str,
) -> None:
    monkeypatch.setenv(name, value)
    said = said_by(VERBS, capsys)
    for part in (CANARY, CANARY[:10]):
        assert part not in said
    kept = [path for path in (tmp_path / "pulse").rglob("*.json") if CANARY[:10] in path.read_text()]
    assert kept == []


@pytest.mark.parametrize(
    "address",
    [
        f"https://ana:{CANARY}@hooks.example/x",
        f"https://hooks.example:{CANARY}/x",
        f"http://hooks.example/{CANARY}",
        f"https://hooks.example/{CANARY}#there",
        f"https://hooks.example/{CANARY} and more",
    ],
)
def test_an_address_of_a_webhook_that_cannot_be_used_is_not_repeated(live: Monitor, address: str) -> None:
    done = servanda("watchers", "add", address, "--channel", "webhook", "--yes-they-agreed")
    assert done.returncode == 2
    assert "webhook" in done.stderr or "address" in done.stderr
    assert CANARY not in done.stdout + done.stderr
    assert "valid: " in done.stderr


def test_an_address_of_a_chat_that_cannot_be_used_is_not_repeated(live: Monitor) -> None:
    done = servanda("watchers", "add", f"{CANARY}://x", "--channel", "chat", "--yes-they-agreed")
    assert done.returncode == 2
    assert CANARY not in done.stdout + done.stderr
