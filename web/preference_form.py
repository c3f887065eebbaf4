"""What a form on the preferences page may say, and what it says. Pure: fields in, a profile and paces out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, TypeVar, get_args
from zoneinfo import available_timezones

from servanda.compliance.watchers import (
    Frequency,
    HeartbeatFrequency,
    Language,
    Profile,
    Subscription,
    Watcher,
)

Choice = TypeVar("Choice", bound=str)
FrequencyChoice = Frequency | Literal["end"]

LANGUAGES: tuple[Language, ...] = get_args(Language)
HOURS = tuple(str(hour) for hour in range(24))
WEEKDAYS = tuple(str(day) for day in range(7))
HEARTBEATS: tuple[HeartbeatFrequency, ...] = get_args(HeartbeatFrequency)
PACES: tuple[FrequencyChoice, ...] = (*get_args(Frequency), "end")
_NOT_CIVIL = ("Etc/", "SystemV/", "posix/", "right/")


class InvalidChoice(ValueError):
    """A field that says what the page does not offer."""

    def __init__(self, field: str, value: str) -> None:
        self.field = field
        self.value = value
        super().__init__(f"{field}: {value!r} is not on offer")


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a watcher wishes from now on."""

    profile: Profile
    subscriptions: tuple[Subscription, ...]


@cache
def zones() -> tuple[str, ...]:
    """The zones on offer, by name: those of places, and UTC."""
    places = (z for z in available_timezones() if "/" in z and not z.startswith(_NOT_CIVIL))
    return ("UTC", *sorted(places))


def read_preferences(form: Mapping[str, str], watcher: Watcher) -> Preferences:
    """What a form wishes. A field that is missing leaves things as they are; BadChoice for a bad one.

    A subscription that has ended meanwhile is no longer anybody's to change, and is passed over.
    """
    found = watcher.profile
    zone = form.get("zone", found.zone)
    if zone != found.zone and zone not in zones():
        raise InvalidChoice("zone", zone)
    profile = replace(
        found,
        language=_chosen(form, "language", LANGUAGES, found.language),
        zone=zone,
        hour=int(_chosen(form, "hour", HOURS, str(found.hour))),
        weekday=int(_chosen(form, "weekday", WEEKDAYS, str(found.weekday))),
        heartbeat=_chosen(form, "heartbeat", HEARTBEATS, found.heartbeat),
    )
    kept = [kept for one in watcher.subscriptions if (kept := _paced(form, one)) is not None]
    return Preferences(profile, tuple(kept))


def _paced(form: Mapping[str, str], one: Subscription) -> Subscription | None:
    """The subscription at the pace that is wished; None where it is to end."""
    wished = _chosen(form, f"pace.{one.slug}", PACES, one.frequency)
    return None if wished == "end" else replace(one, frequency=wished)


def _chosen(form: Mapping[str, str], field: str, offered: Sequence[Choice], otherwise: Choice) -> Choice:
    wished = form.get(field, otherwise)
    for one in offered:
        if one == wished:
            return one
    raise InvalidChoice(field, wished)
