"""The kept bytes, given back: one exchange, verified, or all that a window's verdict rests on as one WARC."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from compliance.intervals import Interval
from compliance.windows import count
from jobs.wiring import UsageError, Wiring
from models.captures import Capture, capture, captures_by_digest, captures_for
from models.warc_reading import StoredBytes

SHORTEST_DIGEST = 8


@dataclass(frozen=True, slots=True)
class Shown:
    """An exchange as SQL names it, and its bytes as the archive holds them; both digests were compared."""

    capture: Capture
    stored: StoredBytes


def show(wiring: Wiring, name: str) -> Shown:
    """The exchange with an id or a digest; UsageError where there is none, ArchiveError for damaged bytes."""
    with wiring.store.reading() as db:
        if name.isdigit() and len(name) < SHORTEST_DIGEST:
            found = capture(db, int(name))
        elif len(name) >= SHORTEST_DIGEST:
            matches = captures_by_digest(db, name.lower())
            found = matches[0] if matches else None
        else:
            raise UsageError(
                f"{name!r} names no capture; "
                f"valid: its number, or {SHORTEST_DIGEST} or more digits of its SHA-256"
            )
    if found is None:
        raise UsageError(f"there is no capture {name}")
    return Shown(found, wiring.archive.load(found.place, sha256=found.sha256))


def export(wiring: Wiring, window_id: str, target: Path) -> int:
    """Write what a window's verdict rests on into one WARC file; returns the number of exchanges.

    Every exchange is verified on the way. UsageError where the file exists already.
    """
    _, window = wiring.catalogue.window(window_id)
    term = count(window, window.primary)
    now = wiring.now
    with wiring.store.reading() as db:
        found = captures_for(db, window.sources, Interval(term.opens_at, term.due_at), now)
    if target.exists():
        raise UsageError(f"{target} exists; name a new file")
    for one in found:
        wiring.archive.load(one.place, sha256=one.sha256)
    wiring.archive.copy_to(target, [one.place for one in found], now)
    return len(found)
