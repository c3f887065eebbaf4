"""The verbs that give out what is known in other forms: calendar, feed, export."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

import click

from servanda.alerts.text.translation import LANGUAGES
from servanda.cli.options import as_of_option, moment, named, shared_options, wired
from servanda.compliance.watchers import Language
from servanda.jobs.bootstrap.wiring import UsageError, Wiring
from servanda.jobs.views.calendar import calendar as calendar_of
from servanda.jobs.views.events_feed import events
from servanda.jobs.views.export_formats import FORMATS, Format, serialise_rows
from servanda.jobs.views.export_rows import KEYS, read_export_rows

_TO = click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file, written whole and put in the place of the last one; default: standard output.",
)
_INSTRUMENT = click.option("--instrument", metavar="ID", help="Only this instrument; default: all.")
_LANGUAGE = click.option(
    "--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="In which words."
)


@click.command()
@_INSTRUMENT
@_LANGUAGE
@_TO
@shared_options
def calendar(instrument: str | None, language: Language, target: Path | None) -> None:
    """The windows as an iCalendar file: what is due when, with alarms."""
    with wired() as wiring:
        _check(wiring, instrument)
        put([calendar_of(wiring.ledger, wiring.catalogue, instrument, language)], target)


@click.command()
@_INSTRUMENT
@_LANGUAGE
@_TO
@shared_options
def feed(instrument: str | None, language: Language, target: Path | None) -> None:
    """What happened to the instruments as an Atom feed: the newest 100 alerts."""
    with wired() as wiring:
        _check(wiring, instrument)
        put(
            [events(wiring.ledger, wiring.catalogue, instrument, wiring.settings.public_url, language)],
            target,
        )


@click.command()
@click.argument("subject", type=click.Choice(list(KEYS)))
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="csv", show_default=True, help="In which form."
)
@click.option("--bom", is_flag=True, help="Begin a CSV with a byte-order mark, by which Excel knows UTF-8.")
@_TO
@as_of_option
@shared_options
def export(subject: str, form: Format, bom: bool, target: Path | None, as_of: datetime | None) -> None:
    """All of a subject as CSV or JSON, safe to open in a spreadsheet (see docs/exports.md)."""
    if bom and form != "csv":
        raise UsageError(f"--bom is for CSV; JSON has none (--format {form})")
    with wired() as wiring:
        found = read_export_rows(wiring.ledger, wiring.catalogue, subject, moment(wiring, as_of))
        put((part.encode() for part in serialise_rows(found, KEYS[subject], form, bom=bom)), target)


def _check(wiring: Wiring, instrument: str | None) -> None:
    if instrument is not None:
        named(wiring.catalogue.instrument, instrument)


def put(parts: Iterable[bytes], target: Path | None) -> None:
    """Write to standard output, or to a file: whole or not at all."""
    if target is None:
        _print(parts)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, prefix=".", suffix=".tmp", delete=False) as draft:
        drafted = Path(draft.name)
        try:
            for part in parts:
                draft.write(part)
            draft.flush()
            os.fsync(draft.fileno())
            drafted.chmod(0o644)
            drafted.replace(target)
        except BaseException:
            drafted.unlink(missing_ok=True)
            raise


def _print(parts: Iterable[bytes]) -> None:
    """To standard output, until whoever reads it has enough."""
    try:
        for part in parts:
            sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


COMMANDS = (calendar, feed, export)
