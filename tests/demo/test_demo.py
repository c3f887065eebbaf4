"""Summer 2019 run by the real jobs: the verdict at each boundary, what heals, who was told, and the proof."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from servanda.compliance.intervals import utc_text
from servanda.compliance.vocabulary import Review
from servanda.demo.human_actions import ANALYST, OPERATOR
from servanda.demo.provenance import walk
from servanda.demo.queries import sent_mails, trace_origin
from servanda.demo.replay import Replay, ReplayStep
from servanda.jobs.bootstrap.replay import REPLAY_BANNER
from servanda.jobs.views import review_queue
from servanda.jobs.views import status as views
from servanda.jobs.views.coverage import coverage
from servanda.models.documents import documents
from servanda.models.documents import unread_documents as unread_duties
from servanda.models.findings import evidence as evidence_rows
from servanda.models.findings import verdicts as findings
from servanda.models.findings.evidence import EvidenceRow

pytestmark = pytest.mark.slow

END = datetime(2019, 9, 6, 4, tzinfo=UTC)
SETTLED = datetime(2019, 9, 8, 4, tzinfo=UTC)
LOOK = datetime(2019, 9, 9, 14, tzinfo=UTC)
BACKFILL = datetime(2019, 9, 9, 15, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def at(steps: tuple[ReplayStep, ...], moment: datetime) -> ReplayStep:
    return next(step for step in steps if step.at == moment)


def window_at(replay: Replay, as_of: datetime) -> dict[str, Any]:
    (window,) = views.status(replay.wiring.ledger, replay.wiring.catalogue, as_of)["windows"]
    return dict(window)


def gaps_at(replay: Replay, source: str, as_of: datetime) -> list[tuple[str, str]]:
    """The stretches of a source that were not covered, the tail that its lag leaves open apart."""
    (row,) = [
        row
        for row in coverage(replay.wiring.ledger, replay.wiring.catalogue, as_of)
        if row["source"] == source
    ]
    return [(gap["from"], gap["until"]) for gap in row["gaps"] if gap["until"] != utc_text(as_of)]


def evidence_of(replay: Replay, slug: str) -> list[EvidenceRow]:
    with replay.wiring.store.reading() as db:
        return [row for row in evidence_rows.evidence(db, replay.wiring.now) if slug in row.url]


@pytest.mark.parametrize(
    "as_of, phase, verdict, final, why",
    [
        (datetime(2019, 6, 8, 2, tzinfo=UTC), "open", "pending", False, "the first evening"),
        (END - SECOND, "open", "pending", False, "23:59:59 in Washington"),
        (END, "elapsed", "unverified", False, "a second later"),
        (SETTLED - SECOND, "elapsed", "unverified", False, "the last second of waiting"),
        (SETTLED, "settled", "unverified", True, "the final word"),
        (BACKFILL - SECOND, "settled", "unverified", True, "still the block"),
        (BACKFILL, "settled", "none_found", True, "its days were read"),
        (datetime(2019, 9, 13, 2, tzinfo=UTC), "settled", "none_found", True, "the end"),
    ],
)
def test_the_verdict_at_each_boundary(
    replay: Replay, as_of: datetime, phase: str, verdict: str, final: bool, why: str
) -> None:
    window = window_at(replay, as_of)
    assert (window["phase"], window["verdict"], window["final"]) == (phase, verdict, final), why


def test_nothing_is_mailed_in_the_last_second_and_the_flag_in_the_next(steps: tuple[ReplayStep, ...]) -> None:
    assert at(steps, END - SECOND).mails == ()
    flagged = at(steps, END)
    assert [(mail.kind, mail.recipient) for mail in flagged.mails] == [
        ("window_ended", ANALYST),
        ("window_ended", OPERATOR),
    ]
    for mail in flagged.mails:
        flat = " ".join(mail.text.split())
        assert "The window ended 5 September 2019, 23:59:59 Washington." in flat
        assert "Absence is not yet provable" in flat


def test_reminders_come_at_the_start_of_their_days(steps: tuple[ReplayStep, ...]) -> None:
    reminders = [step.at for step in steps if any(mail.kind == "window_closing" for mail in step.mails)]
    assert reminders == [datetime(2019, m, d, 4, tzinfo=UTC) for m, d in ((8, 7), (8, 30), (9, 5))]


def test_the_first_reading_is_a_baseline_and_no_alarm(replay: Replay, steps: tuple[ReplayStep, ...]) -> None:
    assert {mail.kind for mail in steps[0].mails} == {"now_monitoring"}
    assert evidence_of(replay, "us-mexico-joint-declaration") == [], (
        "the instrument is no evidence for itself"
    )
    titles = [
        row["title"]
        for row in views.document_list(replay.wiring.ledger, replay.wiring.catalogue, steps[0].at)
    ]
    assert "U.S.-Mexico Joint Declaration" in titles


def test_an_outage_is_healed_by_the_next_reading(replay: Replay, steps: tuple[ReplayStep, ...]) -> None:
    during, after = datetime(2019, 6, 27, 2, tzinfo=UTC), datetime(2019, 6, 28, 2, tzinfo=UTC)
    assert [source for source, _ in at(steps, during - timedelta(days=1)).failed] == ["mx-sre"]
    (missed,) = [
        row
        for row in coverage(replay.wiring.ledger, replay.wiring.catalogue, during)
        if row["source"] == "mx-sre"
    ]
    assert missed["gaps"] == [{"from": "2019-06-24T02:00:00Z", "until": "2019-06-27T02:00:00Z"}]
    assert at(steps, after).recovered == (("mx-sre", ()),)
    assert gaps_at(replay, "mx-sre", after) == []


def test_a_block_longer_than_a_week_does_not_heal_by_itself(
    replay: Replay, steps: tuple[ReplayStep, ...]
) -> None:
    recovered = datetime(2019, 8, 20, 2, tzinfo=UTC)
    gap = [("2019-07-29T02:00:00Z", "2019-08-09T16:30:01Z")]
    ((source, unseen),) = at(steps, recovered).recovered
    assert (source, len(unseen)) == ("mx-presidencia", 1)
    assert gaps_at(replay, "mx-presidencia", recovered) == gap
    assert gaps_at(replay, "mx-presidencia", BACKFILL - SECOND) == gap
    assert gaps_at(replay, "mx-presidencia", BACKFILL) == []


def test_the_final_word_names_the_block_and_the_page_that_is_not_the_document(
    replay: Replay, steps: tuple[ReplayStep, ...]
) -> None:
    duties = window_at(replay, SETTLED)["duties"]
    assert [(duty["kind"], duty["source"]) for duty in duties] == [
        ("coverage", "mx-presidencia"),
        ("doubtful", "mx-sre"),
    ]
    assert "nothing on its page shows the listed title" in duties[1]["detail"]
    assert {mail.kind for mail in at(steps, SETTLED).mails} == {"final_word"}
    for mail in at(steps, SETTLED).mails:
        assert "Presidencia de la República, prensa: not covered" in " ".join(mail.text.split())


def test_a_look_settles_the_doubt(replay: Replay, steps: tuple[ReplayStep, ...]) -> None:
    step = at(steps, LOOK)
    ((_, done),) = step.done
    assert "review document" in done.command
    kinds = {duty["kind"] for duty in window_at(replay, LOOK)["duties"]}
    assert kinds == {"coverage"}, "what the analyst answered for is no duty any more"


def test_the_backfill_finds_what_was_published_unseen_and_corrects(
    replay: Replay, steps: tuple[ReplayStep, ...]
) -> None:
    step = at(steps, BACKFILL)
    ((_, done),) = step.done
    assert done.command == "servanda collect --source mx-presidencia --since 2019-07-28 --until 2019-08-09"
    assert {mail.kind for mail in step.mails} == {"correction"}
    with replay.wiring.store.reading() as db:
        found = [row for row in documents.documents(db, BACKFILL) if row.first_seen_at == BACKFILL]
    days = {row.published.civil_on for row in found}
    assert len(found) == 11
    assert date(2019, 7, 28) < min(days) and max(days) < date(2019, 8, 10)


def test_the_near_miss_of_the_last_day_is_kept_and_refused_by_the_checklist(
    replay: Replay, steps: tuple[ReplayStep, ...]
) -> None:
    (row,) = evidence_of(replay, "u-s-poland-joint-declaration-on-5g")
    holds = {part.id: part.holds for part in row.checklist}
    assert holds == {
        "issued_by_party": True,
        "concerns_all_parties": False,
        "completed_and_new": False,
        "published_in_window": True,
    }
    assert (row.near_miss, row.candidate, row.review) == (True, False, Review.NOT_ASKED)
    assert [miss.id for miss in at(steps, datetime(2019, 9, 6, 2, tzinfo=UTC)).near_misses] == [row.id]
    assert not [mail for step in steps for mail in step.mails if "Poland" in mail.content.decode()]


@pytest.mark.parametrize(
    "slug, commitments",
    [
        ("inicia-formalmente-sus-tareas-la-guardia-nacional", {"national-guard-deployment"}),
        (
            "protocolos-de-proteccion-a-migrantes-en-nuevo-laredo",
            {"protection-protocols-expansion", "entrance-of-the-returned", "jobs-healthcare-education"},
        ),
        ("2019-15246/asylum-eligibility", {"asylum-adjudication", "further-actions"}),
        ("fact-sheet-migrant-protection-protocols-at-brownsville", {"protection-protocols-expansion"}),
        ("secretarys-meeting-with-the-foreign-secretary-of-mexico", {"bilateral-cooperation"}),
        ("informe-sobre-los-noventa-dias-en-materia-migratoria", {"national-guard-deployment"}),
    ],
)
def test_evidence_is_found_for_the_commitments(replay: Replay, slug: str, commitments: set[str]) -> None:
    assert {row.commitment for row in evidence_of(replay, slug)} == commitments


def test_a_person_rejected_what_the_senate_was_shown(replay: Replay) -> None:
    (row,) = evidence_of(replay, "presenta-la-cancilleria-al-senado")
    assert (row.candidate, row.review) == (True, Review.REJECTED)
    with replay.wiring.store.reading() as db:
        (decision,) = findings.decisions(db, replay.wiring.now, kind="review")
    assert (decision.subject, decision.by) == (f"evidence:{row.id}", "An analyst")


def test_the_tenth_of_september_waits_for_a_person(replay: Replay) -> None:
    (row,) = [row for row in review_queue.evidence_to_review(replay.wiring.ledger) if row.candidate]
    assert row.title == "The Vice President's Meeting With the Foreign Secretary of Mexico"
    assert row.published.at == datetime(2019, 9, 10, 21, 45, tzinfo=UTC)
    assert [part.id for part in row.checklist if not part.holds] == ["published_in_window"]
    assert window_at(replay, replay.wiring.now)["candidates"] == [row.id]


def test_every_watcher_got_each_mail_once(replay: Replay, steps: tuple[ReplayStep, ...]) -> None:
    counted = Counter((mail.recipient, mail.kind) for step in steps for mail in step.mails)
    both = {
        "now_monitoring": 1,
        "new_evidence": 7,
        "candidate": 2,
        "window_closing": 3,
        "window_ended": 1,
        "final_word": 1,
        "correction": 1,
    }
    analyst = {"review_waiting": 2}
    operator = {"source_blind": 2, "source_recovered": 2}
    assert counted == Counter(
        {(ANALYST, kind): n for kind, n in (both | analyst).items()}
        | {(OPERATOR, kind): n for kind, n in (both | operator).items()}
    )
    files = {path.read_bytes() for path in replay.wiring.settings.outbox.glob("*.eml")}
    told = {mail.content for step in steps for mail in step.mails}
    assert told <= files
    assert all(b"Message-ID: <quiet-" in one for one in files - told), "beside word of quiet weeks"


def test_every_mail_says_that_it_is_a_replay(steps: tuple[ReplayStep, ...]) -> None:
    for mail in (mail for step in steps for mail in step.mails):
        page = mail.message.get_body(("html",))
        assert page is not None
        assert mail.subject.startswith(REPLAY_BANNER)
        assert REPLAY_BANNER in mail.text and REPLAY_BANNER in page.get_content()


def test_every_source_ends_covered_and_every_document_read(replay: Replay) -> None:
    now = replay.wiring.now
    sources = [source.id for source in replay.wiring.catalogue.sources]
    assert len(sources) == 5
    assert {source: gaps_at(replay, source, now) for source in sources} == {s: [] for s in sources}
    with replay.wiring.store.reading() as db:
        assert unread_duties.unread_documents(db, now) == ()
        assert len(documents.documents(db, now)) > 450


def test_the_flag_leads_back_to_bytes_whose_digest_is_the_stored_one(replay: Replay) -> None:
    wiring = replay.wiring
    with wiring.store.reading() as db:
        flag = next(mail for mail in sent_mails(db) if mail.kind == "window_ended")
        found = trace_origin(db, flag.alert, "us-state-press")
    walked = walk(wiring, flag, "us-state-press")
    assert walked.verified
    assert [name for name, _ in walked.links] == [
        "mail", "alert", "verdict", "coverage", "poll", "exchange", "bytes",
        "SHA-256 stored", "SHA-256 of the bytes",
    ]  # fmt: skip
    with (wiring.settings.archive / found.place.file).open("rb") as archive:
        archive.seek(found.place.offset)
        record = next(r for r in ArchiveIterator(archive) if r.rec_type == "response")
        body = record.content_stream().read()
    assert hashlib.sha256(body).hexdigest() == found.sha256 == dict(walked.links)["SHA-256 stored"]
    assert record.rec_headers["WARC-Target-URI"] == found.url
    assert b"U.S.-Poland Joint Declaration on 5G" in body
