"""The windows of the catalogue as a calendar, by what was last recorded of them."""

from __future__ import annotations

from sqlalchemy import Connection

from servanda.alerts.formats.ical import WindowEntry, calendar_of
from servanda.alerts.payloads.parts import ReadingBrief
from servanda.alerts.text.translation import words
from servanda.compliance.instrument import Instrument, Window
from servanda.compliance.vocabulary import Condition, Phase, VerdictValue
from servanda.compliance.watchers import Language
from servanda.compliance.windows import count_window
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.alerting.payload_parts import counted_brief, instrument_brief, reading_briefs
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.models.findings import verdicts as findings
from servanda.models.findings import window_history


def calendar(
    ledger: Ledger, catalogue: Catalogue, instrument: str | None = None, language: Language = "en"
) -> bytes:
    """All windows, or one instrument's; LookupError names those that exist.

    The same database gives the same bytes: what is shown is what was recorded, not what would be judged now.
    """
    told = words(language)
    chosen = catalogue.instruments if instrument is None else (catalogue.instrument(instrument),)
    with ledger.reading() as (db, _):
        entries = [_entry(db, catalogue, one, window) for one in chosen for window in one.windows]
    title = told.say("Servanda: what is due") if instrument is None else chosen[0].title
    return calendar_of(entries, title, told, replay=ledger.replay)


def _entry(db: Connection, catalogue: Catalogue, instrument: Instrument, window: Window) -> WindowEntry:
    kept = findings.last_verdict(db, window.id)
    verdict = kept.verdict if kept else None
    revision = window_history.revision(db, window.id)
    return WindowEntry(
        instrument=instrument_brief(instrument),
        window=counted_brief(catalogue, window),
        reminders=window.reminders,
        value=verdict.value if verdict else None,
        phase=verdict.phase if verdict else Phase.PENDING,
        final=verdict.final if verdict else False,
        condition=verdict.condition if verdict else Condition.UNKNOWN,
        late_by_days=verdict.late_by_days if verdict else None,
        candidates=len(verdict.candidates) if verdict else 0,
        readings=reading_briefs(window, verdict) if verdict else _readings(window),
        revision=revision.number,
        changed_at=revision.at,
    )


def _readings(window: Window) -> tuple[ReadingBrief, ...]:
    """The other ways to count a window that was not judged yet."""
    return tuple(
        ReadingBrief(
            one.id,
            count_window(window, one).due_at,
            one.zone,
            "not yet decidable",
            VerdictValue.PENDING,
            one.note,
        )
        for one in window.readings
        if not one.primary
    )
