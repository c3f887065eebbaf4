"""``servanda watchdog``, and ``servanda-watchdog``, which starts without the rest of the monitor."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import click

from servanda.jobs.bootstrap.system import SystemClock, inherited_environment
from servanda.jobs.watchdog.check import check_once
from servanda.jobs.watchdog.durations import EveryType
from servanda.jobs.watchdog.monitor_reading import check_url
from servanda.jobs.watchdog.settings import read_watchdog_settings


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--from",
    "url",
    metavar="URL",
    help="A monitor on another host: the /health of its web app; default: the folder SERVANDA_PULSE.",
)
@click.option(
    "--memory",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("var/watchdog.json"),
    show_default=True,
    help="Where to remember what was told.",
)
@click.option(
    "--every",
    type=EveryType(timedelta(days=1)),
    metavar="10m",
    help="Go on looking, this often, until Ctrl-C; default: look once.",
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing while all is well.")
def watchdog(url: str | None, memory: Path, every: timedelta | None, quiet: bool) -> int:
    """Tell the operator when the monitor has gone silent. Needs no database, no scheduler, nothing of it.

    Exit codes: 0 it lives, 1 something is wrong, 2 usage.
    """
    clock = SystemClock()
    try:
        settings = read_watchdog_settings(inherited_environment())
        url = None if url is None else check_url(url)
    except ValueError as error:
        click.echo(f"error: {error}", err=True)
        return 2
    said = None
    while True:
        looked = check_once(settings, url, memory, clock.now())
        if not looked.well or (said != "well" and not quiet):
            click.echo(looked.line, err=not looked.well)
        said = "well" if looked.well else "wrong"
        if every is None:
            return 0 if looked.well else 1
        clock.sleep(every.total_seconds())


def main() -> None:
    """The entry point of ``servanda-watchdog``."""
    try:
        code = watchdog.main(standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    sys.exit(code)
