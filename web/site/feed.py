"""The changes of verdicts as an Atom feed (RFC 4287). It names no document: those are for reviewers first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.etree import ElementTree as ET

from servanda.alerts.letters.phrases.verdict_words import verdict_in_short
from servanda.alerts.text.sanitising import one_line
from servanda.alerts.text.translation import ENGLISH
from servanda.compliance.instrument import Instrument, Window
from servanda.compliance.intervals import utc_text
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.views.window_steps import window_steps
from servanda.models.findings.verdicts import StoredVerdict
from servanda.web.desk.addresses import window_path

ATOM = "http://www.w3.org/2005/Atom"
NEWEST = 100


@dataclass(frozen=True, slots=True)
class _Change:
    instrument: Instrument
    window: Window
    step: StoredVerdict


def feed_of_steps(wiring: Wiring, instruments: Sequence[Instrument]) -> bytes:
    """The newest changes, the last one first."""
    changes = [change for one in instruments for change in _changes(wiring, one)]
    changes.sort(key=lambda change: (change.step.known_at, change.step.id), reverse=True)
    shown = changes[:NEWEST]
    base, database = wiring.settings.site_url or "", wiring.store.identity
    feed = ET.Element(f"{{{ATOM}}}feed")
    name = one_line(instruments[0].title) if len(instruments) == 1 else "Servanda"
    _add(feed, "id", f"urn:servanda:{database.id}:{'+'.join(one.id for one in instruments)[:80]}")
    _add(feed, "title", name)
    _add(feed, "updated", utc_text(shown[0].step.known_at if shown else database.created_at))
    _add(_add(feed, "author"), "name", "Servanda")
    for change in shown:
        _entry(feed, change, base, database.id)
    ET.register_namespace("", ATOM)
    text: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return text


def _changes(wiring: Wiring, instrument: Instrument) -> Iterator[_Change]:
    """The verdicts that say another thing than the one before: value, phase, or that they are final."""
    for window in instrument.windows:
        verdicts = window_steps(wiring.ledger, window.id).verdicts
        told = [(one.verdict.value, one.verdict.phase, one.verdict.final) for one in verdicts]
        if verdicts:
            yield _Change(instrument, window, verdicts[0])
        for (before, _), (after, step) in pairwise(zip(told, verdicts, strict=True)):
            if before != after:
                yield _Change(instrument, window, step)


def _entry(feed: ET.Element, change: _Change, base: str, database: str) -> None:
    step, window = change.step, change.window
    path = window_path(change.instrument.id, window.id, step.known_at)
    meaning = verdict_in_short(step.verdict.value, ENGLISH, step.verdict.late_by_days)
    entry = _add(feed, "entry")
    _add(entry, "id", f"urn:servanda:{database}:verdict:{step.id}")
    _add(entry, "title", f"{one_line(window.title)}: {meaning}")
    _add(entry, "updated", utc_text(step.known_at))
    _add(entry, "link").set("href", f"{base}/{path}/" if base else f"{path}/index.html")
    _add(entry, "summary", "; ".join(step.verdict.reasons))


def _add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    made = ET.SubElement(parent, f"{{{ATOM}}}{name}")
    made.text = text
    return made
