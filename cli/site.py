"""The verb that writes the public site."""

from __future__ import annotations

from pathlib import Path

import click

from servanda.cli.options import named, shared_options, wired
from servanda.jobs.bootstrap.replay import REPLAY_BANNER


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--without",
    "without",
    multiple=True,
    metavar="INSTRUMENT",
    help="Leave this instrument out; may be repeated.",
)
@shared_options
def site(folder: Path, without: tuple[str, ...]) -> None:
    """Write what everybody may see as a site of files: DIR can be published as it is.

    It holds verdicts, coverage, accepted evidence as quotation and link, calendar and feed; nothing that
    waits, was rejected or is a near miss; no watcher, no name, no kept bytes. A second run writes what
    changed.
    """
    from servanda.web.site.writing import write_site

    with wired() as wiring:
        for instrument in without:
            named(wiring.catalogue.instrument, instrument)
        outcome = write_site(wiring, folder, without)
        if wiring.replay:
            click.echo(REPLAY_BANNER)
    click.echo(
        f"{outcome.written} files written to {folder}, {outcome.unchanged} stood as they were, "
        f"{outcome.withdrawn} pages withdrawn"
    )
