"""The YAML of watchers: its shape, and everything that is wrong with a file, by line, watcher, key and value.

A key that is left out leaves an existing watcher as they are, and is the default of a new one. A subscription
stands as a whole: what it leaves out is not limited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from pydantic import TypeAdapter

from servanda.alerts.text.sanitising import one_line
from servanda.compliance.vocabulary import STRICT
from servanda.compliance.watchers import (
    Channel,
    Frequency,
    HeartbeatFrequency,
    Language,
    Profile,
    SeverityName,
    Subscription,
    Watcher,
)
from servanda.instruments.catalogue import Catalogue
from servanda.instruments.problems import Fault, Problem, sort_problems
from servanda.instruments.shapes import Shape
from servanda.instruments.yaml import YamlFile, read_yaml
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.watchers.validation import (
    WEEKDAYS,
    AllowedHosts,
    is_secret,
    profile_faults,
    subscription_faults,
    valid_address,
)

LARGEST_FILE = 5_000_000
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@dataclass(frozen=True, slots=True)
class SubscriptionEntry:
    """A subscription as it is written."""

    slug: str = "all"
    instruments: tuple[str, ...] = ()
    commitments: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    severity: SeverityName = "info"
    frequency: Frequency = "at_once"
    unacknowledged_after: timedelta | None = None
    __pydantic_config__ = STRICT

    def subscription(self) -> Subscription:
        wait = self.unacknowledged_after
        return Subscription(
            self.slug,
            self.instruments,
            self.commitments,
            self.parties,
            self.kinds,
            self.severity,
            self.frequency,
            None if wait is None else int(wait.total_seconds() // 60),
        )


@dataclass(frozen=True, slots=True)
class WatcherEntry:
    """A watcher as they are written; None where a key was left out. ``agreed`` says how that is known."""

    address: str
    channel: Channel = "mail"
    name: str | None = None
    language: Language | None = None
    zone: str | None = None
    hour: int | None = None
    weekday: Weekday | None = None
    heartbeat: HeartbeatFrequency | None = None
    operator: bool | None = None
    analyst: bool | None = None
    agreed: str | None = None
    secret: str | None = None
    subscriptions: tuple[SubscriptionEntry, ...] | None = None
    __pydantic_config__ = STRICT

    def profile(self, base: Profile) -> Profile:
        """``base`` with what is written."""
        given = {
            "name": self.name,
            "language": self.language,
            "zone": self.zone,
            "hour": self.hour,
            "weekday": None if self.weekday is None else WEEKDAYS.index(self.weekday),
            "heartbeat": self.heartbeat,
            "operator": self.operator,
            "analyst": self.analyst,
        }
        return replace(base, **{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]

    def wanted(self, base: tuple[Subscription, ...]) -> tuple[Subscription, ...]:
        """The subscriptions that are written, else ``base``."""
        return base if self.subscriptions is None else tuple(one.subscription() for one in self.subscriptions)


@dataclass(frozen=True, slots=True)
class WatcherFile:
    watchers: tuple[WatcherEntry, ...]
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class ValidChoices:
    """What a file may ask for: what the catalogue has, and webhooks at ``allow_hosts`` without encryption."""

    catalogue: Catalogue
    allow_hosts: AllowedHosts


_SHAPE = Shape(TypeAdapter(WatcherFile))
_PLACE = re.compile(r"watchers\[(\d+)\]\.?")


class WatcherFileError(UsageError):
    """A file of watchers cannot be used: every problem, in the order of lines."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


def parse_watcher_file(name: str, raw: bytes) -> YamlFile:
    """The YAML of a file; WatcherFileError for one that is too large to be read."""
    if len(raw) > LARGEST_FILE:
        valid = f"up to {LARGEST_FILE // 1_000_000} MB"
        raise WatcherFileError((Problem(name, None, "", None, "is too large", valid),))
    return read_yaml(name, raw)


def read_watchers(
    valid: ValidChoices, written: YamlFile, known: Mapping[str, Watcher]
) -> tuple[WatcherEntry, ...]:
    """The watchers of a file, their addresses as they are kept; WatcherFileError holds all that is wrong.

    ``known`` are the watchers there are, by address: what stays as it stands is not objected to.
    """
    value, problems = _SHAPE.validate(written, {})
    if value is None:
        raise WatcherFileError(sort_problems(_by_watcher(p, written) for p in problems))
    entries = tuple(_normal(one, valid.allow_hosts) for one in value.watchers)
    faults = [fault for i, one in enumerate(entries) for fault in _faults(valid, i, one, entries, known)]
    if faults:
        raise WatcherFileError(
            sort_problems(_by_watcher(written.problem(fault), written) for fault in faults)
        )
    return entries


