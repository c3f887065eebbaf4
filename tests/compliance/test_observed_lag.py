from __future__ import annotations

from datetime import UTC, datetime, timedelta

from servanda.compliance.observed_lag import LEAST, observed_lag

SINCE = datetime(2019, 6, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)


def seen(*hours: float) -> list[tuple[datetime, datetime]]:
    return [(SINCE + n * HOUR, SINCE + n * HOUR + late * HOUR) for n, late in enumerate(hours)]


def test_the_middle_and_the_greatest_are_told() -> None:
    lag = observed_lag(seen(1, 2, 3, 4, 90), SINCE)
    assert lag is not None
    assert (lag.documents, lag.median, lag.greatest) == (5, 3 * HOUR, 90 * HOUR)


def test_too_few_say_nothing() -> None:
    assert observed_lag(seen(*[1] * (LEAST - 1)), SINCE) is None
    assert observed_lag(seen(*[1] * LEAST), SINCE) is not None
    assert observed_lag(seen(*[1] * LEAST), None) is None


def test_what_was_published_before_the_source_was_read_says_nothing() -> None:
    before = [(SINCE - 100 * HOUR, SINCE + HOUR)] * 50
    lag = observed_lag([*before, *seen(1, 1, 1, 1, 1)], SINCE)
    assert lag is not None and lag.greatest == HOUR


def test_a_publisher_whose_clock_is_ahead_has_no_lag_and_not_less() -> None:
    lag = observed_lag(seen(-3, -3, -3, -3, -3), SINCE)
    assert lag is not None and lag.median == timedelta(0)
