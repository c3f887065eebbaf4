"""The command line: the same jobs without Airflow.

Exit codes: 0 done, 1 done with failed sources, 2 usage or configuration.
"""

from __future__ import annotations

import logging
import sys

import click
from sqlalchemy.exc import DatabaseError, OperationalError

from instruments.problems import CatalogueError
from jobs.cli import (
    alerts,
    bounces,
    capture,
    catalogue,
    document,
    people,
    publishing,
    reading,
    running,
    watchers,
    web,
)
from jobs.cli.options import shared_options
from jobs.watchdog.command import watchdog
from jobs.wiring import UsageError
from models.archive import ArchiveError
from models.store import StoreError


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
    except (OSError, DatabaseError) as error:
        if not _is_of_the_machine(error):
            raise
        click.echo(f"error: {_in_words(error)}", err=True)
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)


def _is_of_the_machine(error: OSError | DatabaseError) -> bool:
    """Whether a folder, a file or the database cannot be used as it is; anything else is a fault of ours."""
    return isinstance(error, (OSError, OperationalError)) or type(error) is DatabaseError


def _in_words(error: OSError | DatabaseError) -> str:
    if isinstance(error, DatabaseError):
        return f"the database cannot be used: {error.orig}"
    return f"{error.filename}: {error.strerror}" if error.filename is not None else str(error)
