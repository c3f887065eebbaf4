"""Whether a source has gone blind, and the operator's alerts that say so: one each way."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime

from sqlalchemy import Connection

from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.payloads.monitoring_payloads import SourceHealth
from servanda.alerts.payloads.parts import RouteHealth
from servanda.instruments.catalogue import Catalogue
from servanda.instruments.routes import Route, Source
from servanda.jobs.alerting.window_alerts import new_alert
from servanda.jobs.knowledge.confirmed_routes import confirmed_routes_of, counts_toward_coverage
from servanda.jobs.polling.standings import HEALTH_KINDS
from servanda.models.alerts import alerts as alert_rows
from servanda.models.alerts.alerts import NewAlert
from servanda.models.polls import polls
from servanda.models.polls.polls import LastPoll


def record_health_alerts(
    db: Connection,
    catalogue: Catalogue,
    source: Source,
    route: Route,
    poll: int,
    *,
    failed: bool,
    now: datetime,
) -> int:
    """Write the alert that this poll makes necessary, in its transaction; returns how many.

    A source is blind once none of its proving routes was read for ``blind_after`` since the first failure,
    whatever family the failures are of.
    """
    proving = proving_routes(source, confirmed_routes_of(db, source, now))
    if route.id not in proving:
        return 0
    subject = f"source:{source.id}"
    before = alert_rows.last_alert(db, subject, [kind.value for kind in HEALTH_KINDS])
    was_blind = before is not None and before.alert.kind == AlertKind.SOURCE_BLIND
    if failed == was_blind:
        return 0
    valid_at = polls.last_valid_at_of(db, source.id, proving, now)
    if failed:
        since = polls.first_failure_since(db, source.id, proving, valid_at)
        if since is None or now - since < source.blind_after:
            return 0
        alert = _alert(db, catalogue, source, AlertKind.SOURCE_BLIND, since, valid_at, poll, now)
        return int(alert_rows.record_alert(db, alert))
    assert before is not None
    since = before.alert.effective_at
    alert = _alert(db, catalogue, source, AlertKind.SOURCE_RECOVERED, since, valid_at, poll, now)
    return int(alert_rows.record_alert(db, alert))


def proving_routes(source: Source, confirmed: AbstractSet[str]) -> tuple[str, ...]:
    """The live routes by which a source proves absence: those with depth that count; if it has none, all.

    A feed that goes on working must not hide that the listing behind it is dead. ``confirmed``: the routes
    that people have confirmed.
    """
    deep = tuple(r.id for r in source.live_routes if r.depth and counts_toward_coverage(source, r, confirmed))
    return deep or tuple(r.id for r in source.live_routes)


def _alert(
    db: Connection,
    catalogue: Catalogue,
    source: Source,
    kind: AlertKind,
    since: datetime,
    valid_at: datetime | None,
    poll: int,
    now: datetime,
) -> NewAlert:
    last = polls.last_polls(db, now)
    payload = SourceHealth(
        id=source.id,
        title=source.title,
        url=source.live_routes[0].url if source.live_routes else source.routes[0].url,
        zone=source.zone,
        since=since,
        last_valid_at=valid_at,
        routes=tuple(_route_health(r, last.get((source.id, r.id))) for r in source.live_routes),
        needed_by=tuple(w.title for i in catalogue.instruments for w in i.windows if source.id in w.sources),
    )
    return new_alert(
        kind,
        f"{source.id}:{since.isoformat()}",
        payload,
        subject=f"source:{source.id}",
        instrument=None,
        cause=("poll", poll),
        now=now,
        effective_at=since if kind is AlertKind.SOURCE_BLIND else now,
    )


def _route_health(route: Route, poll: LastPoll | None) -> RouteHealth:
    if poll is None:
        return RouteHealth(route.id, route.url, "never polled", None, None)
    failure = str(poll.failure) if poll.failure else None
    return RouteHealth(route.id, route.url, poll.outcome, failure, poll.started_at)
