"""The verbs about sources: how they do, and a trial of one of their routes."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
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
@click.argument("name", metavar="[SOURCE/ROUTE]", required=False)
@click.option("--all", "every", is_flag=True, help="Try every route that is not retired, and show one table.")
@click.option("--since", type=DAY, help="Read back to this day, page after page.")
@click.option("--until", type=DAY, help="Read up to this day: where a route can be asked for dates.")
@click.option(
    "--save", "folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help="Keep what was received in DIR, with a manifest: a recording.",
)  # fmt: skip
@click.option(
    "--confirm", "confirming", is_flag=True, help="Record that what is shown is right: it counts then."
)
@click.option("--by", default="", metavar="NAME", type=NAME, help="Who looked (with --confirm).")
@click.option("--reason", default="", metavar="TEXT", help="What was looked at (with --confirm).")
@shared_options
def try_one(
    name: str | None,
    every: bool,
    since: datetime | None,
    until: datetime | None,
    folder: Path | None,
    confirming: bool,
    by: str,
    reason: str,
) -> int:
    """Read a route once, keep nothing, and show what its reader understood: the rows, and one document.

    A route whose reader is described or unseen covers nothing until a person has confirmed it.
    """
    from servanda.cli.trials import Asked, try_every_route, try_named_route

    if every == (name is not None) or (every and confirming):
        raise click.UsageError("name a route, or give --all without --confirm")
    asked = Asked(since.date() if since else None, until.date() if until else None, folder)
    if name is None:
        with wired(opening="scratch") as wiring:
            return try_every_route(wiring, asked)
    with _wired_for_route(name, "create" if confirming else "scratch") as wiring:
        return try_named_route(wiring, name, asked, confirming=confirming, by=by, reason=reason)


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


@sources.command()
@click.argument("name", metavar="SOURCE")
@click.option("--by", required=True, metavar="NAME", type=NAME, help="Who decides.")
@click.option("--reason", required=True, metavar="TEXT", help="Why it holds.")
@shared_options
def uphold(name: str, by: str, reason: str) -> None:
    """Say why a declared lag or longest silence holds although more was seen."""
    from servanda.jobs.decisions.declarations import uphold_declaration

    with wired(check=lambda catalogue: named(catalogue.source, name)) as wiring:
        answered = uphold_declaration(wiring.ledger, wiring.catalogue.source(name), by=by, reason=reason)
    click.echo(f"{name}: its declaration holds as it is now, although {answered}")


def _wired_for_route(name: str, opening: Opening) -> AbstractContextManager[Wiring]:
    """The wiring, once the catalogue was seen to have the route."""
    from servanda.jobs.decisions.route_confirmations import find_route

    return wired(
        opening=opening,
        check=lambda catalogue: named(lambda slug: find_route(catalogue, slug), name),
    )
