"""``servanda sources try``: one route with one of its documents, or all routes in one table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servanda.cli.tables.trials import TrialRow, show_trial, show_trials
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.decisions.route_confirmations import confirm_route, find_route
from servanda.jobs.polling.recordings import save_recording
from servanda.jobs.polling.trial import Trial, try_route

if TYPE_CHECKING:
    from servanda.instruments.routes import Route, Source
    from servanda.jobs.bootstrap.wiring import Wiring

MOST_CAPTURES = 3
"""Of an archive, where all routes are tried: enough to see that they are understood."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a trial is asked for: civil days in the source's zone, and where to keep what was received."""

    since: date | None
    until: date | None
    folder: Path | None


def try_named_route(
    wiring: Wiring, name: str, asked: Asked, *, confirming: bool, by: str, reason: str
) -> int:
    """Try one route and show it; confirm it, where that was asked and its text could be looked at."""
    source, route = find_route(wiring.catalogue, name)
    trial = _try(wiring, source, route, asked)
    show_trial(wiring, name, trial)
    if trial.failure is not None:
        return 1
    if confirming:
        _refuse_unread(name, trial)
        confirm_route(wiring.ledger, source, route, by=by, reason=reason)
        click.echo(f"{name} counts from now on, as it is defined now")
    return 0


def try_every_route(wiring: Wiring, asked: Asked) -> int:
    """Try every route that is not retired, one after the other; 1 where one was not understood."""
    rows = []
    for source in wiring.catalogue.sources:
        for route in (route for route in source.routes if not route.retired):
            click.echo(f"{source.id}/{route.id} …", err=True)
            bounded = min(route.max_pages, MOST_CAPTURES) if route.on_demand else route.max_pages
            trial = _try(wiring, source, route.model_copy(update={"max_pages": bounded}), asked)
            rows.append(TrialRow(f"{source.id}/{route.id}", route.reader, trial))
    show_trials(wiring, rows)
    return 1 if any(row.trial.failure is not None for row in rows) else 0


def _try(wiring: Wiring, source: Source, route: Route, asked: Asked) -> Trial:
    fetcher, reader = wiring.fetcher, wiring.article_reader
    trial = try_route(fetcher, reader, source, route, wiring.now, since=asked.since, until=asked.until)
    if asked.folder is not None and trial.exchanges:
        place = save_recording(asked.folder, f"{source.id}/{route.id}", trial.exchanges)
        click.echo(f"{len(trial.exchanges)} answers kept in {place}", err=True)
    return trial


def _refuse_unread(name: str, trial: Trial) -> None:
    """Where the text stands is part of what is confirmed: without a document there is nothing to look at."""
    if trial.document is None:
        raise UsageError(f"{name} shows no document, and so not where its text stands; try with --since")
    if trial.document.failure is not None:
        why = f"its document cannot be read: {trial.document.failure}"
        raise UsageError(f"{name}: {why}; nothing is confirmed")
