"""A catalogue of many instruments: ``python -m benchmarks.large_catalogue`` writes it.

Each is the built-in instrument under ids of its own; all watch the same sources, one for each feed. The first
keeps the built-in ids.
"""

from __future__ import annotations

import argparse
import re
import shutil
from pathlib import Path

from benchmarks.monitor import write_catalogue

INSTRUMENT = re.compile(r"^id: (\S+)$", re.MULTILINE)
RENAMED = re.compile(r"^( +(?:- )?(?:id|commitment|window): )(\S+)$", re.MULTILINE)
REFERRED = re.compile(r"^ +(?:commitment|window): (\S+)$", re.MULTILINE)
WINDOW_SOURCES = re.compile(r"^    sources: \[.*\]$", re.MULTILINE)


def write_large_catalogue(folder: Path, feeds: list[str], instruments: int) -> None:
    """Write it where nothing is yet; every window requires every source."""
    write_catalogue(folder, feeds)
    (first,) = (folder / "declarations").iterdir()
    declaration = first / "instrument.yml"
    required = ", ".join(path.stem for path in sorted((folder / "sources").iterdir()))
    written = WINDOW_SOURCES.sub(f"    sources: [{required}]", declaration.read_text(encoding="utf-8"))
    declaration.write_text(written, encoding="utf-8")
    for number in range(2, instruments + 1):
        copy = first.with_name(f"{first.name}-{number}")
        shutil.copytree(first, copy)
        (copy / "instrument.yml").write_text(_under_other_ids(written, number), encoding="utf-8")


def _under_other_ids(written: str, number: int) -> str:
    """The declaration with another id of its own, of its windows and of its commitments."""
    referred = frozenset(REFERRED.findall(written))

    def renamed(found: re.Match[str]) -> str:
        return f"{found[0]}-{number}" if found[2] in referred else found[0]

    return INSTRUMENT.sub(rf"id: \1-{number}", RENAMED.sub(renamed, written), count=1)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--instruments", type=int, required=True)
    options.add_argument("--feed", action="append", required=True)
    given = options.parse_args()
    write_large_catalogue(given.folder, given.feed, given.instruments)


if __name__ == "__main__":
    main()
