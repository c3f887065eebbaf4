"""What people do in the replay: they watch, review what waits, and ask for the days that nobody saw."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from servanda.compliance.intervals import RESOLUTION, Interval, between
from servanda.compliance.vocabulary import DocumentAnswer, Review
from servanda.demo.prepare import INSTRUMENT, WINDOW
from servanda.jobs.assess import assess
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.collect import collect_source
from servanda.jobs.decisions import review
from servanda.jobs.decisions.document_review import review_document
from servanda.jobs.decisions.shortlist_review import dismiss_documents
from servanda.jobs.views import review_queue
from servanda.jobs.views.doubtful_documents import doubtful_documents
from servanda.jobs.views.shortlist import shortlist
from servanda.jobs.watchers.membership import add_watcher
from servanda.models.findings import verdicts as findings
from servanda.models.polls import polls

ANALYST = "analyst@example.org"
OPERATOR = "operator@example.org"

BLOCKED_SOURCE = "mx-presidencia"


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a person does at an instant, told before it is done."""

    at: datetime
    told: str
    do: Callable[[Wiring], ActOutcome]


@dataclass(frozen=True, slots=True)
class ActOutcome:
    """The command line that does the same as what was done, and what came of it."""

    command: str
    outcome: str


def subscribe_watchers(wiring: Wiring) -> None:
    """An analyst who watches the instrument; an operator who watches everything and the sources' health."""
    add_watcher(wiring.ledger, ANALYST, name="An analyst", analyst=True, instruments=[INSTRUMENT])
    add_watcher(wiring.ledger, OPERATOR, name="An operator", operator=True)


def reject_supplementary_agreement(wiring: Wiring) -> ActOutcome:
    """Reject the one candidate that waits: what the Senate was shown is as old as the declaration."""
    (candidate,) = [row for row in review_queue.evidence_to_review(wiring.ledger) if row.candidate]
    reason = "made on 7 June, with the declaration: not what was to be announced within 90 days"
    decision = review.decide_review(
        wiring.ledger, candidate.id, Review.REJECTED, by="An analyst", reason=reason
    )
    assess(wiring, decision=decision)
    typed = ["servanda", "review", "reject", str(candidate.id), "--by", "An analyst", "--reason", reason]
    return ActOutcome(shlex.join(typed), f"“{candidate.title}” is no longer waiting.")


def look_at_doubtful_document(wiring: Wiring) -> ActOutcome:
    """Answer for the one document whose page is not the document."""
    (doubtful,) = doubtful_documents(wiring.ledger)
    reason = "the ministry's bulletin of 3 September has it: a calendar of consular visits"
    answer = DocumentAnswer.IRRELEVANT
    review_document(wiring.ledger, doubtful["id"], answer, by="An analyst", reason=reason)
    assess(wiring)
    who = ["--by", "An analyst", "--reason", reason]
    typed = ["servanda", "review", "document", str(doubtful["id"]), "--does-not-matter", *who]
    return ActOutcome(shlex.join(typed), f"“{doubtful['title']}” is no duty any more.")


def review_shortlist(wiring: Wiring) -> ActOutcome:
    """Look at what stands on the window's shortlist, and dismiss it: nothing in it announces anything."""
    rows = shortlist(wiring.ledger, wiring.catalogue, WINDOW, wiring.now)
    waiting = [row["document"] for row in rows if row["reviewed_by"] is None]
    reason = "read it: it announces nothing that both governments completed"
    dismiss_documents(wiring.ledger, wiring.catalogue, WINDOW, waiting, by="An analyst", reason=reason)
    assess(wiring)
    who = ["--by", "An analyst", "--reason", reason]
    typed = ["servanda", "review", "shortlist", WINDOW, "--dismiss-these", *who]
    many = f"{len(waiting)} document{'' if len(waiting) == 1 else 's'}"
    return ActOutcome(shlex.join(typed), f"{many} of {len(rows)} on the shortlist reviewed.")


def read_uncovered_days(wiring: Wiring) -> ActOutcome:
    """Read the blocked source again over the days that its daily reading did not go back to."""
    since, until = uncovered_days(wiring, BLOCKED_SOURCE)
    outcome = collect_source(wiring, BLOCKED_SOURCE, since=since, until=until)
    return ActOutcome(
        f"servanda collect --source {BLOCKED_SOURCE} --since {since} --until {until}",
        f"{outcome.new_documents} documents nobody had seen; {outcome.new_evidence} of them are evidence.",
    )


def uncovered_days(wiring: Wiring, source_id: str) -> tuple[date, date]:
    """First and last civil day, in the source's zone, of what the last verdict says is not covered."""
    zone = ZoneInfo(wiring.catalogue.source(source_id).zone)
    with wiring.store.reading() as db:
        judged = findings.last_verdict(db, WINDOW)
    assert judged is not None
    gaps = next(coverage.gaps for coverage in judged.verdict.coverage if coverage.source == source_id)
    last = gaps[-1].until_at - RESOLUTION
    return gaps[0].from_at.astimezone(zone).date(), last.astimezone(zone).date()


def uncovered_stretches(wiring: Wiring, source_id: str) -> tuple[Interval, ...]:
    """The stretches between the instrument's publication and now (less the lag) that no reading covers."""
    source = wiring.catalogue.source(source_id)
    started = max(wiring.catalogue.instrument(INSTRUMENT).published_at, source.existence.from_at)
    bounds = between(started, wiring.now - source.lag)
    with wiring.store.reading() as db:
        covered = polls.coverage_of_source(db, source_id, wiring.now)
    return covered.gaps(bounds).intervals if bounds else ()
