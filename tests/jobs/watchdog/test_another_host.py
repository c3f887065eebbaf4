"""The watchdog of a monitor that runs on another host: it reads what the web app says, and trusts none of it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from support.watchdogs import DUE, NOON, PULSE, TEN, answering, mails, settings_in, text

from servanda.hosting.airflow_settings import free_port
from servanda.jobs.scheduling.heartbeat import heartbeat_health
from servanda.jobs.watchdog.check import check_once
from servanda.jobs.watchdog.heartbeat_files import write_heartbeat
from servanda.jobs.watchdog.settings import WatchdogSettings


@pytest.fixture
def settings(tmp_path: Path) -> WatchdogSettings:
    return settings_in(tmp_path)


@pytest.mark.parametrize("late, status", [(timedelta(0), 200), (timedelta(hours=1), 503)])
def test_what_another_host_says_is_judged_here(
    settings: WatchdogSettings, tmp_path: Path, late: timedelta, status: int
) -> None:
    """By the same rules and by our clock: a web app whose scheduler died goes on answering."""
    write_heartbeat(tmp_path / "there", PULSE)
    (tmp_path / "there" / "broken.json").write_text("{" if late else json.dumps({}))
    said = json.dumps(heartbeat_health(tmp_path / "there", NOON)).encode()
    with answering(status, said) as url:
        looked = check_once(settings, url, tmp_path / "memory.json", DUE + late)
    assert {one.about for one in looked.problems} == {"broken", *(["notify"] if late else [])}


@pytest.mark.parametrize(
    "status, body, why",
    [
        (404, b"{}", "answered 404"),
        (302, b"", "answered 302"),
        (200, b"<html>", "not what /health of this monitor says"),
        (200, b"{}", "not what /health of this monitor says"),
        (200, b'{"pulses": 5, "unreadable": []}', "not what /health of this monitor says"),
        (200, b'{"pulses": [], "unreadable": []}' + b" " * 1_000_000, "longer than any of ours"),
    ],
)
def test_an_answer_that_is_none_counts_as_no_answer(
    settings: WatchdogSettings, tmp_path: Path, status: int, body: bytes, why: str
) -> None:
    with answering(status, body, Location="http://127.0.0.1:1/") as url:
        looked = check_once(settings, url, tmp_path / "memory.json", NOON)
    assert looked.problems[0].kind == "unreachable" and why in looked.line


def test_a_host_that_does_not_answer_is_mailed_at_the_second_look(
    settings: WatchdogSettings, tmp_path: Path
) -> None:
    """The first may be the network; the exit code says it at once."""
    url, memory = f"http://127.0.0.1:{free_port(0)}/health", tmp_path / "memory.json"
    assert not check_once(settings, url, memory, NOON).well
    assert mails(settings) == []
    assert not check_once(settings, url, memory, NOON + TEN).well
    (mail,) = mails(settings)
    assert "the monitor does not answer" in text(mail) and url in text(mail)


def test_a_hostile_answer_is_bounded_and_its_pulses_are_read_strictly(
    settings: WatchdogSettings, tmp_path: Path
) -> None:
    pulses = [{"job": "x" * 9000}, 5, None, *[{"job": f"j{n}"} for n in range(500)]]
    broken = [{"job": "a\r\nBcc: e@example.org", "why": "y" * 9000}, 7]
    with answering(200, json.dumps({"pulses": pulses, "unreadable": broken}).encode()) as url:
        looked = check_once(settings, url, tmp_path / "memory.json", NOON)
    assert len(looked.line) <= 2000 and "\n" not in looked.line
    (mail,) = mails(settings)
    assert mail["Bcc"] is None and mail.defects == []
