"""One alert of each kind and turn, about the declaration of 7 June 2019, in our own wording.

A test that asks for ``sample`` runs once for each; ``samples`` is all of them by name.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from servanda.alerts.formats.mail import Footer
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.payloads.decision_payloads import ConditionRecorded, ReviewWaiting
from servanda.alerts.payloads.delivery_payloads import AddressSuspended, MailGivenUp
from servanda.alerts.payloads.document_payloads import DocumentChange, EvidencePayload
from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.payloads.monitoring_payloads import NowMonitoring, SourceHealth
from servanda.alerts.payloads.parts import (
    AffectedEvidence,
    AnswerBrief,
    ChangedDocument,
    CommitmentBrief,
    ContentBrief,
    CountBrief,
    CoverageBrief,
    DecisionBrief,
    DocumentBrief,
    FurtherChange,
    InstrumentBrief,
    MatchBrief,
    PassageBrief,
    ReadingBrief,
    ReminderBrief,
    RouteHealth,
    SourceBrief,
    WaitingBrief,
    WindowBrief,
    WindowStanding,
)
from servanda.alerts.payloads.payload import Payload
from servanda.alerts.payloads.silence_payloads import SilenceEnded
from servanda.alerts.payloads.window_payloads import WindowClosing, WindowOpened, WindowVerdict
from servanda.compliance.intervals import Interval
from servanda.compliance.publication import PublicationTime
from servanda.compliance.vocabulary import (
    ChecklistPart,
    Condition,
    Duty,
    LateCoverage,
    Phase,
    Review,
    VerdictValue,
)
from servanda.compliance.watchers import Profile, Watcher

WASHINGTON, MEXICO_CITY = "America/New_York", "America/Mexico_City"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


OPENS_AT, DUE_AT, SETTLES_AT = utc(2019, 6, 7, 4), utc(2019, 9, 6, 4), utc(2019, 9, 7, 10)

INSTRUMENT = InstrumentBrief(
    "us-mexico-2019",
    "U.S.-Mexico Joint Declaration",
    "https://www.state.gov/us-mexico-joint-declaration/",
    date(2019, 6, 7),
    WASHINGTON,
)
GUARD = CommitmentBrief(
    "national-guard",
    "Mexico will take unprecedented steps to increase enforcement to curb irregular migration, to include the "
    "deployment of its National Guard throughout Mexico, giving priority to its southern border.",
    "continuing",
)
FURTHER = CommitmentBrief(
    "further-actions",
    "Therefore, the United States and Mexico will continue their discussions on the terms of additional "
    "understandings to address irregular migrant flows and asylum issues, to be completed and announced within "
    "90 days, if necessary.",
    "conditional",
)
WINDOW = WindowBrief(
    "further-actions-90d",
    "Further actions announced within 90 days",
    "7 June 2019 + 90 calendar days, day of publication not counted, America/New_York: "
    "ends 5 September 2019 23:59:59",
    WASHINGTON,
    OPENS_AT,
    DUE_AT,
    SETTLES_AT,
    "if necessary",
    CountBrief(date(2019, 6, 7), "publication", "P90D", False, WASHINGTON),
)
MEETING = DocumentBrief(
    31,
    "Readout of the meeting on migration with the Foreign Minister of Mexico",
    "https://www.whitehouse.example/briefings-statements/readout-meeting-migration-mexico/",
    PublicationTime.instant(utc(2019, 9, 10, 22, 15), WASHINGTON),
    "White House briefings and statements",
    "en",
    ("Both sides said that the terms of further joint measures on migration are complete.",),
    "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9",
)
REPORT = DocumentBrief(
    28,
    "Informe a noventa días de la Declaración Conjunta",
    "https://www.gob.mx/sre/prensa/informe-a-noventa-dias",
    PublicationTime.day(date(2019, 9, 5), MEXICO_CITY),
    "Secretaría de Relaciones Exteriores, prensa",
    "es",
    ("Los dos gobiernos anunciaron medidas adicionales en materia de migración.",),
    "6c" * 32,
)
COVERED = (
    CoverageBrief("us-state-press", "State Department press releases", True, ()),
    CoverageBrief("mx-sre", "Secretaría de Relaciones Exteriores, prensa", True, ()),
)
CLOSED_LATER = (
    COVERED[0],
    replace(
        COVERED[1],
        closings=(
            LateCoverage(
                Interval(utc(2019, 7, 20, 5), utc(2019, 7, 29, 14)), "prensa", 4711, utc(2019, 9, 4, 9)
            ),
        ),
    ),
)
TAIL_OPEN = (
    CoverageBrief(
        "us-state-press",
        "State Department press releases",
        False,
        (Interval(utc(2019, 9, 5, 16, 30), DUE_AT),),
    ),
    CoverageBrief(
        "mx-sre",
        "Secretaría de Relaciones Exteriores, prensa",
        False,
        (Interval(utc(2019, 7, 20, 5), utc(2019, 7, 29, 14)), Interval(utc(2019, 9, 5, 5), DUE_AT)),
    ),
)
READINGS = (
    ReadingBrief(
        "anchor-12-june-washington",
        utc(2019, 9, 11, 4),
        WASHINGTON,
        "not yet decidable",
        VerdictValue.PENDING,
        "Counted from 12 June the window ends on 10 September 2019.",
    ),
    ReadingBrief("published-mexico-city", utc(2019, 9, 6, 5), MEXICO_CITY, "same", VerdictValue.UNVERIFIED),
)


def alert(kind: AlertKind, known_at: datetime, payload: Payload, **other: object) -> Alert:
    values = {
        "id": 7,
        "subject": "window:further-actions-90d",
        "instrument": "us-mexico-2019",
        "dedup_key": f"{kind}:sample",
        "effective_at": known_at,
        "mode": "live",
    } | other
    return Alert(kind=kind, known_at=known_at, payload=payload, **values)  # type: ignore[arg-type]


BASELINE = NowMonitoring(
    INSTRUMENT,
    (GUARD, FURTHER),
    (WindowStanding(WINDOW, Phase.OPEN, VerdictValue.PENDING, False, Condition.UNKNOWN),),
    (
        SourceBrief("us-state-press", "State Department press releases", ("feed",), ("listing",)),
        SourceBrief("us-white-house", "White House news", (), ("listing",)),
    ),
    4,
    1,
)
EVIDENCE = EvidencePayload(
    INSTRUMENT,
    GUARD,
    None,
    DocumentBrief(
        12,
        "Comienza el despliegue de la Guardia Nacional en la frontera sur",
        "https://www.gob.mx/segob/prensa/despliegue-guardia-nacional-frontera-sur",
        PublicationTime.instant(utc(2019, 6, 15, 1, 20), MEXICO_CITY),
    ),
    "Secretaría de Gobernación, prensa",
    "Gobierno de México",
    "es",
    (
        "La Guardia Nacional inició hoy su despliegue en la frontera sur, en apoyo de las autoridades migratorias.",
    ),
    0.75,
    (),
    "9b1f0c6e6f0d0a5b8c7e4d3a2f1e0d9c8b7a6f5e4d3c2b1a09f8e7d6c5b4a392",
    "archive/2019-06-15.warc.gz, offset 4096",
)
CANDIDATE = EvidencePayload(
    INSTRUMENT,
    FURTHER,
    WINDOW,
    MEETING,
    "White House briefings and statements",
    "The White House",
    "en",
    ("Both sides said that the terms of further joint measures on migration are complete.",),
    1.0,
    (
        ChecklistPart("issued_by_party", True, None, "published by US"),
        ChecklistPart("concerns_all_parties", True, "the United States and Mexico", "every party is named"),
        ChecklistPart(
            "completed_and_new",
            True,
            "the terms of further joint measures on migration are complete",
            "one passage says all three",
        ),
        ChecklistPart(
            "published_in_window", False, "published 2019-09-10", f"after the window ({WINDOW.derivation})"
        ),
    ),
    "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9",
    "archive/2019-09-10.warc.gz, offset 81920",
)
ABOUT_DEPLOYMENT = (
    "La Guardia Nacional inició hoy su despliegue en la frontera sur, con 6,000 elementos, en apoyo de las "
    "autoridades migratorias."
)
FIRST_CONTENT = ContentBrief(
    "1d" * 32,
    EVIDENCE.document.title,
    utc(2019, 6, 15, 6),
    utc(2019, 6, 21, 6),
    412,
    EVIDENCE.sha256,
    "archive/2019-06-15.warc.gz, offset 4096",
)
SECOND_CONTENT = ContentBrief(
    "2e" * 32,
    EVIDENCE.document.title,
    utc(2019, 6, 22, 6),
    utc(2019, 6, 22, 6),
    498,
    "3f" * 32,
    "archive/2019-06-22.warc.gz, offset 20480",
)
EDITED = DocumentChange(
    INSTRUMENT,
    ChangedDocument(77, EVIDENCE.document.title, EVIDENCE.document.url, EVIDENCE.document.published),
    (
        AffectedEvidence(
            12,
            GUARD,
            None,
            False,
            Review.ACCEPTED,
            (
                PassageBrief(ABOUT_DEPLOYMENT, ABOUT_DEPLOYMENT.replace("6,000", "2,400")),
                PassageBrief(EVIDENCE.document.title, EVIDENCE.document.title),
                PassageBrief("El despliegue seguirá en los próximos días.", None),
            ),
        ),
    ),
    EVIDENCE.source_title,
    EVIDENCE.publisher,
    "es",
    FIRST_CONTENT,
    SECOND_CONTENT,
    AnswerBrief(498, utc(2019, 6, 22, 6), 200, SECOND_CONTENT.sha256, SECOND_CONTENT.capture),
    (
        f"- {ABOUT_DEPLOYMENT}",
        f"+ {ABOUT_DEPLOYMENT.replace('6,000', '2,400')}",
        "- El despliegue seguirá en los próximos días.",
    ),
)
WITHDRAWN = replace(
    EDITED,
    document=ChangedDocument(88, MEETING.title, MEETING.url, MEETING.published),
    evidence=(
        AffectedEvidence(31, FURTHER, WINDOW, True, Review.WAITING, ()),
        AffectedEvidence(32, GUARD, None, False, Review.REJECTED, ()),
    ),
    source_title=CANDIDATE.source_title,
    publisher=CANDIDATE.publisher,
    language="en",
    before=replace(FIRST_CONTENT, title=MEETING.title, sha256=CANDIDATE.sha256, exchange=901),
    after=None,
    answer=AnswerBrief(977, utc(2019, 9, 12, 8), 404, "4a" * 32, "archive/2019-09-12.warc.gz, offset 512"),
    changes=(),
)
RESTORED = replace(
    WITHDRAWN,
    evidence=WITHDRAWN.evidence[:1],
    after=WITHDRAWN.before,
    answer=AnswerBrief(990, utc(2019, 9, 13, 8), 200, "5b" * 32, "archive/2019-09-13.warc.gz, offset 96"),
)
WITHDRAWN_TOGETHER = replace(
    WITHDRAWN,
    evidence=(*WITHDRAWN.evidence, AffectedEvidence(35, GUARD, None, False, Review.ACCEPTED, ())),
    also=(
        FurtherChange(
            ChangedDocument(
                91,
                "Statement on the deployment of the National Guard",
                "https://www.whitehouse.example/briefings-statements/statement-national-guard/",
                PublicationTime.day(date(2019, 6, 25), WASHINGTON),
            ),
            (35,),
            replace(FIRST_CONTENT, exchange=633, sha256="7d" * 32),
            AnswerBrief(
                978, utc(2019, 9, 12, 8, 0, 3), 404, "8e" * 32, "archive/2019-09-12.warc.gz, offset 900"
            ),
            utc(2019, 9, 12, 7, 0, 3),
        ),
    ),
)
OF_A_DOCUMENT: dict[str, object] = {"subject": "document:88"}

OPENED = WindowOpened(
    INSTRUMENT,
    FURTHER,
    WINDOW,
    Condition.UNKNOWN,
    BASELINE.sources,
    (
        ReminderBrief(30, utc(2019, 8, 7, 4)),
        ReminderBrief(7, utc(2019, 8, 30, 4)),
        ReminderBrief(1, utc(2019, 9, 5, 4)),
    ),
    (READINGS[0], replace(READINGS[1], relation="not yet decidable", value=VerdictValue.PENDING)),
    (),
    "evidence counts by a person's review",
)
RECORDED = ConditionRecorded(
    INSTRUMENT,
    FURTHER,
    WINDOW,
    DecisionBrief(
        "condition", "met", "Ana Ruiz", "both governments said that results fall short", utc(2019, 9, 8, 15)
    ),
    Condition.MET,
    Condition.UNKNOWN,
    Phase.ELAPSED,
    VerdictValue.UNVERIFIED,
    False,
)
SIGNED = DocumentBrief(
    19,
    "Statement on talks with Mexico",
    "https://www.whitehouse.example/briefings-statements/statement-talks-mexico/",
    PublicationTime.instant(utc(2019, 8, 28, 20), WASHINGTON),
    "White House briefings and statements",
    "en",
    ("The United States and Mexico concluded additional arrangements on migration.",),
    "9f" * 32,
)
WAITING = ReviewWaiting(
    INSTRUMENT,
    (
        WaitingBrief(REPORT, FURTHER, WINDOW, utc(2019, 9, 5, 22), Review.WAITING),
        WaitingBrief(SIGNED, FURTHER, WINDOW, utc(2019, 9, 6, 1, 30), Review.ACCEPTED),
    ),
)
CLOSING = WindowClosing(INSTRUMENT, FURTHER, WINDOW, 7, Condition.UNKNOWN, TAIL_OPEN, (REPORT,))
FLAG = WindowVerdict(
    INSTRUMENT,
    FURTHER,
    WINDOW,
    Phase.ELAPSED,
    VerdictValue.UNVERIFIED,
    VerdictValue.PENDING,
    False,
    Condition.UNKNOWN,
    (
        Duty(
            "coverage", "us-state-press", "not covered 2019-09-05T16:30:00+00:00 to 2019-09-06T04:00:00+00:00"
        ),
        Duty("coverage", "mx-sre", "not covered 2019-07-20T05:00:00+00:00 to 2019-07-29T14:00:00+00:00"),
        Duty("unread", "mx-sre", "document 40 listed but not read: Nota sobre la reunión de alto nivel"),
        Duty("candidate", None, "evidence 28 waits for review: Informe a noventa días"),
        Duty("settling", None, "late listings are awaited until 2019-09-07T10:00:00+00:00"),
    ),
    (REPORT,),
    (),
    TAIL_OPEN,
    READINGS,
    None,
    False,
    "evidence counts by a person's review",
)
NONE_FOUND = replace(
    FLAG,
    phase=Phase.SETTLED,
    value=VerdictValue.NONE_FOUND,
    previous=VerdictValue.UNVERIFIED,
    final=True,
    duties=(),
    candidates=(),
    coverage=CLOSED_LATER,
    readings=(READINGS[0], replace(READINGS[1], value=VerdictValue.NONE_FOUND)),
    absence_proven=True,
    greatest_gap=timedelta(hours=1),
)
UNVERIFIED = replace(
    FLAG,
    phase=Phase.SETTLED,
    previous=VerdictValue.UNVERIFIED,
    final=True,
    duties=FLAG.duties[1:2],
    candidates=(),
    coverage=(COVERED[0], replace(TAIL_OPEN[1], gaps=TAIL_OPEN[1].gaps[:1])),
)
LATE = replace(
    NONE_FOUND,
    value=VerdictValue.ANNOUNCED_LATE,
    previous=VerdictValue.NONE_FOUND,
    condition=Condition.MET,
    readings=(replace(READINGS[0], relation="differs", value=VerdictValue.ANNOUNCED),),
    accepted=(MEETING,),
    late_by_days=5,
    greatest_gap=None,
    decision=DecisionBrief(
        "evidence", "accepted", "Ana Ruiz", "it announces the further measures", utc(2019, 9, 12, 15), 31
    ),
)
NOT_TRIGGERED = replace(
    NONE_FOUND,
    value=VerdictValue.NOT_TRIGGERED,
    previous=VerdictValue.NONE_FOUND,
    condition=Condition.NOT_MET,
    readings=(),
    greatest_gap=None,
    decision=DecisionBrief(
        "condition", "not_met", "Ana Ruiz", "both governments said so on 10 September", utc(2019, 9, 12, 15)
    ),
)
BLIND = SourceHealth(
    "mx-sre",
    "Secretaría de Relaciones Exteriores, prensa",
    "https://www.gob.mx/sre/archivo/prensa",
    MEXICO_CITY,
    utc(2019, 7, 20, 12),
    utc(2019, 7, 20, 5, 3),
    (
        RouteHealth(
            "listing",
            "https://www.gob.mx/sre/archivo/prensa?order=DESC&page=1",
            "failed",
            "blocked: challenge: the answer was a challenge page with status 200, not the listing",
            utc(2019, 7, 21, 12, 1),
        ),
    ),
    ("Further actions announced within 90 days",),
)
RECOVERED = replace(
    BLIND,
    last_valid_at=utc(2019, 7, 29, 14),
    routes=(RouteHealth("listing", BLIND.routes[0].url, "read", None, utc(2019, 7, 29, 14)),),
)
OF_A_SOURCE: dict[str, object] = {"subject": "source:mx-sre", "instrument": None}
SILENCE = SilenceEnded(
    4,
    None,
    "source:mx-sre",
    ("source_blind", "document_edited"),
    "Ana Ruiz",
    "their site moves this weekend",
    utc(2019, 7, 19, 16),
    utc(2019, 7, 22, 6),
    utc(2019, 7, 22, 6, 0, 12),
    None,
    "",
    3,
)

SAMPLES: dict[str, Alert] = {
    "now_monitoring": alert(
        AlertKind.NOW_MONITORING, utc(2019, 6, 8, 13), BASELINE, subject="instrument:us-mexico-2019"
    ),
    "new_evidence": alert(
        AlertKind.NEW_EVIDENCE, utc(2019, 6, 15, 6), EVIDENCE, subject="commitment:national-guard"
    ),
    "new_evidence_of_several": alert(
        AlertKind.NEW_EVIDENCE,
        utc(2019, 6, 15, 6),
        replace(EVIDENCE, matches=(MatchBrief(32, FURTHER, EVIDENCE.quotes, 0.7),)),
        subject="commitment:national-guard",
    ),
    "candidate": alert(AlertKind.CANDIDATE, utc(2019, 9, 11, 6), CANDIDATE),
    "document_edited": alert(AlertKind.DOCUMENT_EDITED, utc(2019, 6, 22, 6), EDITED, subject="document:77"),
    "document_withdrawn": alert(
        AlertKind.DOCUMENT_WITHDRAWN,
        utc(2019, 9, 12, 8),
        WITHDRAWN,
        effective_at=utc(2019, 9, 12, 7),
        **OF_A_DOCUMENT,
    ),
    "documents_withdrawn": alert(
        AlertKind.DOCUMENT_WITHDRAWN,
        utc(2019, 9, 12, 8),
        WITHDRAWN_TOGETHER,
        effective_at=utc(2019, 9, 12, 7),
        subject="source:us-white-house",
    ),
    "document_restored": alert(AlertKind.DOCUMENT_RESTORED, utc(2019, 9, 13, 8), RESTORED, **OF_A_DOCUMENT),
    "window_opened": alert(AlertKind.WINDOW_OPENED, utc(2019, 6, 7, 6), OPENED, effective_at=OPENS_AT),
    "window_closing": alert(AlertKind.WINDOW_CLOSING, utc(2019, 8, 30, 4), CLOSING),
    "window_ended": alert(AlertKind.WINDOW_ENDED, utc(2019, 9, 6, 4, 0, 1), FLAG, effective_at=DUE_AT),
    "window_ended_replay": alert(AlertKind.WINDOW_ENDED, DUE_AT, FLAG, mode="replay"),
    "final_word_none_found": alert(AlertKind.FINAL_WORD, utc(2019, 9, 7, 9), NONE_FOUND),
    "final_word_unverified": alert(AlertKind.FINAL_WORD, SETTLES_AT, UNVERIFIED),
    "correction": alert(AlertKind.CORRECTION, utc(2019, 9, 12, 15), LATE),
    "correction_not_triggered": alert(AlertKind.CORRECTION, utc(2019, 9, 12, 15), NOT_TRIGGERED),
    "condition_recorded": alert(AlertKind.CONDITION_RECORDED, utc(2019, 9, 8, 15), RECORDED),
    "review_waiting": alert(
        AlertKind.REVIEW_WAITING, utc(2019, 9, 6, 22), WAITING, subject="instrument:us-mexico-2019"
    ),
    "source_blind": alert(
        AlertKind.SOURCE_BLIND,
        utc(2019, 7, 21, 12, 1),
        BLIND,
        effective_at=BLIND.since,
        **OF_A_SOURCE,
    ),
    "source_recovered": alert(AlertKind.SOURCE_RECOVERED, utc(2019, 7, 29, 14), RECOVERED, **OF_A_SOURCE),
    "silence_ended": alert(
        AlertKind.SILENCE_ENDED, SILENCE.ended_at, SILENCE, subject="silence:4", instrument=None
    ),
    "silence_ended_by_hand": alert(
        AlertKind.SILENCE_ENDED,
        utc(2019, 7, 20, 12),
        replace(SILENCE, ended_at=utc(2019, 7, 20, 12), ended_by="Ben Ortiz", end_reason="it is over"),
        subject="silence:4",
        instrument=None,
    ),
}

SAMPLES |= {
    "address_suspended": alert(
        AlertKind.ADDRESS_SUSPENDED,
        utc(2019, 9, 6, 4, 3),
        AddressSuspended("ben@example.org", "mail", 3, "550 5.1.1 <ben@example.org>: no such user", 2),
        subject="watcher:4",
        instrument=None,
    ),
    "mail_given_up": alert(
        AlertKind.MAIL_GIVEN_UP,
        utc(2019, 9, 10, 4, 20),
        MailGivenUp(
            "ben@example.org",
            "mail",
            "<a17.w4.0a1b2c3d4e5f@monitor.example.org>",
            (17,),
            ("window_ended",),
            198,
            utc(2019, 9, 6, 4, 0, 5),
            utc(2019, 9, 10, 4, 20),
            "451 4.3.0 <ben@example.org>: try again later",
        ),
        subject="watcher:4",
        instrument=None,
    ),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "sample" in metafunc.fixturenames:
        metafunc.parametrize("sample", list(SAMPLES.values()), ids=list(SAMPLES))


@pytest.fixture
def samples() -> dict[str, Alert]:
    return SAMPLES


@pytest.fixture
def ana() -> Watcher:
    return Watcher(3, "ana@example.org", profile=Profile(name="Ana Ruiz"))


@pytest.fixture
def to_ana() -> Footer:
    why = "You get this because you watch the instrument us-mexico-2019 (all alerts)."
    return Footer(why, contact="monitor@example.org")
