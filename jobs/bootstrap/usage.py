"""What cannot be done as it was asked, and what an instant must say. Imports next to nothing."""

from __future__ import annotations

from datetime import UTC, datetime


class UsageError(Exception):
    """What was asked cannot be done; the message names what, and what would be valid."""


class SettingUnusable(UsageError):
    """A setting cannot be used: nobody asked wrongly, the monitor itself does not work."""


def aware(value: datetime) -> datetime:
    """An instant in UTC; ValueError for one without an offset."""
    if value.tzinfo is None:
        raise ValueError(
            f"{value.isoformat()} has no offset; valid: 2019-09-06T04:00:00Z or 2019-09-06T00:00:00-04:00"
        )
    return value.astimezone(UTC)
