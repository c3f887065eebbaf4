"""When the watchdog speaks, when it says it again, and when it says that it is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.watchdogs import DUE, NOON, PULSE, TEN, mails, settings_in, text

from servanda.hosting.airflow_settings import free_port
from servanda.jobs.watchdog.check import CheckOutcome, check_once
from servanda.jobs.watchdog.heartbeat_files import write_heartbeat
from servanda.jobs.watchdog.settings import WatchdogSettings


@pytest.fixture
def settings(tmp_path: Path) -> WatchdogSettings:
    return settings_in(tmp_path)


@pytest.fixture
def look(settings: WatchdogSettings, tmp_path: Path) -> Callable[[datetime], CheckOutcome]:
    return lambda now: check_once(settings, None, tmp_path / "watchdog.json", now)


def test_an_incident_is_told_once_again_each_day_and_once_when_it_is_over(
    settings: WatchdogSettings, look: Callable[[datetime], CheckOutcome]
) -> None:
    write_heartbeat(settings.pulse, PULSE)
    now, told = NOON, []
    while now < NOON + timedelta(hours=50):
        before = len(mails(settings))
        looked = look(now)
        assert looked.well == (now < DUE + timedelta(minutes=15))
        told += [now - NOON] * (len(mails(settings)) - before)
        now += TEN
    assert told == [timedelta(minutes=30), timedelta(hours=24, minutes=30), timedelta(hours=48, minutes=30)]
    write_heartbeat(settings.pulse, replace(PULSE, at=now, due_at=now + timedelta(minutes=15)))
    for minutes in (0, 10, 20):
        assert look(now + timedelta(minutes=minutes)).well
    *others, over = mails(settings)
    assert len(others) == 3
    assert [mail["Subject"] for mail in others] == ["Servanda: something is wrong with notify"] * 3
    assert over["Subject"] == "Servanda: all is well again with notify"
    assert "Over:\n- notify is silent since 2026-01-31 12:00 UTC" in text(over)
    assert "Still so:" in text(others[1]) and "New:" in text(others[0])
    assert len({mail["Message-ID"] for mail in (*others, over)}) == 4


def test_what_comes_on_top_is_told_and_what_was_told_is_not_told_again(
    settings: WatchdogSettings, look: Callable[[datetime], CheckOutcome]
) -> None:
    write_heartbeat(settings.pulse, PULSE)
    write_heartbeat(settings.pulse, replace(PULSE, job="collect", due_at=DUE + TEN))
    look(DUE + 2 * TEN)
    look(DUE + 3 * TEN)
    first, second = mails(settings)
    assert "notify" in text(first) and "collect" not in text(first)
    assert "collect" in text(second) and "notify" not in text(second)


def test_a_mail_that_cannot_go_out_is_tried_again_and_said_in_the_line(
    settings: WatchdogSettings, tmp_path: Path
) -> None:
    write_heartbeat(settings.pulse, PULSE)
    dead = replace(settings, smtp_url=f"smtp://127.0.0.1:{free_port(0)}")
    memory = tmp_path / "watchdog.json"
    late = DUE + 2 * TEN
    first = check_once(dead, None, memory, late)
    assert "op@example.org could not be mailed" in first.line and "Connection refused" in first.line
    assert mails(settings) == []
    check_once(settings, None, memory, late + TEN)
    assert len(mails(settings)) == 1
    write_heartbeat(settings.pulse, replace(PULSE, at=late + TEN, due_at=late + timedelta(hours=1)))
    assert not check_once(dead, None, memory, late + 2 * TEN).well, "its end is to be told yet"
    check_once(settings, None, memory, late + 3 * TEN)
    assert [mail["Subject"].split(" with ")[0] for mail in mails(settings)][1:] == [
        "Servanda: all is well again"
    ]
    assert check_once(settings, None, memory, late + 4 * TEN).well
    assert len(mails(settings)) == 2


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        '{"incidents": 5}',
        '{"incidents": [{"about": "notify"}]}',
        "[" * 9999,
        '{"incidents": [null]}',
    ],
)
def test_a_broken_memory_makes_it_tell_again_and_stops_nothing(
    settings: WatchdogSettings, look: Callable[[datetime], CheckOutcome], tmp_path: Path, content: str
) -> None:
    write_heartbeat(settings.pulse, PULSE)
    (tmp_path / "watchdog.json").write_text(content)
    assert not look(DUE + 2 * TEN).well
    assert not look(DUE + 3 * TEN).well
    assert len(mails(settings)) == 1


def test_a_memory_that_cannot_be_written_is_a_trouble_that_is_said(
    settings: WatchdogSettings, tmp_path: Path
) -> None:
    write_heartbeat(settings.pulse, PULSE)
    (tmp_path / "file").write_text("")
    looked = check_once(settings, None, tmp_path / "file" / "watchdog.json", DUE + 2 * TEN)
    assert "will be told again" in looked.line
    assert len(mails(settings)) == 1


def test_a_clock_that_went_back_does_not_silence_it(
    settings: WatchdogSettings, look: Callable[[datetime], CheckOutcome]
) -> None:
    write_heartbeat(settings.pulse, PULSE)
    look(DUE + timedelta(days=300))
    look(DUE + timedelta(days=30))
    assert len(mails(settings)) == 2


def test_nothing_in_a_pulse_can_become_a_header_or_a_second_line(
    settings: WatchdogSettings, look: Callable[[datetime], CheckOutcome]
) -> None:
    hostile = replace(PULSE, failure="x\r\nBcc: eve@example.org\r\n\r\n<b>\u202e\x1b[31m", failing_since=NOON)
    write_heartbeat(settings.pulse, hostile)
    (settings.pulse / "a\nBcc: eve@example.org.json").write_text("{")
    looked = look(DUE + 2 * TEN)
    assert len(looked.line.splitlines()) == 1 and "\x1b" not in looked.line and "\u202e" not in looked.line
    (mail,) = mails(settings)
    assert mail.defects == [] and mail["Bcc"] is None
    assert set(mail.keys()) == {
        "Date", "Message-ID", "From", "To", "Subject", "Auto-Submitted", "Content-Type",
        "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    assert not [line for line in text(mail).splitlines() if line.startswith(("Bcc", "<b>"))]
