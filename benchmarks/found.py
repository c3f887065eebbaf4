"""In which documents evidence was found: ``python -m benchmarks.found FOLDER`` prints their addresses.

What a script wrote as JSON lines is matched here, by our own matcher, over the text that it extracted; of our
own run the ledger is asked. Neither is part of what is measured.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from benchmarks.monitor import open_monitor
from benchmarks.rivals.names import DOCUMENTS
from servanda.compliance.instrument import Instrument
from servanda.compliance.matching import match
from servanda.compliance.passages import Candidate
from servanda.compliance.publication import PublicationTime
from servanda.instruments.catalogue import builtin_catalogue, load_catalogue
from servanda.jobs.views import status as views


def of_servanda(folder: Path, now: datetime) -> list[str]:
    with open_monitor(folder, [], now) as wiring:
        return [row["url"] for row in views.evidence_list(wiring.ledger, now)]


def of_script(written: Path) -> list[str]:
    instrument = load_catalogue(builtin_catalogue()).instruments[0]
    lines = written.read_text(encoding="utf-8").splitlines()
    return [document["url"] for document in map(json.loads, lines) if _matches(document, instrument)]


def _matches(document: dict[str, Any], instrument: Instrument) -> bool:
    paragraphs = (document["text"] or "").splitlines()
    published = PublicationTime.instant(parsedate_to_datetime(document["published"]), "America/New_York")
    text = "\n\n".join((document["title"], *filter(None, paragraphs)))
    return bool(match(Candidate(document["url"], text, published, "Press releases", "US"), instrument))


def found(folder: Path, now: datetime) -> Iterator[str]:
    written = folder / DOCUMENTS
    yield from sorted(set(of_script(written) if written.exists() else of_servanda(folder, now)))


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("--now", type=datetime.fromisoformat, required=True)
    given = options.parse_args()
    print(json.dumps(list(found(given.folder, given.now))))


if __name__ == "__main__":
    main()
