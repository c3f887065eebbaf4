"""Texts that say what a rule wants, for hypothesis: phrases in any dress, cut into pieces among others."""

from __future__ import annotations

import unicodedata

from hypothesis import strategies as st

from servanda.compliance.instrument import Instrument, Rule

BETWEEN_WORDS = st.sampled_from((" ", "  ", "-", "\n", "\u00a0", " - ", "\n\n", "\t"))
ENDINGS = st.sampled_from(("", "s", "es", "ing", "_x", "ción", "ß", "9"))
NOISE = st.sampled_from(
    ("", " ", "the", "a", "i", "na", " of the ", ". ", "(1)", "|", "Nat", "ional", "migr", "\u3164")
)


@st.composite
def dressed(draw: st.DrawFn, phrase: str) -> str:
    """A phrase as a document may write it: other case, accents apart, endings, other white space."""
    words = [word[:-1] + draw(ENDINGS) if word.endswith("*") else word for word in phrase.split()]
    said = words[0] + "".join(draw(BETWEEN_WORDS) + word for word in words[1:])
    return draw(st.sampled_from((said, said.upper(), said.title(), unicodedata.normalize("NFD", said))))


@st.composite
def texts_for(draw: st.DrawFn, instrument: Instrument, rule: Rule) -> str:
    """A passage that says all that the rule wants, in any order, among other words."""
    concepts = {concept.id: concept for concept in instrument.concepts}
    wanted = [draw(st.sampled_from(concepts[concept].phrases)) for concept in rule.all]
    if rule.any:
        some = draw(st.lists(st.sampled_from(rule.any), min_size=1, max_size=2, unique=True))
        wanted += [draw(st.sampled_from(concepts[concept].phrases)) for concept in some]
    said = [draw(dressed(phrase)) for phrase in draw(st.permutations(wanted))]
    return f"{draw(NOISE)} " + " ".join(f"{one} {draw(NOISE)}" for one in said)


@st.composite
def cut_up(draw: st.DrawFn, text: str) -> tuple[str, list[str]]:
    """A text made of pieces, and the pieces in another order, others among them."""
    places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
    pieces = [text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True)]
    return "".join(pieces), draw(st.permutations(pieces + draw(st.lists(NOISE, max_size=4))))
