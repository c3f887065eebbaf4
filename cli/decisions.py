"""The verbs by which people decide: review, condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from servanda.cli.options import NAME, answer_json, json_option, named, shared_options, wired
from servanda.cli.reports import report_assessed, send_and_report

if TYPE_CHECKING:
    from servanda.compliance.vocabulary import Review

_BY = click.option("--by", required=True, type=NAME, metavar="NAME", help="Who decides.")
_REASON = click.option("--reason", required=True, metavar="TEXT", help="Why.")


@click.group()
@shared_options
def review() -> None:
    """Candidates and evidence that wait for a person."""


@review.command("list")
@json_option
@shared_options
def list_waiting(as_json: bool) -> None:
    """What waits for review, candidates first."""
    from servanda.cli.tables import findings as tables
    from servanda.jobs.views.status import review_list

    with wired() as wiring:
        rows = review_list(wiring.ledger)
        if as_json:
            answer_json(rows)
        else:
            tables.show_evidence(wiring, rows, "Waiting for review")


@review.command()
@click.argument("evidence", type=int)
@click.option("--in-part", is_flag=True, help="It gives part of what was due.")
@_BY
@_REASON
@shared_options
def accept(evidence: int, in_part: bool, by: str, reason: str) -> None:
    """Accept EVIDENCE as what was due."""
    from servanda.compliance.vocabulary import Review

    _decide(evidence, Review.ACCEPTED_IN_PART if in_part else Review.ACCEPTED, by, reason)


@review.command()
@click.argument("evidence", type=int)
@_BY
@_REASON
@shared_options
def reject(evidence: int, by: str, reason: str) -> None:
    """Reject EVIDENCE: it is not what was due."""
    from servanda.compliance.vocabulary import Review

    _decide(evidence, Review.REJECTED, by, reason)


def _decide(evidence: int, answer: Review, by: str, reason: str) -> None:
    from servanda.jobs.assess import assess
    from servanda.jobs.decisions.review import decide_review

    with wired() as wiring:
        decision = decide_review(wiring.ledger, evidence, answer, by=by, reason=reason)
        report_assessed(assess(wiring, decision=decision))
        send_and_report(wiring)


@click.command()
@click.argument("window")
@click.argument("value", type=click.Choice(["met", "not-met"]))
@_BY
@_REASON
@shared_options
def condition(window: str, value: str, by: str, reason: str) -> None:
    """Record that the condition of WINDOW is met or not."""
    from servanda.compliance.vocabulary import Condition
    from servanda.jobs.assess import assess
    from servanda.jobs.decisions.review import decide_condition

    recorded = Condition.MET if value == "met" else Condition.NOT_MET
    with wired() as wiring:
        named(wiring.catalogue.window, window)
        decision = decide_condition(wiring.catalogue, window, recorded, by=by, reason=reason)
        report_assessed(assess(wiring, decision=decision))
        send_and_report(wiring)
