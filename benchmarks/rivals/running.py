"""What the scripts have in common: their options, and what they print of themselves."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path


def given_options(*flags: str) -> argparse.Namespace:
    """``--folder`` for what is kept, a ``--feed`` for each feed, and switches of the script's own."""
    options = argparse.ArgumentParser()
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--feed", action="append", required=True)
    options.add_argument("--again", action="store_true", help="feeds that were read before")
    for flag in flags:
        options.add_argument(flag, action="store_true")
    return options.parse_args()


def measured(read: Callable[[], int]) -> None:
    """Run, and print what it took; ``read`` returns how many documents were new."""
    cpu, wall = time.process_time(), time.perf_counter()
    documents = read()
    taken = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "documents": documents}
    print(json.dumps(taken))
