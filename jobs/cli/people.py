"""The verbs by which people decide and subscribe: review, condition, watchers."""

from __future__ import annotations

import click

from alerts.addresses import validate_address
from alerts.model import AlertKind
from compliance.vocabulary import Condition, Review
from jobs import review as reviews
from jobs import views
from jobs.cli import tables
from jobs.cli.options import NAME, answer_json, json_option, named, shared_options, wired
from jobs.cli.running import report_assessed, report_sent
from jobs.notify import notify
from jobs.watching import add_watcher, remove_watcher
from jobs.wiring import UsageError, Wiring

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
        rows = [views.evidence_json(row) for row in reviews.waiting(wiring)]
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
        report_assessed(reviews.decide(wiring, evidence, answer, by=by, reason=reason))
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
        report_assessed(reviews.record_condition(wiring, window, recorded, by=by, reason=reason))
        report_sent(notify(wiring))


@click.group()
@shared_options
def watchers() -> None:
    """Who gets mail, and about what."""


@watchers.command()
@click.argument("address")
@click.option("--name", default="", type=NAME, help="The watcher's name.")
@click.option("--operator", is_flag=True, help="Also told of blind sources and failed runs.")
@click.option("--instrument", "instruments", multiple=True, metavar="ID", help="Only this instrument.")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice([k.value for k in AlertKind]), help="Only this kind."
)
@shared_options
def add(
    address: str, name: str, operator: bool, instruments: tuple[str, ...], kinds: tuple[str, ...]
) -> None:
    """Add a watcher, or change what one gets."""
    with wired(opening="create") as wiring:
        for instrument in instruments:
            named(wiring.catalogue.instrument, instrument)
        checked = _address(address)
        new = add_watcher(wiring, checked, name=name, operator=operator, instruments=instruments, kinds=kinds)
    click.echo(f"{checked} {'is a watcher now' if new else 'was a watcher; its subscription is as given'}")


@watchers.command("list")
@json_option
@shared_options
def list_watchers(as_json: bool) -> None:
    """The watchers and what they get."""
    with wired() as wiring:
        rows = views.watcher_list(wiring)
        if as_json:
            answer_json(rows)
        else:
            tables.show_watchers(wiring, rows)


@watchers.command()
@click.argument("address")
@shared_options
def remove(address: str) -> None:
    """Send ADDRESS nothing more; what it was sent stays on record."""
    with wired() as wiring:
        _remove(wiring, _address(address))
    click.echo(f"{address} gets nothing more")


def _remove(wiring: Wiring, address: str) -> None:
    if not remove_watcher(wiring, address):
        known = ", ".join(row["address"] for row in views.watcher_list(wiring) if row["active"]) or "none"
        raise UsageError(f"{address} is not a watcher; watchers: {known}")


def _address(address: str) -> str:
    try:
        return validate_address(address)
    except ValueError as error:
        raise UsageError(str(error)) from error


COMMANDS = (review, condition, watchers)
