"""The verb that writes tables down: export."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from servanda.cli.options import as_of_option, moment, shared_options, wired
from servanda.cli.publishing import put, to_option
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.views.export_formats import FORMATS, Format, serialise_rows
from servanda.jobs.views.export_rows import KEYS, read_export_rows


@click.command()
@click.argument("subject", type=click.Choice(list(KEYS)))
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="csv", show_default=True, help="In which form."
)
@click.option("--bom", is_flag=True, help="Begin a CSV with a byte-order mark, by which Excel knows UTF-8.")
@to_option
@as_of_option
@shared_options
def export(subject: str, form: Format, bom: bool, target: Path | None, as_of: datetime | None) -> None:
    """All of a subject as CSV or JSON, safe to open in a spreadsheet (see docs/exports.md)."""
    if bom and form != "csv":
        raise UsageError(f"--bom is for CSV; JSON has none (--format {form})")
    with wired() as wiring:
        found = read_export_rows(wiring.ledger, wiring.catalogue, subject, moment(wiring, as_of))
        put((part.encode() for part in serialise_rows(found, KEYS[subject], form, bom=bom)), target)
