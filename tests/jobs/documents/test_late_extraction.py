"""Texts that were not drawn because no rule could match them: nothing is lost by it when rules change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from support.desk import DAY, FIRST_AT, SOURCE, Desk
from support.listing_pages import Release
from support.monitors import Monitor

from servanda.jobs.assess import assess
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.collect import collect_source
from servanda.models import tables
from servanda.models.archive.folder import Archive
from servanda.models.archive.location import RecordLocation
from servanda.models.archive.warc_reading import StoredBytes
from servanda.models.documents import documents
from servanda.models.documents import unread_documents as unread_duties
from servanda.models.findings import evidence as evidence_rows
from servanda.models.findings.evidence import EvidenceRow

SPOKE = "The two sides spoke about business and {} in a long and friendly conversation, and will meet again in the autumn."
RELEASES = [
    Release(f"release-{n}", f"Business {n}", f"2019-06-09T{n // 3:02}:{n % 3 * 20:02}:00-04:00", SPOKE.format("trade"))
    for n in range(50)
]  # fmt: skip
ABOUT_TARIFFS = {7, 23, 41}
NOW = FIRST_AT + DAY


@pytest.fixture
def desk(monitor: Monitor) -> Desk:
    desk = Desk(monitor)
    desk.releases = {r.slug: r for r in RELEASES}
    for n in ABOUT_TARIFFS:
        desk.edit(f"release-{n}", text=SPOKE.format("the tariffs that were suspended indefinitely"))
    desk.show()
    return desk


def read(wiring: Wiring) -> None:
    outcome = collect_source(wiring, SOURCE, since=date(2019, 6, 8))
    assert (outcome.read_documents, outcome.unread_documents) == (50, 0)


def change_rules(desk: Desk) -> None:
    path: Path = desk.monitor.folder / "catalogue" / "declarations" / "us-mexico-2019" / "instrument.yml"
    rules = path.read_text()
    rules = rules.replace(
        "concepts:\n", "concepts:\n  - {id: tariffs, en: [tariffs that were suspended], es: [aranceles]}\n"
    )
    rules = rules.replace(
        "rules:\n", "rules:\n  - {id: tariffs, commitment: national-guard, all: [tariffs]}\n"
    )
    path.write_text(rules)


def texts(wiring: Wiring) -> int:
    with wiring.store.reading() as db:
        return int(db.execute(select(func.count()).select_from(tables.extraction)).scalar_one())


def found(wiring: Wiring) -> list[EvidenceRow]:
    """The evidence, without what differs from one database to the next."""
    with wiring.store.reading() as db:
        rows = evidence_rows.evidence(db, wiring.now)
    bare = [
        replace(row, id=0, version=0, document=0, known_at=NOW, archive_file="", archive_offset=0)
        for row in rows
    ]
    return sorted(bare, key=lambda row: row.url)


def test_rules_that_change_find_what_reading_under_them_would_have_found(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk.monitor.at(FIRST_AT) as wiring:
        read(wiring)
        assess(wiring)
        assert texts(wiring) == 0, "no rule could match any, so nothing was drawn"
        assert found(wiring) == []
    change_rules(desk)
    desk.site.requests.clear()
    with desk.monitor.at(NOW) as wiring:
        assess(wiring)
        later, drawn = found(wiring), texts(wiring)
    assert desk.site.requests == [], "the kept bytes are read, nobody is asked"
    assert (len(later), drawn) == (3, 3)
    assert {row.title for row in later} == {f"Business {n}" for n in ABOUT_TARIFFS}

    for name in ("DATABASE_URL", "ARCHIVE"):
        prefix = "sqlite:///" if name == "DATABASE_URL" else ""
        monkeypatch.setenv(f"SERVANDA_{name}", f"{prefix}{desk.monitor.folder}/other-{name.lower()}")
    with desk.monitor.at(NOW) as wiring:
        read(wiring)
        assess(wiring)
        assert found(wiring) == later
        assert texts(wiring) == 3


def test_what_was_scanned_is_not_read_again_for_the_same_rules(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[object] = []
    load = Archive.load

    def noted(self: Archive, place: RecordLocation, *, sha256: str | None = None) -> StoredBytes:
        loaded.append(place)
        return load(self, place, sha256=sha256)

    monkeypatch.setattr(Archive, "load", noted)
    with desk.monitor.at(FIRST_AT) as wiring:
        read(wiring)
        assess(wiring)
        assert loaded == []
    change_rules(desk)
    with desk.monitor.at(NOW) as wiring:
        assess(wiring)
        assert len(loaded) == 50
        assess(wiring)
        assert len(loaded) == 50


def test_a_text_that_cannot_be_drawn_from_what_is_kept_is_a_duty_until_it_can(desk: Desk) -> None:
    with desk.monitor.at(FIRST_AT) as wiring:
        read(wiring)
        assess(wiring)
    change_rules(desk)
    archive = next((desk.monitor.folder / "archive").glob("*.warc.gz"))
    whole = archive.read_bytes()
    document = desk.document("release-23")
    (place,) = desk.rows(
        "SELECT archive_offset AS at, archive_length AS length FROM exchange WHERE document = :d", d=document
    )
    archive.write_bytes(whole[: place.at + 20] + bytes(place.length - 20) + whole[place.at + place.length :])
    with desk.monitor.at(NOW) as wiring:
        assess(wiring)
        assert len(found(wiring)) == 2
        with wiring.store.reading() as db:
            (duty,) = unread_duties.unread_documents(db, wiring.now)
        assert (duty.document, duty.why) == (document, "quarantined (archive_damaged)")
        assess(wiring)
        assert len(desk.rows("SELECT id FROM quarantine")) == 1, "it is not tried again at once"

    archive.write_bytes(whole)
    with desk.monitor.at(NOW + timedelta(days=8)) as wiring:
        assess(wiring)
        assert len(found(wiring)) == 3
        with wiring.store.reading() as db:
            assert unread_duties.unread_documents(db, wiring.now) == ()
            assert [d.document for d in unread_duties.unread_documents(db, NOW)] == [document], (
                "then it was one"
            )


def test_a_version_without_a_text_is_listed_as_any_other(desk: Desk) -> None:
    with desk.monitor.at(FIRST_AT) as wiring:
        read(wiring)
        with wiring.store.reading() as db:
            assert [row.versions for row in documents.documents(db, wiring.now)] == [1] * 50
