"""Make the watchers as a file has them, all at once or not at all; what would change can be asked before.

The file never sends mail to who did not agree: a new address is asked, unless the file says how it is known
that they agreed. Who left by themselves stays away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from servanda.compliance.watchers import Profile, Subscription, Watcher, shown_address
from servanda.instruments.yaml import YamlFile
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.watchers.consent import BY_THE_WATCHER
from servanda.jobs.watchers.membership import (
    DesiredWatcher,
    record_agreement,
    record_change,
    record_join,
    record_removal,
)
from servanda.jobs.watchers.opt_in import Letterheads, check_opt_in
from servanda.jobs.watchers.validation import WEEKDAYS, duration, new_secret
from servanda.jobs.watchers.yaml_schema import ValidChoices, WatcherEntry, parse_watcher_file, read_watchers
from servanda.models.delivery.watchers import standings, watchers

Act = Literal["add", "ask", "change", "agree", "end", "leave"]


@dataclass(frozen=True, slots=True)
class ImportStep:
    """What the file asks of one watcher. ``leave``: nothing is done, and ``what`` says why.

    ``found`` is None where the address is new; ``entry`` is None where the file does not have them.
    """

    act: Act
    address: str
    what: str
    found: Watcher | None
    entry: WatcherEntry | None


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """``same`` counts the watchers that are as the file has them."""

    steps: tuple[ImportStep, ...]
    same: int

    def count(self, *acts: Act) -> int:
        return sum(step.act in acts for step in self.steps)


def import_watchers(
    ledger: Ledger,
    valid: ValidChoices,
    letterhead: Letterheads,
    name: str,
    raw: bytes,
    *,
    by: str | None,
    prune: bool,
    dry_run: bool,
) -> ImportPlan:
    """What a file changes, done unless ``dry_run``. WatcherFileError where anything in it is wrong.

    ``prune`` ends those that the file does not have, on the channels of which it has somebody.
    """
    written = parse_watcher_file(name, raw)
    if dry_run:
        with ledger.reading() as (db, now):
            return _plan(db, valid, written, prune, now)
    with ledger.writing() as (db, now):
        plan = _plan(db, valid, written, prune, now)
        for step in plan.steps:
            _carry_out(db, letterhead, step, by, name, now)
    return plan


def _plan(db: Connection, valid: ValidChoices, written: YamlFile, prune: bool, now: datetime) -> ImportPlan:
    known = {one.address: one for one in watchers(db)}
    entries = read_watchers(valid, written, known)
    steps = [step for one in entries for step in _steps(db, one, known.get(one.address), now)]
    if prune:
        steps += _pruned(entries, known.values())
    touched = {step.address for step in steps}
    same = sum(shown_entry_address(one, known.get(one.address)) not in touched for one in entries)
    return ImportPlan(tuple(steps), same)


def shown_entry_address(entry: WatcherEntry, found: Watcher | None) -> str:
    return shown_address(found or Watcher(0, entry.address, entry.channel))


def _steps(db: Connection, entry: WatcherEntry, found: Watcher | None, now: datetime) -> Iterator[ImportStep]:
    if found is None or found.state == "ended":
        yield _joining(db, entry, found, now)
        return
    differences = "; ".join(_differences(entry, found))
    if differences:
        yield ImportStep("change", shown_entry_address(entry, found), differences, found, entry)
    if found.state == "asked" and entry.agreed is not None:
        yield ImportStep("agree", shown_entry_address(entry, found), entry.agreed, found, entry)


def _joining(db: Connection, entry: WatcherEntry, found: Watcher | None, now: datetime) -> ImportStep:
    """For an address that is new, or has ended."""
    address = shown_entry_address(entry, found)
    if found is not None and (said := standings(db, found.id)) and said[-1].by == BY_THE_WATCHER:
        left = f"left on {said[-1].known_at:%Y-%m-%d}; only they can come back, or `servanda watchers add`"
        return ImportStep("leave", address, left, found, entry)
    if entry.agreed is not None or entry.channel != "mail":
        return ImportStep("add", address, entry.agreed or _not_asked(entry), found, entry)
    if found is not None and check_opt_in(db, found.id, now).outcome != "may":
        return ImportStep("leave", address, "was asked before, and may not be asked now", found, entry)
    return ImportStep("ask", address, "nothing else is sent until they agree", found, entry)


def _not_asked(entry: WatcherEntry) -> str:
    if entry.channel == "webhook" and entry.secret is None:
        return "a webhook; `servanda watchers show --secrets` tells the secret that is made for it"
    return f"a {entry.channel}"


def _pruned(entries: tuple[WatcherEntry, ...], known: Iterable[Watcher]) -> Iterator[ImportStep]:
    named = {one.address for one in entries}
    channels = {one.channel for one in entries}
    for one in known:
        if one.address not in named and one.state != "ended" and one.channel in channels:
            yield ImportStep("end", shown_address(one), "is not in the file", one, None)


def _differences(entry: WatcherEntry, found: Watcher) -> Iterator[str]:
    profile = entry.profile(found.profile)
    for field in fields(Profile):
        before, after = getattr(found.profile, field.name), getattr(profile, field.name)
        if before != after and field.name == "weekday":
            yield f"weekday {WEEKDAYS[before]} → {WEEKDAYS[after]}"
        elif before != after:
            yield f"{field.name} {before} → {after}"
    had = {one.slug: one for one in found.subscriptions}
    wanted = {one.slug: one for one in entry.wanted(found.subscriptions)}
    for slug, one in wanted.items():
        if slug not in had:
            yield f"subscription {slug} is new"
        elif had[slug] != one:
            yield f"subscription {slug}: {_changes(had[slug], one)}"
    yield from (f"subscription {slug} ends" for slug in had if slug not in wanted)


def _changes(before: Subscription, after: Subscription) -> str:
    names = [f.name for f in fields(Subscription) if getattr(before, f.name) != getattr(after, f.name)]
    return ", ".join(f"{n} {_spelled(getattr(before, n))} → {_spelled(getattr(after, n))}" for n in names)


def _spelled(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(value) or "all"
    if isinstance(value, int):
        return duration(value)
    return "none" if value is None else str(value)


def _carry_out(
    db: Connection, letterhead: Letterheads, step: ImportStep, by: str | None, name: str, now: datetime
) -> None:
    entry, found, said = step.entry, step.found, by or f"the file {name}"
    if entry is None:
        assert found is not None and step.act == "end"
        record_removal(db, found.id, said, step.what, now)
    elif step.act in ("add", "ask"):
        record_join(db, letterhead, _wanted(entry, found), now, by=by, agreed=entry.agreed)
    elif step.act == "change" and found is not None:
        record_change(db, found, entry.profile(found.profile), entry.wanted(found.subscriptions), now)
    elif step.act == "agree" and found is not None:
        record_agreement(db, found.id, said, step.what, now)


def _wanted(entry: WatcherEntry, found: Watcher | None) -> DesiredWatcher:
    secret = entry.secret or (new_secret() if entry.channel == "webhook" else None)
    return DesiredWatcher(
        entry.address,
        entry.profile(found.profile if found else Profile()),
        entry.wanted((Subscription(),)),
        entry.channel,
        secret,
    )
