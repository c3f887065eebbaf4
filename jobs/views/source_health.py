"""How each source does: gathered from the ledgers, judged by ``compliance.source_health``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from servanda.compliance.publication import PublicationTime
from servanda.compliance.source_health import (
    SourceState,
    describe_row_drop,
    describe_silence,
    observed_cadence,
    source_state,
)
from servanda.instruments.catalogue import Catalogue
from servanda.instruments.routes import Route, Source
from servanda.jobs.knowledge.confirmed_routes import confirmed_routes
from servanda.jobs.knowledge.declared_times import DeclaredTimes, declared_times
from servanda.jobs.polling.health_alerts import proving_routes
from servanda.models.documents import quarantine
from servanda.models.documents.unread_documents import unread_documents
from servanda.models.polls import canaries, polls
from servanda.models.polls import route_health as health
from servanda.models.polls.route_distrust import distrusted_routes
from servanda.models.polls.route_health import LastFailure, NewestItem, RouteHistory

PAGES_OF_ONE_LENGTH = frozenset({"feed", "listing"})
"""Platforms whose pages show about as many rows each time; elsewhere the day decides how many there are."""


@dataclass(frozen=True, slots=True)
class CanaryState:
    """``state``: ``found``, ``missing``, or ``never looked for``, and then ``looked_at`` is None."""

    canary: str
    published_on: str
    state: str
    looked_at: datetime | None


@dataclass(frozen=True, slots=True)
class RouteStanding:
    """How a route does. ``drift``: that its page may have changed, in a sentence, None for no sign of it.

    ``distrust``: why its word "unchanged" is not believed, None where it is.
    """

    route: Route
    state: SourceState
    history: RouteHistory
    observed_cadence: timedelta | None
    drift: str | None
    canaries: tuple[CanaryState, ...]
    distrust: str | None


@dataclass(frozen=True, slots=True)
class UnreadCounts:
    """Documents that were listed and not read, ``quarantined`` among them; and doubtful ones."""

    unread: int
    doubtful: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class SourceStanding:
    """How a source does. ``silence``: that it has been silent for longer than is normal, in a sentence.

    ``unread``: how many of its documents are not known for what they say.
    """

    source: Source
    state: SourceState
    routes: tuple[RouteStanding, ...]
    last_valid_at: datetime | None
    newest: NewestItem | None
    cadence: timedelta | None
    observed_cadence: timedelta | None
    failing_since: datetime | None
    last_failure: LastFailure | None
    drift: str | None
    silence: str | None
    unread: UnreadCounts
    times: DeclaredTimes


def source_standings(db: Connection, catalogue: Catalogue, now: datetime) -> list[SourceStanding]:
    """Every source of the catalogue, as it stands now."""
    waiting, put_aside = unread_documents(db, now), quarantine.standing_quarantines(db, now)
    unread = Counter(document.source for document in waiting if document.kind == "unread")
    doubtful = Counter(document.source for document in waiting if document.kind == "doubtful")
    quarantined = Counter(document.source for document in waiting if document.document in put_aside)
    confirmed = confirmed_routes(db, now)
    seen = RouteFindings(
        {(k.source, k.route, k.canary): k for k in canaries.latest_canary_checks(db, now)},
        distrusted_routes(db, now),
    )
    return [
        _standing(
            db,
            source,
            proving_routes(source, confirmed),
            seen,
            UnreadCounts(unread[source.id], doubtful[source.id], quarantined[source.id]),
            now,
        )
        for source in catalogue.sources
    ]


def blind_sources(db: Connection, catalogue: Catalogue, now: datetime) -> list[tuple[Source, datetime]]:
    """The sources of which no route that proves absence is read any more, each with since when."""
    confirmed = confirmed_routes(db, now)
    found = []
    for source in catalogue.sources:
        since = _blind_since(db, source, proving_routes(source, confirmed), now)
        state = source_state(
            read_daily=bool(source.live_routes),
            ever_polled=since is not None,
            failing_since=since,
            blind_since=since,
            blind_after=source.blind_after,
            now=now,
        )
        if since is not None and state is SourceState.BLIND:
            found.append((source, since))
    return found


@dataclass(frozen=True, slots=True)
class RouteFindings:
    """What was found of routes: the last look for each canary, and why "unchanged" is not believed."""

    looks: Mapping[tuple[str, str, str], canaries.CanaryCheck]
    distrusted: Mapping[tuple[str, str], str]


def _standing(
    db: Connection,
    source: Source,
    proving: tuple[str, ...],
    seen: RouteFindings,
    unread: UnreadCounts,
    now: datetime,
) -> SourceStanding:
    routes = tuple(_route(db, source, route, seen, now) for route in source.routes)
    live = [r for r in routes if r.route in source.live_routes]
    newest = health.newest_item(db, source.id, now)
    failing_since = min((r.history.failing_since for r in live if r.history.failing_since), default=None)
    observed = [r.observed_cadence for r in live if r.route.id in proving and r.observed_cadence]
    return SourceStanding(
        source=source,
        state=source_state(
            read_daily=bool(live),
            ever_polled=any(r.history.last for r in live),
            failing_since=failing_since,
            blind_since=_blind_since(db, source, proving, now),
            blind_after=source.blind_after,
            now=now,
        ),
        routes=routes,
        last_valid_at=max((r.history.last_valid_at for r in routes if r.history.last_valid_at), default=None),
        newest=newest,
        cadence=max((r.route.cadence for r in live if r.route.id in proving), default=None),
        observed_cadence=max(observed, default=None),
        failing_since=failing_since,
        last_failure=health.last_failure(db, source.id, now),
        drift="; ".join(f"{r.route.id}: {r.drift}" for r in live if r.drift) or None,
        silence=_silence(source, live, newest.published if newest else None, now),
        unread=unread,
        times=declared_times(db, source, now),
    )


def _route(db: Connection, source: Source, route: Route, seen: RouteFindings, now: datetime) -> RouteStanding:
    history = health.route_history(db, source.id, route.id, now)
    return RouteStanding(
        route=route,
        state=source_state(
            read_daily=route in source.live_routes,
            ever_polled=history.last is not None,
            failing_since=history.failing_since,
            blind_since=history.failing_since,
            blind_after=source.blind_after,
            now=now,
        ),
        history=history,
        observed_cadence=observed_cadence(history.valid_began),
        drift=_drift(route, history),
        canaries=tuple(_canary(seen, source, route, c.document, str(c.published_on)) for c in route.canaries),
        distrust=seen.distrusted.get((source.id, route.id)),
    )


def _drift(route: Route, history: RouteHistory) -> str | None:
    """Either its reader says so, or its pages have become shorter."""
    failure = history.last.failure if history.last else None
    if failure is not None and failure.family == "unrecognised":
        return failure.kind
    return describe_row_drop(history.rows_a_page) if route.read.platform in PAGES_OF_ONE_LENGTH else None


def _canary(
    seen: RouteFindings, source: Source, route: Route, document: str, published_on: str
) -> CanaryState:
    look = seen.looks.get((source.id, route.id, document))
    if look is None:
        return CanaryState(document, published_on, "never looked for", None)
    return CanaryState(document, published_on, "found" if look.found else "missing", look.known_at)


def _blind_since(db: Connection, source: Source, proving: tuple[str, ...], now: datetime) -> datetime | None:
    """The first failure after a proving route was last read, as the operators' alert counts it."""
    valid_at = polls.last_valid_at_of(db, source.id, proving, now)
    return polls.first_failure_since(db, source.id, proving, valid_at)


def _silence(
    source: Source, live: list[RouteStanding], newest: PublicationTime | None, now: datetime
) -> str | None:
    """Only of a source that goes on publishing and is read."""
    if not live or not source.existence.contains(now):
        return None
    return describe_silence(newest, source.longest_silence, now)
