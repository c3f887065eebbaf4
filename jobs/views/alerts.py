"""What ``servanda alerts`` and ``servanda silence list`` answer: what was told to whom, and what was not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from servanda.alerts.letters.phrases.reason_sentences import reason_sentence
from servanda.alerts.letters.registry import write_letter
from servanda.alerts.payloads.kinds import FLAGS
from servanda.alerts.payloads.reasons import from_json
from servanda.alerts.text.translation import ENGLISH, Words
from servanda.compliance.intervals import utc_text
from servanda.jobs.alerting.stored_alerts import alert_of
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.views.json_values import Json, instant_or_none
from servanda.models.alerts import alert_history, silences
from servanda.models.alerts import alerts as alert_rows
from servanda.models.alerts.alert_history import AlertOutcome, Attempt
from servanda.models.alerts.alerts import Acknowledgement, StoredAlert
from servanda.models.alerts.silences import Silence
from servanda.models.delivery import recipients
from servanda.models.delivery.watchers import watcher_by_address
from servanda.models.store import Store


def alert_list(
    ledger: Ledger,
    *,
    instrument: str | None = None,
    kinds: Iterable[str] = (),
    watcher: str | None = None,
    since: datetime | None = None,
    unacknowledged: bool = False,
    before: int | None = None,
    limit: int | None = None,
    words: Words = ENGLISH,
) -> list[Json]:
    """Alerts, the newest first, each with what became of it for everyone, or for the ``watcher`` named.

    ``unacknowledged``: flags that nobody has taken note of. ``before``: only those older than this one.
    ``words``: the language of headlines.
    """
    with ledger.reading() as (db, _):
        who = None if watcher is None else _watcher_id(db, watcher)
        chosen = alert_history.chosen_alerts(
            db,
            instrument=instrument,
            kinds=_kinds(set(kinds), unacknowledged),
            watcher=who,
            since=since,
            unacknowledged=unacknowledged,
            before=before,
            limit=limit,
        )
        ids = [stored.id for stored in chosen]
        became = alert_history.alert_outcomes(db, ids, watcher=who)
        tried = alert_history.attempts(
            db, (one.envelope for every in became.values() for one in every if one.envelope is not None)
        )
        taken = alert_rows.acknowledgements(db, ids)
    return [
        {
            **_alert_json(ledger.store, stored, words),
            "acknowledged_by": taken[stored.id].by if stored.id in taken else None,
            "recipients": [_outcome_json(one, tried) for one in became.get(stored.id, ())],
        }
        for stored in chosen
    ]


def alert_view(ledger: Ledger, alert: int, words: Words = ENGLISH) -> Json:
    """One alert in full: every recipient with why and every attempt, and who took note."""
    with ledger.reading() as (db, _):
        found = alert_rows.alerts_by_id(db, [alert])
        if not found:
            newest = ", ".join(map(str, alert_rows.newest_ids(db, 10))) or "none yet"
            raise UsageError(f"there is no alert {alert}; the newest are: {newest}")
        became = alert_history.alert_outcomes(db, [alert]).get(alert, [])
        tried = alert_history.attempts(db, (one.envelope for one in became if one.envelope is not None))
        taken = alert_history.all_acknowledgements(db, alert)
    return {
        **_alert_json(ledger.store, found[0], words),
        "cause_kind": found[0].alert.cause_kind,
        "cause": found[0].alert.cause,
        "acknowledgements": [_acknowledgement_json(one) for one in taken],
        "recipients": [
            {
                **_outcome_json(one, tried),
                "why": reason_sentence(from_json(one.why), words),
                "message_id": one.message_id,
                "silence": one.silence,
                "attempts": [_attempt_json(made) for made in tried.get(one.envelope or 0, ())],
            }
            for one in became
        ],
    }


def count_unacknowledged(ledger: Ledger) -> int:
    """How many flags nobody has taken note of."""
    with ledger.reading() as (db, _):
        return alert_history.count_unacknowledged(db, {kind.value for kind in FLAGS})


def silence_list(ledger: Ledger) -> list[Json]:
    """Every silence, in the order they were made; those that ended stay in it."""
    with ledger.reading() as (db, now):
        every = silences.silences(db)
        withheld = {one.id: _number_withheld(db, one) for one in every}
    return [_silence_json(one, withheld[one.id], now) for one in every]


def _kinds(asked: set[str], unacknowledged: bool) -> set[str] | None:
    """The kinds to choose from: flags alone are to be acknowledged. None: any."""
    flags = {kind.value for kind in FLAGS}
    if unacknowledged:
        return flags & asked if asked else flags
    return asked or None


def _watcher_id(db: Connection, address: str) -> int:
    found = watcher_by_address(db, address)
    if found is None:
        raise UsageError(f"{address} has never been a watcher; `servanda watchers list` names them")
    return found.id


def _alert_json(store: Store, stored: StoredAlert, words: Words) -> Json:
    alert = alert_of(store, stored)
    return {
        "id": stored.id,
        "kind": alert.kind.value,
        "severity": alert.kind.record.severity,
        "instrument": alert.instrument,
        "subject": alert.subject,
        "headline": write_letter(alert, words).headline,
        "known_at": utc_text(alert.known_at),
        "effective_at": utc_text(alert.effective_at),
        "needs_acknowledgement": alert.kind in FLAGS,
    }


def _outcome_json(one: AlertOutcome, tried: dict[int, list[Attempt]]) -> Json:
    made = tried.get(one.envelope or 0, [])
    last = made[-1] if made else None
    return {
        "address": one.address,
        "channel": one.channel,
        "manner": one.manner,
        "state": one.state,
        "due_at": utc_text(one.due_at),
        "told_at": instant_or_none(one.told_at),
        "envelope": one.envelope,
        "digest": one.digest,
        "answered_at": instant_or_none(last.at if last else None),
        "code": last.code if last else None,
        "answer": last.answer if last else None,
        "omitted": one.omitted,
    }


def _attempt_json(made: Attempt) -> Json:
    return {
        "at": utc_text(made.at),
        "code": made.code,
        "answer": made.answer,
        "uncertain": made.uncertain,
    }


def _acknowledgement_json(one: Acknowledgement) -> Json:
    return {"by": one.by, "note": one.note, "at": utc_text(one.known_at)}


def _number_withheld(db: Connection, silence: Silence) -> int:
    theirs = recipients.withheld_alerts(db, silence.id).values()
    return len({alert for alerts in theirs for alert in alerts})


def _silence_json(one: Silence, withheld: int, now: datetime) -> Json:
    holds = one.ended_at is None and one.from_at <= now < one.until_at
    return {
        "id": one.id,
        "instrument": one.instrument,
        "subject": one.subject,
        "kinds": list(one.kinds),
        "by": one.by,
        "reason": one.reason,
        "from_at": utc_text(one.from_at),
        "until_at": utc_text(one.until_at),
        "state": "holds" if holds else "ended",
        "ended_at": instant_or_none(one.ended_at),
        "ended_by": one.ended_by,
        "end_reason": one.end_reason,
        "withheld": withheld,
    }
