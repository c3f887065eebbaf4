from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from support.instruments import make_instrument
from support.window_cases import DUE, MEXICO_CITY, WASHINGTON, make_evidence, make_facts, make_window

from servanda.alerts.formats.mail import Footer, render
from servanda.alerts.letters.phrases.derivations import derivation
from servanda.alerts.letters.phrases.stored_sentences import SENTENCES, translate_stored
from servanda.alerts.payloads.alert import Alert, from_json, to_json
from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.payloads.parts import CountBrief, WindowBrief
from servanda.alerts.text.translation import ENGLISH, words
from servanda.compliance.document_doubts import DocumentFacts, find_doubts
from servanda.compliance.instrument import Anchor, Reading, Window
from servanda.compliance.intervals import IntervalSet
from servanda.compliance.matching import match
from servanda.compliance.passages import Candidate
from servanda.compliance.prose import ProseFacts
from servanda.compliance.publication import PublicationTime
from servanda.compliance.verdicts import judge
from servanda.compliance.vocabulary import MissingCanary, UnreadDocument
from servanda.compliance.windows import count_window
from servanda.models.documents.unread_documents import GONE

SPANISH = words("es")
LATER = DUE.replace(day=7, hour=3)


def _brief(window: Window) -> WindowBrief:
    primary, term = window.primary, count_window(window, window.primary)
    return WindowBrief(
        window.id,
        window.title,
        term.derivation,
        window.zone,
        term.opens_at,
        term.due_at,
        term.due_at,
        count=CountBrief(
            primary.anchor_on,
            window.anchor.event if primary.anchor_on == window.anchor.on else None,
            window.duration,
            window.count_anchor_day,
            primary.zone,
        ),
    )


# --- derivations --------------------------------------------------------------------------------------

WINDOWS: dict[str, dict[str, Any]] = {
    "as the first instrument has it": {},
    "counting the day of signature": {
        "count_anchor_day": True,
        "anchor": Anchor("signature", date(2019, 6, 7)),
    },
    "from another day than the anchor": {
        "readings": (Reading("other", date(2019, 6, 12), MEXICO_CITY, primary=True),),
        "zone": MEXICO_CITY,
    },
    "after a determination, in months": {
        "duration": "P1Y2M",
        "anchor": Anchor("determination", date(2019, 6, 7)),
    },
    "one day over a change of the clock": {
        "duration": "P1D",
        "readings": (Reading("autumn", date(2019, 11, 2), WASHINGTON, primary=True),),
    },
    "years, months and days": {"duration": "P2Y1M1D"},
}


@pytest.mark.parametrize("changes", WINDOWS.values(), ids=WINDOWS)
def test_a_derivation_in_parts_says_in_english_what_compliance_says(changes: dict[str, Any]) -> None:
    brief = _brief(make_window(**changes))
    assert derivation(brief, ENGLISH).replace(", ", " and ") == brief.derivation.replace(", ", " and ")


def test_a_derivation_is_said_in_spanish() -> None:
    assert derivation(_brief(make_window()), SPANISH) == (
        "7 de junio de 2019 + 90 días naturales, sin contar el día de la publicación, America/New_York: "
        "vence el 5 de septiembre de 2019 a las 23:59:59"
    )


def test_what_was_stored_before_there_were_parts_is_told_as_it_was(samples: dict[str, Alert]) -> None:
    data = to_json(samples["window_ended"].payload)
    data["window"].pop("count")
    old: Any = from_json(AlertKind.WINDOW_ENDED, data)
    assert old.window.count is None
    said = render(replace(samples["window_ended"], payload=old), Footer("why", "a@example.org"), SPANISH).text
    assert "7 June 2019 + 90 calendar days, day of publication not counted" in " ".join(said.split())


# --- duties, policies, checklists -----------------------------------------------------------------------


def _verdict_sentences() -> list[str]:
    day = PublicationTime.day(date(2019, 8, 1), WASHINGTON)
    facts = replace(
        make_facts(
            covered={"state": IntervalSet(), "sre": IntervalSet()},
            evidence=(make_evidence(DUE.replace(day=1)),),
            unread=(
                UnreadDocument(40, "sre", "Nota: reunión", day),
                UnreadDocument(41, "sre", "Otra nota", day, GONE),
                UnreadDocument(42, "state", "A note", day, "quarantined (too_large)"),
            ),
        ),
        canaries=(MissingCanary("state", "archive", "https://example.org/a canary", DUE.replace(day=1)),),
    )
    policies = [make_window(), make_window(review="automatic", automatic_threshold=0.95)]
    verdicts = [judge(window, facts, DUE) for window in policies]
    duties = [duty.detail for duty in verdicts[0].duties if duty.kind != "coverage"]
    return duties + [verdict.reasons[-1] for verdict in verdicts]


def test_every_duty_and_policy_that_is_judged_is_told_in_spanish() -> None:
    sentences = _verdict_sentences()
    assert len(sentences) == 8
    for stored in sentences:
        assert translate_stored(stored, SPANISH) != stored
        if "until 20" not in stored and "looked for" not in stored:
            assert translate_stored(stored, ENGLISH) == stored


