"""The verbs that carry watchers in and out as YAML."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servanda.cli.options import NAME, shared_options, wired
from servanda.cli.reports import send_and_report
from servanda.jobs.bootstrap.replay import REPLAY_BANNER

if TYPE_CHECKING:
    from servanda.jobs.watchers.yaml_import import Act, ImportPlan

_DONE: dict[Act, tuple[str, str]] = {
    "add": ("added", "would be added"),
    "ask": ("asked", "would be asked"),
    "change": ("changed", "would be changed"),
    "agree": ("agreed", "would have agreed"),
    "end": ("ended", "would be ended"),
    "leave": ("left alone", "would be left alone"),
}


@click.command("import")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--prune", is_flag=True, help="End the watchers whom FILE does not have.")
@click.option("--by", type=NAME, metavar="NAME", help="Who says so; the questions to new watchers name them.")
@shared_options
def import_file(file: Path, dry_run: bool, prune: bool, by: str | None) -> None:
    """Make the watchers as FILE has them (- reads standard input); docs/watchers.md explains it."""
    from servanda.jobs.watchers.yaml_import import import_watchers
    from servanda.jobs.watchers.yaml_schema import ValidChoices

    raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    with wired(opening="scratch" if dry_run else "create") as wiring:
        valid = ValidChoices(wiring.catalogue, wiring.settings.allow_hosts)
        plan = import_watchers(
            wiring.ledger,
            valid,
            lambda: wiring.letterhead,
            str(file),
            raw,
            by=by,
            prune=prune,
            dry_run=dry_run,
        )
        _report(plan, dry_run)
        if plan.count("ask") and not dry_run:
            send_and_report(wiring)


def _report(plan: ImportPlan, dry_run: bool) -> None:
    for step in plan.steps:
        click.echo(f"{step.address} {_DONE[step.act][dry_run]}: {step.what}")
    if not plan.count("add", "ask", "change", "agree", "end"):
        click.echo(f"nothing to change; as the file has them: {plan.same}")
        return
    counts = [f"{n} {_DONE[act][dry_run]}" for act in _DONE if (n := plan.count(act))]
    click.echo(", ".join([*counts, f"{plan.same} as they were"]))


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--secrets", is_flag=True, help="With secrets of webhooks, and chats, whose address is a key.")
@shared_options
def export(file: Path | None, secrets: bool) -> None:
    """Write the watchers down as YAML, to FILE or standard output; `import` reads it back."""
    from servanda.jobs.watchers.yaml_export import export_watchers

    with wired() as wiring:
        text = export_watchers(wiring.ledger, secrets=secrets)
        text = f"# {REPLAY_BANNER}\n{text}" if wiring.replay else text
    if file is None:
        click.echo(text, nl=False)
        return
    _write_for_us_alone(file, text)
    click.echo(f"written to {file}")


def _write_for_us_alone(file: Path, text: str) -> None:
    """A whole file or none, that nobody else may read: it holds addresses."""
    half = file.with_name(f".{file.name}.half")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    half.replace(file)


COMMANDS = (import_file, export)
