"""What a window must hold together: its count, its readings, its sources, its checklist."""

from __future__ import annotations

from collections.abc import Iterator

from servanda.compliance.instrument import Instrument, Window
from servanda.compliance.windows import CivilDuration
from servanda.instruments.instrument_checks import (
    duplicate_faults,
    is_zone,
    list_known,
    slug_faults,
    unknown_reference_faults,
    zone_faults,
)
from servanda.instruments.problems import Fault, Path

LONGEST_REMINDER = 3660
"""Days; more could reach back past the first day that a calendar knows."""

REQUIRED = ("subject", "completed", "new", "quoted")
"""Parts of a checklist without which it recognises nothing."""


def window_faults(instrument: Instrument) -> Iterator[Fault]:
    """Every fault of the instrument's windows."""
    yield from duplicate_faults("windows", [w.id for w in instrument.windows])
    for i, window in enumerate(instrument.windows):
        path = ("windows", i)
        yield from slug_faults((*path, "id"), window.id)
        yield from zone_faults((*path, "zone"), window.zone)
        yield from _count_faults(path, window)
        yield from _reading_faults(path, window)
        yield from _review_faults(path, window)
        yield from _reference_faults(path, window, instrument)
        yield from _checklist_faults(path, window, instrument)


def _count_faults(path: Path, window: Window) -> Iterator[Fault]:
    try:
        CivilDuration.parse(window.duration)
    except ValueError:
        valid = "whole calendar units such as P90D, P6M or P1Y"
        yield Fault((*path, "duration"), "is not an ISO 8601 calendar duration", valid)
    descending = tuple(sorted(set(window.reminders), reverse=True))
    if window.reminders != descending or any(not 1 <= days <= LONGEST_REMINDER for days in window.reminders):
        span = f"from 1 to {LONGEST_REMINDER}"
        valid = f"whole days before the end, {span}, each once, the greatest first, such as [30, 7, 1]"
        yield Fault((*path, "reminders"), "is not in order", valid, str(list(window.reminders)))


def _reading_faults(path: Path, window: Window) -> Iterator[Fault]:
    ids = [r.id for r in window.readings]
    for i, reading in enumerate(window.readings):
        at = (*path, "readings", i)
        yield from slug_faults((*at, "id"), reading.id)
        yield from zone_faults((*at, "zone"), reading.zone)
        if reading.id in ids[:i]:
            first = ids.index(reading.id)
            yield Fault((*at, "id"), f"stands twice, first in readings[{first}]", "each id once")
        if reading.primary and reading.anchor_on != window.anchor.on:
            yield Fault((*at, "anchor_on"), "is not the window's anchor", window.anchor.on.isoformat())
        if reading.primary and reading.zone != window.zone and is_zone(window.zone):
            yield Fault((*at, "zone"), "is not the window's zone", window.zone)
    primary = [r.id for r in window.readings if r.primary]
    if len(primary) != 1:
        found = ", ".join(primary) or "none"
        yield Fault(
            (*path, "readings"), "exactly one reading is primary", list_known(ids), f"primary: {found}"
        )


def _review_faults(path: Path, window: Window) -> Iterator[Fault]:
    threshold = window.automatic_threshold
    if window.review == "required" and threshold is not None:
        yield Fault((*path, "automatic_threshold"), "stands beside review: required", "no such line")
    elif window.review == "automatic" and threshold is None:
        yield Fault((*path, "automatic_threshold"), "is missing beside review: automatic", "0 to 1")
    elif threshold is not None and not 0 <= threshold <= 1:
        yield Fault((*path, "automatic_threshold"), "is not a share", "a number from 0 to 1")


def _reference_faults(path: Path, window: Window, instrument: Instrument) -> Iterator[Fault]:
    commitments = {c.id: c for c in instrument.commitments}
    owed = commitments.get(window.commitment)
    if owed is None:
        yield Fault((*path, "commitment"), "there is no such commitment", list_known(commitments))
    elif window.condition is not None and window.condition not in owed.quote:
        yield Fault((*path, "condition"), "does not stand in the commitment's quote", "its words, or null")
    yield from unknown_reference_faults(
        (*path, "sources"), window.sources, instrument.sources, "source of this instrument"
    )
    if not window.sources:
        message = "is empty: absence would rest on nothing"
        yield Fault((*path, "sources"), message, list_known(instrument.sources), "an empty list")
    if not any(rule.window == window.id for rule in instrument.rules):
        yield Fault((*path, "id"), "no rule looks for it", f"a rule with `window: {window.id}`")


def _checklist_faults(path: Path, window: Window, instrument: Instrument) -> Iterator[Fault]:
    concepts = {c.id for c in instrument.concepts}
    yield from unknown_reference_faults((*path, "shortlist"), window.shortlist, concepts, "concept")
    for part in (*REQUIRED, "restates", "others", "elsewhere", "apart"):
        named = getattr(window.checklist, part)
        yield from unknown_reference_faults((*path, "checklist", part), named, concepts, "concept")
        if not named and part in REQUIRED:
            yield Fault((*path, "checklist", part), "is empty", list_known(concepts), "an empty list")