def test_the_instants_of_a_duty_are_told_in_the_windows_zone() -> None:
    stored = next(one for one in _verdict_sentences() if "no longer finds" in one)
    assert translate_stored(stored, SPANISH, _brief(make_window())) == (
        "archive ya no encuentra https://example.org/a canary, buscado el 1 de septiembre de 2019, 00:00:00 hora "
        "de Washington (04:00:00 UTC)"
    )
    assert translate_stored(stored, ENGLISH).endswith("looked for 1 September 2019, 04:00:00 UTC")


TEXTS = [
    ("US", "Mexico and the United States agreed on new rules for asylum.", DUE.replace(hour=3)),
    ("US", "Mexico and we agreed on asylum. So it was.", DUE),
    ("US", "Poland and the United States spoke of asylum.", DUE.replace(year=2018)),
    (None, "Mexico and the United States announced additional measures on migration.", DUE),
    (None, "The Secretary of State and Mexico spoke.", DUE),
    ("US", "We agreed with Mexico.\n\nAsylum matters.\n\nA new day.", DUE),
]


def test_every_part_of_a_checklist_is_told_in_spanish() -> None:
    reasons = set()
    for party, text, at in TEXTS:
        published = PublicationTime.instant(at, WASHINGTON)
        document = Candidate(
            "https://example.org/x", f"Joint statement\n\n{text}", published, "A source", party
        )
        reasons |= {
            (part.id, part.holds, part.why)
            for m in match(document, make_instrument())
            for part in m.checklist
        }
    assert len({(part, holds) for part, holds, _ in reasons}) == 8, "each part, held and not"
    for _, _, why in reasons:
        assert translate_stored(why, ENGLISH) == why
        assert translate_stored(why, SPANISH) != why


FACTS = DocumentFacts("heading", ProseFacts(words=200, function_share=0.4))
DOUBTED = [
    replace(FACTS, title_shown="nowhere", canonical="https://a.example/other/"),
    replace(FACTS, cut="and the …"),
    replace(FACTS, prose=replace(FACTS.prose, damaged=9)),
    replace(FACTS, prose=replace(FACTS.prose, single_letters=0.6)),
    replace(FACTS, prose=replace(FACTS.prose, function_share=0.01)),
    replace(FACTS, prose=replace(FACTS.prose, language="fr")),
    replace(FACTS, prose=ProseFacts(words=20), videos=1),
    replace(FACTS, prose=ProseFacts(words=20), pictures=4),
    replace(FACTS, prose=ProseFacts(words=20), pictures=1),
    replace(FACTS, prose=ProseFacts(words=2)),
    replace(FACTS, missing=("it frames https://a.example/x, which was not read",)),
    replace(FACTS, missing=("beside 12 words it leads to https://a.example/x.pdf, which was not read",)),
    replace(FACTS, missing=("page 2 of 3 is a picture with 12 words of text: it may be a scan",)),
    replace(FACTS, missing=("page 2 of 3 is drawn, with only 2 words of text",)),
]


@pytest.mark.parametrize("facts", DOUBTED)
def test_each_doubt_is_told_in_spanish(facts: DocumentFacts) -> None:
    day = PublicationTime.day(date(2019, 8, 1), WASHINGTON)
    far = PublicationTime.day(date(2019, 6, 1), WASHINGTON)
    doubts = find_doubts(facts, addresses=("https://a.example/this/",), listed=day, stated=far)
    assert doubts
    for doubt in doubts:
        stored = f"document 7 is doubtful ({doubt.why}): A title"
        told = translate_stored(stored, SPANISH)
        assert told.startswith("el documento 7 es dudoso (") and doubt.why not in told
        assert translate_stored(stored, ENGLISH) == stored


@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_sentence_is_recognised(sentence: str) -> None:
    values = {"moment": "2019-09-07T10:00:00Z", "score": "0.9", "code": "MX", "missing": "the subject"}
    stored = sentence.format(
        number=7,
        kind="too_large",
        title="A title",
        canary="a page",
        route="feed",
        derivation="7 June …",
        doubts="it is a video; its text ends with 'and the …'",
        **values,
    )
    assert translate_stored(stored, SPANISH) != stored


@pytest.mark.parametrize(
    "stored",
    [
        "a sentence of another version",
        "late listings are awaited until 9999-99-99T99:99:99",
        "late listings are awaited until 2019-09-07T10:00:00",
        "late listings are awaited until 0001-01-01T00:00:00+23:59",
        "evidence seven waits for review: x",
    ],
)
def test_what_is_not_recognised_is_told_as_it_was_stored(stored: str) -> None:
    assert translate_stored(stored, ENGLISH) == stored


def test_a_title_that_reads_like_another_sentence_stays_a_title() -> None:
    stored = "document 7 listed but not read: feed no longer finds us, looked for 2019-09-07T10:00:00Z"
    assert translate_stored(stored, ENGLISH) == stored
    assert translate_stored(stored, SPANISH).startswith(
        "documento 7 listado pero no leído: feed no longer finds us"
    )


def test_a_hostile_title_stays_a_title() -> None:
    stored = "evidence 7 waits for review: {moment} {0}\r\nBcc: eve@example.org"
    assert (
        translate_stored(stored, SPANISH)
        == "la evidencia 7 espera revisión: {moment} {0} Bcc: eve@example.org"
    )
