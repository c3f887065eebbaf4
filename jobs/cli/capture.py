"""The verbs about kept bytes: capture show and capture export."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from jobs import captures
from jobs.cli.options import named, shared_options, wired
from jobs.wiring import REPLAY_BANNER


@click.group()
@shared_options
def capture() -> None:
    """The bytes of every exchange, as they were received."""


@capture.command()
@click.argument("name", metavar="ID")
@click.option("--body", is_flag=True, help="Write the body alone to standard output, byte for byte.")
@shared_options
def show(name: str, body: bool) -> None:
    """One exchange, verified. ID is its number, or the SHA-256 that evidence names (8 digits or more)."""
    with wired() as wiring:
        shown, replay = captures.show(wiring, name), wiring.replay
    if body:
        sys.stdout.buffer.write(shown.stored.body)
        return
    kept, stored = shown.capture, shown.stored
    if replay:
        click.echo(REPLAY_BANNER)
    click.echo(f"capture   {kept.id} of {kept.source}/{kept.route}, {kept.at.isoformat()}")
    click.echo(f"address   {kept.url}")
    click.echo(f"status    {kept.status if kept.status is not None else 'no response'}")
    if kept.failure:
        click.echo(f"failure   {kept.failure}")
    click.echo(f"archive   {kept.place.file}, offset {kept.place.offset}, {kept.place.length} bytes")
    click.echo(f"SHA-256   {stored.sha256} (of the {len(stored.body)} bytes of the body; verified)")
    for header, value in stored.headers:
        click.echo(f"          {header}: {value}")


@capture.command()
@click.argument("window", metavar="WINDOW")
@click.option(
    "--to",
    "target",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="A new .warc.gz file.",
)
@shared_options
def export(window: str, target: Path) -> None:
    """What the verdict on WINDOW rests on, as one WARC file for others to check."""
    with wired() as wiring:
        named(wiring.catalogue.window, window)
        written = captures.export(wiring, window, target)
    click.echo(f"{written} exchanges, each verified, written to {target}")
