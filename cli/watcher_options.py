"""The options that say how somebody is told, and about what; what was not given is left as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import click

from servanda.alerts.payloads.kinds import SEVERITIES, AlertKind
from servanda.alerts.text.addresses import validate_address
from servanda.cli.options import NAME, WaitType
from servanda.compliance.watchers import (
    Channel,
    Frequency,
    HeartbeatFrequency,
    Language,
    Profile,
    Subscription,
    Watcher,
    shown_address,
)
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.watchers.validation import WEEKDAYS, profile_faults, subscription_faults, valid_address

if TYPE_CHECKING:
    from servanda.instruments.problems import Fault
    from servanda.jobs.bootstrap.wiring import Wiring

Command = TypeVar("Command", bound=Callable[..., Any])
Given = dict[str, Any]
"""Options by the names of fields; None or empty where one was not given."""

FILTERS = ("instruments", "commitments", "parties", "kinds")
CLEARED: Given = dict.fromkeys(FILTERS, ()) | {"unacknowledged-after": None}


class WeekdayType(click.Choice[str]):
    """A weekday by its name, as its number: Monday is 0."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value if isinstance(value, int) else WEEKDAYS.index(super().convert(value, param, ctx))


_PROFILE = (
    click.option("--name", type=NAME, help="The watcher's name."),
    click.option("--language", type=click.Choice(get_args(Language)), help="Of the mails; en unless given."),
    click.option("--zone", metavar="ZONE", help="Of digests: America/Mexico_City; UTC unless given."),
    click.option("--hour", type=click.IntRange(0, 23), help="Of digests, in the zone; 8 unless given."),
    click.option("--weekday", type=WeekdayType(WEEKDAYS, case_sensitive=False), help="Of weekly mails."),
    click.option(
        "--heartbeat",
        type=click.Choice(get_args(HeartbeatFrequency)),
        help="Word of quiet days; weekly unless given.",
    ),
    click.option("--operator/--no-operator", default=None, help="Told of blind sources and failed runs."),
    click.option("--analyst/--no-analyst", default=None, help="Told of what waits for review."),
)
_SUBSCRIPTION = (
    click.option("--subscription", "slug", metavar="SLUG", help="Which of several; all unless given."),
    click.option("--instrument", "instruments", multiple=True, metavar="ID", help="Only this instrument."),
    click.option("--commitment", "commitments", multiple=True, metavar="ID", help="Only this commitment."),
    click.option("--party", "parties", multiple=True, metavar="ID", help="Only what this party owes."),
    click.option(
        "--kind",
        "kinds",
        multiple=True,
        type=click.Choice([k.value for k in AlertKind]),
        help="Only this kind.",
    ),
    click.option("--severity", type=click.Choice(SEVERITIES), help="Only what is at least so grave."),
    click.option("--frequency", type=click.Choice(get_args(Frequency)), help="At once, or as a digest."),
    click.option(
        "--unacknowledged-after",
        type=WaitType(),
        metavar="DURATION",
        help="Only flags that nobody has acknowledged by then: PT4H.",
    ),
)

channel_option = click.option(
    "--channel",
    type=click.Choice(get_args(Channel)),
    default="mail",
    help="How they are told.",
    show_default=True,
)
clear_option = click.option(
    "--clear", multiple=True, type=click.Choice(list(CLEARED)), help="Take this limit away."
)


def wish_options(command: Command) -> Command:
    """The options of profile and subscription."""
    for option in reversed((*_PROFILE, *_SUBSCRIPTION)):
        command = option(command)
    return command


def profile_from(given: Given, base: Profile) -> Profile:
    """``base`` with what was given."""
    names = {field.name for field in fields(Profile)}
    return replace(base, **{k: v for k, v in given.items() if k in names and v is not None})


def subscription_from(given: Given, base: Subscription, clear: Iterable[str] = ()) -> Subscription:
    """``base`` with what was given, and without the limits that were cleared."""
    names = {field.name for field in fields(Subscription)}
    changed = {k: v for k, v in given.items() if k in names and v not in (None, ())}
    cleared = {name.replace("-", "_"): CLEARED[name] for name in clear}
    return replace(base, **cleared, **{k: v for k, v in changed.items() if k not in cleared})


def asks_of_a_subscription(given: Given) -> bool:
    names = {field.name for field in fields(Subscription)}
    return any(value not in (None, ()) for name, value in given.items() if name in names)


def refuse_faults(wiring: Wiring, profile: Profile, wanted: Subscription | None) -> None:
    """UsageError with a line for each value that is not valid, and what would be."""
    found = [*profile_faults(profile)]
    if wanted is not None:
        found += subscription_faults(wanted, wiring.catalogue)
    if found:
        raise UsageError("\n".join(map(_line, found)))


def _line(fault: Fault) -> str:
    option = {
        "instruments": "instrument", "commitments": "commitment", "parties": "party", "kinds": "kind",
        "slug": "subscription",
    }.get(str(fault.path[0]), str(fault.path[0]))  # fmt: skip
    value = f" {fault.value!r}" if fault.value else ""
    valid = f"; valid: {fault.valid}" if fault.valid else ""
    return f"--{option.replace('_', '-')}{value} {fault.message}{valid}"


def checked_address(wiring: Wiring, channel: Channel, address: str) -> str:
    try:
        return valid_address(channel, address, wiring.settings.allow_hosts)
    except ValueError as error:
        raise UsageError(str(error)) from error


def watcher_named(wiring: Wiring, text: str) -> Watcher:
    """A watcher by address or number; UsageError names those there are."""
    from servanda.models.delivery.watchers import watcher_by_address, watcher_by_id, watchers

    with wiring.store.reading() as db:
        if text.isascii() and text.isdigit() and len(text) < 18:
            found = watcher_by_id(db, int(text))
        else:
            asked = [address for address in (text, _normal(text)) if address.isascii()]
            found = next(filter(None, (watcher_by_address(db, address) for address in asked)), None)
        if found is not None:
            return found
        known = [one for one in watchers(db) if one.state != "ended"]
    shown = ", ".join(shown_address(one) for one in known[:20]) or "none"
    more = f" and {len(known) - 20} more" if len(known) > 20 else ""
    raise UsageError(f"{text[:200]!r} is not a watcher; watchers: {shown}{more}")


def _normal(address: str) -> str:
    """A mail address as it is kept; one that is none stays as it is."""
    try:
        return validate_address(address)
    except ValueError:
        return address
