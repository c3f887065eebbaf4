"""One look at the monitor: read, judge, tell, remember. Repeated for whoever has no cron."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from servanda.alerts.channels.delivery import DeliveryError
from servanda.alerts.text.sanitising import one_line
from servanda.jobs.watchdog.heartbeat_files import Pulse, Unreadable
from servanda.jobs.watchdog.judging import Problem, moment, problems
from servanda.jobs.watchdog.looking import Unreachable, look
from servanda.jobs.watchdog.memory import News, compare, news, recall, remember, told, untold
from servanda.jobs.watchdog.settings import WatchdogSettings
from servanda.jobs.watchdog.telling import notice, sender_of

LINE_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look gave. ``line`` says it; ``troubles`` are the watchdog's own."""

    line: str
    problems: tuple[Problem, ...]
    troubles: tuple[str, ...]

    @property
    def well(self) -> bool:
        return not self.problems and not self.troubles


def look_once(settings: WatchdogSettings, url: str | None, memory: Path, now: datetime) -> Looked:
    """Look, and tell the operator what is new. Never raises for what is wrong with monitor or mail."""
    found, wrong = _seen(settings, url, now)
    before = recall(memory)
    incidents = compare(before, wrong, now)
    said = news(before, incidents, wrong, now)
    troubles: list[str] = []
    if said:
        try:
            _send(settings, said, url or str(settings.pulse), now)
            incidents = told(incidents, said, now)
        except DeliveryError as error:
            troubles.append(f"{settings.operator} could not be mailed: {error}")
            incidents = untold(incidents, said)
    if incidents != before:
        try:
            remember(memory, incidents)
        except OSError as error:
            troubles.append(f"{memory} could not be written, so this will be told again: {error.strerror}")
    return Looked(_line(found, wrong, troubles), tuple(wrong), tuple(troubles))


def _seen(
    settings: WatchdogSettings, url: str | None, now: datetime
) -> tuple[list[Pulse | Unreadable], list[Problem]]:
    try:
        found = look(settings.pulse, url)
    except Unreachable as error:
        return [], [Problem("monitor", "unreachable", now, f"the monitor does not answer: {error}")]
    return found, problems(found, now)


def _send(settings: WatchdogSettings, said: News, watched: str, now: datetime) -> None:
    content = notice(
        said, sender=settings.mail_from, operator=settings.operator, watched=watched, now=now
    )  # fmt: skip
    with sender_of(settings.smtp_url, settings.outbox) as sender:
        sender.deliver(content, settings.mail_from, settings.operator)


def _line(found: list[Pulse | Unreadable], wrong: list[Problem], troubles: list[str]) -> str:
    if wrong or troubles:
        return one_line("; ".join([*(one.words for one in wrong), *troubles]), LINE_LIMIT)
    pulses = (one for one in found if isinstance(one, Pulse))
    return one_line("well: " + "; ".join(_well(one) for one in pulses), LINE_LIMIT)


def _well(one: Pulse) -> str:
    due = f", next due by {moment(one.due_at)}" if one.due_at is not None else ", no next one promised"
    return f"{one.job} {one.state.replace('_', ' ')} {moment(one.at)}{due}"
