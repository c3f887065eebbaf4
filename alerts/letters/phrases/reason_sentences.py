"""The sentence that ends a mail: why its reader gets it."""

from __future__ import annotations

from dataclasses import replace

from servanda.alerts.letters.phrases.kind_names import kind_name
from servanda.alerts.letters.phrases.subscription_words import filter_phrases
from servanda.alerts.payloads.reasons import RecipientReason
from servanda.alerts.text.translation import Words
from servanda.compliance.watchers import Subscription


def reason_sentence(why: RecipientReason, words: Words) -> str:
    """Why its reader gets a mail."""
    if why.role == "operator":
        return words.say(
            "You get this because you are an operator of this monitor: operators are told of sources that "
            "cannot be read, and of mail that cannot be delivered."
        )
    if why.role == "analyst":
        return words.say("You get this because you review what this monitor finds.")
    wanted = why.subscription
    what = (
        words.say("the instrument {instruments}", instruments=", ".join(wanted.instruments))
        if wanted.instruments
        else words.say("all instruments")
    )
    return words.say(
        "You get this because you watch {what} ({which}).", what=what, which="; ".join(_which(wanted, words))
    )


def _which(wanted: Subscription, words: Words) -> tuple[str, ...]:
    """Which alerts of the instruments, and the other filters of the subscription."""
    kinds = (
        words.say("these alerts: {kinds}", kinds=", ".join(kind_name(kind, words) for kind in wanted.kinds))
        if wanted.kinds
        else words.say("all alerts")
    )
    others = replace(wanted, instruments=(), kinds=())
    return (kinds, *filter_phrases(others, words))
