"""What somebody is to get, in words: one sentence for each subscription."""

from __future__ import annotations

from servanda.alerts.letters.phrases.kind_names import kind_name
from servanda.alerts.text.translation import Words
from servanda.compliance.watchers import Subscription


def subscription_sentence(wanted: Subscription, words: Words) -> str:
    """A subscription as a sentence, for whoever agrees to it or changes it."""
    what = _about(wanted, words)
    return words.say("{what}, {when}", what=what, when=pace_phrase(wanted, words))


def _about(wanted: Subscription, words: Words) -> str:
    parts = filter_phrases(wanted, words)
    return "; ".join(parts) if parts else words.say("everything that this monitor tells")


def filter_phrases(wanted: Subscription, words: Words) -> list[str]:
    """The filters that are set, a phrase each; none where everything is told."""
    phrases = []
    if wanted.instruments:
        phrases.append(words.say("of the instrument {instruments}", instruments=_list(wanted.instruments)))
    if wanted.commitments:
        phrases.append(words.say("of the commitment {commitments}", commitments=_list(wanted.commitments)))
    if wanted.parties:
        phrases.append(words.say("of what {parties} owes", parties=_list(wanted.parties)))
    if wanted.kinds:
        kinds = _list(tuple(kind_name(kind, words) for kind in wanted.kinds))
        phrases.append(words.say("these alerts: {kinds}", kinds=kinds))
    if wanted.severity == "notice":
        phrases.append(words.say("what is worth notice or urgent"))
    if wanted.severity == "urgent":
        phrases.append(words.say("what is urgent"))
    return phrases


def pace_phrase(wanted: Subscription, words: Words) -> str:
    """How fast it is told."""
    wait = wanted.unacknowledged_after
    if wait is not None and wait % 60 == 0:
        return words.count(
            "if nobody has acknowledged a flag within {n} hour",
            "if nobody has acknowledged a flag within {n} hours",
            wait // 60,
        )
    if wait is not None:
        return words.count(
            "if nobody has acknowledged a flag within {n} minute",
            "if nobody has acknowledged a flag within {n} minutes",
            wait,
        )
    if wanted.frequency == "daily":
        return words.say("in one mail a day")
    if wanted.frequency == "weekly":
        return words.say("in one mail a week")
    return words.say("at once")


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(names)
