"""The verbs by which people decide: review, condition."""

from __future__ import annotations

import click

from servanda.cli import tables
from servanda.cli.jobs import report_assessed, report_sent
from servanda.cli.options import NAME, answer_json, json_option, named, shared_options, wired
from servanda.compliance.vocabulary import Condition, Review
from servanda.jobs.assess import assess
from servanda.jobs.decisions import review as reviews
from servanda.jobs.notify import notify
from servanda.jobs.views import status as views

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
    with wired() as wiring:
        rows = views.review_list(wiring.ledger)
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
    _decide(evidence, Review.ACCEPTED_IN_PART if in_part else Review.ACCEPTED, by, reason)


@review.command()
@click.argument("evidence", type=int)
@_BY
@_REASON
@shared_options
def reject(evidence: int, by: str, reason: str) -> None:
    """Reject EVIDENCE: it is not what was due."""
    _decide(evidence, Review.REJECTED, by, reason)


def _decide(evidence: int, answer: Review, by: str, reason: str) -> None:
    with wired() as wiring:
        decision = reviews.decide_review(wiring.ledger, evidence, answer, by=by, reason=reason)
        report_assessed(assess(wiring, decision=decision))
        report_sent(notify(wiring))


@click.command()
@click.argument("window")
@click.argument("value", type=click.Choice(["met", "not-met"]))
@_BY
@_REASON
@shared_options
def condition(window: str, value: str, by: str, reason: str) -> None:
    """Record that the condition of WINDOW is met or not."""
    recorded = Condition.MET if value == "met" else Condition.NOT_MET
    with wired() as wiring:
        named(wiring.catalogue.window, window)
        decision = reviews.decide_condition(wiring.catalogue, window, recorded, by=by, reason=reason)
        report_assessed(assess(wiring, decision=decision))
        report_sent(notify(wiring))


COMMANDS = (review, condition)
