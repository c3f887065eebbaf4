"""A reading held against what is known: an item that it claims to have seen past and does not show.

A site that drops rows, a reader that loses some of them, a listing that has stopped: each looks like silence.
What the same route has shown before must still stand there, unless its own page says that it is gone; so must
the canaries; and what other routes of the publisher show ends what this one may claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from servanda.compliance.coverage import newest_first_run
from servanda.compliance.intervals import Interval, IntervalSet, between
from servanda.compliance.publication import PublicationTime
from servanda.instruments.routes import Canary, CdxOptions, PageOptions, Route, Source
from servanda.jobs.documents.fetching import GONE_KINDS
from servanda.jobs.polling.coverage_claims import CoverageProof
from servanda.models.documents import listings
from servanda.models.documents.identity import with_other_end
from servanda.models.documents.listings import ListedDocument
from servanda.models.polls import canaries
from servanda.models.polls.canaries import CanaryLook
from servanda.models.polls.polls import Failure
from servanda.scrapers.addresses import normalised
from servanda.scrapers.exchange import Exchange, Recording, ScrapeError
from servanda.scrapers.http.fetch import Fetcher
from servanda.scrapers.route_reading import Item, RouteReading

LOOKED_UP = 5
"""So many missing items are looked up at their own addresses; more are not an accident of theirs."""

UNLISTED_AFTER = 3
UNLISTED_FOR = timedelta(days=1)
"""An item that so many readings over so long did not show, while all else was in order, is unlisted by its
publisher: its page stands, the listing goes on without it."""

MOVED_AT_LEAST = 3
MOVED_SHARE = 1 / 3
"""Publishers correct the time of a release now and then (2 of 2,031); so many at once are a mishap."""


GoneDocuments = tuple[tuple[int, Exchange], ...]
"""Documents, each with the exchange by which its own page says that it is gone."""


@dataclass(frozen=True, slots=True)
class Crosscheck:
    """What a reading was held against.

    ``failure``: what contradicts it, None for nothing. ``gone``: documents whose own pages say so.
    """

    failure: Failure | None = None
    looks: tuple[CanaryLook, ...] = ()
    gone: GoneDocuments = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the ledgers hold against a reading, before its publisher is asked about ``missing``: documents
    that the route has shown before and that still should stand there."""

    failure: Failure | None = None
    looks: tuple[CanaryLook, ...] = ()
    missing: tuple[ListedDocument, ...] = ()


def check_moved_dates(db: Connection, source: Source, route: Route, reading: RouteReading) -> Failure | None:
    """Whether a reading gives other publication times than before to many items at once; None if not.

    A template that dates all items with the present, or loses its zone, would date every document anew.
    Nothing of such a reading is kept. Where a person asks for the days, the new times are taken.
    """
    if route.first_date_stands or isinstance(route.read, CdxOptions):
        return None
    before = listings.last_listed(db, source.id, route.id, _names(reading.items))
    said = {alias: item.published for item in reading.items for alias in _names([item])}
    pairs = [
        (one, said[next(iter(one.aliases & said.keys()))]) for one in before if one.aliases & said.keys()
    ]
    moved = [(one, now) for one, now in pairs if one.published.interval != now.interval]
    moved = [(one, now) for one, now in moved if one.published.precision is now.precision]
    if not _is_mishap(moved, len(pairs)):
        return None
    one, now = moved[0]
    reason = (
        f"{len(moved)} of {len(pairs)} known items have another publication time than before: "
        f"{one.url} was of {one.published}, and is of {now}"
    )
    return Failure("unrecognised", "dates_moved", reason[:500])


def _is_mishap(moved: Sequence[tuple[ListedDocument, PublicationTime]], known: int) -> bool:
    """Many of the known items at once; or all of them, two suffice, by one and the same shift."""
    if len(moved) >= MOVED_AT_LEAST and len(moved) > MOVED_SHARE * known:
        return True
    shifts = {now.interval.from_at - one.published.interval.from_at for one, now in moved}
    return len(moved) >= 2 and len(moved) == known and len(shifts) == 1


def witnesses(source: Source, route: Route) -> tuple[str, ...]:
    """The other routes of a source that show what should stand on this one too.

    Routes that only sample are no witness: what they show need not be listed anywhere.
    """
    return tuple(r.id for r in source.routes if r.id != route.id and _is_witness(r))


def newer_elsewhere(
    db: Connection,
    source: Source,
    route: Route,
    items: Sequence[Item],
    published: Sequence[PublicationTime],
    now: datetime,
) -> tuple[PublicationTime, ...]:
    """What other routes of the source show that is newer than this one's newest, and that it never showed.

    ``published``: the times that the reading rests on, top to bottom.
    """
    others = witnesses(source, route)
    run = newest_first_run(published) if others else ()
    if not run:
        return ()
    within = between(published[run[0]].interval.until_at, now)
    if within is None:
        return ()
    names = _names(items)
    listed = listings.listed_elsewhere(db, source.id, route.id, others, within)
    return tuple(one.published for one in listed if not one.aliases & names)


def listed_after_newest(
    db: Connection, source: Source, route: Route, reading: RouteReading, now: datetime
) -> tuple[ListedDocument, ...]:
    """What a route has shown before that is newer than all that it shows now: withdrawn, if the copy is none
    of before."""
    newest = max(item.published.interval.until_at for item in reading.items)
    after = between(newest, now)
    if after is None:
        return ()
    names = _names(reading.items)
    shown = listings.listed_by_route(db, source.id, route.id, after)
    return tuple(one for one in shown if not one.aliases & names)


