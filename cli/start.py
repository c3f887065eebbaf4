"""Where ``servanda`` begins: the watchdog starts without the rest, which may be what is broken."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point of the command line."""
    if sys.argv[1:2] == ["watchdog"]:
        from servanda.jobs.watchdog.command import main as watch

        del sys.argv[1]
        watch()
    else:
        from servanda.cli.commands import main as command_line

        command_line()
