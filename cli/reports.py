"""What the jobs' verbs say of what they did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from servanda.jobs.assess import AssessOutcome
    from servanda.jobs.bootstrap.wiring import Wiring
    from servanda.jobs.collect import SourceOutcome
    from servanda.jobs.notify import NotifyOutcome


def report_collected(outcome: SourceOutcome) -> None:
    """One line a route, then one for the documents."""
    for poll in outcome.polls:
        what = (
            str(poll.failure)
            if poll.failure
            else f"{poll.items} items, {poll.new_documents} new; {poll.covered}"
        )
        click.echo(f"{outcome.source}/{poll.route}: {poll.outcome}: {what}")
    if outcome.read_documents or outcome.unread_documents or outcome.new_evidence:
        click.echo(
            f"{outcome.source}: {outcome.read_documents} documents read, "
            f"{outcome.unread_documents} still unread, {outcome.new_evidence} new evidence"
        )
    if outcome.reread_documents:
        click.echo(
            f"{outcome.source}: {outcome.reread_documents} documents read again, "
            f"{outcome.edited_documents} edited, {outcome.gone_documents} gone"
        )


def report_assessed(outcome: AssessOutcome) -> None:
    for line in outcome.lines:
        click.echo(line)
    click.echo(f"{outcome.changed} verdicts changed, {outcome.new_alerts} new alerts")


def report_sent(outcome: NotifyOutcome) -> None:
    if outcome.held is not None:
        click.echo(f"no mail is sent: {outcome.held}")
        return
    where = f", written to {outcome.folder}" if outcome.folder else ""
    click.echo(f"{outcome.sent} mails sent{where}, {outcome.deferred} deferred, {outcome.refused} refused")


def send_and_report(wiring: Wiring) -> None:
    """Send at once what a decision made necessary to tell, and say what came of it."""
    from servanda.jobs.notify import notify

    report_sent(notify(wiring))
