"""The verbs about kept bytes: capture show, list, export and verify."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servanda.cli.options import (
    DAY,
    answer_json,
    as_of_option,
    json_option,
    moment,
    named,
    shared_options,
    wired,
)
from servanda.jobs.bootstrap.replay import REPLAY_BANNER

if TYPE_CHECKING:
    from servanda.jobs.captures.show import VerifiedCapture
    from servanda.jobs.captures.verify import Verification
    from servanda.models.captures.captures import Capture


@click.group()
@shared_options
def capture() -> None:
    """The bytes of every exchange, as they were received."""


@capture.command()
@click.argument("name", metavar="ID")
@click.option("--body", is_flag=True, help="Write the body alone to standard output, byte for byte.")
@json_option
@shared_options
def show(name: str, body: bool, as_json: bool) -> None:
    """One exchange, verified. ID is its number, or the SHA-256 that evidence names (8 digits or more)."""
    from servanda.jobs.captures.show import load_capture, shown_json

    with wired() as wiring:
        shown, replay = load_capture(wiring.ledger, wiring.archive, name), wiring.replay
    if body:
        sys.stdout.buffer.write(shown.stored.body)
    elif as_json:
        answer_json(shown_json(shown))
    else:
        _tell(shown, replay=replay)


def _tell(shown: VerifiedCapture, *, replay: bool) -> None:
    kept, stored = shown.capture, shown.stored
    if replay:
        click.echo(REPLAY_BANNER)
    click.echo(f"capture   {kept.id} of {kept.source}/{kept.route}, {kept.at.isoformat()}")
    click.echo(f"address   {kept.url}")
    click.echo(f"status    {kept.status if kept.status is not None else 'no response'}")
    if kept.failure:
        click.echo(f"failure   {kept.failure}")
    click.echo(f"archive   {kept.place.file}, offset {kept.place.offset}, {kept.place.length} bytes")
    if stored.refers_to is not None and kept.original is not None:
        said = "calls unchanged" if kept.status == 304 else "a revisit: its body is that of"
        click.echo(f"revisit   {said} capture {kept.revisit_of}, {stored.refers_to.date}")
        click.echo(f"          {kept.original.file}, offset {kept.original.offset}")
    click.echo(f"SHA-256   {stored.sha256} (of the {len(stored.body)} bytes of the body; verified)")
    for header, value in stored.headers:
        click.echo(f"          {header}: {value}")


@capture.command("list")
@click.option("--source", "source_id", required=True, metavar="ID", help="Whose captures.")
@click.option("--since", type=DAY, help="From this day on, in the source's zone.")
@click.option("--until", type=DAY, help="Up to this day, included.")
@click.option("--failed", is_flag=True, help="Only those that were of no use.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many, the newest.")
@json_option
@as_of_option
@shared_options
def list_captures(
    source_id: str,
    since: datetime | None,
    until: datetime | None,
    failed: bool,
    limit: int | None,
    as_json: bool,
    as_of: datetime | None,
) -> None:
    """What was exchanged for a source, newest first."""
    from servanda.jobs.captures.show import capture_json, list_source_captures

    with wired() as wiring:
        found = list_source_captures(
            wiring.ledger,
            named(wiring.catalogue.source, source_id),
            moment(wiring, as_of),
            since=since.date() if since else None,
            until=until.date() if until else None,
            failed=failed,
            limit=limit,
        )
        if as_json:
            answer_json([capture_json(kept) for kept in found])
        else:
            _tell_lines(found, replay=wiring.replay)


def _tell_lines(found: Iterable[Capture], *, replay: bool) -> None:
    if replay:
        click.echo(REPLAY_BANNER)
    for kept in found:
        more = [kept.failure] if kept.failure else []
        more += [f"revisit of {kept.revisit_of}"] if kept.revisit_of is not None else []
        told = f"  ({'; '.join(more)})" if more else ""
        click.echo(
            f"{kept.id:>8}  {kept.at:%Y-%m-%dT%H:%M:%SZ}  {kept.status or '---'}  {kept.place.length:>8}  "
            f"{kept.route}  {kept.url}{told}"
        )


@capture.command()
@click.argument("window", metavar="WINDOW")
@click.option(
    "--to",
    "target",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="A new .warc.gz file.",
)
@as_of_option
@shared_options
def export(window: str, target: Path, as_of: datetime | None) -> None:
    """What the verdict on WINDOW rests on, as one WARC file for others to check."""
    from servanda.jobs.captures.export import export_captures

    with wired() as wiring:
        named(wiring.catalogue.window, window)
        written = export_captures(
            wiring.ledger, wiring.catalogue, wiring.archive, window, target, moment(wiring, as_of)
        )
    click.echo(f"{written} exchanges, each verified, written to {target}")


@capture.command()
@click.option("--since", type=DAY, help="Only what was received on this day (UTC) or later.")
@json_option
@shared_options
def verify(since: datetime | None, as_json: bool) -> int:
    """Load every capture and compare it with the database; exit code 1 where one is damaged."""
    from servanda.jobs.captures.verify import verification_json
    from servanda.jobs.captures.verify import verify as verify_captures

    with wired() as wiring:
        found = verify_captures(wiring.ledger, wiring.archive, since.date() if since else None)
    if as_json:
        answer_json(verification_json(found))
    else:
        _tell_verification(found)
    return 1 if found.damaged_captures else 0


def _tell_verification(found: Verification) -> None:
    click.echo(f"captures    {found.captures}, of which {found.revisits} name the bytes of an earlier one")
    click.echo(f"files       {found.files}")
    click.echo(f"orphans     {found.orphans} exchanges that the database does not name")
    click.echo(f"unreadable  {found.unreadable} bytes between the records")
    click.echo(f"damaged     {found.damaged_captures}")
    for one in found.damaged:
        click.echo(f"  capture {one.id} of {one.source}/{one.route}: {one.reason}")
    if len(found.damaged) < found.damaged_captures:
        click.echo(f"  and {found.damaged_captures - len(found.damaged)} more")
    click.echo(f"misdated    {found.misdated_captures} whose publisher stated another time than our clock")
    for misdated in found.misdated:
        click.echo(
            f"  capture {misdated.id} of {misdated.source}/{misdated.route}: "
            f"ours {misdated.at:%Y-%m-%dT%H:%M:%SZ}, theirs {misdated.stated_at:%Y-%m-%dT%H:%M:%SZ}"
        )
    if len(found.misdated) < found.misdated_captures:
        click.echo(f"  and {found.misdated_captures - len(found.misdated)} more")
