"""The question to somebody whose address another person gave, word for word, and what cannot be put into it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from servanda.alerts.formats.mail import Footer, Mail, lay_out_mail
from servanda.alerts.letters.letter import clean_letter
from servanda.alerts.letters.opt_in_letter import OptInRequest, opt_in_letter, opt_in_reason
from servanda.alerts.text.translation import words
from servanda.compliance.watchers import Language, Profile, Subscription

GOLDEN = Path(__file__).parent / "golden_opt_in"
QUESTION = OptInRequest(
    "ana@example.org",
    Profile("Ana", analyst=True, heartbeat="daily"),
    (
        Subscription("mexico", parties=("MX",), severity="notice", frequency="daily"),
        Subscription("next-person", kinds=("final_word", "window_ended"), unacknowledged_after=240),
        Subscription("guard", instruments=("us-mexico-2019",), commitments=("national-guard",)),
    ),
    "Ben",
    "desk@example.org",
)
LINKED = replace(
    QUESTION, confirm_url="https://watch.example/c/TOKEN", refuse_url="https://watch.example/u/TOKEN"
)


def mail(question: OptInRequest, language: Language = "en") -> Mail:
    told = words(language)
    letter = clean_letter(opt_in_letter(question, told))
    return lay_out_mail(letter, Footer(opt_in_reason(told), question.contact), told, replay=False)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("name", "question"), [("by_mail", QUESTION), ("by_page", LINKED)])
def test_the_question_word_for_word(name: str, question: OptInRequest, language: Language) -> None:
    found = mail(question, language)
    expected = (GOLDEN / f"{name}.{language}.txt").read_text(encoding="utf-8")
    assert f"Subject: {found.subject}\n\n{found.text}" == expected


def test_who_did_not_say_their_name_is_whoever_runs_the_monitor() -> None:
    text = " ".join(mail(replace(QUESTION, asked_by=None)).text.split())
    assert "Whoever runs this monitor (desk@example.org) has added your address, ana@example.org." in text


def test_a_name_can_put_no_markup_and_no_link_into_the_question() -> None:
    name = 'Ben\r\n\r\n<a href="https://evil.example/">{address}</a>\u202e'
    asked = mail(replace(QUESTION, asked_by=name))
    assert ("<a " in asked.html, "&lt;a href" in asked.html) == (False, True)
    assert "\u202e" not in asked.html + asked.text
    assert "{address}" in " ".join(asked.text.split()), "what fills a sentence is never read as one itself"
