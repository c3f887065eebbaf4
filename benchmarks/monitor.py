"""Our side: the real jobs on a replay database, with the built-in instrument's rules on every document."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from servanda.instruments.catalogue import builtin_catalogue
from servanda.jobs.bootstrap.settings import Settings
from servanda.jobs.bootstrap.wiring import Wiring, wire
from servanda.jobs.collect import begin_run, read_source

SOURCE = """\
id: {id}
title: Press releases {id}
publisher: Press office {id}
party: US
language: en
zone: America/New_York
lag: PT1H
longest_silence: P5D
routes:
  - id: feed
    url: {url}
    reader: recorded
    cadence: PT30M
    pause: PT0S
    minimum_items: 10
    reread: []  # reading documents again is work that the others do not do
    empty: fault
    read: {{platform: feed}}
"""


def write_catalogue(folder: Path, feeds: Sequence[str]) -> None:
    """The built-in instrument, watching a source for each feed in place of its own; one is required."""
    sources = [f"press-{n}" for n in range(len(feeds))]
    declaration = folder / "declarations" / "us-mexico-2019"
    shutil.copytree(builtin_catalogue() / "declarations" / "us-mexico-2019", declaration)
    written = (declaration / "instrument.yml").read_text(encoding="utf-8")
    written = re.sub(r"^    sources: \[.*\]$", f"    sources: [{sources[0]}]", written, flags=re.MULTILINE)
    written = re.sub(r"^sources:\n(?:  - .*\n)+", f"sources: [{', '.join(sources)}]\n", written, flags=re.M)
    (declaration / "instrument.yml").write_text(written, encoding="utf-8")
    (folder / "sources").mkdir()
    for source, url in zip(sources, feeds, strict=True):
        path = folder / "sources" / f"{source}.yml"
        path.write_text(SOURCE.format(id=source, url=url), encoding="utf-8")


@contextmanager
def open_monitor(folder: Path, feeds: Sequence[str], now: datetime) -> Iterator[Wiring]:
    """The wiring of the jobs at a moment of the replay; its catalogue is written where there is none.

    ``feeds`` may be empty for a folder that has one and is not read from again.
    """
    catalogue = folder / "catalogue"
    if not catalogue.exists():
        write_catalogue(catalogue, feeds)
    settings = Settings(
        database_url=f"sqlite:///{folder}/servanda.db",
        catalogue=catalogue,
        archive=folder / "archive",
        cache=folder / "cache",
        outbox=folder / "outbox",
        allow_hosts=frozenset((p.hostname or "", p.port or 80) for p in map(urlsplit, feeds)),
    )
    with wire(now=now, opening="create", settings=settings) as wiring:
        yield wiring


def collect_all(wiring: Wiring) -> int:
    """Read every source once, as ``servanda collect`` does; how many documents were read and stored."""
    sources = [source.id for source in wiring.catalogue.sources]
    run = begin_run(wiring, sources)
    outcomes = [read_source(run, source) for source in sources]
    failures = [failure for outcome in outcomes for failure in outcome.failures]
    if failures or any(outcome.unread_documents for outcome in outcomes):
        raise RuntimeError(f"the benchmark's own publisher could not be read: {failures[:3]}")
    return sum(outcome.read_documents for outcome in outcomes)
