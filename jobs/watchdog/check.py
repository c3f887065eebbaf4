"""One look at the monitor: read, judge, tell, remember. Repeated for whoever has no cron."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from servanda.alerts.channels.delivery import DeliveryError
from servanda.alerts.text.sanitising import one_line
from servanda.jobs.watchdog.diagnosis import MonitorProblem, find_problems, moment_text
from servanda.jobs.watchdog.heartbeat_files import Heartbeat, UnreadableHeartbeat
from servanda.jobs.watchdog.incident_mail import compose_notice, sender_of
from servanda.jobs.watchdog.incidents import (
    IncidentUpdate,
    load_incidents,
    mark_told,
    mark_untold,
    save_incidents,
    select_update,
    update_incidents,
)
from servanda.jobs.watchdog.monitor_reading import MonitorUnreachable, read_monitor
from servanda.jobs.watchdog.settings import WatchdogSettings

LINE_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """What one look gave. ``line`` says it; ``troubles`` are the watchdog's own."""

    line: str
    problems: tuple[MonitorProblem, ...]
    troubles: tuple[str, ...]

    @property
    def well(self) -> bool:
        return not self.problems and not self.troubles


def check_once(settings: WatchdogSettings, url: str | None, memory: Path, now: datetime) -> CheckOutcome:
    """Look, and tell the operator what is new. Never raises for what is wrong with monitor or mail."""
    found, wrong = _seen(settings, url, now)
    before = load_incidents(memory)
    incidents = update_incidents(before, wrong, now)
    said = select_update(before, incidents, wrong, now)
    troubles: list[str] = []
    if said:
        try:
            _send(settings, said, url or str(settings.pulse), now)
            incidents = mark_told(incidents, said, now)
        except DeliveryError as error:
            troubles.append(f"{settings.operator} could not be mailed: {error}")
            incidents = mark_untold(incidents, said)
    if incidents != before:
        try:
            save_incidents(memory, incidents)
        except OSError as error:
            troubles.append(f"{memory} could not be written, so this will be told again: {error.strerror}")
    return CheckOutcome(_line(found, wrong, troubles), tuple(wrong), tuple(troubles))


def _seen(
    settings: WatchdogSettings, url: str | None, now: datetime
) -> tuple[list[Heartbeat | UnreadableHeartbeat], list[MonitorProblem]]:
    try:
        found = read_monitor(settings.pulse, url)
    except MonitorUnreachable as error:
        return [], [MonitorProblem("monitor", "unreachable", now, f"the monitor does not answer: {error}")]
    return found, find_problems(found, now)


def _send(settings: WatchdogSettings, said: IncidentUpdate, watched: str, now: datetime) -> None:
    content = compose_notice(
        said, sender=settings.mail_from, operator=settings.operator, watched=watched, now=now
    )  # fmt: skip
    with sender_of(settings.smtp_url, settings.outbox) as sender:
        sender.deliver(content, settings.mail_from, settings.operator)


def _line(
    found: list[Heartbeat | UnreadableHeartbeat], wrong: list[MonitorProblem], troubles: list[str]
) -> str:
    if wrong or troubles:
        return one_line("; ".join([*(one.words for one in wrong), *troubles]), LINE_LIMIT)
    pulses = (one for one in found if isinstance(one, Heartbeat))
    return one_line("well: " + "; ".join(_well(one) for one in pulses), LINE_LIMIT)


def _well(one: Heartbeat) -> str:
    due = f", next due by {moment_text(one.due_at)}" if one.due_at is not None else ", no next one promised"
    return f"{one.job} {one.state.replace('_', ' ')} {moment_text(one.at)}{due}"
