"""When the next round by the clock is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from servanda.jobs.scheduling.timetable import CRON, next_tick


@pytest.mark.parametrize(
    "job, after, tick",
    [
        ("notify", "12:00:00", "31 12:15"),
        ("notify", "12:14:59", "31 12:15"),
        ("notify", "23:45:00", "01 00:00"),
        ("collect", "12:16:59", "31 12:17"),
        ("collect", "12:17:00", "31 12:47"),
        ("collect", "23:47:00", "01 00:17"),
        ("assess", "05:39:59", "31 05:40"),
        ("assess", "05:40:00", "01 05:40"),
    ],
)
def test_the_next_tick_is_later_and_the_first(job: str, after: str, tick: str) -> None:
    found = next_tick(CRON[job], datetime.fromisoformat(f"2026-01-31T{after}+00:00"))
    assert f"{found:%d %H:%M}" == tick
    assert found.tzinfo is UTC


@pytest.mark.parametrize("cron", ["0 5 * * 1", "0 5 1 * *", "0 25 * * *"])
def test_what_it_cannot_say_is_refused(cron: str) -> None:
    with pytest.raises(ValueError):
        next_tick(cron, datetime(2026, 1, 31, tzinfo=UTC))
