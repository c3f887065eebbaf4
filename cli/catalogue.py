"""The verbs about the catalogue: check and show. They need no database."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from servanda.cli.options import answer_json, chosen_catalogue, json_option, named, shared_options
from servanda.instruments.catalogue import builtin_catalogue, load_catalogue
from servanda.jobs.bootstrap.settings import read_settings


@click.group()
@shared_options
def catalogue() -> None:
    """The instruments and sources as data."""


@catalogue.command()
@json_option
@shared_options
def check(as_json: bool) -> None:
    """Read the whole catalogue strictly; every problem at once."""
    folder, _ = _meant()
    loaded = load_catalogue(folder)
    if as_json:
        answer_json(
            {
                "folder": str(folder),
                "digest": loaded.digest,
                "instruments": list(loaded.instrument_ids),
                "sources": list(loaded.source_ids),
                "warnings": [asdict(warning) for warning in loaded.warnings],
            }
        )
        return
    for warning in loaded.warnings:
        click.echo(f"warning: {warning}", err=True)
    found = {"instrument": loaded.instrument_ids, "source": loaded.source_ids, "warning": loaded.warnings}
    counts = ", ".join(
        f"{len(those)} {what}{'' if len(those) == 1 else 's'}" for what, those in found.items()
    )
    click.echo(f"{folder}: {counts}, no errors")


@catalogue.command()
@click.argument("instrument_id", metavar="ID")
@json_option
@shared_options
def show(instrument_id: str, as_json: bool) -> None:
    """One instrument: its commitments with their quotations, windows and sources."""
    from servanda.cli.tables import findings as tables
    from servanda.instruments.instrument_json import show_instrument

    loaded = load_catalogue(*_meant())
    named(loaded.instrument, instrument_id)
    answer = show_instrument(loaded, instrument_id)
    if as_json:
        answer_json(answer)
    else:
        tables.show_instrument(answer)


def _meant() -> tuple[Path, Path]:
    """The folder of the catalogue that is meant, and the one that keeps what was found of it."""
    settings = read_settings()
    return chosen_catalogue() or settings.catalogue or builtin_catalogue(), settings.cache
