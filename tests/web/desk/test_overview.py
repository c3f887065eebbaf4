"""The overview: what waits for a person, every window, and filters that stay in the address."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.desk_pages import WINDOW, Reader

from servanda.alerts.text.translation import words
from servanda.compliance.vocabulary import VerdictValue
from servanda.jobs.views.attention import attention
from servanda.web.desk.overview import overview_page, read_question

pytestmark = pytest.mark.slow


def test_what_needs_a_person_is_named_with_the_command_that_acts(reader: Reader) -> None:
    said = reader.page().section("waiting")
    for part in (
        "1 candidate waits: it may be an announcement",
        "The Vice President's Meeting With the Foreign Secretary of Mexico",
        "servanda review list",
        "9 pieces of evidence wait for review",
        "and 4 more",
        "3 flags are not acknowledged",
        "servanda alerts --unacknowledged",
    ):
        assert part in said


def test_what_waits_is_what_the_command_line_lists(reader: Reader) -> None:
    waiting = {kind.kind: kind.count for kind in attention(reader.wiring.ledger, reader.wiring.catalogue)}
    assert waiting == {"candidates": 1, "evidence": 9, "flags": 3}


def test_a_window_stands_under_the_month_in_which_it_ends(reader: Reader) -> None:
    month, line = reader.page().rows("windows-ended")
    assert month == ["September 2019"]
    assert line[0] == "Further actions announced within 90 days us-mexico-2019 US, MX"
    assert line[1:4] == [
        "no announcement found, coverage complete final",
        "5 September 2019 ended 7 days ago",
        "4 of 4",
    ]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", True),
        ("verdict=none_found", True),
        ("verdict=unverified", False),
        ("party=MX", True),
        ("party=CA", False),
        ("instrument=us-mexico-2019&party=US&verdict=none_found", True),
        ("instrument=no-such", False),
    ],
)
def test_a_filter_is_kept_in_the_address(reader: Reader, asked: str, shown: bool) -> None:
    page = reader.page(f"?{asked}")
    assert (f"/{WINDOW}" in page.links()) is shown
    assert shown or "No window matches what you chose." in page.words
    chosen = {str(option["value"]) for option in page.soup.select("option[selected]") if option["value"]}
    offered = {value for value in (pair.partition("=")[2] for pair in asked.split("&")) if value}
    assert chosen == offered - {"no-such", "CA"}
    other = next(a for a in page.soup.select(".languages a") if a["hreflang"] == "es")
    assert asked in str(other["href"])


@pytest.mark.parametrize(
    "asked", ["verdict=violated", "ended_after=x", "ended_after=20190906T040000Zx~w", "party=" + "x" * 201]
)
def test_a_question_that_is_none_is_refused(reader: Reader, asked: str) -> None:
    assert reader.page(f"?{asked}").status == 400


def test_the_overview_in_spanish(reader: Reader) -> None:
    page = reader.page("es/")
    assert page.title == "Panorama"
    assert "1 candidato espera: puede ser un anuncio" in page.words
    assert "ninguna novedad" not in page.words


def test_every_verdict_can_be_chosen() -> None:
    for value in VerdictValue:
        assert read_question(None, None, value.value, None, None).chosen.verdict is value


def test_nothing_that_waits_is_told_as_well(reader: Reader, tmp_path: Path) -> None:
    """The page of a monitor that has read nothing yet."""
    from servanda.jobs.bootstrap.settings import Settings
    from servanda.jobs.bootstrap.wiring import wire
    from servanda.web.desk.addresses import Addresses
    from servanda.web.desk.rendering import Frame

    settings = Settings(
        database_url=f"sqlite:///{tmp_path}/new.db", catalogue=reader.wiring.settings.catalogue
    )
    with wire(opening="create", settings=settings) as empty:
        frame = Frame(words("en"), Addresses(), empty.now, empty.replay)
        html = overview_page(empty, frame, read_question(None, None, None, None, None))
    assert "Nothing waits for a person: no candidate" in html
    assert "not judged yet" in html
    assert '<span class="shape" aria-hidden="true"></span>still open' not in html, "it ended long ago"
