"""The question to somebody whose address another person gave: do you want these mails? It is all they get."""

from __future__ import annotations

from dataclasses import dataclass

from servanda.alerts.letters.letter import Commands, Entries, Entry, Letter, Paragraph, Section, link
from servanda.alerts.letters.phrases.subscription_words import subscription_sentence
from servanda.alerts.text.translation import Words
from servanda.compliance.watchers import Profile, Subscription


@dataclass(frozen=True, slots=True)
class OptInRequest:
    """``asked_by``: who gave the address, None where they did not say. ``contact``: whom to write to.

    ``confirm_url`` and ``refuse_url`` are pages that ask once more; None while there are none.
    """

    address: str
    profile: Profile
    subscriptions: tuple[Subscription, ...]
    asked_by: str | None
    contact: str
    confirm_url: str | None = None
    refuse_url: str | None = None


def opt_in_letter(question: OptInRequest, words: Words) -> Letter:
    """Who asks, what they would get, how to agree, and that silence is an answer too."""
    title = words.say("Do you want mail from this monitor?")
    return Letter(
        title,
        title,
        (
            _who_asks(question, words),
            Section(words.say("What you would get"), (_wishes(question, words),)),
            _agreeing(question, words),
            _declining(question, words),
        ),
    )


def opt_in_reason(words: Words) -> str:
    """Why somebody who agreed to nothing gets a mail."""
    return words.say("You get this one mail because your address was given to this monitor.")


def _who_asks(question: OptInRequest, words: Words) -> Section:
    what = words.say(
        "Servanda watches what governments promised, and by when, and tells those who want to know."
    )
    who = (
        words.say(
            "{name} has given your address, {address}.", name=question.asked_by, address=question.address
        )
        if question.asked_by
        else words.say(
            "Whoever runs this monitor ({contact}) has added your address, {address}.",
            contact=question.contact,
            address=question.address,
        )
    )
    nothing = words.say("Nothing more is sent to you unless you agree.")
    return Section(None, (Paragraph(f"{what} {who} {nothing}"),))


def _wishes(question: OptInRequest, words: Words) -> Entries:
    wishes = [subscription_sentence(wish, words) for wish in question.subscriptions]
    if question.profile.operator:
        wishes.append(words.say("as an operator: sources that can no longer be read, and failed runs"))
    if question.profile.analyst:
        wishes.append(words.say("as an analyst: what waits for review"))
    if question.profile.heartbeat == "daily":
        wishes.append(words.say("on quiet days a short report with numbers, once a day"))
    if question.profile.heartbeat == "weekly":
        wishes.append(words.say("in quiet weeks a short report with numbers, once a week"))
    return Entries(tuple(Entry(wish) for wish in wishes))


def _agreeing(question: OptInRequest, words: Words) -> Section:
    title = words.say("If you want it")
    if question.confirm_url is not None:
        how = words.say(
            "Open this page within 30 days and press its button. Opening it alone changes nothing."
        )
        return Section(title, (Paragraph(how), link(question.confirm_url)))
    how = words.say(
        "Write to {contact} that you agree. Whoever runs this monitor then types:", contact=question.contact
    )
    return Section(title, (Paragraph(how), Commands((_command(question.address),))))


def _command(address: str) -> str:
    return f"servanda watchers confirm {address} --by NAME"


def _declining(question: OptInRequest, words: Words) -> Section:
    title = words.say("If you do not want it")
    silence = words.say("Do nothing. You are asked three times at most, and never twice within a week.")
    if question.refuse_url is None:
        return Section(title, (Paragraph(silence),))
    never = words.say("Not to be asked again, open this page and press its button:")
    return Section(title, (Paragraph(silence), Paragraph(never), link(question.refuse_url)))
