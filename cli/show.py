"""The verbs that only read: status, window, coverage, documents, evidence, sources."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime

import click

from servanda.cli import layout, source_tables, tables
from servanda.cli.jobs import chosen_sources
from servanda.cli.options import (
    DAY,
    NAME,
    answer_json,
    as_of_option,
    json_option,
    moment,
    named,
    shared_options,
    wired,
)
from servanda.jobs.bootstrap.wiring import Opening, Wiring
from servanda.jobs.decisions.route_confirmations import confirm_route, find_route, withdraw_confirmation
from servanda.jobs.polling.trial import try_route
from servanda.jobs.views import status as views


@click.command()
@json_option
@as_of_option
@shared_options
def status(as_json: bool, as_of: datetime | None) -> None:
    """Windows and commitments: what is known."""
    with wired() as wiring:
        answer = views.status(wiring.ledger, wiring.catalogue, moment(wiring, as_of))
        if as_json:
            answer_json(answer)
        else:
            tables.show_status(answer, layout.console())


@click.command()
@click.argument("window_id", metavar="WINDOW")
@json_option
@as_of_option
@shared_options
def window(window_id: str, as_json: bool, as_of: datetime | None) -> None:
    """One window in full: derivation, verdict, duties, readings, coverage."""
    with wired() as wiring:
        named(wiring.catalogue.window, window_id)
        answer = views.window(wiring.ledger, wiring.catalogue, window_id, moment(wiring, as_of))
        if as_json:
            answer_json(answer)
        else:
            tables.show_window(wiring, answer)


@click.command()
@json_option
@as_of_option
@shared_options
def coverage(as_json: bool, as_of: datetime | None) -> None:
    """What became of each source's time: covered, failed, blocked or not read."""
    with wired() as wiring:
        answer = views.coverage(wiring.ledger, wiring.catalogue, moment(wiring, as_of))
        if as_json:
            answer_json(answer)
        else:
            source_tables.show_coverage(wiring, answer)


@click.command()
@click.option("--source", "sources", multiple=True, metavar="ID", help="Only this source; may be repeated.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many, the newest.")
@json_option
@as_of_option
@shared_options
def documents(sources: tuple[str, ...], limit: int | None, as_json: bool, as_of: datetime | None) -> None:
    """The documents that listings named, newest first."""
    with wired() as wiring:
        chosen = chosen_sources(wiring.catalogue, sources) if sources else []
        rows = views.document_list(
            wiring.ledger, wiring.catalogue, moment(wiring, as_of), sources=chosen, limit=limit
        )
        if as_json:
            answer_json(rows)
        else:
            tables.show_documents(wiring, rows)


@click.command()
@click.option("--commitment", metavar="ID", help="Only for this commitment.")
@click.option("--window", "window_id", metavar="ID", help="Only for this window.")
@json_option
@as_of_option
@shared_options
def evidence(commitment: str | None, window_id: str | None, as_json: bool, as_of: datetime | None) -> None:
    """What matched which commitment, with the passages; near misses included."""
    with wired() as wiring:
        if commitment is not None:
            named(wiring.catalogue.commitment, commitment)
        if window_id is not None:
            named(wiring.catalogue.window, window_id)
        rows = views.evidence_list(
            wiring.ledger, moment(wiring, as_of), commitment=commitment, window=window_id
        )
        if as_json:
            answer_json(rows)
        else:
            tables.show_evidence(wiring, rows, "Evidence")


@click.group(invoke_without_command=True)
@click.pass_context
@json_option
@shared_options
def sources(ctx: click.Context, as_json: bool) -> None:
    """The sources and their routes, and how they do."""
    if ctx.invoked_subcommand is not None:
        return
    with wired() as wiring:
        rows = views.source_list(wiring.ledger, wiring.catalogue)
        if as_json:
            answer_json(rows)
        else:
            source_tables.show_sources(wiring, rows)


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
        source_tables.show_trial(wiring, name, trial)
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
    with _wired_for_route(name, "existing") as wiring:
        source, route = find_route(wiring.catalogue, name)
        withdraw_confirmation(wiring.ledger, source, route, by=by, reason=reason)
    click.echo(f"{name} counts no more; what it covered before stays on record")


def _wired_for_route(name: str, opening: Opening) -> AbstractContextManager[Wiring]:
    """The wiring, once the catalogue was seen to have the route."""
    return wired(
        opening=opening,
        check=lambda catalogue: named(lambda slug: find_route(catalogue, slug), name),
    )


COMMANDS = (status, window, coverage, documents, evidence, sources)
