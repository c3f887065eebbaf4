"""Write watchers down as YAML, so that reading it back changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from servanda.alerts.text.sanitising import one_line
from servanda.compliance.watchers import Subscription, Watcher
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.watchers.validation import WEEKDAYS, duration
from servanda.models.delivery.watchers import Standing, all_standings, watchers

HEAD = """\
# Watchers; `servanda watchers import` reads this file, docs/watchers.md explains it.
"""
AGREED_LIMIT = 300


def export_watchers(ledger: Ledger, *, secrets: bool) -> str:
    """Everyone who has not ended, as a file. Without ``secrets`` no chats: their address is a key."""
    with ledger.reading() as (db, _):
        every = [one for one in watchers(db) if one.state != "ended"]
        said = all_standings(db)
    shown = [one for one in every if secrets or one.channel != "chat"]
    left_out = len(every) - len(shown)
    note = (
        f"# Chats left out, as their addresses are keys: {left_out}. --secrets writes them.\n"
        if left_out
        else ""
    )
    if not shown:
        return f"{HEAD}{note}watchers: []\n"
    entries = "".join(_entry(one, said.get(one.id, ()), secrets) for one in shown)
    return f"{HEAD}{note}watchers:\n{entries}"


def _entry(watcher: Watcher, said: Sequence[Standing], secrets: bool) -> str:
    profile = watcher.profile
    agreed = _agreed(said)
    entry: dict[str, Any] = {
        "address": watcher.address,
        **({"channel": watcher.channel} if watcher.channel != "mail" else {}),
        **({"name": profile.name} if profile.name else {}),
        "language": profile.language,
        "zone": profile.zone,
        "hour": profile.hour,
        "weekday": WEEKDAYS[profile.weekday],
        "heartbeat": profile.heartbeat,
        "operator": profile.operator,
        "analyst": profile.analyst,
        **({"agreed": agreed} if agreed else {}),
        **({"secret": watcher.secret} if secrets and watcher.secret else {}),
        "subscriptions": [_subscription(one) for one in watcher.subscriptions],
    }
    note = f"  # {watcher.state}\n" if watcher.state != "active" else ""
    return note + _dumped(entry).partition("\n")[2]


def _agreed(said: Sequence[Standing]) -> str | None:
    """How it is known that somebody agreed, since they last ended; None where they did not."""
    since = max((i + 1 for i, one in enumerate(said) if one.state == "ended"), default=0)
    yes = [one for one in said[since:] if one.state == "active"]
    if not yes:
        return None
    return one_line(f"{yes[-1].known_at:%Y-%m-%d}, {yes[-1].by}: {yes[-1].reason}", AGREED_LIMIT)


def _subscription(wanted: Subscription) -> dict[str, Any]:
    """A subscription without what it does not limit."""
    default = Subscription()
    lists = {name: list(getattr(wanted, name)) for name in ("instruments", "commitments", "parties", "kinds")}
    wait = wanted.unacknowledged_after
    return {
        "slug": wanted.slug,
        **{name: value for name, value in lists.items() if value},
        **({"severity": wanted.severity} if wanted.severity != default.severity else {}),
        "frequency": wanted.frequency,
        **({"unacknowledged_after": duration(wait)} if wait is not None else {}),
    }


def _dumped(entry: Mapping[str, Any]) -> str:
    """A list of one in YAML 1.2 as the strict reader takes it: no anchors, no tags, nothing invisible."""
    yaml = YAML(typ="rt")
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 1_000_000
    yaml.allow_unicode = entry.get("name", "").isprintable()
    yaml.representer.ignore_aliases = lambda _: True
    out = StringIO()
    yaml.dump({"watchers": [entry]}, out)
    return out.getvalue()
