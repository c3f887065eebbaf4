"""Which rules have matched every version there is."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import insert
from support.many_instruments import ENDED_AT, FOUND_AT, many_instruments

from servanda.instruments.rule_digests import rules_digest
from servanda.models import tables
from servanda.models.documents import screenings


def test_rules_are_complete_once_they_have_matched_every_version(tmp_path: Path, database_url: str) -> None:
    another = {
        "id": 100, "document": 4, "digest": "another", "title": "Other business", "language": "en",
        "known_at": FOUND_AT, "precision": "instant", "zone": "UTC", "published_at": FOUND_AT,
    }  # fmt: skip
    with many_instruments(tmp_path, 3, ENDED_AT, database_url) as wiring, wiring.store.writing() as db:
        digests = [rules_digest(instrument) for instrument in wiring.catalogue.instruments]
        assert screenings.complete_screenings(db, [*digests, "others"]) == set(digests)
        db.execute(insert(tables.version), another)
        assert screenings.complete_screenings(db, digests) == set()
        screenings.mark_screened(db, 100, digests[1], FOUND_AT)
        assert screenings.complete_screenings(db, digests) == {digests[1]}
