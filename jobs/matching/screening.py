"""Match versions to commitments: each version once for each state of an instrument's rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from servanda.compliance.instrument import Instrument
from servanda.compliance.matching import match
from servanda.compliance.own_text import hits_beside_instrument
from servanda.compliance.passages import Candidate
from servanda.compliance.recheck_times import DAILY, WEEKLY
from servanda.compliance.shortlist import ShortlistReason
from servanda.compliance.shortlisting import shortlist_reasons
from servanda.compliance.vocabulary import Match
from servanda.instruments.catalogue import Catalogue
from servanda.instruments.rule_digests import rules_digest
from servanda.jobs.alerting import window_alerts as telling
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.documents.document_reader import DocumentReader
from servanda.jobs.documents.late_extraction import extract_texts, store_text, with_extracted_text
from servanda.jobs.matching.same_event import first_of_events, was_event_told
from servanda.models.alerts import alerts as alert_rows
from servanda.models.documents import documents, screenings
from servanda.models.documents import recheck_queue as reread
from servanda.models.documents.documents import Version
from servanda.models.findings import evidence as evidence_rows
from servanda.models.findings import shortlist as shortlist_rows
from servanda.models.findings.evidence import EvidenceRow
from servanda.models.polls import polls

BATCH = 100


@dataclass(frozen=True, slots=True)
class ScreeningOutcome:
    evidence: int
    alerts: int


def screen(ledger: Ledger, reader: DocumentReader, *, after_the_last: bool = False) -> ScreeningOutcome:
    """Match whatever was not yet matched by the rules as they are; safe to run at any time, twice over.

    ``after_the_last``: look only among the versions that came after the last one matched. A version of which
    no text was drawn, because no rule of its time could match it, is scanned anew for other rules.
    """
    evidence = alerts = 0
    rules = [(rules_digest(instrument), instrument) for instrument in reader.catalogue.instruments]
    for digest, instrument in rules if after_the_last else _incomplete(ledger, rules):
        last = 0
        while batch := _batch(ledger, digest, after_the_last, last):
            found, told = _screen_batch(ledger, reader, instrument, digest, batch)
            evidence += found
            alerts += told
            last = batch[-1].id
    return ScreeningOutcome(evidence, alerts)


def _incomplete(ledger: Ledger, rules: Sequence[tuple[str, Instrument]]) -> list[tuple[str, Instrument]]:
    """The instruments by whose rules some version was not matched yet, each with their digest."""
    with ledger.reading() as (db, _):
        complete = screenings.complete_screenings(db, [digest for digest, _ in rules])
    return [(digest, instrument) for digest, instrument in rules if digest not in complete]


def _batch(ledger: Ledger, digest: str, after_the_last: bool, last: int) -> list[Version]:
    with ledger.reading() as (db, _):
        return documents.versions_to_screen(db, digest, BATCH, after_the_last=after_the_last, after=last)


def _screen_batch(
    ledger: Ledger, reader: DocumentReader, instrument: Instrument, digest: str, batch: Sequence[Version]
) -> tuple[int, int]:
    """Match versions, then keep what was found, with its alerts, in one transaction and in their order."""
    catalogue = reader.catalogue
    watched = [version for version in batch if watches_source(instrument, version)]
    drawn = extract_texts(ledger, reader, watched)
    matched = [
        (version, *_found_in(catalogue, instrument, with_extracted_text(version, drawn))) for version in batch
    ]
    found, news = 0, list[int]()
    with ledger.writing() as (db, now):
        for version, matches, shortlists in matched:
            if version.id in drawn and not store_text(
                db, version, drawn[version.id], reader.scan_digest, now
            ):
                continue
            first_time = not screenings.was_screened(db, version.id)
            if not screenings.mark_screened(db, version.id, digest, now):
                continue
            for window, reasons in shortlists.items():
                shortlist_rows.record_shortlisted(db, version.id, window, reasons, digest, now)
            for one in matches:
                evidence = evidence_rows.record_evidence(db, version.id, instrument.id, one, digest, now)
                if evidence is None:
                    continue
                found += 1
                if not one.is_near_miss:
                    reread.due_sooner(db, version.document, now + (DAILY if one.window else WEEKLY))
                if is_newsworthy(db, instrument, version, one, first_time):
                    news.append(evidence)
        return found, _tell(db, catalogue, instrument, news, now)


def _found_in(
    catalogue: Catalogue, instrument: Instrument, version: Version
) -> tuple[tuple[Match, ...], dict[str, tuple[ShortlistReason, ...]]]:
    """What a version is evidence of, and on the shortlist of which windows it stands, with the reasons."""
    if not watches_source(instrument, version) or version.text is None:
        return (), {}
    candidate = candidate_of(catalogue, version)
    hits = hits_beside_instrument(candidate, instrument)
    matches = match(candidate, instrument, hits)
    shortlists = {
        window.id: reasons
        for window in instrument.windows
        if version.source in window.sources
        and (reasons := shortlist_reasons(candidate, instrument, window, matches, hits))
    }
    return strongest_matches(matches), shortlists


def _tell(
    db: Connection, catalogue: Catalogue, instrument: Instrument, news: Sequence[int], now: datetime
) -> int:
    """Write the alerts of new evidence, one for each document, none for what was told; returns how many."""
    rows = [row for number in news for row in evidence_rows.evidence(db, now, only=number)]
    repeats = first_of_events(db, rows)
    fresh = [row for row in rows if row.id not in repeats and not was_event_told(db, instrument, row)]
    told = 0
    for first, *others in _by_document(fresh):
        same = [row for row in rows if repeats.get(row.id) in {one.id for one in (first, *others)}]
        alert = telling.evidence_alert(catalogue, instrument, first, now, _one_each(same), others)
        told += alert_rows.record_alert(db, alert)
    return told


def _by_document(rows: Sequence[EvidenceRow]) -> list[list[EvidenceRow]]:
    """What each document is evidence of: a candidate first, then the best match."""
    found: dict[int, list[EvidenceRow]] = {}
    for row in rows:
        found.setdefault(row.document, []).append(row)
    return [sorted(theirs, key=lambda r: (not r.candidate, -r.score, r.id)) for theirs in found.values()]


def _one_each(rows: Sequence[EvidenceRow]) -> list[EvidenceRow]:
    """The first row of each document."""
    return list({row.document: row for row in reversed(rows)}.values())[::-1]


def watches_source(instrument: Instrument, version: Version) -> bool:
    return version.source in instrument.sources


def candidate_of(catalogue: Catalogue, version: Version) -> Candidate:
    """A version whose text was drawn, as matching sees it."""
    source = catalogue.source(version.source)
    return Candidate(version.url, version.text or "", version.published, source.title, source.party)


def strongest_matches(matches: tuple[Match, ...]) -> tuple[Match, ...]:
    """One match a commitment: one for a window before one without, then the better score."""
    best: dict[str, Match] = {}
    for one in matches:
        before = best.get(one.commitment)
        if before is None or _rank(one) > _rank(before):
            best[one.commitment] = one
    return tuple(best.values())


def _rank(one: Match) -> tuple[bool, bool, float]:
    return one.is_candidate, one.window is not None and not one.is_near_miss, one.score


def is_newsworthy(
    db: Connection, instrument: Instrument, version: Version, one: Match, first_time: bool
) -> bool:
    """Whether new evidence is worth a mail.

    Not while the instrument is being read for the first time (a baseline is no alarm), not for a near miss.
    What was published since monitoring began is, unless it was found by merely changing the rules: also where
    the source was out of reach until now. What is older only if it is a candidate that a source did not show
    at first.
    """
    since = polls.monitored_since(db).get(instrument.id)
    if since is None or one.is_near_miss:
        return False
    if first_time and published_since(version, since):
        return True
    return one.is_candidate and not documents.was_in_first_reading(db, version.document)


def published_since(version: Version, since: datetime) -> bool:
    return version.published.interval.until_at > since
