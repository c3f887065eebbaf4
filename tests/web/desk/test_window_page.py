"""The page of a window: before and after a gap was closed, compared, cited."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.desk_pages import WINDOW, Reader

pytestmark = pytest.mark.slow

BEFORE = f"{WINDOW}/as-of/20190906T040000Z"
"""The instant at which the window ended: the Presidencia was blocked for a week, and nobody had closed the gap."""


def test_a_window_says_its_verdict_with_every_reason(reader: Reader) -> None:
    page = reader.page(WINDOW)
    assert page.status == 200
    assert page.title == "Further actions announced within 90 days"
    for said in (
        "no announcement found, coverage complete",
        "7 June 2019 + 90 calendar days, day of publication not counted, America/New_York: ends 5 September 2019",
        "The condition “if necessary” is recorded neither as met nor as not met: nothing may have been due.",
        "5 September 2019, 23:59:59 Washington (6 September 2019, 03:59:59 UTC)",
        "No duty is unmet.",
        "recall not measured",
    ):
        assert said in page.words


def test_as_of_before_and_after_a_gap_was_closed(reader: Reader) -> None:
    before, after = reader.page(BEFORE), reader.page(WINDOW)
    assert "absence not proven" in before.words
    assert "View as of 6 September 2019, 00:00:00 Washington (04:00:00 UTC)." in before.words
    gap = "28 July 2019, 22:00:00 Washington (29 July 2019, 02:00:00 UTC) to 9 August 2019"
    assert gap in before.section("duties")
    assert "Presidencia de la República, prensa: covered in full" in after.section("duties")
    closed = after.section("duties")
    assert "2 stretches were seen late" in closed
    assert gap in closed, "what was not seen in time stays on record"
    assert "The Vice President's Meeting" not in before.words, "it was published and known later"


def test_the_picture_has_a_twin_in_tables(reader: Reader) -> None:
    page = reader.page(BEFORE)
    states = [row[2:] for row in page.rows("strip-4")]
    assert [state for state, _ in states] == ["covered", "blocked", "covered", "not read", "not read"]
    assert states[1][1] == "prensa: blocked: challenge"
    assert "rejected by a person" in " ".join(row[3] for row in page.rows("documents"))
    assert page.soup.select_one("svg.picture.wide[role=img] title") is not None


def test_documents_lead_to_their_own_pages_and_to_the_official_ones(reader: Reader) -> None:
    page = reader.page(WINDOW)
    assert [row[1] for row in page.rows("documents")][-1].startswith("The Vice President's Meeting")
    assert "/evidence/14" in page.links()


def test_steps_lead_to_what_was_known_then(reader: Reader) -> None:
    page = reader.page(WINDOW)
    steps = page.soup.select("ol.steps a")
    assert len(steps) == 16
    first = reader.page(str(steps[0]["href"]).lstrip("/"))
    assert "still open" in first.words
    assert "91 days left, today counted" in first.words


def test_the_steps_of_the_search_are_told_with_their_numbers(reader: Reader) -> None:
    flow = reader.page(BEFORE).section("flow")
    numbers = [int(number) for number in re.findall(r"\b\d+\b", flow.partition("Nobody")[0])]
    identified, retrieved, _, screened, shortlisted, reviewed, accepted = numbers
    assert identified >= retrieved > screened > shortlisted > reviewed >= accepted == 0
    assert f"Nobody has looked at {shortlisted - reviewed} documents of the shortlist." in flow
    assert "servanda review shortlist further-actions-90d" in flow
    assert "not looked at:" in reader.page(BEFORE).section("duties")
    assert "Nobody" not in reader.page(WINDOW).section("flow"), "a person has looked since"


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("day=2019-09-05", "20190906T040000Z"),
        ("day=2019-09-05&time=12:00", "20190905T160000Z"),
        ("day=2019-09-05&time=12:00:01", "20190905T160001Z"),
        ("day=2030-01-01", "20190913T020000Z"),
    ],
)
def test_a_form_leads_to_a_permanent_address(reader: Reader, asked: str, leads_to: str) -> None:
    answer = reader.ask(f"{WINDOW}/as-of?{asked}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/{WINDOW}/as-of/{leads_to}")


@pytest.mark.parametrize(
    "path",
    [
        f"{WINDOW}/as-of/20300101T000000Z",
        f"{WINDOW}/as-of/yesterday",
        f"{WINDOW}/as-of/20190906T040000Z/more",
        "us-mexico-2019/no-such-window",
        "no-such-instrument/further-actions-90d",
    ],
)
def test_what_is_not_there_is_not_found(reader: Reader, path: str) -> None:
    page = reader.page(path)
    assert (page.status, page.title) == (404, "There is no such page")


@pytest.mark.parametrize("asked", ["day=tomorrow", "", "day=2019-09-05&time=noon"])
def test_what_is_no_day_is_refused(reader: Reader, asked: str) -> None:
    assert reader.page(f"{WINDOW}/as-of?{asked}").status == 400


def test_two_days_are_compared(reader: Reader) -> None:
    answer = reader.ask(f"{WINDOW}/compare?first=2019-09-12&second=2019-09-05")
    assert answer.headers["Location"] == f"/{WINDOW}/compare/20190906T040000Z/20190913T020000Z"
    page = reader.page(answer.headers["Location"].lstrip("/"))
    assert page.rows("compared")[0][1:] == [
        "absence not proven not final",
        "no announcement found, coverage complete final",
    ]
    changes = page.section("changes")
    assert "Presidencia de la República, prensa: 28 July 2019, 22:00:00 Washington" in changes
    assert (
        "The Vice President's Meeting With the Foreign Secretary of Mexico (candidate, waits for review)"
        in changes
    )
    assert len(page.soup.select("svg.picture.wide")) == 2
    ids = [str(one["id"]) for one in page.soup.find_all(id=True)]
    assert len(ids) == len(set(ids)), "two pictures on one page share no id"


def test_a_day_beside_itself_shows_no_change(reader: Reader) -> None:
    page = reader.page(f"{WINDOW}/compare/20190906T040000Z/20190906T040000Z")
    assert "Nothing that changes the answer" in page.section("changes")


def test_a_citation_names_the_bytes_that_the_command_prints(reader: Reader) -> None:
    page = reader.page(BEFORE)
    answer = reader.ask(f"{BEFORE}/answer.json")
    digest = hashlib.sha256(answer.content).hexdigest()
    assert f"{BEFORE} SHA-256 {digest}" in page.section("cite")
    assert answer.headers["Content-Disposition"] == "attachment"
    (command,) = [one.get_text() for one in page.soup.select("#content section[aria-labelledby=cite] code")]
    assert command == "servanda window further-actions-90d --as-of 2019-09-06T04:00:00Z --json"
    assert printed(reader, command) == answer.content
    assert json.loads(answer.text)["verdict"] == "unverified"


def printed(reader: Reader, command: str) -> bytes:
    settings = reader.wiring.settings
    environment = {
        **os.environ,
        "SERVANDA_DATABASE_URL": settings.database_url,
        "SERVANDA_CATALOGUE": str(settings.catalogue),
        "SERVANDA_ARCHIVE": str(settings.archive),
    }
    done = subprocess.run(
        [sys.executable, "-m", "servanda.cli", *command.split()[1:]],
        capture_output=True,
        check=True,
        env=environment,
        cwd=Path(__file__).parents[3],
        timeout=60,
    )
    return done.stdout


def test_a_window_is_told_in_spanish(reader: Reader) -> None:
    page = reader.page(f"es/{BEFORE}")
    assert page.soup.html is not None and page.soup.html["lang"] == "es"
    assert "ausencia no probada" in page.words
    assert "Vista al 6 de septiembre de 2019, 00:00:00 hora de Washington" in page.words
    assert f"/es/{WINDOW}" in page.links()
    assert reader.page(BEFORE, **{"Accept-Language": "es-MX,es;q=0.9"}).soup.html["lang"] == "es"  # type: ignore[index]


def test_a_moment_that_the_page_names_is_one_that_machines_can_read(reader: Reader) -> None:
    times = [str(one["datetime"]) for one in reader.page(WINDOW).soup.find_all("time")]
    assert len(times) > 20
    for time in times:
        at = datetime.fromisoformat(time.replace("Z", "+00:00"))
        assert at.tzinfo is None or at.astimezone(UTC).year == 2019
