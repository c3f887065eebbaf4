"""What the clocks say of one poll, and the question that is put to publishers where none has spoken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Connection

from servanda.compliance.clocks import (
    ClockJudgement,
    ClockReading,
    Moment,
    has_jumped,
    is_clock_wrong,
)
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.knowledge.clock_trust import clock_judgement, present_moment, refusal
from servanda.models.polls.clock_readings import last_clock_readings, record_clock_readings
from servanda.network.guarded import host_of
from servanda.scrapers.exchange import Exchange
from servanda.scrapers.http.fetch import Fetcher
from servanda.scrapers.stated_time import WHOLE_SECOND, our_time_beside, stated_time

MOST_ASKED = 3
"""Publishers that are asked for the time, where it has to be asked for."""

ASKED_AFTER = 1.0
"""Seconds between such a question and the request before it to the same host."""


@dataclass(frozen=True, slots=True)
class ClockLook:
    """What the clocks say of one poll. ``readings`` are to be recorded with it.

    ``answered_at``: the latest instant of which its answers speak, by their publisher's own clock; None where
    that is not stated, or known to be wrong.
    """

    readings: tuple[ClockReading, ...]
    judgement: ClockJudgement
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """When something began, by both clocks of the machine."""

    moment: Moment
    monotonic: float


def start_watch(ledger: Ledger) -> Stopwatch:
    return Stopwatch(present_moment(ledger.clock), ledger.clock.monotonic())


def look_at_clocks(ledger: Ledger, began: Stopwatch, exchanges: Sequence[Exchange]) -> ClockLook | None:
    """Hold our clock against those of the publishers that answered; None in a replay, whose clock stands."""
    if ledger.replay:
        return None
    moment = present_moment(ledger.clock)
    readings = tuple(_readings(exchanges, moment)) or (ClockReading(moment),)
    with ledger.reading() as (db, _):
        judgement = clock_judgement(db, moment, readings)
        earlier = {reading.publisher: reading for reading in last_clock_readings(db)}
    if has_jumped(began.moment, moment, ledger.clock.monotonic() - began.monotonic):
        judgement = ClockJudgement("disagrees", "our clock was moved while the route was read")
    wrong = {r.publisher for r in readings if is_clock_wrong(r, earlier.get(r.publisher))}
    return ClockLook(readings, judgement, _answered_at(exchanges, wrong))


def confirm_clock(ledger: Ledger, fetcher: Callable[[], Fetcher], catalogue: Catalogue) -> None:
    """Raise ClockUntrusted unless our clock is borne out; publishers are asked where none has spoken of it.

    A replay's clock is what a person said it is.
    """
    if ledger.replay:
        return
    with ledger.reading() as (db, _):
        judgement = clock_judgement(db, present_moment(ledger.clock))
        known = [r.publisher for r in last_clock_readings(db) if r.publisher is not None]
    if not judgement.is_trusted and known:
        judgement = _ask(ledger, fetcher(), _origins(catalogue, known))
    if not judgement.is_trusted:
        raise refusal(judgement)


def _ask(ledger: Ledger, fetcher: Fetcher, origins: Sequence[str]) -> ClockJudgement:
    """Ask publishers for their robots.txt, which anybody may, to read the time beside it."""
    answers = [_robots_txt(fetcher, origin) for origin in origins]
    moment = present_moment(ledger.clock)
    readings = list(_readings(answers, moment))
    with ledger.reading() as (db, _):
        judgement = clock_judgement(db, moment, readings)
    if readings:
        with ledger.writing() as (db, _):
            record_clock_readings(db, readings)
    return judgement


def _robots_txt(fetcher: Fetcher, origin: str) -> Exchange:
    url = f"{origin}/robots.txt"
    fetcher.pacer.wait(host_of(url), ASKED_AFTER)
    return fetcher.transport.get(url, {"User-Agent": fetcher.user_agent}).exchange


def _origins(catalogue: Catalogue, known: Sequence[str]) -> list[str]:
    """Where to ask: the addresses of live routes, those first whose publishers have stated a time."""
    routes = [urlsplit(route.url) for source in catalogue.sources for route in source.live_routes]
    origins = dict.fromkeys(f"{url.scheme}://{url.netloc}" for url in routes)
    return sorted(origins, key=lambda origin: urlsplit(origin).netloc.lower() not in known)[:MOST_ASKED]


def _readings(exchanges: Sequence[Exchange], moment: Moment) -> Iterator[ClockReading]:
    """One reading of each publisher: of its answers the one nearest to our clock."""
    nearest: dict[str, ClockReading] = {}
    for exchange in exchanges:
        stated = stated_time(exchange.headers)
        publisher = urlsplit(exchange.url).netloc.lower()[:300]
        if stated is None or not publisher:
            continue
        beside = replace(moment, at=our_time_beside(exchange, stated))
        reading = ClockReading(_earlier(moment, beside), publisher, stated.now_at)
        known = nearest.get(publisher)
        if known is None or abs(reading.ahead) < abs(known.ahead):
            nearest[publisher] = reading
    yield from nearest.values()


def _earlier(moment: Moment, beside: Moment) -> Moment:
    """The machine's uptime at an earlier instant by our clock, as far as it ran on evenly till ``moment``."""
    if moment.uptime is None:
        return beside
    return replace(beside, uptime=moment.uptime - (moment.at - beside.at).total_seconds())


def _answered_at(exchanges: Sequence[Exchange], wrong: set[str | None]) -> datetime | None:
    """When the oldest answer with a page was made, by the publisher's clock: a copy from a cache is old."""
    stated = [
        said.made_at + WHOLE_SECOND
        for exchange in exchanges
        if exchange.status in (200, 304) and urlsplit(exchange.url).path != "/robots.txt"
        if urlsplit(exchange.url).netloc.lower() not in wrong
        if (said := stated_time(exchange.headers)) is not None
    ]
    return min(stated, default=None)


def record_look(db: Connection, look: ClockLook) -> None:
    """Keep what clocks said. A moment that no publisher bears out is none to measure later ones by."""
    kept = [r for r in look.readings if r.publisher is not None or look.judgement.is_trusted]
    record_clock_readings(db, kept)
