"""The verbs that copy a monitor and bring it back, and the one that lets a restored one mail again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from servanda.cli.options import INSTANT, NAME, shared_options, wired
from servanda.jobs.bootstrap.usage import UsageError


@click.command()
@click.option(
    "--to", "folder", required=True, type=click.Path(path_type=Path), metavar="FOLDER", help="A new folder."
)
@shared_options
def backup(folder: Path) -> None:
    """Copy database, archive and secret into one folder, while the monitor goes on."""
    from servanda.jobs.backups.copying import back_up

    with wired() as wiring:
        done = back_up(wiring, folder)
    click.echo(f"database, {done.files} archive files{_secret(done.secret)} copied to {done.folder}")


@click.command()
@click.option(
    "--from",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="What `servanda backup` made.",
)
@shared_options
def restore(folder: Path) -> None:
    """Bring a backup back to where the settings say; its mails wait until `servanda mail release`."""
    from servanda.jobs.backups.restoring import HELD
    from servanda.jobs.backups.restoring import restore as put_back
    from servanda.jobs.bootstrap.settings import read_settings

    done = put_back(read_settings(), folder)
    click.echo(f"database, {done.files} archive files{_secret(done.secret)} restored from {done.folder}")
    click.echo(f"Mails are held back: {HELD}")


def _secret(copied: bool) -> str:
    return " and the secret" if copied else " (no secret: it is not kept in a file)"


@click.group()
@shared_options
def mail() -> None:
    """Mails that a restored copy holds back."""


@mail.command()
@click.option("--by", required=True, type=NAME, help="Who says so.")
@click.option("--reason", required=True, help="Why this side lives, and the other does not.")
@click.option(
    "--told-until",
    type=INSTANT,
    help="What became true by then was mailed by the other side, and is not mailed again.",
)
@shared_options
def release(by: str, reason: str, told_until: datetime | None) -> None:
    """Say that this side lives: what waits is mailed by the next run."""
    from servanda.jobs.backups.restoring import release_mail
    from servanda.models.delivery.mail_hold import held_because

    with wired() as wiring:
        with wiring.store.reading() as db:
            if held_because(db) is None:
                raise UsageError("no mail is held back")
        withdrawn = release_mail(wiring, by, reason, told_until)
    click.echo(f"mails go again; {withdrawn} that the other side has sent are withdrawn")
