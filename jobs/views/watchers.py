"""What ``servanda watchers`` answers, as plain data; the shapes are a contract: ``docs/json.md``."""

from __future__ import annotations

from servanda.compliance.intervals import utc_text
from servanda.compliance.watchers import Subscription, Watcher, shown_address
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.views.json_values import Json
from servanda.jobs.watchers.validation import WEEKDAYS
from servanda.models.delivery import watcher_mail
from servanda.models.delivery.watchers import Standing, standings, watchers


def watcher_list(ledger: Ledger) -> list[Json]:
    """Everyone that ever watched."""
    with ledger.reading() as (db, _):
        return [watcher_json(watcher) for watcher in watchers(db)]


def watcher_show(ledger: Ledger, watcher: Watcher, *, secrets: bool = False) -> Json:
    """One watcher with all that became of them; ``secrets``: with what signs a webhook, or opens a chat."""
    with ledger.reading() as (db, _):
        said = standings(db, watcher.id)
        mails = watcher_mail.mail_counts(db, watcher.id)
    return {
        **watcher_json(watcher),
        **({"address": watcher.address} if secrets else {}),
        "secret": watcher.secret if secrets else None,
        "standings": [_standing_json(one) for one in said],
        "envelopes": [{"state": state, "count": count} for state, count in sorted(mails.items())],
    }


def watcher_json(watcher: Watcher) -> Json:
    profile, wanted = watcher.profile, watcher.subscriptions
    return {
        "id": watcher.id,
        "address": shown_address(watcher),
        "channel": watcher.channel,
        "state": watcher.state,
        "active": watcher.active,
        "name": profile.name,
        "language": profile.language,
        "zone": profile.zone,
        "hour": profile.hour,
        "weekday": WEEKDAYS[profile.weekday],
        "heartbeat": profile.heartbeat,
        "operator": profile.operator,
        "analyst": profile.analyst,
        "instruments": sorted({i for one in wanted for i in one.instruments}),
        "kinds": sorted({k for one in wanted for k in one.kinds}),
        "subscriptions": [subscription_json(one) for one in wanted],
    }


def subscription_json(wanted: Subscription) -> Json:
    wait = wanted.unacknowledged_after
    return {
        "slug": wanted.slug,
        "instruments": list(wanted.instruments),
        "commitments": list(wanted.commitments),
        "parties": list(wanted.parties),
        "kinds": list(wanted.kinds),
        "severity": wanted.severity,
        "frequency": wanted.frequency,
        "unacknowledged_after_seconds": None if wait is None else wait * 60,
    }


def _standing_json(one: Standing) -> Json:
    return {"state": one.state, "by": one.by, "reason": one.reason, "known_at": utc_text(one.known_at)}
