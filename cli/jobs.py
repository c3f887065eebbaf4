"""The verbs that do the jobs: run, collect, assess, notify."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import click

from servanda.cli.options import DAY, as_of_option, chosen_sources, moment, named, shared_options, wired
from servanda.cli.reports import report_assessed, report_collected, report_sent
from servanda.jobs.bootstrap.progress import OnStep, no_progress
from servanda.jobs.bootstrap.replay import REPLAY_BANNER
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.watchdog.durations import EveryType
from servanda.jobs.watchdog.heartbeat_files import LONGEST_PROMISE

if TYPE_CHECKING:
    from servanda.jobs.bootstrap.wiring import Opening, Wiring
    from servanda.jobs.collect import SourceOutcome

_EVERY = click.option(
    "--every",
    type=EveryType(LONGEST_PROMISE),
    metavar="6h",
    help="How often this command is run, as in your crontab: promises the next run to `servanda watchdog`.",
)


@click.command()
@_EVERY
@shared_options
def run(every: timedelta | None) -> int:
    """Collect, assess and notify once."""
    from servanda.jobs.assess import assess as assess_windows
    from servanda.jobs.delivery.mail_trouble import require_mail
    from servanda.jobs.notify import notify as send_alerts

    with _round("run", every) as wiring:
        heard = _heard("run", every)
        outcomes = collect_all(wiring, [s.id for s in wiring.catalogue.sources], heard=heard)
        report_assessed(assess_windows(wiring))
        report_sent(send_alerts(wiring, heard))
        require_mail(wiring.ledger)
    return 1 if any(o.failed for o in outcomes) else 0


@click.command()
@click.option("--source", "sources", multiple=True, metavar="ID", help="Only this source; may be repeated.")
@click.option(
    "--since", type=DAY, help="From this day on (the source's zone): reads as far back as routes reach."
)
@click.option("--until", type=DAY, help="Up to and including this day.")
@click.option("--dry-run", is_flag=True, help="Read and show, keep nothing.")
@_EVERY
@shared_options
def collect(
    sources: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    dry_run: bool,
    every: timedelta | None,
) -> int:
    """Read the sources: all, or the ones named; now, or over a range of days."""
    first, last = (moment and moment.date() for moment in (since, until))
    if first and last and first > last:
        raise UsageError(f"--since {first} is after --until {last}")
    opening: Opening = "scratch" if dry_run else "create"
    opened = wired(opening=opening, check=lambda catalogue: chosen_sources(catalogue, sources))
    with _round_if(not (sources or since or until or dry_run), "collect", every, opened) as wiring:
        chosen = chosen_sources(wiring.catalogue, sources)
        heard = _heard("collect", every)
        outcomes = collect_all(wiring, chosen, since=first, until=last, dry_run=dry_run, heard=heard)
    return 1 if any(o.failed for o in outcomes) else 0


@click.command()
@as_of_option
@click.option("--instrument", metavar="ID", help="Only this instrument.")
@click.option("--dry-run", is_flag=True, help="Judge and show, keep nothing.")
@_EVERY
@shared_options
def assess(as_of: datetime | None, instrument: str | None, dry_run: bool, every: timedelta | None) -> None:
    """Judge every window; record and alert what changed. With --as-of: what was to be said then."""
    from servanda.jobs.assess import assess as assess_windows

    opened = wired(opening="existing" if as_of or dry_run else "create")
    with _round_if(not (as_of or instrument or dry_run), "assess", every, opened) as wiring:
        if instrument is not None:
            named(wiring.catalogue.instrument, instrument)
        if wiring.replay:
            click.echo(REPLAY_BANNER)
        moment(wiring, as_of)
        report_assessed(assess_windows(wiring, instrument=instrument, as_of=as_of, dry_run=dry_run))


@click.command()
@_EVERY
@shared_options
def notify(every: timedelta | None) -> None:
    """Send what is waiting to be sent; exit code 1 where mail does not leave."""
    from servanda.jobs.delivery.mail_trouble import require_mail
    from servanda.jobs.notify import notify as send_alerts

    with _round("notify", every) as wiring:
        report_sent(send_alerts(wiring, _heard("notify", every)))
        require_mail(wiring.ledger)


def _round(
    job: str, every: timedelta | None, opened: AbstractContextManager[Wiring] | None = None
) -> AbstractContextManager[Wiring]:
    """The wiring of a whole round, which leaves a sign of life."""
    from servanda.jobs.scheduling.heartbeat import repeating_schedule, with_heartbeat

    simulated = click.get_current_context().find_root().ensure_object(dict).get("now") is not None
    return with_heartbeat(
        job, opened or wired(opening="create"), repeating_schedule(every), simulated=simulated
    )


def _heard(job: str, every: timedelta | None) -> OnStep:
    """Who hears of the steps of a round: the watchdog's file, where somebody has promised it."""
    from servanda.jobs.scheduling.heartbeat import renew_heartbeat

    return no_progress if every is None else renew_heartbeat(job)


def _round_if(
    whole: bool, job: str, every: timedelta | None, opened: AbstractContextManager[Wiring]
) -> AbstractContextManager[Wiring]:
    """The same, where no part alone was asked for: a part is no sign that the whole goes on."""
    if not whole and every is not None:
        raise UsageError("--every speaks of whole rounds; leave it out where only a part is asked for")
    return _round(job, every, opened) if whole else opened


def collect_all(
    wiring: Wiring,
    sources: Sequence[str],
    *,
    since: date | None = None,
    until: date | None = None,
    dry_run: bool = False,
    heard: OnStep = no_progress,
) -> list[SourceOutcome]:
    """Read sources one after the other, with a progress bar; then say what came of each."""
    from servanda.jobs.collect import begin_run, read_source

    outcomes: list[SourceOutcome] = []
    if wiring.replay:
        click.echo(REPLAY_BANNER)
    run = begin_run(wiring, sources)
    with progress(len(sources)) as on_step:
        for n, source in enumerate(sources):
            on_step(source, n, len(sources))
            outcomes.append(
                read_source(
                    run,
                    source,
                    since=since,
                    until=until,
                    dry_run=dry_run,
                    on_step=_inside(on_step, n, len(sources), heard),
                )
            )
        on_step("done", len(sources), len(sources))
    for outcome in outcomes:
        report_collected(outcome)
    return outcomes


def _inside(on_step: OnStep, done: int, total: int, heard: OnStep) -> OnStep:
    """Steps within one source change the label, not the bar."""

    def step(label: str, _done: int, _total: int) -> None:
        on_step(label, done, total)
        heard(label, done, total)

    return step


@contextmanager
def progress(total: int) -> Iterator[OnStep]:
    """A bar on standard error where a person watches; nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description:<48.48}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total)
        yield lambda label, done, total: bar.update(task, description=label, completed=done, total=total)
