"""A scan never says "no" of a text that matching finds evidence in."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.instruments import make_instrument
from support.phrased import NOISE, cut_up, dressed, texts_for
from support.window_cases import WASHINGTON

from servanda.compliance.instrument import Concept, Instrument, Rule
from servanda.compliance.matching import match
from servanda.compliance.passages import Candidate
from servanda.compliance.prefilter import EDGE, Prefilter, fold_to_alphanumerics
from servanda.compliance.publication import PublicationTime
from servanda.instruments.catalogue import builtin_catalogue, load_catalogue

BUILT_IN = load_catalogue(builtin_catalogue()).instruments[0]
BUILT_IN_SCAN = Prefilter.of((BUILT_IN,))
PUBLISHED = PublicationTime.instant(datetime(2019, 8, 20, tzinfo=UTC), WASHINGTON)


def matches(text: str, instrument: Instrument) -> bool:
    candidate = Candidate("https://www.state.gov/a/", text, PUBLISHED, "State Department", "US")
    return bool(match(candidate, instrument))


def instrument_of(rule: Rule, *concepts: Concept) -> Instrument:
    return replace(make_instrument(), concepts=concepts, rules=(rule,), windows=())


# --- what counts of a text ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("National Guard", "nationalguard"),
        ("Nat\u00adional\u00a0Guard\u200b!", "nationalguard"),
        ("Migración, MIGRACIO\u0301N", "migracionmigracion"),
        ("U.S.-Mexico_2019", "usmexico2019"),
        ("R&D <b>", f"r{EDGE}d{EDGE}b{EDGE}"),
        ("Дмитрий 한국 \u3164 ß", ""),
        ("\u212b\u212a ﬁve re\ufb02exión ｍｐｐ", "akfivereflexionmpp"),  # written out, as texts are drawn
        ("acciones¹ adicionales", "accionesadicionales"),
    ],
)
def test_what_counts(text: str, counts: str) -> None:
    assert fold_to_alphanumerics(text) == counts


# --- yes and no -----------------------------------------------------------------------------------------

GUARD = Concept("guard", ("National Guard",), ("Guardia Nacional",))
BORDER = Concept("border", ("border*",), ("fronter*",))
TROOPS = Concept("troops", ("share* information",), ("efectivos",))
ONE = Rule("r", "further-actions", all=("guard",), any=("border", "troops"), threshold=0.9)


@pytest.mark.parametrize(
    ("pieces", "may"),
    [
        (("The National Guard shares information at the border.",), True),
        (("The NATIONAL-GUARD", "sharing, no: share", "d information; bord", "ers"), True),
        (("of the Nation", "al", " Guard", "fronteras", "efectivos"), True),  # over three pieces
        (("Guard", "x National", "borderline", "efectivos"), True),  # order is not known
        (("xNational", "Guardia", "border", "efectivos"), True),  # nor where words begin and end
        (("The National Guard at the border.",), False),  # the score stays below the threshold
        (("The National Army", "Guards", "border", "efectivos"), False),  # pieces are kept or dropped whole
        (("The National Army guards its border; efectivos.",), False),
        (("", "  ", "..."), False),
        ((), False),
    ],
)
def test_whether_a_rule_may_hold(pieces: tuple[str, ...], may: bool) -> None:
    assert Prefilter.of((instrument_of(ONE, GUARD, BORDER, TROOPS),)).may_match(*pieces) is may


def test_a_phrase_without_anything_that_counts_is_never_ruled_out() -> None:
    cyrillic = instrument_of(Rule("r", "further-actions", all=("c",)), Concept("c", ("Дума",), ()))
    assert matches("Дума", cyrillic) and Prefilter.of((cyrillic,)).may_match("Дума") is True


def test_a_rule_of_any_instrument_is_enough() -> None:
    guard = instrument_of(Rule("r", "further-actions", all=("guard",)), GUARD)
    border = instrument_of(Rule("r", "further-actions", all=("border",)), BORDER)
    assert Prefilter.of((guard, border)).may_match("The border.") is True
    assert Prefilter.of((guard,)).may_match("The border.") is False
    assert Prefilter.of(()).may_match("The border.") is False


def test_a_scan_survives_the_way_to_another_process() -> None:
    scan = pickle.loads(pickle.dumps(BUILT_IN_SCAN))
    assert scan.may_match("Joint decl", "aration on migration") is True
    assert scan.may_match("A visit to the museum.") is False


# --- nothing that matching finds is ruled out -------------------------------------------------------------


@given(st.data())
def test_nothing_that_the_built_in_rules_find_is_ruled_out(data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(BUILT_IN.rules))
    text, pieces = data.draw(cut_up(data.draw(texts_for(BUILT_IN, rule))))
    assume(matches(text, BUILT_IN))
    assert BUILT_IN_SCAN.may_match(text)
    assert BUILT_IN_SCAN.may_match(*pieces)


WORDS = st.sampled_from(
    ("ab*", "a", "b", "aba", "ba*", "é", "C.A.", "a-b", "b&a", "İ*", "ﬁb", "a_b", "*", "Да")
)
PHRASES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
CONCEPTS = st.lists(PHRASES, min_size=1, max_size=3).map(tuple)


@given(st.data())
def test_nothing_that_any_rules_find_is_ruled_out(data: st.DataObject) -> None:
    concepts = [Concept(name, data.draw(CONCEPTS), data.draw(CONCEPTS)) for name in "xyz"]
    some = st.lists(st.sampled_from("xyz"), max_size=2, unique=True).map(tuple)
    threshold = data.draw(st.sampled_from((0.0, 0.5, 0.667, 0.75, 1.0)))
    rule = Rule("r", "further-actions", data.draw(some), data.draw(some), threshold=threshold)
    instrument = instrument_of(rule, *concepts)
    words = st.one_of(PHRASES.flatmap(dressed), NOISE, st.text(alphabet="abcé .-\n&;İﬁ_\u0301Дa", max_size=6))
    text, pieces = data.draw(cut_up("".join(data.draw(st.lists(words, min_size=1, max_size=6)))))
    scan = Prefilter.of((instrument,))
    if matches(text, instrument):
        assert scan.may_match(text)
        assert scan.may_match(*pieces)
