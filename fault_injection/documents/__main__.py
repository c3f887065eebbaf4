"""Play faults behind the listing and print what came of them: ``python -m fault_injection.documents``.

Exit code 1: absence was claimed falsely, or too seldom in plays without any fault.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time

from fault_injection.documents.drive import play_in_turn
from fault_injection.documents.good import good_report, judge_good_documents
from fault_injection.documents.kinds import KINDS
from fault_injection.documents.report import is_sound, report
from fault_injection.documents.scene import draw_scene


def main() -> int:
    options = _options()
    given = options.parse_args()
    for name in given.only:
        if name not in KINDS:
            options.error(f"--only: no kind is called {name!r}; see fault_injection/documents/kinds")
    logging.disable(logging.ERROR)  # every refusal would be told; the report counts them
    seed = given.seed if given.seed is not None else time.time_ns() % 1_000_000
    print(f"Seed {seed}", flush=True)
    seeds = range(seed, seed + given.seeds)
    kinds = [KINDS[name] for name in given.only or KINDS]
    faulted = play_in_turn(
        [draw_scene(one, kind, brief=given.brief) for one in seeds for kind in kinds], _tell
    )
    healthy = play_in_turn(
        [draw_scene(seed + n, None, brief=given.brief) for n in range(given.healthy)], _tell
    )
    print(report(faulted, healthy))
    if given.good:
        print(f"\n{good_report(judge_good_documents(seed, given.good))}")
    sound = is_sound(faulted, healthy)
    print("\nNo absence was claimed falsely." if sound else "\nAbsence was claimed falsely, or too seldom.")
    return 0 if sound else 1


def _tell(number: int) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[Kplay {number}", end="\r", file=sys.stderr, flush=True)


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m fault_injection.documents", description=__doc__)
    options.add_argument("--seed", type=int, help="what everything is drawn from; by default from the clock")
    options.add_argument("--seeds", type=int, default=1, help="how many seeds in turn, from --seed on")
    options.add_argument("--healthy", type=int, default=20, help="how many plays without any fault")
    options.add_argument("--good", type=int, default=350, help="how many good documents are read")
    options.add_argument("--only", nargs="*", default=(), metavar="KIND", help="these kinds alone")
    options.add_argument("--brief", action="store_true", help="with few releases and readings")
    return options


if __name__ == "__main__":
    sys.exit(main())
