"""Who watches: people join, are asked, agree, change what they get, leave. What was said last counts.

An address that somebody else gave is asked once whether it wants mail, and is sent nothing else until it
agrees. Everything here may be called twice: the second time changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from servanda.compliance.watchers import Channel, Profile, Subscription, Watcher
from servanda.jobs.bootstrap.wiring import UsageError, Wiring
from servanda.jobs.watchers.opt_in import BY_THE_WATCHER, OptInEligibility, check_opt_in, queue_opt_in
from servanda.models.delivery import watcher_mail
from servanda.models.delivery.watchers import add_watcher as keep_watcher
from servanda.models.delivery.watchers import (
    set_profile,
    set_standing,
    standings,
    subscribe,
    unsubscribe,
    watcher_by_key,
    watchers,
)


@dataclass(frozen=True, slots=True)
class DesiredWatcher:
    """What a watcher is to be; ``secret`` is a webhook's."""

    address: str
    profile: Profile
    subscriptions: tuple[Subscription, ...] = (Subscription(),)
    channel: Channel = "mail"
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class JoinOutcome:
    """What came of letting somebody join.

    ``active``: they get mail from now on, or did already. ``asked``: a question is on its way to them.
    ``not_asked``: they may not be asked now; ``asking`` says why. ``suspended``: their server refuses mail.
    """

    watcher: Watcher
    new: bool
    outcome: Literal["active", "asked", "not_asked", "suspended"]
    asking: OptInEligibility | None = None


def add_watcher(
    wiring: Wiring,
    address: str,
    *,
    name: str = "",
    operator: bool = False,
    analyst: bool = False,
    instruments: Sequence[str] = (),
    kinds: Sequence[str] = (),
) -> bool:
    """Add somebody who agreed, or gave their own address; True if it is new. No filter: everything."""
    wanted = DesiredWatcher(
        address,
        Profile(name=name, operator=operator, analyst=analyst),
        (Subscription(instruments=tuple(instruments), kinds=tuple(kinds)),),
    )
    return join(wiring, wanted, by="the monitor", agreed="their own address").new


def join(wiring: Wiring, wanted: DesiredWatcher, *, by: str | None, agreed: str | None) -> JoinOutcome:
    """Let somebody join, or be as ``wanted`` from now on.

    ``by`` names who adds them, if they said. ``agreed`` says how it is known that they agreed; None: ask.
    """
    with wiring.store.writing() as db:
        return record_join(db, wiring, wanted, by=by, agreed=agreed)


def record_join(
    db: Connection, wiring: Wiring, wanted: DesiredWatcher, *, by: str | None, agreed: str | None
) -> JoinOutcome:
    """``join`` within a transaction. Only mail is asked: who gives a webhook or a chat holds its keys."""
    now = wiring.now
    watcher, new = keep_watcher(db, wanted.address, now, channel=wanted.channel, secret=wanted.secret)
    found = _by_id(db, watcher)
    if found.channel != wanted.channel:
        raise UsageError(
            f"{wanted.address} is a watcher by {found.channel}; valid: --channel {found.channel}"
        )
    record_change(db, found, wanted.profile, wanted.subscriptions, now)
    said = by or "the command line"
    if found.active:
        return JoinOutcome(_by_id(db, watcher), new, "active")
    if agreed is not None or wanted.channel != "mail":
        _activate(db, watcher, said, agreed or f"added as a {wanted.channel}", now)
        return JoinOutcome(_by_id(db, watcher), new, "active")
    if found.state == "suspended":
        return JoinOutcome(_by_id(db, watcher), new, "suspended")
    return _joined_by_asking(db, wiring, found, new, by, said)


def _joined_by_asking(
    db: Connection, wiring: Wiring, found: Watcher, new: bool, by: str | None, said: str
) -> JoinOutcome:
    asking = check_opt_in(db, found.id, wiring.now)
    if asking.outcome != "may":
        return JoinOutcome(_by_id(db, found.id), new, "not_asked", asking)
    if found.state != "asked":
        set_standing(db, found.id, "asked", said, "added; not agreed yet", wiring.now)
    watcher = _by_id(db, found.id)
    queue_opt_in(db, wiring, watcher, by)
    return JoinOutcome(watcher, new, "asked", asking)


# --- what watchers do themselves, by their pages and mails ----------------------------------------------


def confirm(wiring: Wiring, key: str, *, by: str = BY_THE_WATCHER, reason: str = "confirmed") -> Watcher:
    """Agree to get mail: who was asked becomes active, or who left and comes back by their own page.

    Whom others have ended or suspended stays so. LookupError for a key that nobody has.
    """
    with wiring.store.writing() as db:
        found = _by_key(db, key)
        if found.state == "asked" or may_rejoin(db, found.id):
            _activate(db, found.id, by, reason, wiring.now)
        return _by_id(db, found.id)


def unsubscribe_all(wiring: Wiring, key: str, how: str) -> Watcher:
    """Leave: nothing more is sent, what is queued is withdrawn. ``how`` says by which page or mail."""
    with wiring.store.writing() as db:
        found = _by_key(db, key)
        if not has_left(db, found.id):
            _end(db, found.id, BY_THE_WATCHER, how, wiring.now)
        return _by_id(db, found.id)


def change_profile(wiring: Wiring, key: str, profile: Profile) -> Watcher:
    """Change one's own profile. Roles are for whoever runs the monitor to give, and stay as they are."""
    with wiring.store.writing() as db:
        found = _by_key(db, key)
        own = replace(profile, operator=found.profile.operator, analyst=found.profile.analyst)
        record_change(db, found, own, found.subscriptions, wiring.now)
        return _by_id(db, found.id)


