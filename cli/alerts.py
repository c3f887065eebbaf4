"""What was told to whom, and by whom it was noted: the verbs alerts and silence."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from servanda.alerts.payloads.kinds import AlertKind
from servanda.cli.options import (
    INSTANT,
    NAME,
    WaitType,
    answer_json,
    json_option,
    named,
    shared_options,
    wired,
)
from servanda.cli.reports import send_and_report
from servanda.compliance.intervals import utc_text
from servanda.jobs.bootstrap.usage import UsageError

if TYPE_CHECKING:
    from servanda.jobs.bootstrap.wiring import Wiring

KIND = click.Choice([kind.value for kind in AlertKind])

NEWEST = 50
"""How many alerts are listed unless more are asked for."""

_BY = click.option("--by", required=True, type=NAME, metavar="NAME", help="Who says so.")
_REASON = click.option("--reason", required=True, metavar="TEXT", help="Why.")


@click.group(invoke_without_command=True)
@click.pass_context
@click.option("--instrument", metavar="ID", help="Only of this instrument.")
@click.option("--kind", "kinds", multiple=True, type=KIND, help="Only of this kind; may be repeated.")
@click.option("--watcher", metavar="ADDRESS", help="Only what goes to this watcher.")
@click.option("--since", type=INSTANT, help="Only what became known from this instant on.")
@click.option("--unacknowledged", is_flag=True, help="Only flags that nobody has taken note of.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=NEWEST,
    show_default=True,
    help="At most so many, the newest.",
)
@json_option
@shared_options
def alerts(
    ctx: click.Context,
    instrument: str | None,
    kinds: tuple[str, ...],
    watcher: str | None,
    since: datetime | None,
    unacknowledged: bool,
    limit: int,
    as_json: bool,
) -> None:
    """What was told to whom, when, and with what answer; what waits; what was not told, and why."""
    if ctx.invoked_subcommand is not None:
        return
    from servanda.cli.tables.alerts import show_alerts
    from servanda.jobs.views.alerts import alert_list

    with wired() as wiring:
        if instrument is not None:
            named(wiring.catalogue.instrument, instrument)
        rows = alert_list(
            wiring.ledger,
            instrument=instrument,
            kinds=kinds,
            watcher=watcher,
            since=since,
            unacknowledged=unacknowledged,
            limit=limit,
        )
        if as_json:
            answer_json(rows)
        else:
            show_alerts(wiring, rows)


@alerts.command("show")
@click.argument("alert", type=int)
@json_option
@shared_options
def show_one(alert: int, as_json: bool) -> None:
    """ALERT in full: every recipient, with why, envelope, and each attempt to deliver it."""
    from servanda.cli.tables.alerts import show_alert
    from servanda.jobs.views.alerts import alert_view

    with wired() as wiring:
        answer = alert_view(wiring.ledger, alert)
        if as_json:
            answer_json(answer)
        else:
            show_alert(wiring, answer)


@alerts.command()
@click.argument("alert", type=int)
@click.option("--by", required=True, type=NAME, metavar="NAME", help="Who has taken note.")
@click.option("--note", required=True, metavar="TEXT", help="What they do about it.")
@shared_options
def acknowledge(alert: int, by: str, note: str) -> None:
    """Record that somebody has taken note of ALERT; whoever waits in case nobody does is then not told."""
    from servanda.jobs.decisions.acknowledgements import acknowledge as record_acknowledgement

    with wired() as wiring:
        record_acknowledgement(wiring.ledger, alert, by=by, note=note)
    click.echo(f"alert {alert} is acknowledged by {by}")


@click.group()
@shared_options
def silence() -> None:
    """What is not to be told for a while; the end of a window, its final word and corrections always are."""


@silence.command()
@click.option("--instrument", metavar="ID", help="Nothing about this instrument.")
@click.option("--source", metavar="ID", help="Nothing about this source and its documents.")
@click.option("--window", metavar="ID", help="Nothing about this window, but for flags.")
@click.option("--document", type=int, metavar="ID", help="Nothing about this document.")
@click.option("--kind", "kinds", multiple=True, type=KIND, help="Nothing of this kind; may be repeated.")
@click.option("--until", "until_at", type=INSTANT, help="When it ends.")
@click.option("--for", "minutes", type=WaitType(), metavar="DURATION", help="How long it holds: PT6H, P2D.")
@_BY
@_REASON
@shared_options
def add(
    instrument: str | None,
    source: str | None,
    window: str | None,
    document: int | None,
    kinds: tuple[str, ...],
    until_at: datetime | None,
    minutes: int | None,
    by: str,
    reason: str,
) -> None:
    """Keep alerts from everybody until a time; only what all the options given describe.

    Flags (window_ended, final_word, correction) are never silenced. When it ends, whoever was spared
    something is told what.
    """
    from servanda.jobs.delivery.silences import begin_silence

    with wired() as wiring:
        subject = _subject(wiring, source, window, document)
        if instrument is not None:
            named(wiring.catalogue.instrument, instrument)
        until = _until(wiring.now, until_at, minutes)
        number = begin_silence(
            wiring.ledger,
            instrument=instrument,
            subject=subject,
            kinds=kinds,
            until_at=until,
            by=by,
            reason=reason,
        )
    click.echo(
        f"silence {number} holds until {utc_text(until)}; flags (window_ended, final_word, correction) are "
        "told all the same"
    )


def _subject(wiring: Wiring, source: str | None, window: str | None, document: int | None) -> str | None:
    """What a silence is about, as alerts name it."""
    if sum(one is not None for one in (source, window, document)) > 1:
        raise UsageError("a silence is of one thing; valid: one of --source, --window, --document")
    if source is not None:
        named(wiring.catalogue.source, source)
        return f"source:{source}"
    if window is not None:
        named(wiring.catalogue.window, window)
        return f"window:{window}"
    return None if document is None else f"document:{document}"


def _until(now: datetime, until_at: datetime | None, minutes: int | None) -> datetime:
    if (until_at is None) == (minutes is None):
        raise UsageError("a silence needs its end, once; valid: --until INSTANT, or --for DURATION")
    return until_at if until_at is not None else now + timedelta(minutes=minutes or 0)


@silence.command("list")
@json_option
@shared_options
def list_silences(as_json: bool) -> None:
    """Every silence, and how much it has withheld; those that ended stay in it."""
    from servanda.cli.tables.alerts import show_silences
    from servanda.jobs.views.alerts import silence_list

    with wired() as wiring:
        rows = silence_list(wiring.ledger)
        if as_json:
            answer_json(rows)
        else:
            show_silences(wiring, rows)


@silence.command()
@click.argument("number", type=int, metavar="SILENCE")
@_BY
@_REASON
@shared_options
def end(number: int, by: str, reason: str) -> None:
    """End SILENCE before its time; whoever was spared something is told what."""
    from servanda.jobs.delivery.silences import end_silence_early

    with wired() as wiring:
        end_silence_early(wiring.ledger, number, by=by, reason=reason)
        click.echo(f"silence {number} has ended")
        send_and_report(wiring)
