"""From an exchange to its place in the archive, and what SQL keeps of it."""

from __future__ import annotations

from jobs.wiring import Wiring
from models import revisits
from models.polls import ExchangeRecord
from models.revisits import Held
from models.warc import Earlier
from scrapers.exchange import Exchange
from scrapers.memento import attested_at

LEAST_REVISITED = 512
"""Bytes on the wire. A revisit record takes about 520 bytes itself, a smaller body packed no more."""

AskedFor = tuple[str, str] | int | None
"""What an exchange was made for: a route (source, route), or a document. None: not told."""


def place(wiring: Wiring, exchange: Exchange, asked_for: AskedFor = None) -> ExchangeRecord:
    """Put an exchange's bytes into the archive; where an earlier record holds them, a revisit of it.

    It reads SQL and writes to the archive alone, before the transaction that records the exchange: a crash
    leaves a record that nobody names, never a name that leads nowhere. With ``asked_for`` a 304 names the
    exchange that it calls unchanged.
    """
    held, earlier = _held_before(wiring, exchange, asked_for) or (None, None)
    return ExchangeRecord(
        url=exchange.url,
        status=exchange.status,
        failure=exchange.failure,
        sha256=exchange.sha256,
        place=wiring.archive.store(exchange, earlier=earlier),
        at=exchange.at,
        attested_at=attested_at(exchange),
        body_of=held.id if held else None,
    )


def _held_before(wiring: Wiring, exchange: Exchange, asked_for: AskedFor) -> tuple[Held, Earlier] | None:
    """The earlier exchange that a new one revisits, with its record, which was read back and compared."""
    if exchange.failure is not None:
        return None
    if exchange.status == 304:
        return _called_unchanged(wiring, exchange, asked_for)
    if len(exchange.wire) < LEAST_REVISITED:
        return None
    with wiring.store.reading() as db:
        holders = revisits.holders_of(db, exchange.url, exchange.sha256)
    for held in holders:
        if earlier := wiring.archive.holding(held.place, exchange.wire):
            return held, earlier
    return None


def _called_unchanged(wiring: Wiring, exchange: Exchange, asked_for: AskedFor) -> tuple[Held, Earlier] | None:
    """The exchange whose validators were sent."""
    with wiring.store.reading() as db:
        if isinstance(asked_for, int):
            held = revisits.last_answer_of_document(db, asked_for, exchange.url)
        elif asked_for is not None:
            held = revisits.last_answer_of_route(db, *asked_for, exchange.url)
        else:
            return None
    sent = {name.lower(): value for name, value in exchange.request_headers}
    earlier = held and wiring.archive.unmodified(
        held.place, sent.get("if-none-match"), sent.get("if-modified-since")
    )
    return (held, earlier) if held and earlier else None
