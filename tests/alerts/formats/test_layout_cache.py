"""A layout that many share says to each reader what a layout of their own would say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from servanda.alerts.formats.layout_cache import lay_out_mail_for
from servanda.alerts.formats.mail import Footer, lay_out_mail
from servanda.alerts.letters.additions import prepend_paragraph
from servanda.alerts.letters.letter import clean_letter
from servanda.alerts.letters.registry import write_letter
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.text.translation import words
from servanda.compliance.watchers import Language

WHY = "You get this because you watch all instruments (all alerts)."
READERS = [
    Footer(WHY, "monitor@example.org"),
    Footer(WHY, "monitor@example.org", "https://s.example/p/a.b-c_d", "https://s.example/u/a.b-c_d"),
    Footer(WHY, "monitor@example.org", "https://s.example/in/p/x?a=1&b='2'", 'https://s.example/u/"><b>'),
    Footer(WHY, "monitor@example.org", "javascript:alert(1)", "https://s.example/u/a"),
    Footer("Por otra razón.", "otra@example.org", "https://s.example/p/2", "https://s.example/u/2"),
]


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_reader_reads_what_they_would_read_alone(sample: Alert, language: Language) -> None:
    told = words(language)
    letter = write_letter(sample, told)
    for _ in range(2):
        for footer in READERS:
            alone = lay_out_mail(letter, footer, told, replay=False)
            assert lay_out_mail_for(letter, footer, language, replay=False) == alone
    replayed = lay_out_mail(letter, READERS[1], told, replay=True)
    assert lay_out_mail_for(letter, READERS[1], language, replay=True) == replayed


def test_what_was_added_to_a_letter_is_cleaned_too(samples: dict[str, Alert]) -> None:
    letter = prepend_paragraph(write_letter(samples["candidate"], words("en")), "two\r\nlines\x1b[2J")
    mail = lay_out_mail_for(letter, READERS[0], "en", replay=False)
    assert mail == lay_out_mail(clean_letter(letter), READERS[0], words("en"), replay=False)
    assert "two lines[2J" in mail.text


def test_no_text_can_name_the_place_of_a_reader_s_address(samples: dict[str, Alert]) -> None:
    """What stands there in a layout is drawn anew in each process, and is in no mail."""
    letter = write_letter(samples["candidate"], words("en"))
    mail = lay_out_mail_for(letter, READERS[1], "en", replay=False)
    assert ".invalid" not in mail.text + mail.html
    other = replace(READERS[1], preferences_url="https://s.example/p/other")
    assert "a.b-c_d" not in lay_out_mail_for(letter, other, "en", replay=False).text.replace("/u/a.b-c_d", "")
