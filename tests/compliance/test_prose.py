"""Whether a text can be read and searched, told by its words alone."""

from __future__ import annotations

import codecs

import pytest

from servanda.compliance.prose import (
    LEAST_WORDS,
    WORDS_PER_DAMAGED,
    ProseFacts,
    content_words,
    count_damaged,
    letters_only,
    measure_prose,
    what_hides_words,
)

ENGLISH = (
    "The Secretary met with the Foreign Secretary of Mexico and spoke about the measures that both countries "
    "have taken since June. They agreed that the work would go on at the common border in the coming months."
)
SPANISH = (
    "El Secretario se reunió con el canciller de México y conversó sobre las medidas que los dos países han "
    "tomado desde junio. Acordaron que el trabajo continuará en la frontera común durante los próximos meses."
)
FRENCH = (
    "Le secrétaire d'État a rencontré le ministre des Affaires étrangères du Mexique et a parlé des mesures que "
    "les deux pays ont prises depuis juin. Ils sont convenus de continuer leur travail à la frontière commune."
)
PORTUGUESE = (
    "O Secretário reuniu-se com o Ministro das Relações Exteriores do México e falou sobre as medidas que os dois "
    "países tomaram desde junho. Os dois acordaram que o trabalho não pararia na fronteira nos próximos meses."
)
GERMAN = (
    "Der Minister hat sich mit dem Außenminister von Mexiko getroffen und über die Maßnahmen gesprochen, die die "
    "beiden Länder seit Juni ergriffen haben. Sie sind sich einig, dass die Arbeit an der Grenze weitergeht."
)
ITALIAN = (
    "Il ministro ha incontrato il ministro degli Esteri del Messico e ha parlato delle misure che i due paesi hanno "
    "preso da giugno. Hanno detto che il lavoro alla frontiera comune non si ferma nei prossimi mesi."
)
RUSSIAN = (
    "Государственный секретарь встретился сегодня с министром иностранных дел Мексики и обсудил меры которые обе "
    "страны приняли с июня чтобы сократить нелегальную миграцию и договорился продолжить работу на границе осенью"
)
NAMES = " ".join(["María Hernández Rodríguez", "John Public", "Olga Sánchez Cordero", "Mike Pompeo"] * 4)

# --- shares -----------------------------------------------------------------------------------------------

WORDS = [
    (ENGLISH, True, "plain English"),
    (SPANISH, True, "plain Spanish"),
    (f"{ENGLISH} {SPANISH}", True, "a release in both languages"),
    ("", True, "no text hides nothing: that there is none is another doubt"),
    (" ".join(ENGLISH.split()[: LEAST_WORDS - 1])[::-1], True, "24 words say too little to be judged"),
    (codecs.encode(ENGLISH, "rot13"), False, "letters permuted, as where a font's table is shifted"),
    (ENGLISH[::-1], False, "letters in reverse"),
    (" ".join(ENGLISH.replace(" ", "")), False, "letters that stand apart"),
    (NAMES, False, "names alone, without any sentence"),
    (f"{ENGLISH} {NAMES}", True, "names after a sentence"),
]


@pytest.mark.parametrize(("text", "legible", "why"), WORDS, ids=[why for *_, why in WORDS])
def test_what_can_be_searched(text: str, legible: bool, why: str) -> None:
    assert (what_hides_words(measure_prose(text)) is None) is legible, why


def words(function: int, other: int) -> str:
    return " ".join(["the"] * function + ["border"] * other)


SHARES = [
    (ProseFacts(words=100, function_share=0.13), True, "just as many function words as are needed"),
    (ProseFacts(words=100, function_share=0.129), False, "a little fewer"),
    (ProseFacts(words=25, function_share=0.0), False, "the shortest text that is judged"),
    (ProseFacts(words=24, function_share=0.0), True, "one word shorter"),
    (
        ProseFacts(words=100, function_share=0.4, single_letters=0.25),
        True,
        "as many single letters as may be",
    ),
    (ProseFacts(words=100, function_share=0.4, single_letters=0.251), False, "a little more"),
    (ProseFacts(words=24, function_share=0.4, single_letters=0.9), True, "single letters of a short text"),
    (
        ProseFacts(words=100, function_share=0.0, language="fr"),
        True,
        "another language is not judged by ours",
    ),
    (ProseFacts(words=100, function_share=0.4, damaged=1), False, "one damaged word of a hundred"),
    (ProseFacts(words=4999, function_share=0.4, damaged=1), False, "one of 4,999"),
    (ProseFacts(words=5000, function_share=0.4, damaged=1), True, "one of five thousand"),
    (ProseFacts(words=9999, function_share=0.4, damaged=2), False, "two of 9,999"),
    (ProseFacts(words=10000, function_share=0.4, damaged=2), True, "two of ten thousand"),
    (ProseFacts(words=3, damaged=1), False, "a short text with a damaged word"),
    (ProseFacts(words=0, damaged=1), False, "nothing but damage"),
    (ProseFacts(words=200, function_share=0.4, damaged=1, language="fr"), False, "damage in any language"),
]


@pytest.mark.parametrize(("facts", "legible", "why"), SHARES, ids=[why for *_, why in SHARES])
def test_the_bounds(facts: ProseFacts, legible: bool, why: str) -> None:
    assert (what_hides_words(facts) is None) is legible, why


