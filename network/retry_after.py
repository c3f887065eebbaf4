"""The wait that a server asks for in ``Retry-After`` (RFC 9110, 10.2.3)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime


def retry_after(value: str | None, now: datetime, date: str | None = None) -> timedelta | None:
    """How long to wait, from seconds or an HTTP date; None where the value states neither.

    A date is compared with ``date``, the response's own ``Date``, where that can be read: the server's clock
    may differ from ours. A date without a zone states no instant.
    """
    value = (value or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", value):
        return timedelta(seconds=int(value))
    until, sent = http_date(value), http_date(date or "")
    return None if until is None else max(timedelta(0), until - (sent or now))


def http_date(value: str) -> datetime | None:
    """The instant that an HTTP date states; None where it cannot be read or has no zone."""
    try:
        parsed = parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return parsed if parsed.tzinfo is not None else None
