"""The verbs about mails that came back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servanda.cli.options import answer_json, json_option, shared_options, wired
from servanda.jobs.bootstrap.usage import UsageError

if TYPE_CHECKING:
    from servanda.jobs.delivery.bounces import IngestOutcome


@click.group()
@shared_options
def bounces() -> None:
    """Mails that came back: addresses that are dead are suspended after some of them."""


@bounces.command()
@click.argument("file", default="-", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@shared_options
def read(file: Path) -> None:
    """Take in one mail from FILE, or from standard input: for a mail server to pipe to."""
    from servanda.alerts.channels.bounce_reports import READ_BYTES
    from servanda.jobs.delivery.bounces import ingest

    raw = sys.stdin.buffer.read(READ_BYTES) if str(file) == "-" else _content(file, READ_BYTES)
    with wired() as wiring:
        _tell(ingest(wiring.ledger, raw, wiring.settings.suspend_after))


def _content(file: Path, at_most: int) -> bytes:
    with file.open("rb") as opened:
        return opened.read(at_most)


@bounces.command()
@shared_options
def fetch() -> None:
    """Take in what lies in the maildir or mbox that SERVANDA_BOUNCES names."""
    from servanda.jobs.delivery.bounces import ingest_mailbox

    with wired() as wiring:
        place = wiring.settings.bounces
        if place is None:
            raise UsageError("SERVANDA_BOUNCES is not set; valid: the path of a maildir or an mbox file")
        _tell(ingest_mailbox(wiring.ledger, place, wiring.settings.suspend_after))


@bounces.command("list")
@json_option
@shared_options
def list_bounces(as_json: bool) -> None:
    """What came back last, the newest first."""
    from servanda.jobs.views.bounces import bounce_list

    with wired() as wiring:
        rows = bounce_list(wiring.ledger)
    if as_json:
        answer_json(rows)
        return
    for row in rows:
        lasting = "for good" if row["permanent"] else "for now"
        of = row["message_id"] or "no mail of ours, as far as proven"
        click.echo(f"{row['known_at']}  {row['address']}  {lasting}: {row['diagnostic']}  ({of})")
    if not rows:
        click.echo("no mail has come back")


def _tell(taken: IngestOutcome) -> None:
    click.echo(f"{taken.mails} mails read, {taken.reports} new reports, {taken.proven} of mails of ours")