def _normal(entry: WatcherEntry, allow_hosts: AllowedHosts) -> WatcherEntry:
    try:
        return replace(entry, address=valid_address(entry.channel, entry.address, allow_hosts))
    except ValueError:
        return entry


def _faults(
    valid: ValidChoices,
    number: int,
    entry: WatcherEntry,
    entries: tuple[WatcherEntry, ...],
    known: Mapping[str, Watcher],
) -> Iterator[Fault]:
    here = ("watchers", number)
    found = known.get(entry.address)
    yield from _address_faults(valid.allow_hosts, here, entry, entries[:number], found)
    yield from _secret_faults(here, entry, found)
    base = found.profile if found else Profile()
    for fault in profile_faults(entry.profile(base)):
        if not found or getattr(entry.profile(base), str(fault.path[0])) != getattr(base, str(fault.path[0])):
            yield fault._replace(path=(*here, *fault.path))
    if entry.agreed is not None and not entry.agreed.strip():
        yield Fault((*here, "agreed"), "is empty", "who says so, when and how")
    yield from _subscription_faults(valid.catalogue, here, entry, found)


def _address_faults(
    allow_hosts: AllowedHosts,
    here: tuple[str, int],
    entry: WatcherEntry,
    before: tuple[WatcherEntry, ...],
    found: Watcher | None,
) -> Iterator[Fault]:
    try:
        valid_address(entry.channel, entry.address, allow_hosts)
    except ValueError as error:
        message, _, valid = str(error).partition("; valid")
        valid = valid.removeprefix(":").removeprefix(" is").strip()
        yield Fault((*here, "address"), _without_value(message, entry.address), valid)
    if any(one.address == entry.address for one in before):
        yield Fault((*here, "address"), "stands twice in the file", "each watcher once")
    if found is not None and found.channel != entry.channel:
        yield Fault(
            (*here, "channel"), f"is not that of this watcher, who is told by {found.channel}", found.channel
        )


def _without_value(message: str, address: str) -> str:
    """What is wrong with an address, without the address: the problem shows it already."""
    for spelled in (repr(address[:100]), repr(address.partition("://")[0][:40])):
        message = message.removeprefix(spelled)
    return message.lstrip(": ")


def _secret_faults(here: tuple[str, int], entry: WatcherEntry, found: Watcher | None) -> Iterator[Fault]:
    if entry.secret is None:
        return
    path, hidden = (*here, "secret"), "…"
    if entry.channel != "webhook":
        yield Fault(path, "is for webhooks alone", "no such line", hidden)
        return
    if not is_secret(entry.secret):
        yield Fault(path, "is no secret", "whsec_ and base64 of at least 16 bytes, or no such line", hidden)
    if found is not None and found.secret != entry.secret:
        yield Fault(path, "is not the one that is kept, and cannot be changed", "no such line", hidden)


def _subscription_faults(
    catalogue: Catalogue, here: tuple[str, int], entry: WatcherEntry, found: Watcher | None
) -> Iterator[Fault]:
    standing = found.subscriptions if found else ()
    slugs: set[str] = set()
    for i, one in enumerate(entry.subscriptions or ()):
        path = (*here, "subscriptions", i)
        wanted = one.subscription()
        if one.slug in slugs:
            yield Fault((*path, "slug"), "stands twice", "each slug once", one.slug)
        slugs.add(one.slug)
        wait = one.unacknowledged_after
        if wait is not None and wait.total_seconds() % 60:
            yield Fault((*path, "unacknowledged_after"), "is not whole minutes", "a duration such as PT4H")
        if wanted not in standing:
            for fault in subscription_faults(wanted, catalogue):
                yield fault._replace(path=(*path, *fault.path))


def _by_watcher(problem: Problem, written: YamlFile) -> Problem:
    """A problem that names its watcher by address; secrets are not repeated."""
    place = _PLACE.match(problem.key)
    if place is None:
        return problem
    mark = written.marks.get(("watchers", int(place[1]), "address"))
    address = mark.written if mark else None
    key = problem.key[place.end() :]
    who = _shown(address) if address else f"watcher {int(place[1]) + 1}"
    value = "…" if key == "secret" and problem.value else problem.value
    if key == "address" and value is not None:
        value = _shown(value)
    return replace(problem, key=f"{who}: {key}" if key else who, value=value)


def _shown(address: str) -> str:
    """An address in one line; of what is neither mail nor web the scheme alone, for the rest may be a key."""
    scheme, sign, _ = address.partition("://")
    hidden = sign and scheme not in ("http", "https")
    return one_line(f"{scheme}://…" if hidden else address, 120)
