"""Which documents tell of one event: on both sides of every bound, and never at the price of silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from servanda.compliance.publication import PublicationTime
from servanda.compliance.same_event import WITHIN, EventReport, first_reports, repeats

WASHINGTON, MEXICO_CITY = "America/New_York", "America/Mexico_City"
AT = datetime(2019, 6, 20, 14, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)

PASSAGE = (
    "The Secretary welcomed that Mexico deployed 6,000 members of its National Guard to its southern border."
)
REST = "The two sides will meet again in the autumn, as the programme for the coming months has it."
TEXT = f"Secretary speaks with Mexico\n\n{PASSAGE}\n\n{REST}"
FIRST = EventReport(
    1, "us-state", "national-guard", False, "Secretary speaks with Mexico",
    (PASSAGE,), PublicationTime.instant(AT, WASHINGTON), TEXT,
)  # fmt: skip
AGAIN = replace(FIRST, id=2, source="us-dhs")


def after(delay: timedelta) -> PublicationTime:
    return PublicationTime.instant(AT + delay, WASHINGTON)


@pytest.mark.parametrize(
    "why, changes, same",
    [
        ("the same release at another ministry", {}, True),
        ("a day later", {"published": after(24 * HOUR)}, True),
        ("as late as that may be", {"published": after(WITHIN)}, True),
        ("two seconds later than that", {"published": after(WITHIN + 2 * SECOND)}, False),
        ("the other one was first", {"published": after(-24 * HOUR)}, True),
        ("of the other one only the day is known", {"published": PublicationTime.day(date(2019, 6, 22), MEXICO_CITY)}, True),
        ("a day that is too late", {"published": PublicationTime.day(date(2019, 6, 23), MEXICO_CITY)}, False),
        ("case, accents and punctuation", {"title": "SÉCRETARY  speaks: with México!"}, True),
        ("a title of other words", {"title": "Guard deployed at the southern border"}, False),
        ("a word more in a title of four", {"title": "The Secretary speaks with Mexico"}, True),
        ("two words more in a title of four", {"title": "Today the Secretary speaks with Mexico"}, False),
        ("a passage that matched besides", {"passages": (PASSAGE, REST)}, False),
        ("another passage", {"passages": (PASSAGE.replace("6,000", "2,400"),)}, False),
        ("its title matched too, which is no news", {"passages": (FIRST.title, PASSAGE)}, True),
        ("the same passage, and another text around it", {"text": f"{PASSAGE}\n\nHe then spoke of trade, of the drug war, and of what comes next for both sides of the river."}, False),
        ("a line before the same text", {"text": f"For release at noon.\n\n{FIRST.text}"}, True),
        ("less of the same text", {"text": PASSAGE}, True),
        ("paragraphs that are run together", {"text": f"{PASSAGE} {REST}"}, True),
        ("a paragraph more", {"text": f"{FIRST.text}\n\nIt will deploy the National Guard to its north, too."}, False),
        ("another number in another paragraph", {"text": TEXT.replace("two sides", "three sides")}, False),
        ("its own title differs, and heads its text", {"title": "Today: Secretary speaks with Mexico", "text": f"Today: Secretary speaks with Mexico\n\n{PASSAGE}"}, True),
        ("its text is not at hand", {"text": None}, False),
        ("it says nothing", {"text": ""}, False),
        ("another commitment", {"commitment": "further-actions"}, False),
        ("it may be the announcement, and the first may not", {"candidate": True}, False),
        ("the same source, at the same second", {"source": "us-state"}, True),
        ("the same source, two seconds later: two releases", {"source": "us-state", "published": after(2 * SECOND)}, False),
        ("the same source, whose listing knows only the day", {"source": "us-state", "published": PublicationTime.day(date(2019, 6, 20), WASHINGTON)}, True),
        ("the same source, its listing of the next day", {"source": "us-state", "published": PublicationTime.day(date(2019, 6, 21), WASHINGTON)}, False),
    ],
)  # fmt: skip
def test_what_is_one_event(why: str, changes: dict[str, Any], same: bool) -> None:
    assert repeats(replace(AGAIN, **changes), FIRST) is same, why


def test_mere_evidence_repeats_a_candidate_but_not_the_other_way_round() -> None:
    candidate = replace(FIRST, candidate=True)
    assert repeats(AGAIN, candidate)
    assert repeats(replace(AGAIN, candidate=True), candidate)
    assert not repeats(replace(AGAIN, candidate=True), FIRST)


def test_a_text_that_is_not_at_hand_repeats_nothing_and_is_repeated_by_nothing() -> None:
    assert not repeats(AGAIN, replace(FIRST, text=None))


def test_a_chain_of_reports_is_held_against_its_first() -> None:
    second = replace(AGAIN, published=after(40 * HOUR))
    third = replace(AGAIN, id=3, source="us-cbp", published=after(80 * HOUR))
    assert first_reports([FIRST, second, third]) == {2: 1}, "the third is too late after the first"
