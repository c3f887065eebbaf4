"""What a web archive says of its captures: RFC 7089."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from servanda.scrapers.exchange import Exchange


def attested_at(exchange: Exchange) -> datetime | None:
    """When an archive saw what it plays back, by its ``Memento-Datetime``; None where a response has none.

    A time after the exchange itself attests nothing.
    """
    stated = exchange.header("Memento-Datetime")
    if stated is None:
        return None
    try:
        at = parsedate_to_datetime(stated)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at.astimezone(UTC) if at.tzinfo is not None and at <= exchange.at else None
