"""The pages of sources: how each does, what it answered last, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from servanda.alerts.text.sanitising import one_line
from servanda.alerts.text.translation import Words
from servanda.compliance.source_health import SourceState
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.knowledge.confirmed_routes import confirmed_routes, counts_toward_coverage
from servanda.jobs.views.source_dossier import SourceDossier, WindowCoverage, source_dossier
from servanda.jobs.views.source_health import RouteStanding, SourceStanding, source_standings
from servanda.web.desk.addresses import window_path
from servanda.web.desk.phrases import SOURCE_STATES
from servanda.web.desk.picture import STATES
from servanda.web.desk.rendering import Frame, render


def sources_html(wiring: Wiring, frame: Frame) -> str:
    """Every source of the catalogue, the ones in trouble first."""
    with wiring.ledger.reading() as (db, now):
        standings = source_standings(db, wiring.catalogue, now)
    order = (SourceState.BLIND, SourceState.FAILING, SourceState.NEVER_READ)
    ranked = sorted(standings, key=lambda one: order.index(one.state) if one.state in order else len(order))
    return render("sources", frame, sources=[_line(one, frame.words) for one in ranked])


def _line(one: SourceStanding, words: Words) -> dict[str, Any]:
    return {
        "id": one.source.id,
        "title": one.source.title,
        "party": one.source.party or "",
        "state": one.state.value,
        "said": words.say(SOURCE_STATES[one.state]),
        "zone": one.source.zone,
        "last_valid_at": one.last_valid_at,
        "newest": one.newest,
        "silence": one.silence,
        "unread": one.unread.unread,
        "doubtful": one.unread.doubtful,
        "failure": one_line(str(one.last_failure.failure))
        if one.last_failure and one.failing_since
        else None,
        "since": one.failing_since,
    }


def source_html(wiring: Wiring, frame: Frame, source_id: str) -> str:
    """One source; LookupError for one that the catalogue has not."""
    dossier = source_dossier(wiring.ledger, wiring.catalogue, source_id)
    words, standing = frame.words, dossier.standing
    with wiring.ledger.reading() as (db, now):
        confirmed = confirmed_routes(db, now)
    return render(
        "source",
        frame,
        standing=standing,
        source=standing.source,
        zone=standing.source.zone,
        state=standing.state.value,
        said=words.say(SOURCE_STATES[standing.state]),
        facts=list(_facts(dossier, words)),
        routes=[_route(standing, one, confirmed, words) for one in standing.routes],
        failures=dossier.failures,
        canaries=[(route.route.id, canary) for route in standing.routes for canary in route.canaries],
        canary_states={
            "found": words.say("found"),
            "missing": words.say("no longer found"),
            "never looked for": words.say("not looked for yet"),
        },
        windows=[_window(one, words) for one in dossier.windows],
        acts=list(_acts(dossier, words)),
    )


def _facts(dossier: SourceDossier, words: Words) -> Iterator[tuple[str, str]]:
    """What is declared beside what is observed."""
    standing, lag = dossier.standing, dossier.lag
    source = standing.source
    yield words.say("Lag, declared"), words.length(source.lag)
    yield (
        words.say("Lag, observed"),
        words.say("too few documents to say")
        if lag is None
        else words.say(
            "{median} in the middle, {greatest} at most, of {n} documents",
            median=words.length(lag.median),
            greatest=words.length(lag.greatest),
            n=words.number(lag.documents),
        ),
    )
    yield words.say("Cadence, declared"), _length(standing.cadence, words)
    yield words.say("Cadence, observed"), _length(standing.observed_cadence, words)
    yield words.say("Called blind after"), words.length(source.blind_after)
    yield words.say("Longest normal silence"), words.length(source.longest_silence)
    if standing.silence:
        yield words.say("Silence now"), standing.silence
    if standing.drift:
        yield words.say("Its page may have changed"), one_line(standing.drift)


def _length(length: timedelta | None, words: Words) -> str:
    return words.say("not known") if length is None else words.length(length)


def _route(
    standing: SourceStanding, one: RouteStanding, confirmed: frozenset[str], words: Words
) -> dict[str, Any]:
    last, route = one.history.last, one.route
    counts = counts_toward_coverage(standing.source, route, confirmed)
    return {
        "id": route.id,
        "url": route.url,
        "platform": route.read.platform,
        "reader": route.reader,
        "counts": words.say("proves absence") if counts else words.say("proves no absence"),
        "depth": words.say("with depth") if route.depth else words.say("without depth"),
        "said": words.say("retired") if route.retired else words.say(SOURCE_STATES[one.state]),
        "last_at": last.started_at if last else None,
        "failure": one_line(str(last.failure)) if last and last.failure else None,
        "distrust": one.distrust,
    }


def _window(one: WindowCoverage, words: Words) -> dict[str, Any]:
    return {
        "path": window_path(one.instrument.id, one.window.id),
        "title": one.window.title,
        "state": words.say("open") if one.is_open else words.say("ended"),
        "zone": one.window.zone,
        "gaps": [
            (tile.interval, words.say(STATES[tile.state]), one_line(tile.why) if tile.why else "")
            for tile in one.tiles
            if tile.state.value != "covered"
        ],
    }


def _acts(dossier: SourceDossier, words: Words) -> Iterator[tuple[str, str]]:
    """What to do, by what is the matter."""
    source = dossier.standing.source
    if dossier.standing.state in (SourceState.BLIND, SourceState.FAILING):
        route = dossier.standing.last_failure.route if dossier.standing.last_failure else source.routes[0].id
        yield (
            words.say("Try the route that fails, and see what comes:"),
            f"servanda sources try {source.id}/{route}",
        )
    yield words.say("Read it now:"), f"servanda collect --source {source.id}"
    yield (
        words.say("Read days that are missing:"),
        f"servanda collect --source {source.id} --since YYYY-MM-DD --until YYYY-MM-DD",
    )
    yield words.say("List what it answered:"), f"servanda capture list --source {source.id}"
