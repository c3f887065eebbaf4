"""The set of announcements and near misses, and how the first instrument's rules judge it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from servanda.compliance.matching import match
from servanda.compliance.passages import Candidate
from servanda.compliance.publication import PublicationTime
from servanda.compliance.shortlisting import shortlist_reasons
from servanda.instruments.catalogue import Catalogue, builtin_catalogue, load_catalogue

PLACE = Path(__file__).parents[1] / "instruments" / "phrasing" / "announcements.jsonl"
SOURCES = {
    "white_house": "us-white-house",
    "state": "us-state-press",
    "dhs": "us-dhs",
    "doj": "us-eoir",
    "cbp": "us-cbp",
    "uscis": "us-uscis",
    "federal_register": "us-federal-register",
    "presidencia": "mx-presidencia",
    "sre": "mx-sre",
    "segob": "mx-segob",
    "inm": "mx-inm",
    "dof": "mx-dof",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A row of the set, and what the rules make of it for the window of 90 days."""

    id: str
    announces: bool
    language: str
    kind: str
    text: str
    candidate: bool
    shortlisted: bool
    missing: tuple[str, ...]


@cache
def _catalogue() -> Catalogue:
    return load_catalogue(builtin_catalogue())


def judge_rows() -> Iterator[Judged]:
    """Every row of the set, judged."""
    instrument, window = _catalogue().window("further-actions-90d")
    for line in PLACE.read_text("utf-8").splitlines():
        row = json.loads(line)
        source = _catalogue().source(SOURCES[row["publisher"]])
        published = PublicationTime.day(date.fromisoformat(row["published"]), source.zone)
        text = f"{row['title']}\n\n{row['text']}"
        candidate = Candidate("https://publisher.example/1", text, published, source.title, source.party)
        matches = match(candidate, instrument)
        mine = [one for one in matches if one.window == window.id]
        yield Judged(
            row["id"],
            row["label"] == "announcement",
            row["language"],
            row["kind"],
            text,
            any(one.is_candidate for one in mine),
            bool(shortlist_reasons(candidate, instrument, window, matches)),
            tuple(part.why for one in mine for part in one.checklist if not part.holds)
            or (() if mine else ("no rule",)),
        )


def report() -> str:
    """The score in lines, with the ids of what went wrong."""
    rows = list(judge_rows())
    yes, no = ([one for one in rows if one.announces is label] for label in (True, False))
    missed = [one for one in yes if not one.candidate]
    unlisted = [one for one in yes if not one.shortlisted]
    false = [one for one in no if one.candidate]
    lines = [
        f"candidates: {len(yes) - len(missed)} of {len(yes)} announcements, {len(false)} of {len(no)} near misses",
        f"shortlist: {len(yes) - len(unlisted)} of {len(yes)} announcements, "
        f"{sum(one.shortlisted for one in no)} of {len(no)} near misses",
        "not on the shortlist: " + ", ".join(one.id for one in unlisted),
        "missed: " + ", ".join(one.id for one in missed),
        "false: " + ", ".join(one.id for one in false),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(report())
