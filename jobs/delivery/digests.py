"""What several alerts, or none, make together: the digests of a slot, of a storm, of a quiet day."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection

from servanda.alerts.letters.digest_letters import DigestEntry, digest_letter
from servanda.alerts.letters.letter import Letter
from servanda.alerts.letters.phrases.reason_sentences import reason_sentence
from servanda.alerts.payloads.period_figures import DigestContents, from_json, to_json
from servanda.alerts.payloads.reasons import from_json as why_of
from servanda.alerts.routing.bundling import STORM_PERIOD
from servanda.alerts.routing.digest_schedule import DigestFrequency, slot_before, slot_name
from servanda.alerts.text.translation import words
from servanda.compliance.watchers import Language, Watcher
from servanda.jobs.delivery.heartbeat_mails import QuietTime
from servanda.jobs.delivery.letter_cache import LetterCache
from servanda.jobs.delivery.period_figures import FigureCache, watched_instruments
from servanda.models.alerts.period_figures import mails_written
from servanda.models.delivery.digests import Digest, DigestKind, add_digest
from servanda.models.delivery.recipients import Recipient

KEPT = 64
"""Letters that are remembered: on a quiet day thousands read the same."""

REASONS = 3
"""Of how many subscriptions a digest says that they are why it came."""


@dataclass(frozen=True, slots=True)
class StoredDigest:
    """A digest that was kept, and its id."""

    id: int
    digest: Digest


def store_slot_digest(
    db: Connection,
    figures: FigureCache,
    watcher: Watcher,
    due: Sequence[Recipient],
    closed_at: datetime | None,
    now: datetime,
) -> StoredDigest:
    """All that waited for a watcher's slot. ``closed_at``: up to when the last one told, None for none."""
    slot = max(recipient.due_at for recipient in due)
    pace: DigestFrequency = "daily" if any(map(_is_daily, due)) else "weekly"
    from_at = closed_at or slot
    if from_at >= slot:
        from_at = slot_before(pace, watcher.profile, slot)
    mails = mails_written(db, [watcher.id], from_at, slot).get(watcher.id, 0)
    return _store(db, _scheduled(db, figures, watcher, pace, from_at, slot, mails), now)


def _is_daily(recipient: Recipient) -> bool:
    return why_of(recipient.why).subscription.frequency == "daily"


def store_storm_digest(db: Connection, watcher: Watcher, now: datetime) -> StoredDigest:
    """More than a watcher is to get singly."""
    contents = DigestContents("storm", watcher.profile.zone)
    new = Digest(
        watcher.id, slot_name("storm", now), "storm", to_json(contents), now - STORM_PERIOD, now
    )  # fmt: skip
    return _store(db, new, now)


def store_quiet_digest(
    db: Connection, figures: FigureCache, watcher: Watcher, quiet: QuietTime, mails: int, now: datetime
) -> StoredDigest | None:
    """That there was nothing to tell. None: somebody else has said so for this slot."""
    new = _scheduled(db, figures, watcher, "quiet", quiet.from_at, quiet.slot, mails)
    added = add_digest(db, new, now)
    return None if added is None else StoredDigest(added, new)


def count_mails(db: Connection, chunk: Sequence[QuietTime]) -> dict[int, int]:
    """How many mails each was written since they were last told of the numbers: asked once a period."""
    by_period: dict[tuple[datetime, datetime], list[int]] = {}
    for quiet in chunk:
        by_period.setdefault((quiet.from_at, quiet.slot), []).append(quiet.watcher.id)
    mails = dict.fromkeys((quiet.watcher.id for quiet in chunk), 0)
    for (from_at, slot), watchers in by_period.items():
        mails |= mails_written(db, watchers, from_at, slot)
    return mails


def _scheduled(
    db: Connection,
    figures: FigureCache,
    watcher: Watcher,
    kind: DigestKind,
    from_at: datetime,
    slot: datetime,
    mails: int,
) -> Digest:
    numbers = figures.numbers(db, watched_instruments(figures.catalogue, watcher), from_at, slot)
    contents = DigestContents(kind, watcher.profile.zone, mails=mails, numbers=numbers)
    return Digest(watcher.id, slot_name(kind, slot), kind, to_json(contents), from_at, slot)


def _store(db: Connection, new: Digest, now: datetime) -> StoredDigest:
    """Kept under its slot, or under the next free name of it: what came late for a slot goes in another."""
    added, number = add_digest(db, new, now), 1
    while added is None:
        number += 1
        named = replace(new, slot=f"{new.slot}.{number}")
        added = add_digest(db, named, now)
        if added is not None:
            new = named
    return StoredDigest(added, new)


def write_digest_letter(
    digest: Digest, alerts: Sequence[int], letters: LetterCache, watcher: Watcher
) -> Letter:
    """The letter of a digest with these alerts, which ``letters`` has read."""
    entries = tuple(letters.entry_for(alert, watcher) for alert in alerts)
    return _letter_of(json.dumps(digest.payload), entries, watcher.profile.language)


@lru_cache(maxsize=KEPT)
def _letter_of(payload: str, entries: tuple[DigestEntry, ...], language: Language) -> Letter:
    return digest_letter(from_json(json.loads(payload)), entries, words(language))


def digest_reasons(digest: Digest, due: Sequence[Recipient], watcher: Watcher) -> str:
    """Why its reader gets it."""
    language = words(watcher.profile.language)
    if digest.kind == "quiet":
        return (
            language.say("You get this because you want a word on quiet days, too.")
            if watcher.profile.heartbeat == "daily"
            else language.say("You get this because you want a word on quiet weeks, too.")
        )
    reasons = dict.fromkeys(reason_sentence(why_of(recipient.why), language) for recipient in due)
    return " ".join(list(reasons)[:REASONS])
