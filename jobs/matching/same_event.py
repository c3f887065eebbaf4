"""Which evidence tells of one event: held against what was told, and against each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from servanda.compliance.instrument import Instrument
from servanda.compliance.same_event import WITHIN, find_first_report, first_reports, may_repeat
from servanda.models.findings.evidence import EvidenceRow
from servanda.models.findings.told_reports import VersionedReport, report_of, told_reports, with_texts


def was_event_told(db: Connection, instrument: Instrument, row: EvidenceRow) -> bool:
    """Whether an alert has told of the event of which this evidence tells."""
    subjects = [f"commitment:{one.id}" for one in instrument.commitments]
    subjects += [f"window:{one.id}" for one in instrument.windows]
    later = report_of(row)
    likely = [
        one
        for one in told_reports(db, instrument.id, subjects, row.commitment)
        if one.report.id != row.id and may_repeat(later.report, one.report)
    ]
    if not likely:
        return False
    report, *earlier = with_texts(db, [later, *likely])
    return find_first_report(report, earlier) is not None


def first_of_events(db: Connection, rows: Iterable[EvidenceRow]) -> dict[int, int]:
    """For each evidence that repeats an earlier one, the first that tells of the event; others are absent."""
    alike: dict[int, VersionedReport] = {}
    for theirs in _by_commitment(rows).values():
        alike |= {one.report.id: one for pair in _pairs(theirs) for one in pair}
    return first_reports(with_texts(db, (alike[n] for n in sorted(alike))))


def _by_commitment(rows: Iterable[EvidenceRow]) -> dict[tuple[str, str], list[VersionedReport]]:
    found: dict[tuple[str, str], list[VersionedReport]] = defaultdict(list)
    for row in rows:
        if not row.near_miss:
            found[row.instrument, row.commitment].append(report_of(row))
    return found


def _pairs(reports: Sequence[VersionedReport]) -> Iterable[tuple[VersionedReport, VersionedReport]]:
    """The pairs that may repeat each other, looked for among those of about the same time."""
    near: list[VersionedReport] = []
    for one in sorted(reports, key=lambda v: v.report.published.interval.from_at):
        from_at = one.report.published.interval.from_at
        near = [n for n in near if n.report.published.interval.until_at + WITHIN >= from_at]
        for other in near:
            earlier, later = sorted((one, other), key=lambda v: v.report.id)
            if may_repeat(later.report, earlier.report):
                yield earlier, later
        near.append(one)
