"""What ``servanda sources`` answers: the catalogue's sources, with how they and their routes do."""

from __future__ import annotations

from servanda.compliance.observed_times import Observed
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.knowledge.confirmed_routes import confirmed_routes, counts_toward_coverage
from servanda.jobs.views.json_values import Json, instant_or_none, seconds_or_none
from servanda.jobs.views.source_health import RouteStanding, SourceStanding, source_standings


def source_list(ledger: Ledger, catalogue: Catalogue) -> list[Json]:
    """The catalogue's sources with how they do."""
    with ledger.reading() as (db, now):
        found = source_standings(db, catalogue, now)
        confirmed = confirmed_routes(db, now)
    return [_source_json(one, confirmed) for one in found]


def _source_json(one: SourceStanding, confirmed: frozenset[str]) -> Json:
    source, failed = one.source, one.last_failure
    return {
        "id": source.id,
        "title": source.title,
        "party": source.party,
        "language": source.language,
        "lag_seconds": int(source.lag.total_seconds()),
        "state": one.state.value,
        "last_valid_at": instant_or_none(one.last_valid_at),
        "last_item_title": one.newest.title if one.newest else None,
        "last_item_published": str(one.newest.published) if one.newest else None,
        "silence": one.silence,
        "longest_silence_seconds": int(source.longest_silence.total_seconds()),
        **_observed_json("observed_lag", one.times.observed.lag),
        **_observed_json("observed_silence", one.times.observed.silence),
        "declaration_exceeded": one.times.exceeded,
        "declaration_upheld": one.times.upheld,
        "cadence_seconds": seconds_or_none(one.cadence),
        "observed_cadence_seconds": seconds_or_none(one.observed_cadence),
        "blind_after_seconds": int(source.blind_after.total_seconds()),
        "failing_since": instant_or_none(one.failing_since),
        "last_failure_at": instant_or_none(failed.at if failed else None),
        "last_failure_route": failed.route if failed else None,
        "last_failure_family": failed.failure.family if failed else None,
        "last_failure_kind": failed.failure.kind if failed else None,
        "last_failure_reason": failed.failure.reason if failed else None,
        "drift": one.drift is not None,
        "drift_why": one.drift,
        "unread_documents": one.unread.unread,
        "doubtful_documents": one.unread.doubtful,
        "quarantined_documents": one.unread.quarantined,
        "canaries": [
            {
                "route": standing.route.id,
                "canary": canary.canary,
                "published_on": canary.published_on,
                "state": canary.state,
                "looked_at": instant_or_none(canary.looked_at),
            }
            for standing in one.routes
            for canary in standing.canaries
        ],
        "routes": [_route_json(one, standing, confirmed) for standing in one.routes],
    }


def _observed_json(name: str, seen: Observed | None) -> Json:
    """How many durations were seen, and how long they were; null where nothing is known."""
    return {
        f"{name}_n": seen.n if seen else 0,
        f"{name}_median_seconds": seconds_or_none(seen.median if seen else None),
        f"{name}_ninetieth_seconds": seconds_or_none(seen.ninetieth if seen else None),
        f"{name}_greatest_seconds": seconds_or_none(seen.greatest if seen else None),
    }


def _route_json(one: SourceStanding, standing: RouteStanding, confirmed: frozenset[str]) -> Json:
    route, last = standing.route, standing.history.last
    return {
        "route": route.id,
        "url": route.url,
        "platform": route.read.platform,
        "reader": route.reader,
        "counts": counts_toward_coverage(one.source, route, confirmed),
        "depth": route.depth,
        "on_demand": route.on_demand,
        "retired": route.retired,
        "cadence_seconds": int(route.cadence.total_seconds()),
        "observed_cadence_seconds": seconds_or_none(standing.observed_cadence),
        "state": standing.state.value,
        "last_poll_at": instant_or_none(last.started_at if last else None),
        "last_valid_at": instant_or_none(standing.history.last_valid_at),
        "failing_since": instant_or_none(standing.history.failing_since),
        "failure": str(last.failure) if last and last.failure else None,
        "drift": standing.drift is not None,
        "drift_why": standing.drift,
        "unchanged_not_believed": standing.distrust,
    }
