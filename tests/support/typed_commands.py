"""Whether a command line can be typed: read as ``servanda`` reads it, and not run."""

from __future__ import annotations

import click

from servanda.cli.commands import servanda


def parse(arguments: list[str]) -> None:
    """Read a command line as ``servanda`` does, without running it."""
    command: click.Command = servanda
    name, rest, parent = "servanda", arguments, None
    while True:
        try:
            context = command.make_context(name, list(rest), parent=parent)
        except click.exceptions.Exit:  # --help
            return
        remaining = [*context._protected_args, *context.args]
        if not isinstance(command, click.Group) or not remaining:
            return
        found, chosen, rest = command.resolve_command(context, remaining)
        assert found is not None and chosen is not None
        name, command, parent = found, chosen, context
