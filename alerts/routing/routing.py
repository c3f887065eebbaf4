"""Who is told what, in what manner, and why. Pure: an alert and the watchers in, the recipients out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from servanda.alerts.payloads.kinds import FLAGS, AlertKind, severity_rank
from servanda.alerts.payloads.reasons import RecipientReason
from servanda.compliance.watchers import Subscription, Watcher

Manner = Literal["at_once", "digest", "unacknowledged"]

_EAGERNESS = {"at_once": 0, "unacknowledged": 1, "daily": 2, "weekly": 3}


@dataclass(frozen=True, slots=True)
class Topic:
    """What an alert is about, as subscriptions ask of it. ``parties`` are the debtors of its commitments.

    ``also``: kinds of which it speaks besides, in place of an alert of their own.
    """

    kind: AlertKind
    instrument: str | None
    commitments: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    also: tuple[AlertKind, ...] = ()


@dataclass(frozen=True, slots=True)
class RoutedRecipient:
    """A recipient: how they are told, and why they are one."""

    watcher: Watcher
    manner: Manner
    why: RecipientReason


def choose_recipients(topic: Topic, watchers: Iterable[Watcher]) -> tuple[RoutedRecipient, ...]:
    """The recipients of an alert, each active watcher at most once, in the order of ``watchers``."""
    routed = (_route(topic, watcher) for watcher in watchers if watcher.active)
    return tuple(recipient for recipient in routed if recipient is not None)


def _route(topic: Topic, watcher: Watcher) -> RoutedRecipient | None:
    role = topic.kind.record.audience
    if role != "subscriber":
        has = watcher.profile.operator if role == "operator" else watcher.profile.analyst
        return RoutedRecipient(watcher, "at_once", RecipientReason(role)) if has else None
    matching = [wanted for wanted in watcher.subscriptions if matches(wanted, topic)]
    if not matching:
        return None
    first = min(matching, key=lambda wanted: _eagerness(wanted, topic.kind))
    pace = _pace(first, topic.kind)
    manner: Manner = pace if pace in ("at_once", "unacknowledged") else "digest"  # type: ignore[assignment]
    return RoutedRecipient(watcher, manner, RecipientReason("subscriber", first))


def _eagerness(wanted: Subscription, kind: AlertKind) -> tuple[int, int]:
    """The less, the sooner a subscription tells this."""
    return _EAGERNESS[_pace(wanted, kind)], wanted.unacknowledged_after or 0


def _pace(wanted: Subscription, kind: AlertKind) -> str:
    """How fast a subscription tells this; a flag is never bundled."""
    if wanted.unacknowledged_after is not None:
        return "unacknowledged"
    return "at_once" if kind in FLAGS else wanted.frequency


def matches(wanted: Subscription, topic: Topic) -> bool:
    """Whether a subscription asks for an alert about this; for the unacknowledged, of flags alone."""
    return (
        (not wanted.instruments or topic.instrument in wanted.instruments)
        and (not wanted.commitments or not set(wanted.commitments).isdisjoint(topic.commitments))
        and (not wanted.parties or not set(wanted.parties).isdisjoint(topic.parties))
        and (not wanted.kinds or not {topic.kind, *topic.also}.isdisjoint(wanted.kinds))
        and severity_rank(topic.kind.record.severity) >= severity_rank(wanted.severity)
        and (wanted.unacknowledged_after is None or topic.kind in FLAGS)
    )
