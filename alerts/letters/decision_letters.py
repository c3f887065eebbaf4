"""The mail about a recorded condition, and the part of others that tells of a decision."""

from __future__ import annotations

from servanda.alerts.letters import common_sections as parts
from servanda.alerts.letters.letter import Facts, Letter, Paragraph, Section
from servanda.alerts.letters.phrases.verdict_words import CONDITIONS, PHASES, verdict_name
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.payloads.decision_payloads import ConditionRecorded
from servanda.alerts.payloads.parts import DecisionBrief
from servanda.alerts.text.msgid import msgid
from servanda.alerts.text.sanitising import REASON_LIMIT, one_line
from servanda.alerts.text.translation import Words
from servanda.compliance.vocabulary import ENDED_PHASES, Condition

HEADLINES = {
    Condition.MET: msgid("Condition recorded as met: {title}"),
    Condition.NOT_MET: msgid("Condition recorded as not met: {title}"),
    Condition.UNKNOWN: msgid("Condition recorded: {title}"),
}

BEFORE = {
    Condition.UNKNOWN: msgid("not recorded"),
    Condition.MET: msgid("met"),
    Condition.NOT_MET: msgid("not met"),
}

DECIDED = {
    "met": msgid("the condition is met"),
    "not_met": msgid("the condition is not met"),
    "accepted": msgid("evidence {number} is accepted"),
    "accepted_in_part": msgid("evidence {number} is accepted in part"),
    "rejected": msgid("evidence {number} is rejected"),
}


def condition_letter(alert: Alert, payload: ConditionRecorded, words: Words) -> Letter:
    """Who recorded what, when and why, and what that means for the answer."""
    window, title = payload.window, one_line(payload.window.title)
    headline = words.say(HEADLINES[payload.condition], title=title)
    return parts.letter_of(
        headline,
        _known(payload, words),
        _meaning(payload, words),
        decision_section(payload.decision, window.zone, words),
        parts.commitment(payload.instrument, payload.commitment, words),
        Section(words.say("The window"), (parts.window_facts(window, words),)),
        Section(words.say("To record it otherwise"), (parts.condition_commands(window),)),
        parts.timing_section(alert, window.zone, words),
        parts.instrument_page(payload.instrument, words),
    )


def _known(payload: ConditionRecorded, words: Words) -> Section:
    text = one_line(payload.window.condition or "")
    sentences = [words.say(CONDITIONS[payload.condition], condition=text)]
    if payload.previous is payload.condition:
        sentences.append(words.say("It was so recorded before; this decision gives a reason of its own."))
    else:
        sentences.append(words.say("Before, it was: {before}.", before=words.say(BEFORE[payload.previous])))
    return Section(None, (Paragraph(" ".join(sentences)),))


def _meaning(payload: ConditionRecorded, words: Words) -> Section:
    """What follows for the answer, which this decision did not change."""
    if payload.condition is Condition.NOT_MET:
        meaning = words.say("Nothing is due in this window.")
    elif payload.phase in ENDED_PHASES:
        meaning = words.say("What the text asks for was due. The answer stays what it was.")
    else:
        meaning = words.say("What the text asks for is due by the end of the window.")
    rows = (
        (words.say("Verdict"), verdict_name(payload.value, words, final=payload.final)),
        (words.say("Phase"), words.say(PHASES[payload.phase])),
    )
    return Section(words.say("What it means"), (Paragraph(meaning), Facts(rows)))


def decision_section(decision: DecisionBrief, zone: str, words: Words) -> Section:
    """Who decided what, when, and why."""
    what = words.say(DECIDED[decision.value], number=decision.evidence or "")
    return Section(
        words.say("The decision"),
        (
            Facts(
                (
                    (words.say("Decided"), what),
                    (words.say("Source"), words.say("a decision of {name}", name=one_line(decision.by))),
                    (words.say("When"), words.moment(decision.at, zone)),
                    (words.say("Why"), one_line(decision.reason, REASON_LIMIT)),
                )
            ),
        ),
    )
