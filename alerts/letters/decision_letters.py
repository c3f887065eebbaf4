"""The mail about a recorded condition, and the part of others that tells of a decision."""

from __future__ import annotations

from servanda.alerts.letters import common_sections as parts
from servanda.alerts.letters.letter import Commands, Facts, Letter, Paragraph, Section
from servanda.alerts.letters.verdict_words import CONDITIONS, PHASES, verdict_name
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.payloads.decision_payloads import ConditionRecorded
from servanda.alerts.payloads.parts import DecisionBrief
from servanda.alerts.text.sanitising import REASON_LIMIT, one_line
from servanda.alerts.text.translation import Words, msgid
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
    commands = Commands(
        tuple(f"servanda condition {window.id} {x} --by NAME --reason TEXT" for x in ("met", "not-met"))
    )
    return Letter(
        headline,
        headline,
        parts.drop_missing(
            (
                _known(payload, words),
                _meaning(payload, words),
                decision_section(payload.decision, window.zone, words),
                parts.commitment(payload.instrument, payload.commitment, words),
                Section(words.say("The window"), (parts.window_facts(window, words),)),
                Section(words.say("To record it otherwise"), (commands,)),
                parts.timing_section(alert, window.zone, words),
                parts.official_page(one_line(payload.instrument.title), payload.instrument.url, words),
            )
        ),
    )


def _known(payload: ConditionRecorded, words: Words) -> Section:
    text = one_line(payload.window.condition or "")
    said = [words.say(CONDITIONS[payload.condition], condition=text)]
    if payload.previous is payload.condition:
        said.append(words.say("It was so recorded before; this decision gives a reason of its own."))
    else:
        said.append(words.say("Before, it was: {before}.", before=words.say(BEFORE[payload.previous])))
    return Section(None, (Paragraph(" ".join(said)),))


def _meaning(payload: ConditionRecorded, words: Words) -> Section:
    """What follows for the answer, which this decision did not change."""
    if payload.condition is Condition.NOT_MET:
        said = words.say("Nothing is due in this window.")
    elif payload.phase in ENDED_PHASES:
        said = words.say("What the text asks for was due. The answer stays what it was.")
    else:
        said = words.say("What the text asks for is due by the end of the window.")
    rows = (
        (words.say("Verdict"), verdict_name(payload.value, words, final=payload.final)),
        (words.say("Phase"), words.say(PHASES[payload.phase])),
    )
    return Section(words.say("What it means"), (Paragraph(said), Facts(rows)))


def decision_section(made: DecisionBrief, zone: str, words: Words) -> Section:
    """Who decided what, when, and why."""
    what = words.say(DECIDED[made.value], number=made.evidence or "")
    return Section(
        words.say("The decision"),
        (
            Facts(
                (
                    (words.say("Decided"), what),
                    (words.say("Source"), words.say("a decision of {name}", name=one_line(made.by))),
                    (words.say("When"), words.moment(made.at, zone)),
                    (words.say("Why"), one_line(made.reason, REASON_LIMIT)),
                )
            ),
        ),
    )
