"""The whole archive, held against the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from servanda.compliance.clocks import TOLERANCE
from servanda.compliance.intervals import utc_text
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.bootstrap.progress import OnStep, no_progress
from servanda.jobs.captures.show import verify_capture
from servanda.models.archive.check import UnreferencedRecords, find_unreferenced
from servanda.models.archive.folder import Archive, ArchiveError
from servanda.models.captures.captures import Capture, captures_by_place
from servanda.scrapers.stated_time import stated_time

MOST_LISTED = 1000
"""So many damaged captures are told one by one; the others are counted."""

LONGEST_ANSWER = timedelta(seconds=60)
"""What an exchange may take, by whose beginning it is dated."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DamagedCapture:
    """A capture whose bytes cannot be given back, and why."""

    id: int
    source: str
    route: str
    reason: str


@dataclass(frozen=True, slots=True)
class MisdatedCapture:
    """A capture whose time by our clock is not what its publisher stated; either may have been wrong."""

    id: int
    source: str
    route: str
    at: datetime
    stated_at: datetime


@dataclass(slots=True)
class Verification:
    """What was found. ``orphans``: records of exchanges that the database does not know, as a run leaves that
    was killed before it recorded them. ``unreadable``: bytes between the records that are none.
    """

    captures: int = 0
    revisits: int = 0
    files: int = 0
    orphans: int = 0
    unreadable: int = 0
    damaged_captures: int = 0
    damaged: list[DamagedCapture] = field(default_factory=list)
    misdated_captures: int = 0
    misdated: list[MisdatedCapture] = field(default_factory=list)

    def count_misdated(self, kept: Capture, stated_at: datetime) -> None:
        self.misdated_captures += 1
        if len(self.misdated) < MOST_LISTED:
            self.misdated.append(MisdatedCapture(kept.id, kept.source, kept.route, kept.at, stated_at))

    def count(self, kept: Capture, problem: str | None) -> None:
        self.captures += 1
        self.revisits += kept.revisit_of is not None
        if problem is not None:
            self.damaged_captures += 1
            if len(self.damaged) < MOST_LISTED:
                self.damaged.append(DamagedCapture(kept.id, kept.source, kept.route, problem))


def verify(
    ledger: Ledger, archive: Archive, since: date | None = None, on_step: OnStep = no_progress
) -> Verification:
    """Load every capture, and look for what lies in the archive besides; ``since`` is a day in UTC.

    One capture is in memory at a time. What another process is storing meanwhile may count as an orphan.
    """
    found = Verification()
    since_at = datetime.combine(since, time.min, UTC) if since else None
    waiting = {path.name for path in _files(archive, since)}
    total = len(waiting)
    with ledger.reading() as (db, _):
        for name, captures in groupby(captures_by_place(db, since_at), key=lambda kept: kept.place.file):
            on_step(name, found.files, total)
            waiting.discard(name)
            found.files += 1
            places = _verified_places(archive, captures, found, dated=not ledger.replay)
            _add(found, _unnamed_in(archive.folder / name, places))
    for name in sorted(waiting):
        found.files += 1
        _add(found, _unnamed_in(archive.folder / name, ()))
    return found


def _unnamed_in(path: Path, places: Iterable[tuple[int, int]]) -> UnreferencedRecords:
    """What a file holds besides; nothing if there is none, but the places are gone through all the same."""
    if path.is_file():
        return find_unreferenced(path, places)
    for _ in places:
        pass
    return UnreferencedRecords()


def _verified_places(
    archive: Archive, captures: Iterable[Capture], found: Verification, *, dated: bool
) -> Iterator[tuple[int, int]]:
    """Where the captures lie, each of which was loaded and counted; ``dated``: by a clock that goes."""
    for kept in captures:
        try:
            stated = stated_time(verify_capture(archive, kept).headers)
            found.count(kept, None)
            if dated and stated is not None and abs(kept.at - stated.now_at) > LONGEST_ANSWER + TOLERANCE:
                found.count_misdated(kept, stated.now_at)
        except ArchiveError as error:
            found.count(kept, str(error))
        yield kept.place.offset, kept.place.length


def _add(found: Verification, unnamed: UnreferencedRecords) -> None:
    found.orphans += unnamed.orphans
    found.unreadable += unnamed.unreadable


def _files(archive: Archive, since: date | None) -> Iterator[Path]:
    """The archive's files, those of a day and later: the day of what they hold stands in their names."""
    first = f"servanda-{since.isoformat()}" if since else ""
    for path in archive.folder.glob("*.warc.gz"):
        if path.name >= first:
            yield path


def verification_json(found: Verification) -> Json:
    """The answer of ``capture verify``."""
    return {
        "captures": found.captures,
        "revisits": found.revisits,
        "files": found.files,
        "orphans": found.orphans,
        "unreadable_bytes": found.unreadable,
        "damaged_captures": found.damaged_captures,
        "damaged": [
            {"id": one.id, "source": one.source, "route": one.route, "reason": one.reason}
            for one in found.damaged
        ],
        "misdated_captures": found.misdated_captures,
        "misdated": [
            {
                "id": one.id,
                "source": one.source,
                "route": one.route,
                "at": utc_text(one.at),
                "stated_at": utc_text(one.stated_at),
            }
            for one in found.misdated
        ],
    }
