"""The verbs that give out what is known in other forms: calendar, feed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, get_args

import click

from servanda.cli.options import named, shared_options, wired
from servanda.compliance.watchers import Language

if TYPE_CHECKING:
    from servanda.jobs.bootstrap.wiring import Wiring

to_option = click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file, written whole and put in the place of the last one; default: standard output.",
)
_INSTRUMENT = click.option("--instrument", metavar="ID", help="Only this instrument; default: all.")
_LANGUAGE = click.option(
    "--language",
    type=click.Choice(get_args(Language)),
    default="en",
    show_default=True,
    help="In which words.",
)


@click.command()
@_INSTRUMENT
@_LANGUAGE
@to_option
@shared_options
def calendar(instrument: str | None, language: Language, target: Path | None) -> None:
    """The windows as an iCalendar file: what is due when, with alarms."""
    from servanda.jobs.views.calendar import calendar as calendar_of

    with wired() as wiring:
        _check(wiring, instrument)
        put([calendar_of(wiring.ledger, wiring.catalogue, instrument, language)], target)


@click.command()
@_INSTRUMENT
@_LANGUAGE
@to_option
@shared_options
def feed(instrument: str | None, language: Language, target: Path | None) -> None:
    """What happened to the instruments as an Atom feed: the newest 100 alerts."""
    from servanda.jobs.views.events_feed import events

    with wired() as wiring:
        _check(wiring, instrument)
        put(
            [events(wiring.ledger, wiring.catalogue, instrument, wiring.settings.public_url, language)],
            target,
        )


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
