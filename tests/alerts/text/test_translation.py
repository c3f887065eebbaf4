from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from gettext import NullTranslations
from pathlib import Path
from typing import Any

import pytest
from babel.dates import get_month_names
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from support.msgids import as_po, msgids, placeholders, unextracted

from servanda.alerts.letters.letter import Commands, Link, Quotation
from servanda.alerts.letters.phrases.kind_names import kind_name
from servanda.alerts.letters.registry import write_letter
from servanda.alerts.payloads.alert import Alert, to_json
from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.text.translation import ENGLISH, LANGUAGES, LOCALE, Words, words
from servanda.compliance.intervals import BEGINNING, Interval
from servanda.compliance.publication import Precision, PublicationTime

SPANISH = words("es")
TRANSLATED = [language for language in LANGUAGES if language != "en"]
WASHINGTON, MEXICO_CITY = "America/New_York", "America/Mexico_City"


def _catalog(language: str) -> Catalog:
    with (LOCALE / language / "servanda.po").open("rb") as file:
        return read_po(file, abort_invalid=True)


def _messages(language: str) -> Iterator[Message]:
    return (message for message in _catalog(language) if message.id)


def _forms(message: Message) -> list[tuple[str, str]]:
    """Each translation beside the English it stands for."""
    english = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    said = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return [(english[min(n, len(english) - 1)], one) for n, one in enumerate(said)]


