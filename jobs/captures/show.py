"""The kept bytes, given back: one exchange, verified, or the list of those of a source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from servanda.compliance.intervals import BEGINNING, END, Interval, utc_text
from servanda.compliance.publication import start_of_day
from servanda.instruments.routes import Source
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.bootstrap.usage import UsageError
from servanda.models.archive.folder import Archive, ArchiveError
from servanda.models.archive.warc_reading import StoredBytes
from servanda.models.captures.captures import Capture, capture, capture_by_digest, captures_of_source

SHORTEST_DIGEST = 8
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class VerifiedCapture:
    """An exchange as SQL names it, and its bytes as the archive holds them; both digests were compared."""

    capture: Capture
    stored: StoredBytes


def load_capture(ledger: Ledger, archive: Archive, name: str) -> VerifiedCapture:
    """The exchange with an id or a digest; UsageError where there is none, ArchiveError for damaged bytes."""
    with ledger.reading() as (db, _):
        if name.isdigit() and len(name) < SHORTEST_DIGEST:
            found = capture(db, int(name))
        elif len(name) >= SHORTEST_DIGEST:
            found = capture_by_digest(db, name.lower())
        else:
            raise UsageError(
                f"{name!r} names no capture; "
                f"valid: its number, or {SHORTEST_DIGEST} or more digits of its SHA-256"
            )
    if found is None:
        raise UsageError(f"there is no capture {name}")
    return VerifiedCapture(found, verify_capture(archive, found))


def verify_capture(archive: Archive, kept: Capture) -> StoredBytes:
    """The bytes of a capture; ArchiveError unless all digests agree, and SQL names the same original."""
    stored = archive.load(kept.place, sha256=kept.sha256)
    named = stored.refers_to.where if stored.refers_to else None
    if named != (str(kept.original) if kept.original else None):
        raise ArchiveError(
            f"{kept.place.file} at {kept.place.offset}: it revisits {named or 'nothing'}, "
            f"and the database says {kept.original or 'nothing'}"
        )
    return stored


def list_source_captures(
    ledger: Ledger,
    source: Source,
    as_of: datetime,
    *,
    since: date | None = None,
    until: date | None = None,
    failed: bool = False,
    limit: int | None = None,
) -> Iterator[Capture]:
    """The captures of a source, newest first; ``since`` and ``until``: civil days in its zone, inclusive."""
    within = Interval(
        start_of_day(since, source.zone) if since else BEGINNING,
        start_of_day(until + timedelta(days=1), source.zone) if until else END,
    )
    with ledger.reading() as (db, _):
        yield from captures_of_source(db, source.id, as_of, within=within, failed=failed, limit=limit)


def capture_json(kept: Capture) -> Json:
    """An entry of ``capture list``."""
    return {
        "id": kept.id,
        "source": kept.source,
        "route": kept.route,
        "document": kept.document,
        "at": utc_text(kept.at),
        "url": kept.url,
        "status": kept.status,
        "failure": kept.failure,
        "sha256": kept.sha256,
        "bytes": kept.place.length,
        "revisit_of": kept.revisit_of,
    }


def shown_json(shown: VerifiedCapture) -> Json:
    """The answer of ``capture show``."""
    place = shown.capture.place
    return {
        **capture_json(shown.capture),
        "body_bytes": len(shown.stored.body),
        "archive": {"file": place.file, "offset": place.offset},
        "headers": [{"name": name, "value": value} for name, value in shown.stored.headers],
    }
