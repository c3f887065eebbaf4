"""The command line: the same jobs without Airflow.

Exit codes: 0 done, 1 the monitor or a source failed, 2 usage or configuration.
"""

from __future__ import annotations

import logging
import sys

import click

from servanda.cli.lazy_commands import LazyGroup
from servanda.cli.options import shared_options
from servanda.cli.verbs import VERBS


@click.group(cls=LazyGroup, table=VERBS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="servanda", prog_name="servanda")
@click.option("-v", "--verbose", is_flag=True, help="Say more of what goes on, on standard error.")
@shared_options
def servanda(verbose: bool) -> None:
    """Watch what governments promised, and by when; keep the proof of having looked."""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.ERROR, format="%(levelname)s %(name)s: %(message)s"
    )


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
    except _own_faults() as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(1)
    except _plain_errors() as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(2)
    except OSError as error:
        click.echo(f"error: {_file_problem(error)}", err=True)
        sys.exit(2)
    except _database_errors() as error:
        problem = _database_problem(error)
        if problem is None:
            raise
        click.echo(f"error: {problem}", err=True)
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)


def _own_faults() -> tuple[type[Exception], ...]:
    """Faults of the monitor's surroundings: what could be done was done, and nobody asked wrongly."""
    from servanda.jobs.delivery.mail_trouble import MailTrouble
    from servanda.jobs.knowledge.clock_trust import ClockUntrusted

    return ClockUntrusted, MailTrouble


def _plain_errors() -> tuple[type[Exception], ...]:
    """Errors whose message is all there is to say; imported once something was raised."""
    from servanda.instruments.problems import CatalogueError
    from servanda.jobs.bootstrap.usage import UsageError
    from servanda.models.archive.folder import ArchiveError
    from servanda.models.store import StoreError

    return UsageError, StoreError, CatalogueError, ArchiveError


def _database_errors() -> tuple[type[Exception], ...]:
    from servanda.models.store import DATABASE_ERRORS

    return DATABASE_ERRORS


def _database_problem(error: Exception) -> str | None:
    from servanda.models.store import database_problem

    return database_problem(error)


def _file_problem(error: OSError) -> str:
    return f"{error.filename}: {error.strerror}" if error.filename is not None else str(error)
