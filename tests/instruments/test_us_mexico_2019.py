"""The first instrument: its text, its spans, its window."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from servanda.compliance.instrument import Instrument, Window
from servanda.compliance.windows import count_window
from servanda.instruments.catalogue import builtin_catalogue, load_catalogue


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return load_catalogue(builtin_catalogue()).instrument("us-mexico-2019")


@pytest.fixture(scope="module")
def window(instrument: Instrument) -> Window:
    return next(w for w in instrument.windows if w.id == "further-actions-90d")


# --- text and commitments ---------------------------------------------------------------------------


def test_the_text_is_the_declaration_without_the_pages_furniture(instrument: Instrument) -> None:
    assert instrument.text.startswith("The United States and Mexico met this week to address")
    assert instrument.text.endswith("for themselves and their families at home.\n")
    for furniture in ("Travelers", "Bureau of Western", "JUNE 14, 2019", "Related Articles", "READ MORE"):
        assert furniture not in instrument.text
    assert instrument.published_on == date(2019, 6, 7)


def test_nine_commitments_are_quoted_verbatim_each_under_its_heading(instrument: Instrument) -> None:
    text = instrument.text
    headings = [line for line in text.splitlines() if 0 < len(line) < 40]
    assert len(headings) == 4
    assert len(instrument.commitments) == 9
    for commitment in instrument.commitments:
        assert text[commitment.start : commitment.end] == commitment.quote
        above = [h for h in headings if text.index(f"\n{h}\n") < commitment.start]
        assert commitment.section == above[-1]


def test_who_owes_what(instrument: Instrument) -> None:
    assert {c.id: (c.debtors, c.kind) for c in instrument.commitments} == {
        "national-guard-deployment": (("MX",), "continuing"),
        "smuggling-networks": (("MX",), "continuing"),
        "bilateral-cooperation": (("US", "MX"), "continuing"),
        "protection-protocols-expansion": (("US",), "one_off"),
        "entrance-of-the-returned": (("MX",), "continuing"),
        "jobs-healthcare-education": (("MX",), "continuing"),
        "asylum-adjudication": (("US",), "continuing"),
        "further-actions": (("US", "MX"), "conditional"),
        "central-america": (("US", "MX"), "continuing"),
    }


def test_every_commitment_has_a_rule(instrument: Instrument) -> None:
    assert {r.commitment for r in instrument.rules} == {c.id for c in instrument.commitments}


# --- the window -------------------------------------------------------------------------------------


def test_the_window_ends_where_each_reading_says(window: Window) -> None:
    due = {r.id: count_window(window, r).due_at for r in window.readings}
    assert due == {
        "published-washington": datetime(2019, 9, 6, 4, tzinfo=UTC),
        "published-mexico-city": datetime(2019, 9, 6, 5, tzinfo=UTC),
        "anchor-8-june-washington": datetime(2019, 9, 7, 4, tzinfo=UTC),
        "anchor-10-june-washington": datetime(2019, 9, 9, 4, tzinfo=UTC),
        "anchor-12-june-washington": datetime(2019, 9, 11, 4, tzinfo=UTC),
    }
    assert window.primary.id == "published-washington"
    assert (window.review, window.reminders, window.condition) == ("required", (30, 7, 1), "if necessary")


def test_absence_rests_on_sources_of_both_parties(instrument: Instrument, window: Window) -> None:
    sources = {s.id: s for s in load_catalogue(builtin_catalogue()).sources}
    assert {sources[s].party for s in window.sources} == {"US", "MX"}
    assert set(window.sources) < set(instrument.sources) == set(sources)
