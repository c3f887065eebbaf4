"""A ledger of many windows and documents: ``python -m benchmarks.desk.ledger`` writes it into a folder."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert

from benchmarks.monitor import write_catalogue
from servanda.compliance.instrument import Instrument, Window
from servanda.compliance.verdicts import judge
from servanda.compliance.vocabulary import WindowFacts
from servanda.instruments.adapters import instrument_adapter
from servanda.instruments.catalogue import load_catalogue
from servanda.jobs.bootstrap.settings import Settings
from servanda.jobs.bootstrap.wiring import Wiring, wire
from servanda.models import tables
from servanda.models.findings import verdicts as findings

SOURCES = 10
NOW = datetime(2026, 1, 1, tzinfo=UTC)
BEGIN = datetime(2006, 1, 1, tzinfo=UTC)
BATCH = 50_000
WORDS = (
    "migration",
    "trade",
    "border",
    "visit",
    "budget",
    "health",
    "water",
    "culture",
    "energy",
    "security",
)


def write_many_windows(folder: Path, windows: int, instruments: int = 10) -> None:
    """A catalogue of so many windows, spread over twenty years."""
    one = folder / "one"
    write_catalogue(one, [f"http://127.0.0.1:9/{n}" for n in range(SOURCES)])
    known = load_catalogue(one)
    (instrument,) = known.instruments
    many = folder / "catalogue"
    many.mkdir(parents=True)
    (one / "sources").rename(many / "sources")
    for n in range(instruments):
        copy = _with_windows(instrument, n, windows // instruments, known.source_ids)
        place = many / "declarations" / copy.id
        place.mkdir(parents=True)
        written = instrument_adapter().dump_python(copy, mode="json", exclude={"text"})
        (place / "instrument.yml").write_text(json.dumps(written), encoding="utf-8")  # YAML holds JSON
        (place / "text.txt").write_text(copy.text, encoding="utf-8")


def _with_windows(one: Instrument, number: int, windows: int, sources: Sequence[str]) -> Instrument:
    """The instrument under another id, its commitment repeated, each with a window."""
    window = one.windows[0]
    first = next(commitment for commitment in one.commitments if commitment.id == window.commitment)
    rule = next(rule for rule in one.rules if rule.window == window.id)
    commitments = tuple(replace(first, id=f"c{number}-{n}") for n in range(windows))
    return replace(
        one,
        id=f"instrument-{number}",
        commitments=commitments,
        windows=tuple(
            _window(window, number, n, commitment.id, sources[n % len(sources)])
            for n, commitment in enumerate(commitments)
        ),
        rules=tuple(
            replace(rule, id=f"r{number}-{n}", commitment=commitment.id, window=f"w{number}-{n}")
            for n, commitment in enumerate(commitments)
        ),
        sources=tuple(sources),
    )


def _window(one: Window, number: int, n: int, commitment: str, source: str) -> Window:
    on = date(2006, 1, 1) + timedelta(days=(n * 7 + number) % 7300)
    reading = replace(one.primary, anchor_on=on)
    anchor = replace(one.anchor, on=on)
    return replace(
        one,
        id=f"w{number}-{n}",
        commitment=commitment,
        title=f"Announcement {n} of instrument {number}",
        anchor=anchor,
        readings=(reading,),
        sources=(source,),
        reminders=(),
    )


def desk_settings(folder: Path) -> Settings:
    return Settings(
        database_url=f"sqlite:///{folder}/servanda.db",
        catalogue=folder / "catalogue",
        archive=folder / "archive",
        cache=folder / "cache",
        outbox=folder / "outbox",
        pulse=folder / "pulse",
        secret_file=folder / "secret",
        public_url=None,
        smtp_url=None,
        now=None,
    )


def fill(wiring: Wiring, documents: int) -> None:
    """A verdict for each window, and so many documents, a tenth of which was read."""
    with wiring.store.writing() as db:
        for instrument in wiring.catalogue.instruments:
            for window in instrument.windows:
                facts = WindowFacts(tuple(wiring.catalogue.source(s).terms for s in window.sources), {})
                verdict = judge(window, facts, NOW)
                findings.record_verdict(
                    db, verdict, catalogue=wiring.catalogue.digest, effective_at=NOW, now=NOW
                )
        _polls(db, wiring)
    for first in range(1, documents + 1, BATCH):
        with wiring.store.writing(synced=False) as db:
            _documents(db, wiring, range(first, min(first + BATCH, documents + 1)), documents)


def _polls(db: Connection, wiring: Wiring) -> None:
    for n, source in enumerate(wiring.catalogue.source_ids, 1):
        _add(
            db,
            tables.poll,
            [
                {
                    "id": n, "source": source, "route": "feed", "started_at": NOW, "finished_at": NOW,
                    "outcome": "read", "pages": 1, "items": 10, "new_documents": 0,
                    "catalogue": wiring.catalogue.digest,
                }
            ],
        )  # fmt: skip


def _documents(db: Connection, wiring: Wiring, numbers: range, total: int) -> None:
    sources = wiring.catalogue.source_ids
    stated = {n: BEGIN + (NOW - BEGIN) * (n / (total + 1)) for n in numbers}
    source = {n: n % len(sources) for n in numbers}
    title = {n: f"Statement {n} on {WORDS[n % 10]} and {WORDS[n // 10 % 10]}" for n in numbers}
    _add(
        db,
        tables.document,
        [{"id": n, "source": sources[source[n]], "first_seen_at": stated[n]} for n in numbers],
    )
    said = {
        n: {
            "title": title[n],
            "precision": "instant",
            "zone": "UTC",
            "published_at": stated[n],
            "known_at": stated[n],
        }
        for n in numbers
    }
    _add(
        db,
        tables.listing,
        [
            {
                **said[n],
                "id": n,
                "document": n,
                "poll": source[n] + 1,
                "digest": f"{n:064x}",
                "url": f"http://127.0.0.1/{n}",
            }
            for n in numbers
        ],
    )
    _add(
        db,
        tables.version,
        [
            {**said[n], "id": n, "document": n, "digest": f"{n:064x}", "language": "en"}
            for n in numbers
            if n % 10 == 0
        ],
    )
    _add(
        db,
        tables.current_listing,
        [{"document": n, "source": sources[source[n]], "listing": n, "from_at": stated[n]} for n in numbers],
    )
    rows = [{"document": n, "title": title[n].lower(), "body": ""} for n in numbers]
    db.exec_driver_sql(
        "INSERT INTO document_search (rowid, document, title, body) VALUES (?, ?, ?, ?)",
        [(row["document"], row["document"], row["title"], row["body"]) for row in rows],
    )


def _add(db: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    db.execute(insert(table), rows)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--windows", type=int, default=10)
    options.add_argument("--documents", type=int, default=10_000)
    given = options.parse_args()
    write_many_windows(given.folder, given.windows)
    with wire(opening="create", settings=desk_settings(given.folder)) as wiring:
        fill(wiring, given.documents)


if __name__ == "__main__":
    main()
