"""From an exchange to its place in the archive, and what SQL keeps of it."""

from __future__ import annotations

from jobs.wiring import Wiring
from models.polls import ExchangeRecord
from scrapers.exchange import Exchange
from scrapers.memento import attested_at


def place(wiring: Wiring, exchange: Exchange) -> ExchangeRecord:
    """Put an exchange's bytes into the archive."""
    return ExchangeRecord(
        url=exchange.url,
        status=exchange.status,
        failure=exchange.failure,
        sha256=exchange.sha256,
        place=wiring.archive.store(exchange),
        at=exchange.at,
        attested_at=attested_at(exchange),
    )
