"""A long history for one source, as more than a year of half-hourly polls would leave it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from benchmarks.pages import FIRST_AT
from servanda.compliance.instrument import Instrument
from servanda.instruments.rule_digests import rules_digest
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.models import tables

HALF_HOUR = timedelta(minutes=30)
COVERED_BACK = timedelta(hours=50)
EVIDENCE_EVERY = 20
TEXT = "The two sides met in the capital and spoke about trade, education and culture for an hour. " * 20

Row = dict[str, Any]


@dataclass(frozen=True)
class Length:
    """How many documents a history holds, and how many polls, each of which covered something new."""

    documents: int
    polls: int


def write_history(wiring: Wiring, length: Length) -> None:
    """Put a history that ends before the made-up publisher's first release into the ledgers."""
    source = wiring.catalogue.sources[0].id
    instrument = wiring.catalogue.instruments[0]
    with wiring.store.writing() as db:
        history = _History(db, source, instrument, wiring.catalogue.digest, length)
        _insert(db, tables.poll, history.polls())
        _insert(db, tables.coverage, history.coverage())
        _insert(db, tables.document, history.documents())
        _insert(db, tables.exchange, history.exchanges())
        for table in (tables.document_alias, tables.listing, tables.version, tables.observation):
            _insert(db, table, history.of_documents(table))
        _insert(db, tables.screening, history.screenings())
        _insert(db, tables.evidence, history.evidence())


def _insert(db: Connection, table: Table, rows: Iterator[Row]) -> None:
    if values := list(rows):
        db.execute(insert(table), values)


class _History:
    """The rows of each table; ids follow those that are there."""

    def __init__(
        self, db: Connection, source: str, instrument: Instrument, catalogue: str, length: Length
    ) -> None:
        self.source, self.instrument, self.catalogue, self.length = source, instrument, catalogue, length
        self.rules = rules_digest(instrument)
        self.after = {
            table.name: db.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
            for table in (tables.poll, tables.exchange, tables.document, tables.version)
        }

    def polls(self) -> Iterator[Row]:
        for n in range(self.length.polls):
            at = self._at(n, self.length.polls)
            yield {
                "id": self.after["poll"] + 1 + n, "source": self.source, "route": "feed", "started_at": at,
                "finished_at": at, "outcome": "read", "pages": 1, "items": 10, "new_documents": 0,
                "catalogue": self.catalogue,
            }  # fmt: skip

    def coverage(self) -> Iterator[Row]:
        for n in range(self.length.polls):
            at = self._at(n, self.length.polls)
            yield {
                "poll": self.after["poll"] + 1 + n, "source": self.source, "route": "feed",
                "from_at": at - COVERED_BACK, "until_at": at - HALF_HOUR, "known_at": at,
                "basis": "listing, 10 items in order",
            }  # fmt: skip

    def exchanges(self) -> Iterator[Row]:
        """One for each poll, then one for each document."""
        for n in range(self.length.polls + self.length.documents):
            document = n - self.length.polls
            known = document < 0
            yield {
                "id": self.after["exchange"] + 1 + n,
                "poll": self.after["poll"] + 1 + (n if known else document % self.length.polls),
                "document": None if known else self.after["document"] + 1 + document,
                "url": f"http://127.0.0.1/old/{n}", "status": 200, "sha256": f"{n:064x}",
                "archive_file": "old.warc.gz", "archive_offset": 1000 * n, "archive_length": 1000,
                "at": self._at(n % self.length.polls, self.length.polls),
            }  # fmt: skip

    def documents(self) -> Iterator[Row]:
        for n in range(self.length.documents):
            at = self._at(n, self.length.documents)
            yield {"id": self.after["document"] + 1 + n, "source": self.source, "first_seen_at": at}

    def of_documents(self, table: Table) -> Iterator[Row]:
        """What hangs on each document: two aliases, a listing, a version, an observation."""
        for n in range(self.length.documents):
            at, document = self._at(n, self.length.documents), self.after["document"] + 1 + n
            said = {"title": f"Old business {n}", "precision": "instant", "zone": "UTC", "published_at": at}
            if table is tables.document_alias:
                for scheme in ("guid", "url"):
                    yield {"source": self.source, "scheme": scheme, "value": f"old-{n}", "document": document}
            elif table is tables.listing:
                poll = self.after["poll"] + 1 + n % self.length.polls
                yield {**said, "document": document, "poll": poll, "url": "http://127.0.0.1/old/",
                       "digest": f"{n:064x}", "known_at": at}  # fmt: skip
            elif table is tables.version:
                yield {**said, "id": self.after["version"] + 1 + n, "document": document, "known_at": at,
                       "digest": f"{n:064x}", "language": "en", "text": TEXT, "extractor": "x"}  # fmt: skip
            else:
                exchange = self.after["exchange"] + 1 + self.length.polls + n
                yield {"document": document, "version": self.after["version"] + 1 + n, "exchange": exchange,
                       "state": "seen", "at": at}  # fmt: skip

    def screenings(self) -> Iterator[Row]:
        for n in range(self.length.documents):
            version = self.after["version"] + 1 + n
            at = self._at(n, self.length.documents)
            yield {"version": version, "rules_digest": self.rules, "known_at": at}

    def evidence(self) -> Iterator[Row]:
        commitment = self.instrument.commitments[0].id
        for n in range(0, self.length.documents, EVIDENCE_EVERY):
            yield {
                "version": self.after["version"] + 1 + n, "instrument": self.instrument.id,
                "commitment": commitment, "window": None, "rule": "old", "rules_digest": self.rules,
                "score": 1.0, "spans": [{"text": TEXT[:80], "start": 0, "end": 80}], "checklist": [],
                "candidate": False, "near_miss": False, "known_at": self._at(n, self.length.documents),
            }  # fmt: skip

    def _at(self, n: int, count: int) -> datetime:
        """The n-th of ``count`` moments that fill the time of the polls evenly."""
        span = HALF_HOUR * self.length.polls
        return FIRST_AT - span - timedelta(days=3) + span * n / count
