"""What a source showed at its first reading is news where it was published since monitoring began."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.desk import FIRST_AT, GUARD, GUARD_AT, Desk
from support.monitors import Monitor

NEWS = ("new_evidence", "candidate")
DAY = timedelta(days=1)


def test_what_was_published_while_a_source_could_not_be_read_is_told_by_its_first_reading(
    monitor: Monitor,
) -> None:
    desk = Desk(monitor)
    desk.site.down = True
    desk.look(FIRST_AT)
    assert [alert.kind for alert in desk.alerts()] == ["now_monitoring"]
    desk.put(GUARD)
    desk.look(GUARD_AT)
    desk.site.down = False
    desk.look(GUARD_AT + DAY)
    (alert,) = desk.alerts(*NEWS)
    assert GUARD.title in str(alert.payload)


@pytest.mark.parametrize("days", [1, 30])
def test_what_stood_there_before_monitoring_began_stays_a_baseline(monitor: Monitor, days: int) -> None:
    desk = Desk(monitor)
    desk.put(GUARD)
    desk.site.down = True
    desk.look(GUARD_AT + days * DAY)
    desk.site.down = False
    desk.look(GUARD_AT + (days + 1) * DAY)
    assert desk.alerts(*NEWS) == []
