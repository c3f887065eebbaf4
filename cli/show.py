"""The verbs that only read: status, window, coverage, documents, evidence."""

from __future__ import annotations

from datetime import datetime

import click

from servanda.cli.options import (
    answer_json,
    as_of_option,
    chosen_sources,
    json_option,
    moment,
    named,
    shared_options,
    wired,
)
from servanda.cli.tables import findings as tables
from servanda.cli.tables import layout


@click.command()
@json_option
@as_of_option
@shared_options
def status(as_json: bool, as_of: datetime | None) -> None:
    """Windows and commitments: what is known."""
    from servanda.jobs.views import status as views

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
    from servanda.jobs.views import status as views

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
    from servanda.cli.tables.sources import show_coverage
    from servanda.jobs.views.coverage import coverage as coverage_of

    with wired() as wiring:
        answer = coverage_of(wiring.ledger, wiring.catalogue, moment(wiring, as_of))
        if as_json:
            answer_json(answer)
        else:
            show_coverage(wiring, answer)


@click.command()
@click.option("--source", "sources", multiple=True, metavar="ID", help="Only this source; may be repeated.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many, the newest.")
@json_option
@as_of_option
@shared_options
def documents(sources: tuple[str, ...], limit: int | None, as_json: bool, as_of: datetime | None) -> None:
    """The documents that listings named, newest first."""
    from servanda.jobs.views.status import document_list

    with wired() as wiring:
        chosen = chosen_sources(wiring.catalogue, sources) if sources else []
        rows = document_list(
            wiring.ledger,
            wiring.catalogue,
            moment(wiring, as_of),
            sources=chosen,
            limit=limit,
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
    from servanda.jobs.views.status import evidence_list

    with wired() as wiring:
        if commitment is not None:
            named(wiring.catalogue.commitment, commitment)
        if window_id is not None:
            named(wiring.catalogue.window, window_id)
        rows = evidence_list(wiring.ledger, moment(wiring, as_of), commitment=commitment, window=window_id)
        if as_json:
            answer_json(rows)
        else:
            tables.show_evidence(wiring, rows, "Evidence")
