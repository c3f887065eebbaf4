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
from servanda.alerts.letters.reason_sentences import reason_sentence
from servanda.alerts.payloads.period_figures import DigestContents as Contents
from servanda.alerts.payloads.period_figures import from_json, to_json
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
    counting: FigureCache,
    watcher: Watcher,
    due: Sequence[Recipient],
    closed_at: datetime | None,
    now: datetime,
) -> StoredDigest:
    """All that waited for a watcher's slot. ``closed_at``: up to when the last one told, None for none."""
    slot = max(one.due_at for one in due)
    pace: DigestFrequency = "daily" if any(one.why.get("frequency") == "daily" for one in due) else "weekly"
    from_at = closed_at or slot
    if from_at >= slot:
        from_at = slot_before(pace, watcher.profile, slot)
    mails = mails_written(db, [watcher.id], from_at, slot).get(watcher.id, 0)
    return _kept(db, _scheduled(db, counting, watcher, pace, from_at, slot, mails), now)


def store_storm_digest(db: Connection, watcher: Watcher, now: datetime) -> StoredDigest:
    """More than a watcher is to get singly."""
    contents = Contents("storm", watcher.profile.zone)
    new = Digest(
        watcher.id, slot_name("storm", now), "storm", to_json(contents), now - STORM_PERIOD, now
    )  # fmt: skip
    return _kept(db, new, now)


def store_quiet_digest(
    db: Connection, counting: FigureCache, watcher: Watcher, quiet: QuietTime, mails: int, now: datetime
) -> StoredDigest | None:
    """That there was nothing to tell. None: somebody else has said so for this slot."""
    new = _scheduled(db, counting, watcher, "quiet", quiet.from_at, quiet.slot, mails)
    added = add_digest(db, new, now)
    return None if added is None else StoredDigest(added, new)


def count_mails(db: Connection, chunk: Sequence[QuietTime]) -> dict[int, int]:
    """How many mails each was written since they were last told of the numbers: asked once a period."""
    together: dict[tuple[datetime, datetime], list[int]] = {}
    for one in chunk:
        together.setdefault((one.from_at, one.slot), []).append(one.watcher.id)
    found = dict.fromkeys((one.watcher.id for one in chunk), 0)
    for (from_at, slot), theirs in together.items():
        found |= mails_written(db, theirs, from_at, slot)
    return found


def _scheduled(
    db: Connection,
    counting: FigureCache,
    watcher: Watcher,
    kind: DigestKind,
    from_at: datetime,
    slot: datetime,
    mails: int,
) -> Digest:
    counted = counting.numbers(db, watched_instruments(counting.catalogue, watcher), from_at, slot)
    contents = Contents(kind, watcher.profile.zone, mails=mails, numbers=counted)
    return Digest(watcher.id, slot_name(kind, slot), kind, to_json(contents), from_at, slot)


def _kept(db: Connection, new: Digest, now: datetime) -> StoredDigest:
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
    briefs = tuple(letters.brief_for(one, watcher) for one in alerts)
    return _letter_of(json.dumps(digest.payload), briefs, watcher.profile.language)


@lru_cache(maxsize=KEPT)
def _letter_of(payload: str, briefs: tuple[DigestEntry, ...], language: Language) -> Letter:
    return digest_letter(from_json(json.loads(payload)), briefs, words(language))


def digest_reasons(digest: Digest, due: Sequence[Recipient], watcher: Watcher) -> str:
    """Why its reader gets it."""
    told = words(watcher.profile.language)
    if digest.kind == "quiet":
        return (
            told.say("You get this because you want a word on quiet days, too.")
            if watcher.profile.heartbeat == "daily"
            else told.say("You get this because you want a word on quiet weeks, too.")
        )
    said = dict.fromkeys(reason_sentence(why_of(one.why), told) for one in due)
    return " ".join(list(said)[:REASONS])