def _key(message: Message) -> Any:
    return message.id if isinstance(message.id, str) else tuple(message.id)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_has_its_translation(language: str) -> None:
    said = {_key(m) for m in _messages(language) if all(text for _, text in _forms(m)) and not m.fuzzy}
    missing = [as_po(key, place) for key, place in msgids().items() if key not in said]
    assert not missing, f"to be translated in {language}:\n\n" + "\n".join(missing)


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_of_no_use(language: str) -> None:
    used = msgids()
    assert [_key(m) for m in _messages(language) if _key(m) not in used] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_hold_the_same_places_as_the_english(language: str) -> None:
    wrong = [
        (english, said)
        for message in _messages(language)
        for english, said in _forms(message)
        if placeholders(english) != placeholders(said)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_end_and_begin_as_the_english_does(language: str) -> None:
    """A colon before a list, a full stop after a sentence, no space that was lost or added."""
    wrong = [
        (english, said)
        for message in _messages(language)
        for english, said in _forms(message)
        if said != said.strip() or (english[-1] in ".:?") != (said[-1] in ".:?")
    ]
    assert wrong == []


def test_templates_say_what_the_extraction_sees() -> None:
    assert unextracted() == []


def test_sentences_are_found_in_code_and_templates() -> None:
    found = msgids()
    assert found["Now monitoring: {title}"].startswith("alerts/letters/monitoring_letter.py")
    assert found[("{n} day", "{n} days")].startswith("alerts/text/translation.py")
    assert "Change what you get" in found
    assert "Washington" in found


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_speaks_of_a_breach(language: str) -> None:
    stems = ("incumpl", "viol", "infring", "infracc", "quebrant", "fall")
    said = [text.lower() for message in _messages(language) for _, text in _forms(message)]
    claims = [
        text for text in said if any(stem in text for stem in stems) and "ejecuciones fallidas" not in text
    ]
    assert claims == []


# --- nothing is said past them --------------------------------------------------------------------------


class _Marked(NullTranslations):
    """Says every sentence in brackets, so that what was not asked of it can be told."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def _said(part: Any) -> Iterator[str]:
    """What a letter says in words of ours: all but quotations, addresses and commands."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        yield from (said for one in part for said in _said(one))
    elif is_dataclass(part) and not isinstance(part, (Quotation, Link, Commands)):
        yield from (said for f in fields(part) for said in _said(getattr(part, f.name)))


def _outside_brackets(said: str) -> str:
    depth, kept = 0, []
    for character in said:
        depth += (character == "⟦") - (character == "⟧")
        kept.append(character if depth == 0 else " ")
    return "".join(kept)


def _names(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{3,}", text))


def test_no_prose_of_a_letter_goes_past_the_translations(sample: Alert) -> None:
    letter = write_letter(sample, Words("es", _Marked()))
    data = _names(json.dumps(to_json(sample.payload), ensure_ascii=False))
    months = set(get_month_names(locale="es").values())
    loose = {name for said in _said(letter) for name in _names(_outside_brackets(said))}
    assert loose - data - months - {"UTC", "SHA", "Message"} == set()
    assert any("⟦" in said for said in _said(letter))


# --- sentences and numbers --------------------------------------------------------------------------------


def test_a_sentence_without_translation_is_said_in_english() -> None:
    assert SPANISH.say("No such sentence, {name}.", name="Ana") == "No such sentence, Ana."


def test_what_fills_a_place_is_not_a_format() -> None:
    assert SPANISH.say("New evidence: {title}", title="{0} {x!r}") == "Nueva evidencia: {0} {x!r}"


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 días"), (1, "1 día"), (2, "2 días"), (1234, "1,234 días")]
)
def test_plurals_follow_the_number(number: int, said: str) -> None:
    assert SPANISH.count("{n} day", "{n} days", number) == said


def test_numbers_are_written_as_each_language_writes_them() -> None:
    for said in (ENGLISH, SPANISH):
        assert said.number(1234567) == "1,234,567"
        assert said.number(0.756, 2) == "0.76"
        assert said.number(1, 2) == "1.00"


@pytest.mark.parametrize(
    ("said", "listed"),
    [(ENGLISH, "a, b and c"), (SPANISH, "a, b y c")],
    ids=["en", "es"],
)
def test_lists_end_with_a_word(said: Words, listed: str) -> None:
    assert said.list_of(["a", "b", "c"]) == listed
    assert said.list_of(["a"]) == "a"
    assert said.list_of([]) == ""


# --- dates --------------------------------------------------------------------------------------------


def test_dates_are_written_in_spanish() -> None:
    due = datetime(2019, 9, 6, 3, 59, 59, tzinfo=UTC)
    assert SPANISH.long_date(date(2019, 6, 7)) == "7 de junio de 2019"
    assert SPANISH.weekday(0) == "lunes"
    assert SPANISH.weekday(6) == "domingo"
    assert SPANISH.moment(due, WASHINGTON) == (
        "5 de septiembre de 2019, 23:59:59 hora de Washington (6 de septiembre de 2019, 03:59:59 UTC)"
    )
    assert SPANISH.moment(due, MEXICO_CITY) == (
        "5 de septiembre de 2019, 22:59:59 hora de la Ciudad de México (6 de septiembre de 2019, 03:59:59 UTC)"
    )
    assert SPANISH.moment(due, "UTC") == "6 de septiembre de 2019, 03:59:59 UTC"
    assert (
        SPANISH.stretch(Interval(BEGINNING, due), "UTC")
        == "desde el principio hasta el 6 de septiembre de 2019, 03:59:59 UTC"
    )
    assert SPANISH.length(timedelta(days=2, minutes=30)) == "2 días y 30 minutos"


@pytest.mark.parametrize(
    ("published", "said"),
    [
        (
            PublicationTime.day(date(2019, 9, 5), MEXICO_CITY),
            "5 de septiembre de 2019 (solo la fecha, Ciudad de México)",
        ),
        (
            PublicationTime(Precision.MONTH, MEXICO_CITY, on=date(2019, 9, 1)),
            "septiembre de 2019 (sin indicar el día, Ciudad de México)",
        ),
        (
            PublicationTime(Precision.YEAR, WASHINGTON, on=date(2019, 1, 1)),
            "2019 (sin indicar el día, Washington)",
        ),
    ],
)
def test_a_publication_is_no_more_exact_in_spanish(published: PublicationTime, said: str) -> None:
    assert SPANISH.publication(published) == said


# --- names --------------------------------------------------------------------------------------------


def test_every_kind_of_alert_has_a_name() -> None:
    assert len({kind_name(kind, SPANISH) for kind in AlertKind}) == len(AlertKind)
    assert kind_name("final_word", SPANISH) == "respuesta definitiva"
    assert kind_name("not_a_kind", SPANISH) == "not a kind"


@pytest.mark.parametrize(
    ("tag", "said"), [("es", "español"), ("es-MX", "español"), ("EN", "inglés"), ("fr", "fr")]
)
def test_languages_are_named(tag: str, said: str) -> None:
    assert SPANISH.language_name(tag) == said


def test_the_translations_lie_where_they_are_read() -> None:
    assert [path.parent.name for path in Path(LOCALE).rglob("*.po")] == TRANSLATED
