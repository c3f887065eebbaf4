"""The forms in which answers give intervals and instants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from servanda.compliance.intervals import Interval, utc_text

Json = dict[str, Any]


def intervals(found: Sequence[Interval]) -> list[Json]:
    return [{"from": utc_text(i.from_at), "until": utc_text(i.until_at)} for i in found]


def instant_or_none(at: datetime | None) -> str | None:
    return None if at is None else utc_text(at)


def seconds_or_none(length: timedelta | None) -> int | None:
    return None if length is None else int(length.total_seconds())
