"""``python -m servanda.demo``: summer 2019 replayed in under a minute, without network or Airflow."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from servanda.demo.narration import WIDTH, narrate_step
from servanda.demo.replay import BEGIN_ON, WASHINGTON, ReplayStep, replaying
from servanda.demo.story import LAST_ON
from servanda.demo.summary import show_ending
from servanda.jobs.bootstrap.replay import REPLAY_BANNER
from servanda.jobs.bootstrap.usage import UsageError

DAYS = (LAST_ON - BEGIN_ON).days + 1


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var/demo"),
    show_default=True,
    help="Where the database, the archive and the mails go; an earlier replay there is removed.",
)
def demo(folder: Path) -> None:
    """Replay summer 2019 from reconstructed official pages."""
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(name)s: %(message)s")
    out = Console(width=None if sys.stdout.isatty() else WIDTH + 40, highlight=False)
    try:
        verified = _replay(folder, out)
    except UsageError as error:
        raise click.UsageError(str(error)) from error
    if not verified:
        raise click.ClickException("the bytes in the archive are not those that were recorded")


def _replay(folder: Path, out: Console) -> bool:
    with replaying(folder) as replay:
        out.print(f"{REPLAY_BANNER}: the 90 days of the U.S.-Mexico Joint Declaration of 7 June 2019.")
        out.print(
            "Pages of our own on this machine stand for the official sites; the jobs are the real ones."
        )
        out.print()
        for step in _with_progress(replay.steps(), out):
            for line in narrate_step(step):
                out.print(line, markup=False, soft_wrap=True)
        return show_ending(replay.wiring, folder, out)


def _with_progress(steps: Iterable[ReplayStep], out: Console) -> Iterator[ReplayStep]:
    """A bar below what is told, where a person watches."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as bar:
        task = bar.add_task("summer 2019", total=DAYS)
        for step in steps:
            yield step
            if step.is_evening:
                bar.update(task, advance=1, description=f"{step.at.astimezone(WASHINGTON):%d %B %Y}")


if __name__ == "__main__":
    demo()
