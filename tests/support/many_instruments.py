"""Many instruments of one kind, each with a source, a window and evidence of its own, in one ledger."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select
from support.catalogues import TEXT, feed_route, source, write_catalogue

from servanda.compliance.instrument import Instrument
from servanda.instruments.adapters import instrument_adapter
from servanda.instruments.catalogue import Catalogue, load_catalogue
from servanda.instruments.rule_digests import rules_digest
from servanda.jobs.bootstrap.settings import Settings
from servanda.jobs.bootstrap.wiring import Wiring, wire
from servanda.models import tables

SOURCES = tuple(f"us-{letter}" for letter in "abcdefgh")
FOUND_AT = datetime(2019, 7, 1, 12, tzinfo=UTC)
ENDED_AT = datetime(2019, 12, 1, tzinfo=UTC)
"""Long after the windows were settled."""


def window_of(n: int) -> str:
    return f"w{n}-90d"


@contextmanager
def many_instruments(
    folder: Path, count: int, now: datetime = ENDED_AT, database_url: str | None = None
) -> Iterator[Wiring]:
    """The wiring at a moment, with so many instruments; what is known of them is written the first time."""
    if not (folder / "catalogue").exists():
        routes = {name: feed_route(f"http://127.0.0.1:9/{name}") for name in SOURCES}
        one = write_catalogue(folder / "one", {name: source(name, routes[name]) for name in SOURCES})
        _multiply(one, folder / "catalogue", count)
    settings = Settings(
        database_url=database_url or f"sqlite:///{folder}/servanda.db",
        catalogue=folder / "catalogue",
        archive=folder / "archive",
        outbox=folder / "outbox",
    )
    with wire(now=now, opening="create", settings=settings) as wiring:
        with wiring.store.writing() as db:
            if db.execute(select(tables.document)).first() is None:
                _write(db, wiring.catalogue)
        yield wiring


def _multiply(one: Path, many: Path, count: int) -> None:
    """The one instrument of a catalogue, so often, each with a source of its own (every eighth the same)."""
    shutil.copytree(one / "sources", many / "sources")
    (instrument,) = load_catalogue(one).instruments
    for n in range(count):
        copy = _copy(instrument, n)
        declaration = many / "declarations" / copy.id
        declaration.mkdir(parents=True)
        written = instrument_adapter().dump_python(copy, mode="json", exclude={"text"})
        (declaration / "instrument.yml").write_text(json.dumps(written), encoding="utf-8")  # YAML holds JSON
        (declaration / "text.txt").write_text(copy.text, encoding="utf-8")


def _copy(one: Instrument, n: int) -> Instrument:
    sources, further, guard = (SOURCES[n % len(SOURCES)],), f"further-{n}", f"guard-{n}"
    window = replace(one.windows[0], id=window_of(n), commitment=further, sources=sources, reminders=(30, 7))
    return replace(
        one,
        id=f"instrument-{n}",
        windows=(window,),
        commitments=(replace(one.commitments[0], id=further), replace(one.commitments[1], id=guard)),
        rules=tuple(
            replace(rule, commitment=further, window=window.id)
            if rule.window
            else replace(rule, commitment=guard)
            for rule in one.rules
        ),
        sources=sources,
    )


def _write(db: Connection, catalogue: Catalogue) -> None:
    """A poll of each source, and of each instrument a candidate, other evidence, and a near miss."""
    for n, name in enumerate(SOURCES, 1):
        _poll(db, catalogue, n, name)
    for n, instrument in enumerate(catalogue.instruments):
        for k in range(3):
            _found(db, catalogue, 3 * n + k + 1, instrument, k)


def _poll(db: Connection, catalogue: Catalogue, number: int, name: str) -> None:
    at = FOUND_AT + timedelta(days=number)
    _add(
        db, tables.poll, id=number, source=name, route="feed", started_at=at, finished_at=at, outcome="read",
        pages=1, items=3, new_documents=3, catalogue=catalogue.digest,
    )  # fmt: skip
    _add(
        db, tables.coverage, poll=number, source=name, route="feed", from_at=at - timedelta(days=20),
        until_at=at - timedelta(days=1), basis="listing", known_at=at,
    )  # fmt: skip


def _found(db: Connection, catalogue: Catalogue, number: int, instrument: Instrument, kind: int) -> None:
    """``kind`` 0: a candidate of the window; 1: evidence of the other commitment; 2: a near miss of it."""
    poll = 1 + SOURCES.index(instrument.sources[0])
    said: dict[str, Any] = {
        "title": f"Business {number}", "precision": "instant", "zone": "UTC", "published_at": FOUND_AT,
    }  # fmt: skip
    _add(
        db, tables.exchange, id=number, poll=poll, url="http://127.0.0.1/", status=200,
        sha256=f"{number:064x}", archive_file="a.warc.gz", archive_offset=number, archive_length=1,
        at=FOUND_AT,
    )  # fmt: skip
    _add(db, tables.document, id=number, source=instrument.sources[0], first_seen_at=FOUND_AT)
    _add(
        db, tables.listing, document=number, poll=poll, url=f"http://127.0.0.1/{number}",
        digest=f"{number:064x}", known_at=FOUND_AT, **said,
    )  # fmt: skip
    _add(
        db, tables.version, id=number, document=number, digest=f"{number:064x}", language="en",
        known_at=FOUND_AT, **said,
    )  # fmt: skip
    _add(db, tables.extraction, version=number, text=TEXT, extractor="x", known_at=FOUND_AT)
    _add(db, tables.observation, document=number, version=number, exchange=number, state="seen", at=FOUND_AT)
    _add(
        db, tables.evidence, version=number, instrument=instrument.id,
        commitment=instrument.commitments[min(kind, 1)].id,
        window=instrument.windows[0].id if kind == 0 else None, rule="r",
        rules_digest=rules_digest(instrument), score=1.0, spans=[{"text": TEXT[:80], "start": 0, "end": 80}],
        checklist=[], candidate=kind == 0, near_miss=kind == 2, known_at=FOUND_AT,
    )  # fmt: skip
    for watching in catalogue.instruments:
        _add(db, tables.screening, version=number, rules_digest=rules_digest(watching), known_at=FOUND_AT)


def _add(db: Connection, table: Any, **values: Any) -> None:
    db.execute(insert(table), values)
