"""What is seen of a source's lag and silences, and when it contradicts what is declared."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from servanda.compliance.observed_times import FirstSight, observe_times
from servanda.compliance.publication import PublicationTime

ZONE = "America/New_York"
START = datetime(2026, 3, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(hours: float) -> datetime:
    return START + hours * HOUR


def instant(hours: float) -> PublicationTime:
    return PublicationTime.instant(at(hours), ZONE)


def test_delays_are_told_where_readings_lie_close_together() -> None:
    sights = [FirstSight(instant(n), at(n + n % 10), at(n + n % 10 - 1)) for n in range(100)]
    sights.append(FirstSight(instant(200), at(290), at(210)))
    seen = observe_times(sights, [], [], DAY).lag
    assert seen is not None
    assert (seen.n, round(seen.median / HOUR, 1), round(seen.ninetieth / HOUR), round(seen.greatest / HOUR)) == (
        100, 4.5, 8, 9,
    )  # fmt: skip


def test_an_item_of_a_day_is_late_from_its_end_on() -> None:
    day = PublicationTime.day(date(2026, 3, 2), ZONE)
    sights = [FirstSight(day, datetime(2026, 3, 2, 20, tzinfo=UTC), datetime(2026, 3, 2, 19, tzinfo=UTC))]
    seen = observe_times(sights, [], [], DAY).lag
    assert seen is not None and seen.greatest == timedelta(0)


@pytest.mark.parametrize(("claimed", "exceeded"), [(None, False), (at(34), True)])
def test_a_lag_is_exceeded_where_the_time_had_been_claimed(claimed: datetime | None, exceeded: bool) -> None:
    sights = [FirstSight(instant(0), at(40), at(34), claimed)]
    said = observe_times(sights, [], [], DAY).exceeds(DAY, 4 * DAY)
    assert (said is not None) is exceeded
    assert said is None or said == (
        "an item came later than 1 day, 9:59:59 after its stated time, and a lag of 1 day, 0:00:00 is declared"
    )


def read_every(hours: float, until: float) -> list[datetime]:
    return [at(n * hours) for n in range(int(until / hours) + 1)]


@pytest.mark.parametrize(
    ("second", "reads", "longest", "n", "exceeded"),
    [
        pytest.param(100, read_every(6, 120), 5 * DAY, 1, False, id="a pause within what is declared"),
        pytest.param(130, read_every(6, 150), 5 * DAY, 1, True, id="a longer one, read all the while"),
        pytest.param(130, read_every(48, 150), 5 * DAY, 0, False, id="a longer one, read too seldom to know"),
        pytest.param(130, [at(-1), at(140)], 5 * DAY, 0, False, id="a longer one, not read meanwhile"),
        pytest.param(130, [], 5 * DAY, 0, False, id="never read"),
    ],
)
def test_a_pause_is_one_where_the_source_was_read_meanwhile(
    second: float, reads: list[datetime], longest: timedelta, n: int, exceeded: bool
) -> None:
    seen = observe_times([], [instant(0), instant(second)], reads, DAY)
    assert (seen.silence.n if seen.silence else 0) == n
    assert (seen.exceeds(DAY, longest) is not None) is exceeded
