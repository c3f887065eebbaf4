"""What a window must hold together: its count, its readings, its sources, its checklist."""

from __future__ import annotations

import pytest
from support.documented import INSTRUMENT, Broken, CatalogueFolder

# fmt: off
CASES = [
    Broken("the window of a commitment that does not exist", INSTRUMENT,
           "  - id: water-plan-6m\n    commitment: water-plan", "  - id: water-plan-6m\n    commitment: plan",
           "commitment: plan", "windows[0].commitment", "plan", "there is no such commitment", "gauging-station, water-plan"),
    Broken("a duration in hours has no civil end", INSTRUMENT, "    duration: P6M", "    duration: PT48H", "PT48H",
           "windows[0].duration", "PT48H", "is not an ISO 8601 calendar duration", "P90D, P6M or P1Y"),
    Broken("a day count that is not known", INSTRUMENT, "    day_count: calendar", "    day_count: working", "working",
           "windows[0].day_count", "working", "is not one of the known words", "calendar"),
    Broken("a window's zone", INSTRUMENT, "    duration: P6M\n    zone: America/La_Paz",
           "    duration: P6M\n    zone: Bolivia", "zone: Bolivia", "windows[0].zone", "Bolivia",
           "is not an IANA time zone", "a zone such as"),
    Broken("a tolerated gap is of fixed length", INSTRUMENT, "    greatest_gap: PT1H", "    greatest_gap: P1M", "P1M",
           "windows[0].greatest_gap", "P1M", "is not an ISO 8601 duration", "PT30M"),
    Broken("a reminder of another age", INSTRUMENT, "    reminders: [30, 7]", "    reminders: [4000000]",
           "[4000000]", "windows[0].reminders", "[4000000]", "is not in order", "from 1 to 3660"),
    Broken("reminders descend", INSTRUMENT, "    reminders: [30, 7]", "    reminders: [7, 30]", "[7, 30]",
           "windows[0].reminders", "[7, 30]", "is not in order", "the greatest first"),
    Broken("each reminder once", INSTRUMENT, "    reminders: [30, 7]", "    reminders: [7, 7]", "[7, 7]",
           "windows[0].reminders", "[7, 7]", "is not in order", "each once"),
    Broken("a reminder on the last day's end reminds of nothing", INSTRUMENT,
           "    reminders: [30, 7]", "    reminders: [30, 0]", "[30, 0]",
           "windows[0].reminders", "[30, 0]", "is not in order", "from 1"),
    Broken("a window that requires no source", INSTRUMENT,
           "    sources: [ar-cancilleria, bo-presidencia]\n    readings", "    sources: []\n    readings",
           "sources: []", "windows[0].sources", "an empty list", "absence would rest on nothing", "ar-cancilleria"),
    Broken("a required source that the instrument does not watch", INSTRUMENT,
           "bo-presidencia, us-federal-register]", "us-federal-register]", "    sources: [ar-cancilleria, bo-pres",
           "windows[0].sources[1]", "bo-presidencia", "there is no such source of this instrument",
           "ar-cancilleria, us-federal-register"),
    Broken("no primary reading", INSTRUMENT, "        primary: true\n", "", "    readings:",
           "windows[0].readings", "primary: none", "exactly one reading is primary", "buenos-aires, la-paz"),
    Broken("a primary reading of another day", INSTRUMENT,
           "      - id: la-paz\n        anchor_on: 2031-03-14", "      - id: la-paz\n        anchor_on: 2031-03-15",
           "2031-03-15", "windows[0].readings[0].anchor_on", "2031-03-15", "is not the window's anchor", "2031-03-14"),
    Broken("a primary reading in another zone", INSTRUMENT,
           "        zone: America/La_Paz\n        primary", "        zone: America/Lima\n        primary",
           "America/Lima", "windows[0].readings[0].zone", "America/Lima", "is not the window's zone", "America/La_Paz"),
    Broken("a reading's zone", INSTRUMENT, "        zone: America/Argentina/Buenos_Aires",
           "        zone: Argentine", "zone: Argentine", "windows[0].readings[1].zone", "Argentine",
           "is not an IANA time zone", "a zone such as"),
    Broken("two readings of one id", INSTRUMENT, "      - id: buenos-aires", "      - id: la-paz",
           "      - id: la-paz\n        anchor_on: 2031-03-14\n        zone: America/Arg",
           "windows[0].readings[1].id", "la-paz", "stands twice", "each id once"),
    Broken("automatic acceptance needs its threshold", INSTRUMENT, "    automatic_threshold: 0.9\n", "",
           "  - id: water-plan-6m", "windows[0].automatic_threshold", None, "is missing beside review: automatic", "0 to 1"),
    Broken("a threshold has no meaning where a person reviews", INSTRUMENT,
           "    review: automatic", "    review: required", "automatic_threshold", "windows[0].automatic_threshold",
           "0.9", "stands beside review: required", "no such line"),
    Broken("an automatic threshold is a share", INSTRUMENT,
           "    automatic_threshold: 0.9", "    automatic_threshold: 90", "automatic_threshold",
           "windows[0].automatic_threshold", "90", "is not a share", "from 0 to 1"),
    Broken("a window's condition is its commitment's words", INSTRUMENT,
           "    condition: if the level falls\n    review", "    condition: if it rains\n    review", "if it rains",
           "windows[0].condition", "if it rains", "does not stand in the commitment's quote", "its words, or null"),
    Broken("a checklist's concept that nobody defines", INSTRUMENT,
           "      quoted: [governments]", "      quoted: [ministers]", "[ministers]",
           "windows[0].checklist.quoted[0]", "ministers", "there is no such concept", "governments"),
    Broken("a part of the checklist that nothing can meet", INSTRUMENT, "      new: [plan]", "      new: []", "new: []",
           "windows[0].checklist.new", "an empty list", "is empty", "plan"),
    Broken("a window that no rule looks for", INSTRUMENT, "    window: water-plan-6m\n", "", "  - id: water-plan-6m",
           "windows[0].id", "water-plan-6m", "no rule looks for it", "window: water-plan-6m"),
]
# fmt: on


@pytest.mark.parametrize("case", CASES, ids=str)
def test_one_mistake_gives_one_problem_that_says_where_and_what_is_valid(
    case: Broken, folder: CatalogueFolder
) -> None:
    case.assert_reported(folder)
