"""Play it and print the report: ``python -m fault_injection.publishers`` (some minutes).

Exit code 1: something was lost.
"""

from __future__ import annotations

import argparse
import logging
import sys

from fault_injection.publishers.drive import draw_scene, play
from fault_injection.publishers.report import is_sound, report


def main() -> int:
    given = _options().parse_args()
    logging.disable(logging.ERROR)  # every refusal would be told; the report counts them
    sound = True
    for seed in range(given.seed, given.seed + given.seeds):
        scene = draw_scene(seed, given.days, peaceful=given.peaceful, only=given.only, without=given.without)
        played = play(scene, on_day=_tell)
        print(report(played), flush=True)
        print()
        sound = sound and is_sound(played)
    print("Nothing was lost in silence." if sound else "Something was lost in silence, or claimed falsely.")
    return 0 if sound else 1


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m fault_injection.publishers", description=__doc__)
    options.add_argument("--seed", type=int, default=1, help="what everything is drawn from")
    options.add_argument("--seeds", type=int, default=1, help="how many seeds in turn, from --seed on")
    options.add_argument("--days", type=int, default=90, help="how long the bench is")
    options.add_argument("--only", nargs="*", default=(), metavar="PRESS", help="these publishers alone")
    options.add_argument(
        "--without", nargs="*", default=(), metavar="KIND", help="leave these kinds of faults out"
    )
    options.add_argument("--peaceful", action="store_true", help="without any fault: all must be proven")
    return options


def _tell(day: int) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[Kday {day}", end="\r", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
