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
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.watchers.consent import BY_THE_WATCHER, has_agreed, has_left, may_rejoin
from servanda.jobs.watchers.opt_in import Letterheads, OptInEligibility, check_opt_in, queue_opt_in
from servanda.models.delivery import watcher_mail
from servanda.models.delivery.watchers import add_watcher as keep_watcher
from servanda.models.delivery.watchers import (
    set_profile,
    set_standing,
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
    ledger: Ledger,
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
    with ledger.writing() as (db, now):
        watcher, new = _record_desired(db, wanted, now)
        if not watcher.active:
            _activate(db, watcher.id, "the monitor", "their own address", now)
    return new


def join(
    ledger: Ledger, letterhead: Letterheads, wanted: DesiredWatcher, *, by: str | None, agreed: str | None
) -> JoinOutcome:
    """Let somebody join, or be as ``wanted`` from now on.

    ``by`` names who adds them, if they said. ``agreed`` says how it is known that they agreed; None: ask.
    """
    with ledger.writing() as (db, now):
        return record_join(db, letterhead, wanted, now, by=by, agreed=agreed)


def record_join(
    db: Connection,
    letterhead: Letterheads,
    wanted: DesiredWatcher,
    now: datetime,
    *,
    by: str | None,
    agreed: str | None,
) -> JoinOutcome:
    """``join`` within a transaction. Only mail is asked: who gives a webhook or a chat holds its keys."""
    watcher, new = _record_desired(db, wanted, now)
    author = by or "the command line"
    if not watcher.active and (agreed is not None or wanted.channel != "mail"):
        _activate(db, watcher.id, author, agreed or f"added as a {wanted.channel}", now)
        watcher = _by_id(db, watcher.id)
    if watcher.active:
        return JoinOutcome(watcher, new, "active")
    if watcher.state == "suspended":
        return JoinOutcome(watcher, new, "suspended")
    eligibility = check_opt_in(db, watcher.id, now)
    if eligibility.outcome != "may":
        return JoinOutcome(watcher, new, "not_asked", eligibility)
    if watcher.state != "asked":
        set_standing(db, watcher.id, "asked", author, "added; not agreed yet", now)
        watcher = _by_id(db, watcher.id)
    queue_opt_in(db, letterhead(), watcher, by, now)
    return JoinOutcome(watcher, new, "asked", eligibility)


def _record_desired(db: Connection, wanted: DesiredWatcher, now: datetime) -> tuple[Watcher, bool]:
    """The watcher as ``wanted``, whatever their standing, and whether the address is new."""
    number, new = keep_watcher(db, wanted.address, now, channel=wanted.channel, secret=wanted.secret)
    watcher = _by_id(db, number)
    if watcher.channel != wanted.channel:
        raise UsageError(
            f"{wanted.address} is a watcher by {watcher.channel}; valid: --channel {watcher.channel}"
        )
    record_change(db, watcher, wanted.profile, wanted.subscriptions, now)
    return _by_id(db, number), new


# --- what watchers do themselves, by their pages and mails ----------------------------------------------


def confirm(ledger: Ledger, key: str, *, by: str = BY_THE_WATCHER, reason: str = "confirmed") -> Watcher:
    """Agree to get mail: who was asked becomes active, or who left and comes back by their own page.

    Whom others have ended or suspended stays so. LookupError for a key that nobody has.
    """
    with ledger.writing() as (db, now):
        found = _by_key(db, key)
        if found.state == "asked" or may_rejoin(db, found.id):
            _activate(db, found.id, by, reason, now)
        return _by_id(db, found.id)


def unsubscribe_all(ledger: Ledger, key: str, how: str) -> Watcher:
    """Leave: nothing more is sent, what is queued is withdrawn. ``how`` says by which page or mail."""
    with ledger.writing() as (db, now):
        found = _by_key(db, key)
        if not has_left(db, found.id):
            _end(db, found.id, BY_THE_WATCHER, how, now)
        return _by_id(db, found.id)


def change_profile(ledger: Ledger, key: str, profile: Profile) -> Watcher:
    """Change one's own profile. Roles are for whoever runs the monitor to give, and stay as they are."""
    with ledger.writing() as (db, now):
        found = _by_key(db, key)
        own = replace(profile, operator=found.profile.operator, analyst=found.profile.analyst)
        record_change(db, found, own, found.subscriptions, now)
        return _by_id(db, found.id)


def change_subscriptions(ledger: Ledger, key: str, wanted: Iterable[Subscription]) -> Watcher:
    """Have these subscriptions from now on, each as given; those that are not among them end."""
    with ledger.writing() as (db, now):
        found = _by_key(db, key)
        record_change(db, found, found.profile, tuple(wanted), now)
        return _by_id(db, found.id)


# --- what whoever runs the monitor does -----------------------------------------------------------------


def agree(ledger: Ledger, watcher: Watcher, by: str, reason: str) -> bool:
    """Record that somebody agreed, by a person's word; False if they were active. Webhooks and chats too."""
    with ledger.writing() as (db, now):
        return record_agreement(db, watcher.id, by, reason, now)


def record_agreement(db: Connection, watcher: int, by: str, reason: str, now: datetime) -> bool:
    if _by_id(db, watcher).active:
        return False
    _activate(db, watcher, by, reason, now)
    return True


def change(ledger: Ledger, watcher: Watcher, profile: Profile, wanted: Iterable[Subscription]) -> bool:
    """Give a watcher a profile and subscriptions; False if they were so."""
    with ledger.writing() as (db, now):
        return record_change(db, _by_id(db, watcher.id), profile, tuple(wanted), now)


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


def remove(ledger: Ledger, watcher: Watcher, by: str, reason: str) -> bool:
    """End a watcher's mail; what they were sent stays on record. False if it had ended."""
    with ledger.writing() as (db, now):
        return record_removal(db, watcher.id, by, reason, now)


def record_removal(db: Connection, watcher: int, by: str, reason: str, now: datetime) -> bool:
    if _by_id(db, watcher).state == "ended":
        return False
    _end(db, watcher, by, reason, now)
    return True


def suspend(ledger: Ledger, watcher: Watcher, by: str, reason: str) -> bool:
    """Send a watcher nothing for now; False if they are suspended or have ended."""
    with ledger.writing() as (db, now):
        return record_suspension(db, watcher.id, by, reason, now)


def record_suspension(db: Connection, watcher: int, by: str, reason: str, now: datetime) -> bool:
    """``suspend`` within a transaction, such as that of the refusal that makes it necessary."""
    if _by_id(db, watcher).state not in ("asked", "active"):
        return False
    set_standing(db, watcher, "suspended", by, reason, now)
    watcher_mail.withdraw_queued(db, watcher, now)
    return True


def resume(ledger: Ledger, watcher: Watcher, by: str, reason: str) -> Watcher:
    """Send to a suspended watcher again: at once if they had agreed, else they are only asked."""
    with ledger.writing() as (db, now):
        if _by_id(db, watcher.id).state == "suspended":
            if has_agreed(db, watcher.id):
                _activate(db, watcher.id, by, reason, now)
            else:
                set_standing(db, watcher.id, "asked", by, reason, now)
        return _by_id(db, watcher.id)


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
