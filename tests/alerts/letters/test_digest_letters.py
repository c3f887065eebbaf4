"""The mails that tell several things at once, or that there was nothing to tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from servanda.alerts.formats.mail import Footer, lay_out_mail
from servanda.alerts.letters.digest_letters import (
    SHOWN,
    SHOWN_WHOLE,
    DigestEntry,
    digest_entry,
    digest_letter,
    group_entries,
    order_entries,
)
from servanda.alerts.letters.figure_sections import figures_sentence
from servanda.alerts.letters.letter import Entries, Entry, clean_letter
from servanda.alerts.letters.registry import write_letter
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.payloads.kinds import AlertKind, severity_rank
from servanda.alerts.payloads.parts import WindowBrief
from servanda.alerts.payloads.period_figures import (
    DigestContents,
    PeriodFigures,
    SourceFigures,
    from_json,
    to_json,
)
from servanda.alerts.text.translation import ENGLISH, Words, words
from servanda.compliance.intervals import Interval
from servanda.compliance.watchers import Language

GOLDEN: dict[Language, Path] = {
    "en": Path(__file__).parent / "golden_digests",
    "es": Path(__file__).parent / "golden_digests_es",
}
UNTIL = datetime(2019, 8, 25, 13, tzinfo=UTC)
MEXICO_CITY = "America/Mexico_City"

STATE = SourceFigures("us-state-press", "State Department press releases", "America/New_York", ())
SRE = SourceFigures("mx-sre", "Secretaría de Relaciones Exteriores, prensa", MEXICO_CITY, ())
BLIND = replace(
    SRE,
    gaps=(
        Interval(UTC_8 := datetime(2019, 8, 20, 13, tzinfo=UTC), UTC_8 + timedelta(hours=30)),
        Interval(datetime(2019, 8, 23, 5, tzinfo=UTC), datetime(2019, 8, 23, 9, tzinfo=UTC)),
    ),
)
WINDOW = WindowBrief(
    "further-actions-90d",
    "Further actions announced within 90 days",
    "7 June 2019 + 90 calendar days, day of publication not counted, America/New_York: "
    "ends 5 September 2019 23:59:59",
    "America/New_York",
    datetime(2019, 6, 7, 4, tzinfo=UTC),
    datetime(2019, 9, 6, 4, tzinfo=UTC),
    datetime(2019, 9, 7, 10, tzinfo=UTC),
)
ENDED = replace(
    WINDOW,
    id="review-45d",
    title="Review after 45 days",
    due_at=datetime(2019, 7, 23, 4, tzinfo=UTC),
    settles_at=datetime(2019, 8, 26, tzinfo=UTC),
)
NUMBERS = PeriodFigures(UNTIL - timedelta(days=7), UNTIL, (STATE, SRE), 212, 0, 3, (ENDED, WINDOW))
QUIET = DigestContents("quiet", MEXICO_CITY, 1, NUMBERS)
NOT_ALL = replace(QUIET, numbers=replace(NUMBERS, sources=(STATE, BLIND), unread=2, canaries_missing=1))
DIGESTS = {
    "quiet": (QUIET, ()),
    "quiet_with_gaps": (NOT_ALL, ()),
    "quiet_without_windows": (replace(QUIET, numbers=replace(NUMBERS, windows=())), ()),
    "weekly": (
        replace(QUIET, kind="weekly"),
        ("new_evidence", "candidate", "document_withdrawn", "source_blind", "window_closing"),
    ),
    "daily_of_one": (replace(QUIET, kind="daily"), ("document_edited",)),
    "storm": (DigestContents("storm", MEXICO_CITY), ("new_evidence", "candidate", "document_edited")),
}


def briefs_of(samples: dict[str, Alert], names: tuple[str, ...], told: Words) -> list[DigestEntry]:
    found = []
    for number, name in enumerate(names, 1):
        alert = replace(samples[name], id=number)
        found.append(digest_entry(alert, write_letter(alert, told), told))
    return found


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", DIGESTS)
def test_each_digest_is_narrow_and_reads_as_its_golden_file(
    name: str, language: Language, samples: dict[str, Alert]
) -> None:
    digest, alerts = DIGESTS[name]
    told = words(language)
    letter = clean_letter(digest_letter(digest, briefs_of(samples, alerts, told), told))
    mail = lay_out_mail(letter, Footer("Why.", "monitor@example.org"), told, replay=False)
    text = f"Subject: {mail.subject}\n\n{mail.text}"
    assert text == (GOLDEN[language] / f"{name}.txt").read_text(encoding="utf-8")
    assert max(len(line) for line in text.splitlines()[1:] if "://" not in line) <= 76
    assert len(mail.subject) <= 180


@pytest.mark.parametrize("folder", GOLDEN.values(), ids=GOLDEN)
def test_every_golden_file_is_used(folder: Path) -> None:
    assert {path.stem for path in folder.iterdir()} == set(DIGESTS)


def test_the_numbers_in_a_sentence() -> None:
    assert figures_sentence(NUMBERS, ENGLISH) == (
        "2 of 2 sources covered, 0 gaps, 212 documents read, 0 matches, next deadline in 12 days"
    )
    one = replace(NUMBERS, sources=(BLIND,), documents_read=1, matches=1, windows=(ENDED,))
    assert figures_sentence(one, ENGLISH) == (
        "0 of 1 source covered, 2 gaps, 1 document read, 1 match, no deadline ahead"
    )


LAST = [
    ("on the last day one day is left, today counted", datetime(2019, 9, 6, 3, 59, 59, tzinfo=UTC), "1 day"),
    ("from its first second two", datetime(2019, 9, 4, 4, tzinfo=UTC), "2 days"),
]


@pytest.mark.parametrize("why, until_at, left", LAST, ids=[case[0] for case in LAST])
def test_the_days_to_the_next_deadline(why: str, until_at: datetime, left: str) -> None:
    said = figures_sentence(replace(NUMBERS, until_at=until_at), ENGLISH)
    assert said.endswith(f"next deadline in {left}"), why


def test_a_deadline_that_has_come_is_none_ahead() -> None:
    said = figures_sentence(replace(NUMBERS, until_at=WINDOW.due_at), ENGLISH)
    assert said.endswith("no deadline ahead")


@pytest.mark.parametrize("name", DIGESTS)
def test_what_is_stored_is_read_back(name: str) -> None:
    assert from_json(to_json(DIGESTS[name][0])) == DIGESTS[name][0]


def test_the_gravest_come_first_then_the_nearest_deadline(samples: dict[str, Alert]) -> None:
    found = order_entries(briefs_of(samples, tuple(samples), ENGLISH))
    assert [one.grave for one in found] == sorted((one.grave for one in found), reverse=True)
    urgent = [one for one in found if one.grave == severity_rank("urgent")]
    due = [one.due_at for one in urgent if one.due_at is not None]
    assert due == sorted(due)
    assert all(one.due_at is None for one in urgent[len(due) :])


def test_an_alert_of_every_kind_has_a_headline_and_stands_somewhere(samples: dict[str, Alert]) -> None:
    found = briefs_of(samples, tuple(samples), ENGLISH)
    listed = [e for section in group_entries(found, ENGLISH) for b in section.blocks for e in b.entries]  # type: ignore[union-attr]
    assert len(listed) == len(samples)
    assert all(entry.text for entry in listed)
    assert {samples[name].kind for name in samples} == set(AlertKind)


def test_what_is_left_out_of_a_great_digest_is_said() -> None:
    at = datetime(2019, 9, 1, tzinfo=UTC)
    every = [
        DigestEntry(n, 0, None, "Declaration", None, at, Entry(f"Headline {n}", ("lead",)))
        for n in range(SHOWN + 7)
    ]
    *sections, rest = group_entries(every, ENGLISH)
    entries = [e for section in sections for block in section.blocks for e in block.entries]  # type: ignore[union-attr]
    assert len(entries) == SHOWN
    assert [bool(entry.lines) for entry in entries] == [True] * SHOWN_WHOLE + [False] * (SHOWN - SHOWN_WHOLE)
    assert not isinstance(rest.blocks[0], Entries)
    assert "and 7 more" in rest.blocks[0].text  # type: ignore[union-attr]
