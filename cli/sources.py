"""The verbs about sources: how they do, and a trial of one of their routes."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING

import click

from servanda.cli.options import DAY, NAME, answer_json, json_option, named, shared_options, wired

if TYPE_CHECKING:
    from servanda.jobs.bootstrap.wiring import Opening, Wiring


@click.group(invoke_without_command=True)
@click.pass_context
@json_option
@shared_options
def sources(ctx: click.Context, as_json: bool) -> None:
    """The sources and their routes, and how they do."""
    if ctx.invoked_subcommand is not None:
        return
    from servanda.cli.tables.sources import show_sources
    from servanda.jobs.views.sources import source_list

    with wired() as wiring:
        rows = source_list(wiring.ledger, wiring.catalogue)
        if as_json:
            answer_json(rows)
        else:
            show_sources(wiring, rows)


@sources.command("try")
@click.argument("name", metavar="SOURCE/ROUTE")
@click.option("--since", type=DAY, help="Read back to this day, page after page.")
@click.option("--until", type=DAY, help="Read up to this day: where a route can be asked for dates.")
@click.option(
    "--confirm", "confirming", is_flag=True, help="Record that what is shown is right: it counts then."
)
@click.option("--by", default="", metavar="NAME", type=NAME, help="Who looked (with --confirm).")
@click.option("--reason", default="", metavar="TEXT", help="What was looked at (with --confirm).")
@shared_options
def try_one(
    name: str, since: datetime | None, until: datetime | None, confirming: bool, by: str, reason: str
) -> int:
    """Read a route once, keep nothing, and show what its reader understood.

    A route whose reader is described or unseen covers nothing until a person has confirmed it.
    """
    from servanda.cli.tables.sources import show_trial
    from servanda.jobs.decisions.route_confirmations import confirm_route, find_route
    from servanda.jobs.polling.trial import try_route

    with _wired_for_route(name, "create" if confirming else "scratch") as wiring:
        source, route = find_route(wiring.catalogue, name)
        trial = try_route(
            wiring.fetcher,
            source,
            route,
            wiring.now,
            since=since.date() if since else None,
            until=until.date() if until else None,
        )
        show_trial(wiring, name, trial)
        if trial.failure is not None:
            return 1
        if confirming:
            confirm_route(wiring.ledger, source, route, by=by, reason=reason)
            click.echo(f"{name} counts from now on, as it is defined now")
    return 0


@sources.command()
@click.argument("name", metavar="SOURCE/ROUTE")
@click.option("--by", required=True, metavar="NAME", type=NAME, help="Who decides.")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@shared_options
def withdraw(name: str, by: str, reason: str) -> None:
    """Take a confirmation back: from now on the route's readings cover nothing."""
    from servanda.jobs.decisions.route_confirmations import find_route, withdraw_confirmation

    with _wired_for_route(name, "existing") as wiring:
        source, route = find_route(wiring.catalogue, name)
        withdraw_confirmation(wiring.ledger, source, route, by=by, reason=reason)
    click.echo(f"{name} counts no more; what it covered before stays on record")


def _wired_for_route(name: str, opening: Opening) -> AbstractContextManager[Wiring]:
    """The wiring, once the catalogue was seen to have the route."""
    from servanda.jobs.decisions.route_confirmations import find_route

    return wired(
        opening=opening,
        check=lambda catalogue: named(lambda slug: find_route(catalogue, slug), name),
    )