def change_subscriptions(wiring: Wiring, key: str, wanted: Iterable[Subscription]) -> Watcher:
    """Have these subscriptions from now on, each as given; those that are not among them end."""
    with wiring.store.writing() as db:
        found = _by_key(db, key)
        record_change(db, found, found.profile, tuple(wanted), wiring.now)
        return _by_id(db, found.id)


def has_left(db: Connection, watcher: int) -> bool:
    """Whether they ended their mail themselves, so that only they, or a new agreement, can begin it again."""
    said = standings(db, watcher)
    return bool(said) and said[-1].state == "ended" and said[-1].by == BY_THE_WATCHER


def may_rejoin(db: Connection, watcher: int) -> bool:
    """Whether their own word begins their mail again: they left, and it was not ended or suspended before.

    Else whom others removed would come back by leaving first.
    """
    if not has_left(db, watcher):
        return False
    before = [one.state for one in standings(db, watcher) if (one.state, one.by) != ("ended", BY_THE_WATCHER)]
    return bool(before) and before[-1] in ("asked", "active")


# --- what whoever runs the monitor does -----------------------------------------------------------------


def agree(wiring: Wiring, watcher: Watcher, by: str, reason: str) -> bool:
    """Record that somebody agreed, by a person's word; False if they were active. Webhooks and chats too."""
    with wiring.store.writing() as db:
        return record_agreement(db, watcher.id, by, reason, wiring.now)


def record_agreement(db: Connection, watcher: int, by: str, reason: str, now: datetime) -> bool:
    if _by_id(db, watcher).active:
        return False
    _activate(db, watcher, by, reason, now)
    return True


def change(wiring: Wiring, watcher: Watcher, profile: Profile, wanted: Iterable[Subscription]) -> bool:
    """Give a watcher a profile and subscriptions; False if they were so."""
    with wiring.store.writing() as db:
        return record_change(db, _by_id(db, watcher.id), profile, tuple(wanted), wiring.now)


def record_change(
    db: Connection, found: Watcher, profile: Profile, wanted: tuple[Subscription, ...], now: datetime
) -> bool:
    """Append what differs, and end the subscriptions that are not wanted; False if nothing differs."""
    before = {one.slug: one for one in found.subscriptions}
    after = {one.slug: one for one in wanted}
    for slug, one in after.items():
        if before.get(slug) != one:
            subscribe(db, found.id, one, now)
    for slug in before.keys() - after.keys():
        unsubscribe(db, found.id, before[slug], now)
    if profile != found.profile or found.state == "ended":
        set_profile(db, found.id, profile, now)
    return before != after or profile != found.profile


def remove(wiring: Wiring, watcher: Watcher, by: str, reason: str) -> bool:
    """End a watcher's mail; what they were sent stays on record. False if it had ended."""
    with wiring.store.writing() as db:
        return record_removal(db, watcher.id, by, reason, wiring.now)


def record_removal(db: Connection, watcher: int, by: str, reason: str, now: datetime) -> bool:
    if _by_id(db, watcher).state == "ended":
        return False
    _end(db, watcher, by, reason, now)
    return True


def suspend(wiring: Wiring, watcher: Watcher, by: str, reason: str) -> bool:
    """Send a watcher nothing for now; False if they are suspended or have ended."""
    with wiring.store.writing() as db:
        return record_suspension(db, watcher.id, by, reason, wiring.now)


def record_suspension(db: Connection, watcher: int, by: str, reason: str, now: datetime) -> bool:
    """``suspend`` within a transaction, such as that of the refusal that makes it necessary."""
    if _by_id(db, watcher).state not in ("asked", "active"):
        return False
    set_standing(db, watcher, "suspended", by, reason, now)
    watcher_mail.withdraw_queued(db, watcher, now)
    return True


def resume(wiring: Wiring, watcher: Watcher, by: str, reason: str) -> Watcher:
    """Send to a suspended watcher again: at once if they had agreed, else they are only asked."""
    with wiring.store.writing() as db:
        if _by_id(db, watcher.id).state == "suspended":
            if has_agreed(db, watcher.id):
                _activate(db, watcher.id, by, reason, wiring.now)
            else:
                set_standing(db, watcher.id, "asked", by, reason, wiring.now)
        return _by_id(db, watcher.id)


def has_agreed(db: Connection, watcher: int) -> bool:
    """Whether a watcher has agreed since they last ended, if ever."""
    states = [one.state for one in standings(db, watcher)]
    since = len(states) - states[::-1].index("ended") if "ended" in states else 0
    return "active" in states[since:]


def _activate(db: Connection, watcher: int, by: str, reason: str, now: datetime) -> None:
    set_standing(db, watcher, "active", by, reason, now)
    watcher_mail.withdraw_queued(db, watcher, now, kind="confirmation")


def _end(db: Connection, watcher: int, by: str, reason: str, now: datetime) -> None:
    set_standing(db, watcher, "ended", by, reason, now)
    watcher_mail.withdraw_queued(db, watcher, now)


def _by_id(db: Connection, watcher: int) -> Watcher:
    (found,) = watchers(db, ids=(watcher,))
    return found


def _by_key(db: Connection, key: str) -> Watcher:
    found = watcher_by_key(db, key)
    if found is None:
        raise LookupError("no watcher has this key")
    return found
