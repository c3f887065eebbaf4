"""The verbs by which people decide: review, condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from servanda.cli.options import NAME, answer_json, json_option, named, shared_options, wired
from servanda.cli.reports import report_assessed, send_and_report
from servanda.cli.shortlist import shortlist

if TYPE_CHECKING:
    from servanda.compliance.vocabulary import Review

_BY = click.option("--by", required=True, type=NAME, metavar="NAME", help="Who decides.")
_REASON = click.option("--reason", required=True, metavar="TEXT", help="Why.")


@click.group()
@shared_options
def review() -> None:
    """Candidates, evidence, shortlists and doubtful documents that wait for a person."""


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


@review.command("documents")
@json_option
@shared_options
def list_doubtful(as_json: bool) -> None:
    """Doubtful documents: what was read is not shown to be what was listed, whole and legible."""
    from servanda.cli.tables import findings as tables
    from servanda.jobs.views.doubtful_documents import doubtful_documents

    with wired() as wiring:
        rows = doubtful_documents(wiring.ledger)
        if as_json:
            answer_json(rows)
        else:
            tables.show_doubtful(wiring, rows)


@review.command("document")
@click.argument("document", type=click.IntRange(min=1))
@click.option("--it-is", "answer", flag_value="is_document", help="It is the document that was listed.")
@click.option(
    "--it-is-not", "answer", flag_value="is_not", help="It is not: it stays a duty, and is read again."
)
@click.option(
    "--does-not-matter", "answer", flag_value="irrelevant", help="It concerns nothing that is monitored."
)
@click.option("--text-at", metavar="PLACE", help="Where its text stands: an address, a page of the file.")
@click.option("--by", type=NAME, metavar="NAME", help="Who looked.")
@click.option("--reason", metavar="TEXT", help="Why.")
@shared_options
def review_one_document(
    document: int,
    answer: str | None,
    text_at: str | None,
    by: str | None,
    reason: str | None,
) -> None:
    """Answer for DOCUMENT, which is doubtful; without an answer, show it.

    An answer holds for the content that was read. Another content asks for another look, and a later answer
    replaces an earlier one.
    """
    from servanda.cli.document import show_document
    from servanda.compliance.vocabulary import DocumentAnswer
    from servanda.jobs.assess import assess
    from servanda.jobs.decisions.document_review import review_document
    from servanda.jobs.views.document import document as view

    with wired() as wiring:
        if answer is None:
            show_document(wiring, view(wiring.ledger, wiring.catalogue, document, wiring.now))
            click.echo("Answer with --it-is, --it-is-not or --does-not-matter, and --by NAME --reason TEXT.")
            return
        told = review_document(
            wiring.ledger, document, DocumentAnswer(answer), by=by or "", reason=reason or "", text_at=text_at
        )
        click.echo(f"recorded for the content {told[:12]} of document {document}")
        report_assessed(assess(wiring))
        send_and_report(wiring)


review.add_command(shortlist)


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