PLAIN = "La migracion y la accion de los gobiernos en la frontera sur"
ACCENTS = [
    (PLAIN, True, "accents left out, each letter kept"),
    ("La migracin y los acuerdos de los gobiernos", False, "a letter lost with its accent"),
    ("La migracin y los acuerdos de México", True, "one such word beside an accent may be a name"),
    ("Las acciones, la migracin y la comunicacin de México", False, "two of them"),
    ("A statement by Mr. Garcin on the border and the talks", True, "a name in an English text"),
    ("de los que en la casa del norte " * 9, True, "72 words without any accent"),
    (
        "de los que en la casa del norte " * 10,
        False,
        "80 words with neither an accent nor an ending in -cion",
    ),
    (
        "de los que en la casa del norte " * 10 + "migracion",
        True,
        "the ending tells that only accents were left out",
    ),
]


@pytest.mark.parametrize(("text", "legible", "why"), ACCENTS, ids=[case[-1] for case in ACCENTS])
def test_letters_that_were_lost_with_their_accents(text: str, legible: bool, why: str) -> None:
    assert (measure_prose(text).damaged == 0) is legible, why


@pytest.mark.parametrize("mark", ["\u202d", "\u202e"])
def test_letters_that_a_mark_turns_are_damaged(mark: str) -> None:
    assert count_damaged(f"The talks {mark}no tnew") == 1


def test_the_reason_says_what_is_wrong() -> None:
    assert what_hides_words(ProseFacts(words=100, function_share=0.05)) == (
        "only 5% of its 100 words are such as any sentence needs: it is no legible English or Spanish"
    )
    assert "its letters stand apart" in (
        what_hides_words(ProseFacts(words=100, function_share=0.4, single_letters=0.5)) or ""
    )
    assert "2 of its 9 words" in (what_hides_words(ProseFacts(words=9, damaged=2)) or "")


def test_what_is_measured() -> None:
    assert measure_prose(words(13, 87)) == ProseFacts(words=100, function_share=0.13)
    assert measure_prose("La a y b, no 2019 ni 3.") == ProseFacts(6, 0.5, 0.5)
    assert measure_prose("12 % – 2019") == ProseFacts()


# --- damage -----------------------------------------------------------------------------------------------

DAMAGE = [
    ("migraci\ufffdn", 1, "a letter that was lost within a word"),
    ("\ufffdmigration\ufffd", 0, "lost quotation marks around a word"),
    ("migration\ufffd.", 0, "a lost quotation mark before a stop"),
    ("\ufffd \ufffd", 0, "lost characters that touch no word"),
    ("migra\ufffd\ufffdn", 1, "two letters of one word"),
    ("migraci\ufffdn frontera comisi\ufffdn", 2, "a letter of each of two words"),
    ("migra\ue001n", 1, "a character of private use, as broken fonts give"),
    ("migra\U000f0001n", 1, "one of a private plane"),
    ("\ue001 Print", 0, "a mark of its own, as icons are drawn"),
    ("\ue001\ue002\ue003", 1, "a whole word of them"),
    ("m i g r a t i o n", 1, "letters that stand apart"),
    ("(cid:12)(cid:7)", 2, "numbers of glyphs"),
    ("migraci?n, no?", 1, "a letter that became a question mark"),
    ("\u0440\u043e\u0440\u0435 was there", 1, "a word of look-alikes"),
    ("migraciÃ³n", 1, "UTF-8 that was read as Latin-1"),
    ("MÃ©xico paÃ­s", 2, "twice"),
    ("the Secretaryâ€™s words", 1, "a quotation mark that was read as Windows text"),
    ("São Paulo, João, Âncora, pâte", 0, "letters that are seldom, and right"),
    ("migr\u0430tion", 1, "a Cyrillic letter in a Latin word"),
    ("migrati\u03bfn", 1, "a Greek one"),
    ("Заявление Ελλάδα", 0, "whole words of other scripts"),
    ("10 µm, 3 Ω, πr", 0, "signs of units"),
    ("plain words", 0, "nothing beyond ASCII"),
    ("El señor Núñez, ¿cómo?", 0, "Spanish as it is written"),
]


@pytest.mark.parametrize(("text", "damaged", "why"), DAMAGE, ids=[why for *_, why in DAMAGE])
def test_damaged_words_are_counted(text: str, damaged: int, why: str) -> None:
    assert measure_prose(text).damaged == damaged, why


# --- other languages --------------------------------------------------------------------------------------

LANGUAGES = [
    (ENGLISH, None),
    (SPANISH, None),
    (FRENCH, "fr"),
    (PORTUGUESE, "pt"),
    (GERMAN, "de"),
    (ITALIAN, "it"),
    (RUSSIAN, "other"),
    (f"{SPANISH} {ENGLISH} {FRENCH}", None),
    (" ".join(FRENCH.split()[:10]), None),
]


@pytest.mark.parametrize(("text", "language"), LANGUAGES)
def test_other_languages_are_told_where_they_are_clear(text: str, language: str | None) -> None:
    facts = measure_prose(text)
    assert facts.language == language
    assert what_hides_words(facts) is None, "a language that nobody can search is another doubt"


# --- words that carry meaning -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("The Secretary Meets With México", ["secretary", "meets", "mexico"]),
        ("Comunicado No. 197", ["comunicado", "197"]),
        ("About Us", ["about", "us"]),
        ("A 5G pact of 2019", ["5", "pact", "2019"]),
        ("—", []),
    ],
)
def test_what_carries_meaning(text: str, kept: list[str]) -> None:
    assert content_words(text) == kept


def test_numbers_are_no_letters() -> None:
    assert letters_only(["notice", "197", "5"]) == ["notice"]


def test_one_damaged_word_is_borne_with_in_a_long_text_only() -> None:
    long = " ".join([ENGLISH] * 150)
    assert len(long.split()) > WORDS_PER_DAMAGED
    assert what_hides_words(measure_prose(f"{long} migraci\ufffdn")) is None
    assert what_hides_words(measure_prose(f"{ENGLISH} migraci\ufffdn")) is not None