def seen_withdrawn(
    fetcher: Fetcher, route: Route, missing: Sequence[ListedDocument], recording: Recording
) -> GoneDocuments | None:
    """The documents, each with the exchange by which its own page says that it is gone; None where one is
    there, or too many would be asked about. Nothing is missing where all were seen gone before, or are listed
    under older times now."""
    if len(missing) > LOOKED_UP:
        return None
    seen = [(one.document, _seen_gone(fetcher, route, one, recording)) for one in missing]
    gone = tuple((document, exchange) for document, exchange in seen if exchange is not None)
    return gone if len(gone) == len(missing) else None


def compare_reading(
    db: Connection,
    source: Source,
    route: Route,
    reading: RouteReading,
    proof: CoverageProof,
    sought: Interval | None,
) -> Comparison:
    """What on record contradicts what a counting reading claims.

    ``sought``: the day of a canary, where the reading was made to look for it.
    """
    claimed = IntervalSet.of(one.interval for one in proof.covered)
    looks = tuple(_looks(source, route, reading, claimed, sought))
    lost = [
        look.canary for look in looks if not look.found and _claims_day(route, look.canary, source, claimed)
    ]
    if lost:
        reason = f"it claims to have seen the day of {lost[0]}, which is known to stand there, and lacks it"
        return Comparison(Failure("unrecognised", "canary_missing", reason), looks)
    if isinstance(route.read, CdxOptions) or not claimed:
        return Comparison(looks=looks)
    return _with_shown_before(db, source, route, reading, claimed, looks)


def _with_shown_before(
    db: Connection,
    source: Source,
    route: Route,
    reading: RouteReading,
    claimed: IntervalSet,
    looks: tuple[CanaryLook, ...],
) -> Comparison:
    names, urls = _names(reading.items), {normalised(item.url) for item in reading.items}
    shown = [one for i in claimed.intervals for one in listings.listed_by_route(db, source.id, route.id, i)]
    missing = [one for one in shown if not one.aliases & names and normalised(one.url) not in urls]
    still = tuple(
        one
        for one in missing
        if not _is_unlisted(canaries.canary_misses(db, source.id, route.id, _name(one)))
    )
    missed = tuple(CanaryLook(source.id, route.id, _name(one), False) for one in missing)
    if len(still) > LOOKED_UP:
        return Comparison(_lost(still), (*looks, *missed[:LOOKED_UP]))
    return Comparison(None, (*looks, *missed), still)


def look_up_missing(
    fetcher: Fetcher, route: Route, comparison: Comparison, recording: Recording
) -> Crosscheck:
    """Ask for each missing item at its own address: one that its page says is gone contradicts nothing."""
    missing = comparison.missing
    gone = {one.document: seen for one in missing if (seen := _seen_gone(fetcher, route, one, recording))}
    there = [one for one in missing if one.document not in gone]
    failure = _lost(there) if there else comparison.failure
    return Crosscheck(failure, comparison.looks, tuple(gone.items()))


def _lost(missing: Sequence[ListedDocument]) -> Failure:
    first, others = missing[0], len(missing) - 1
    more = f" and {others} more" if others else ""
    reason = f"it lacks {first.url} of {first.published}{more}, which this route has shown before"
    return Failure("unrecognised", "items_missing", reason)


def _seen_gone(fetcher: Fetcher, route: Route, one: ListedDocument, recording: Recording) -> Exchange | None:
    """The exchange by which a document's own page says that it is gone; None where it does not."""
    own = Recording()
    try:
        address = route.address_of(one.url, one.published)
        fetcher.session(own)(address, pause_seconds=route.pause.total_seconds())
    except ScrapeError as error:
        if error.kind in GONE_KINDS and own.exchanges:
            recording.exchanges.extend(own.exchanges[:-1])
            return own.exchanges[-1]
    recording.exchanges.extend(own.exchanges)
    return None


def _is_unlisted(missed_at: Sequence[datetime]) -> bool:
    return len(missed_at) >= UNLISTED_AFTER and max(missed_at) - min(missed_at) >= UNLISTED_FOR


def _looks(
    source: Source,
    route: Route,
    reading: RouteReading,
    claimed: IntervalSet,
    sought: Interval | None,
) -> list[CanaryLook]:
    """A look for each canary whose day the reading claims, or was made for."""
    return [
        CanaryLook(source.id, route.id, canary.document, _shows(reading, canary))
        for canary in route.canaries
        if claimed.includes(day_of(canary, source)) or day_of(canary, source) == sought
    ]


def day_of(canary: Canary, source: Source) -> Interval:
    """The civil day of a canary, in its publisher's zone."""
    return PublicationTime.day(canary.published_on, source.zone).interval


def _claims_day(route: Route, document: str, source: Source, claimed: IntervalSet) -> bool:
    days = [day_of(c, source) for c in route.canaries if c.document == document]
    return any(claimed.includes(day) for day in days)


def _shows(reading: RouteReading, canary: Canary) -> bool:
    wanted = {canary.document}
    if canary.document.startswith(("http://", "https://")):
        wanted.add(normalised(canary.document))
    return any(
        value in wanted
        for item in reading.items
        for _, value in (*item.aliases, ("url", normalised(item.url)))
    )


def _is_witness(route: Route) -> bool:
    return not (route.sampled or route.dated_by_document or isinstance(route.read, PageOptions))


def _names(items: Sequence[Item]) -> frozenset[tuple[str, str]]:
    """What the items go by, addresses with a slash at their end and without it."""
    given = [alias for item in items for alias in item.aliases]
    return frozenset((*given, *filter(None, map(with_other_end, given))))


def _name(one: ListedDocument) -> str:
    return f"document:{one.document}"
