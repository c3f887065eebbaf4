"""The command line: the same jobs without Airflow.

Exit codes: 0 done, 1 done with failed sources, 2 usage or configuration.
"""

from __future__ import annotations

import logging
import sys

import click

from servanda.cli import alerts, bounces, catalogue, document, publishing, watchers, web
from servanda.cli import captures as capture
from servanda.cli import decisions as people
from servanda.cli import jobs as running
from servanda.cli import show as reading
from servanda.cli.options import shared_options
from servanda.instruments.problems import CatalogueError
from servanda.jobs.bootstrap.wiring import UsageError
from servanda.jobs.watchdog.command import watchdog
from servanda.models.archive.folder import ArchiveError
from servanda.models.store import DATABASE_ERRORS, StoreError, database_problem


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="servanda", prog_name="servanda")
@click.option("-v", "--verbose", is_flag=True, help="Say more of what goes on, on standard error.")
@shared_options
def servanda(verbose: bool) -> None:
    """Watch what governments promised, and by when; keep the proof of having looked."""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.ERROR, format="%(levelname)s %(name)s: %(message)s"
    )


for command in (
    *running.COMMANDS,
    *reading.COMMANDS,
    document.document,
    *people.COMMANDS,
    *publishing.COMMANDS,
    *alerts.COMMANDS,
    watchers.watchers,
    bounces.bounces,
    capture.capture,
    catalogue.catalogue,
    web.web,
    watchdog,
):
    servanda.add_command(command)


def main() -> None:
    """Entry point. Errors that a person can mend are one plain message and exit code 2."""
    try:
        code = servanda.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (UsageError, StoreError, CatalogueError, ArchiveError) as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(2)
    except OSError as error:
        click.echo(f"error: {_file_problem(error)}", err=True)
        sys.exit(2)
    except DATABASE_ERRORS as error:
        problem = database_problem(error)
        if problem is None:
            raise
        click.echo(f"error: {problem}", err=True)
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)


def _file_problem(error: OSError) -> str:
    return f"{error.filename}: {error.strerror}" if error.filename is not None else str(error)
