"""From an exchange to its place in the archive, and what SQL keeps of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from servanda.jobs.bootstrap.ledger import Ledger
from servanda.models.archive.folder import Archive, RecordLocation
from servanda.models.archive.warc_writing import EarlierRecord
from servanda.models.captures import revisits
from servanda.models.captures.revisits import ArchivedBody
from servanda.models.polls.polls import ExchangeRecord
from servanda.scrapers.exchange import Exchange
from servanda.scrapers.memento import attested_at

LEAST_REVISITED = 512
"""Bytes on the wire. A revisit record takes about 520 bytes itself, a smaller body packed no more."""

AskedFor = tuple[str, str] | int | None
"""What an exchange was made for: a route (source, route), or a document. None: not told."""

EarlierExchange = int | RecordLocation
"""An earlier exchange: by its id or, if it is of the same batch and has none yet, by its place."""

KnownAnswers = Mapping[str, Sequence[ArchivedBody]]
"""The exchanges that hold what addresses last answered, as far as that was asked before."""


@dataclass(frozen=True, slots=True)
class _Earlier:
    """What is on record that a new exchange may revisit; the ledgers are asked only when it may."""

    ledger: Ledger
    asked_for: AskedFor
    answers: KnownAnswers = field(default_factory=dict)

    def holders(self, exchange: Exchange) -> Sequence[ArchivedBody]:
        """What may hold the body of an exchange."""
        with self.ledger.reading() as (db, _):
            return revisits.bodies_with_digest(db, exchange.url, exchange.sha256)

    def last_answers(self, url: str) -> Sequence[ArchivedBody]:
        """What an address last gave to whatever the exchange was made for."""
        if self.asked_for is None or url in self.answers:
            return self.answers.get(url, ())
        with self.ledger.reading() as (db, _):
            if isinstance(self.asked_for, int):
                return revisits.last_answers_of_document(db, self.asked_for, url)
            return revisits.last_answers_of_route(db, *self.asked_for, url)


def archive_exchanges(
    ledger: Ledger,
    archive: Archive,
    exchanges: Iterable[Exchange],
    asked_for: AskedFor = None,
    answers: KnownAnswers | None = None,
) -> list[ExchangeRecord]:
    """Put the bytes of exchanges into the archive; where an earlier record holds them, a revisit of it.

    It reads SQL and writes to the archive alone, before the transaction that records them, in this order and
    in one poll: a crash leaves records that nobody names, never a name that leads nowhere. With ``asked_for``
    a 304 names the exchange that it calls unchanged.
    """
    earlier = _Earlier(ledger, asked_for, answers or {})
    placed: list[ExchangeRecord] = []
    for exchange in exchanges:
        placed.append(_archive(archive, exchange, earlier, placed))
    return placed


def archive_exchange(
    ledger: Ledger, archive: Archive, exchange: Exchange, asked_for: AskedFor = None
) -> ExchangeRecord:
    """One exchange alone, as ``archive_exchanges`` does it."""
    return _archive(archive, exchange, _Earlier(ledger, asked_for), ())


def archive_new_exchange(archive: Archive, exchange: Exchange) -> ExchangeRecord:
    """One exchange in full, of an address never asked for: there is nothing that it could revisit."""
    return _record_of(exchange, archive.store(exchange), None)


def _archive(
    archive: Archive, exchange: Exchange, earlier: _Earlier, placed: Sequence[ExchangeRecord]
) -> ExchangeRecord:
    held, record = _held_before(archive, exchange, earlier, placed) or (None, None)
    return _record_of(exchange, archive.store(exchange, earlier=record), held)


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
    archive: Archive, exchange: Exchange, earlier: _Earlier, placed: Sequence[ExchangeRecord]
) -> tuple[EarlierExchange, EarlierRecord] | None:
    """The earlier exchange that a new one revisits, with its record, which was read back and compared."""
    if exchange.failure is not None:
        return None
    of_address = [one for one in reversed(placed) if one.url == exchange.url and one.body_of is None]
    if exchange.status == 304:
        return _called_unchanged(archive, exchange, earlier, of_address)
    if len(exchange.wire) < LEAST_REVISITED:
        return None
    for name, at in _holders(exchange, earlier, of_address):
        if record := archive.holding(at, exchange.wire):
            return name, record
    return None


def _holders(
    exchange: Exchange, earlier: _Earlier, of_address: Iterable[ExchangeRecord]
) -> Iterator[tuple[EarlierExchange, RecordLocation]]:
    """What may hold the body: of the same batch, then of what is on record."""
    yield from ((one.place, one.place) for one in of_address if one.sha256 == exchange.sha256)
    yield from ((held.id, held.place) for held in earlier.holders(exchange))


def _called_unchanged(
    archive: Archive, exchange: Exchange, earlier: _Earlier, of_address: Sequence[ExchangeRecord]
) -> tuple[EarlierExchange, EarlierRecord] | None:
    """The exchange whose validators were sent: of the same batch, else on record."""
    sent = {name.lower(): value for name, value in exchange.request_headers}
    validators = sent.get("if-none-match"), sent.get("if-modified-since")
    for name, at in _last_answers(exchange.url, earlier, of_address):
        if record := archive.unmodified(at, *validators):
            return name, record
    return None


def _last_answers(
    url: str, earlier: _Earlier, of_address: Iterable[ExchangeRecord]
) -> Iterator[tuple[EarlierExchange, RecordLocation]]:
    yield from ((one.place, one.place) for one in of_address if one.status == 200)
    yield from ((held.id, held.place) for held in earlier.last_answers(url))
