"""The pages of alerts and watchers: what was told to whom, with the server's answer. No public page."""

from __future__ import annotations

from typing import Any

from servanda.alerts.letters.phrases.kind_names import kind_name
from servanda.alerts.letters.phrases.subscription_words import subscription_sentence
from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.text.msgid import msgid
from servanda.alerts.text.translation import Words
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.views.alerts import alert_list, alert_view, silence_list
from servanda.jobs.views.json_values import Json
from servanda.jobs.views.watchers import watcher_list, watcher_show
from servanda.models.delivery.watchers import watcher_by_id
from servanda.web.desk.rendering import Frame, render

PAGE = 50

STATES = {
    "sent": msgid("sent: the server took it"),
    "queued": msgid("to be sent"),
    "waiting": msgid("waits for its time"),
    "refused": msgid("refused by the server"),
    "given_up": msgid("given up after many tries"),
    "withdrawn": msgid("withdrawn before it was sent"),
    "silenced": msgid("withheld by a silence"),
    "omitted": msgid("not needed any more"),
}

WATCHER_STATES = {
    "active": msgid("gets mail"),
    "asked": msgid("was asked, has not agreed"),
    "ended": msgid("left"),
    "suspended": msgid("suspended: mail came back"),
}


def alerts_html(wiring: Wiring, frame: Frame, kind: str | None, before: int | None) -> str:
    """The newest alerts, of all kinds or of one."""
    kinds = (kind,) if kind else ()
    found = alert_list(wiring.ledger, kinds=kinds, before=before, limit=PAGE + 1, words=frame.words)
    shown, words = found[:PAGE], frame.words
    return render(
        "alerts",
        frame,
        alerts=[_alert(one, words) for one in shown],
        kinds=[(one.value, kind_name(one.value, words), one.value == kind) for one in AlertKind],
        first=frame.addresses.again(before=None) if before is not None else None,
        following=frame.addresses.again(before=shown[-1]["id"]) if len(found) > PAGE else None,
        silences=silence_list(wiring.ledger),
    )


def _alert(one: Json, words: Words) -> Json:
    told = [outcome for outcome in one["recipients"] if outcome["told_at"] or outcome["state"] == "sent"]
    return {
        **one,
        "kind_name": kind_name(one["kind"], words),
        "told": words.count("{n} recipient", "{n} recipients", len(one["recipients"])),
        "sent": words.count("{n} sent", "{n} sent", len(told)),
    }


def alert_html(wiring: Wiring, frame: Frame, alert: int) -> str:
    """One alert with every recipient and every attempt; UsageError where there is none."""
    words, found = frame.words, alert_view(wiring.ledger, alert, frame.words)
    return render(
        "alert",
        frame,
        alert={**found, "kind_name": kind_name(found["kind"], words)},
        about=_about(wiring, found),
        recipients=[{**one, "said": _said(one, words)} for one in found["recipients"]],
    )


def _said(outcome: Json, words: Words) -> str:
    state = STATES.get(outcome["state"])
    return words.say(state) if state else str(outcome["state"]).replace("_", " ")


def _about(wiring: Wiring, alert: Json) -> str | None:
    """The path of what an alert is about; None where it has no page."""
    kind, _, name = str(alert["subject"]).partition(":")
    if kind == "window" and name in wiring.catalogue.window_ids:
        return f"{wiring.catalogue.window(name)[0].id}/{name}"
    if kind == "instrument" and name in wiring.catalogue.instrument_ids:
        return name
    if kind == "source" and name in wiring.catalogue.source_ids:
        return f"sources/{name}"
    if kind == "commitment" and alert["instrument"] in wiring.catalogue.instrument_ids:
        return f"{alert['instrument']}#{name}"
    return f"documents/{name}" if kind == "document" and name.isdigit() else None


def watchers_html(wiring: Wiring, frame: Frame) -> str:
    """Everyone that ever watched."""
    words = frame.words
    return render(
        "watchers",
        frame,
        watchers=[{**one, "said": _state(one["state"], words)} for one in watcher_list(wiring.ledger)],
    )


def _state(state: str, words: Words) -> str:
    return words.say(WATCHER_STATES[state]) if state in WATCHER_STATES else state


def watcher_html(wiring: Wiring, frame: Frame, watcher: int) -> str:
    """One watcher, what they get and what was sent; UsageError for one that there is not."""
    with wiring.ledger.reading() as (db, _):
        found = watcher_by_id(db, watcher)
    if found is None:
        raise UsageError(f"there is no watcher {watcher}; `servanda watchers list` names them")
    words = frame.words
    shown = watcher_show(wiring.ledger, found)
    return render(
        "watcher",
        frame,
        watcher=shown,
        said=_state(shown["state"], words),
        wishes=[subscription_sentence(one, words) for one in found.subscriptions],
        weekday=words.weekday(found.profile.weekday),
        standings=[{**one, "said": _state(one["state"], words)} for one in shown["standings"]],
        envelopes=_envelopes(shown["envelopes"], words),
    )


def _envelopes(counts: list[Json], words: Words) -> list[dict[str, Any]]:
    return [{"said": _said(one, words), "count": one["count"]} for one in counts]
