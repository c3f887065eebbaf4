"""From an exchange to its place in the archive, and what SQL keeps of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from servanda.jobs.bootstrap.wiring import Wiring
from servanda.models.archive.location import RecordLocation
from servanda.models.archive.warc_writing import EarlierRecord
from servanda.models.captures import revisits
from servanda.models.polls.polls import ExchangeRecord
from servanda.scrapers.exchange import Exchange
from servanda.scrapers.memento import attested_at

LEAST_REVISITED = 512
"""Bytes on the wire. A revisit record takes about 520 bytes itself, a smaller body packed no more."""

AskedFor = tuple[str, str] | int | None
"""What an exchange was made for: a route (source, route), or a document. None: not told."""

EarlierExchange = int | RecordLocation
"""An earlier exchange: by its id or, if it is of the same batch and has none yet, by its place."""


def archive_exchanges(
    wiring: Wiring, exchanges: Iterable[Exchange], asked_for: AskedFor = None
) -> list[ExchangeRecord]:
    """Put the bytes of exchanges into the archive; where an earlier record holds them, a revisit of it.

    It reads SQL and writes to the archive alone, before the transaction that records them, in this order and
    in one poll: a crash leaves records that nobody names, never a name that leads nowhere. With ``asked_for``
    a 304 names the exchange that it calls unchanged.
    """
    placed: list[ExchangeRecord] = []
    for exchange in exchanges:
        placed.append(_archive(wiring, exchange, asked_for, placed))
    return placed


def archive_exchange(wiring: Wiring, exchange: Exchange, asked_for: AskedFor = None) -> ExchangeRecord:
    """One exchange alone, as ``archive_exchanges`` does it."""
    return _archive(wiring, exchange, asked_for, ())


def archive_new_exchange(wiring: Wiring, exchange: Exchange) -> ExchangeRecord:
    """One exchange in full, of an address never asked for: there is nothing that it could revisit."""
    return _record_of(exchange, wiring.archive.store(exchange), None)


def _archive(
    wiring: Wiring, exchange: Exchange, asked_for: AskedFor, placed: Sequence[ExchangeRecord]
) -> ExchangeRecord:
    held, earlier = _held_before(wiring, exchange, asked_for, placed) or (None, None)
    return _record_of(exchange, wiring.archive.store(exchange, earlier=earlier), held)


def _record_of(exchange: Exchange, at: RecordLocation, held: EarlierExchange | None) -> ExchangeRecord:
    return ExchangeRecord(
        url=exchange.url,
        status=exchange.status,
        failure=exchange.failure,
        sha256=exchange.sha256,
        place=at,
        at=exchange.at,
        attested_at=attested_at(exchange),
        body_of=held,
    )


def _held_before(
    wiring: Wiring, exchange: Exchange, asked_for: AskedFor, placed: Sequence[ExchangeRecord]
) -> tuple[EarlierExchange, EarlierRecord] | None:
    """The earlier exchange that a new one revisits, with its record, which was read back and compared."""
    if exchange.failure is not None:
        return None
    of_address = [one for one in reversed(placed) if one.url == exchange.url and one.body_of is None]
    if exchange.status == 304:
        return _called_unchanged(wiring, exchange, asked_for, of_address)
    if len(exchange.wire) < LEAST_REVISITED:
        return None
    for name, at in _holders(wiring, exchange, of_address):
        if earlier := wiring.archive.holding(at, exchange.wire):
            return name, earlier
    return None


def _holders(
    wiring: Wiring, exchange: Exchange, of_address: Iterable[ExchangeRecord]
) -> Iterator[tuple[EarlierExchange, RecordLocation]]:
    """What may hold the body: of the same batch, then of what is on record."""
    yield from ((one.place, one.place) for one in of_address if one.sha256 == exchange.sha256)
    with wiring.store.reading() as db:
        holders = revisits.bodies_with_digest(db, exchange.url, exchange.sha256)
    yield from ((held.id, held.place) for held in holders)


def _called_unchanged(
    wiring: Wiring, exchange: Exchange, asked_for: AskedFor, of_address: Sequence[ExchangeRecord]
) -> tuple[EarlierExchange, EarlierRecord] | None:
    """The exchange whose validators were sent: of the same batch, else on record."""
    sent = {name.lower(): value for name, value in exchange.request_headers}
    validators = sent.get("if-none-match"), sent.get("if-modified-since")
    for name, at in _last_answers(wiring, exchange.url, asked_for, of_address):
        if earlier := wiring.archive.unmodified(at, *validators):
            return name, earlier
    return None


def _last_answers(
    wiring: Wiring, url: str, asked_for: AskedFor, of_address: Iterable[ExchangeRecord]
) -> Iterator[tuple[EarlierExchange, RecordLocation]]:
    yield from ((one.place, one.place) for one in of_address if one.status == 200)
    if asked_for is None:
        return
    with wiring.store.reading() as db:
        if isinstance(asked_for, int):
            answers = revisits.last_answers_of_document(db, asked_for, url)
        else:
            answers = revisits.last_answers_of_route(db, *asked_for, url)
    yield from ((held.id, held.place) for held in answers)
