"""Who is told what, and why. Pure: watchers and subscriptions in, recipients with a sentence each out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from alerts.model import Alert, AlertKind

OPERATOR_KINDS = frozenset({AlertKind.SOURCE_BLIND, AlertKind.SOURCE_RECOVERED})
"""What concerns whoever runs the monitor: the sources, not what they say."""

OPERATOR_WHY = (
    "You get this because you are an operator of this monitor: operators are told when a source can no "
    "longer be read, and when it can again."
)


@dataclass(frozen=True, slots=True)
class Watcher:
    """A person who gets mail. ``address`` is as ``validate_address`` returned it; ``name`` may be empty."""

    id: int
    address: str
    name: str
    operator: bool
    active: bool


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a watcher gets: ``instruments`` and ``kinds``, each empty for all."""

    watcher: int
    instruments: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def matches(self, alert: Alert) -> bool:
        about = not self.instruments or alert.instrument in self.instruments
        return about and (not self.kinds or alert.kind in self.kinds)


@dataclass(frozen=True, slots=True)
class Routed:
    """A recipient, and the sentence that tells them why they are one."""

    watcher: Watcher
    why: str


def routed(
    alert: Alert, watchers: Iterable[Watcher], subscriptions: Iterable[Subscription]
) -> tuple[Routed, ...]:
    """The recipients of an alert, each active watcher at most once, in the order of ``watchers``."""
    by_watcher: dict[int, Subscription] = {}
    for subscription in subscriptions:
        if subscription.matches(alert):
            by_watcher.setdefault(subscription.watcher, subscription)
    found = []
    for watcher in watchers:
        why = _why(alert, watcher, by_watcher.get(watcher.id))
        if watcher.active and why is not None:
            found.append(Routed(watcher, why))
    return tuple(found)


def _why(alert: Alert, watcher: Watcher, subscription: Subscription | None) -> str | None:
    if alert.kind in OPERATOR_KINDS:
        return OPERATOR_WHY if watcher.operator else None
    return None if subscription is None else _subscribed(alert, subscription)


def _subscribed(alert: Alert, subscription: Subscription) -> str:
    instruments = subscription.instruments
    what = f"the instrument {alert.instrument}" if instruments else "all instruments"
    kinds = ", ".join(kind.replace("_", " ") for kind in subscription.kinds)
    return f"You get this because you watch {what} ({f'these alerts: {kinds}' if kinds else 'all alerts'})."


# --- addresses ----------------------------------------------------------------------------------------

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_VALID = "valid is one address such as ana@example.org, without a name or brackets"


def validate_address(address: str) -> str:
    """The address with its domain in lower case and ASCII (IDNA); ValueError says what would be valid.

    Only the plain form of RFC 5321 is taken: dot-separated words, ``@``, a host name. Quoted words, comments
    and address literals are refused, so nothing in an address can be read as another header or recipient.
    """
    local, at, domain = address.strip(" \t").rpartition("@")
    shown = repr(address[:100])
    if not at:
        raise ValueError(f"{shown} is not a mail address; {_VALID}")
    if not _LOCAL.fullmatch(local) or len(local) > 64:
        raise ValueError(
            f"{shown}: what stands before @ must be 1 to 64 ASCII letters, digits or !#$%&'*+/=?^_`{{|}}~- "
            f"with single dots between them; {_VALID}"
        )
    host = _ascii_domain(domain)
    if host is None or len(local) + 1 + len(host) > 254:
        raise ValueError(f"{shown}: what stands after @ is not a host name; {_VALID}")
    return f"{local}@{host}"


def _ascii_domain(domain: str) -> str | None:
    """A host name in ASCII and lower case, None if it is none."""
    if len(domain) > 253:
        return None
    try:
        host = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    labels = host.split(".")
    return host if all(_LABEL.fullmatch(label) for label in labels) else None
