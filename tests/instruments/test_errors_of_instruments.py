"""What an instrument must hold together: its text, spans, parties, concepts and rules."""

from __future__ import annotations

import pytest
from support.documented import INSTRUMENT, Broken, CatalogueFolder

DIGEST = "d90d6f784f2f5c6760c4889d392c6a10aa3261a60135379ad21d8d1f9023477f"

# fmt: off
CASES = [
    Broken("a quote that stands elsewhere says where", INSTRUMENT, "    start: 150", "    start: 149", "start: 149",
           "commitments[1].start", "149, end = 201", "the quote does not stand there", "start: 150, end: 201"),
    Broken("a span that ends before it starts", INSTRUMENT, "    end: 201", "    end: 20", "start: 150",
           "commitments[1].start", "150, end = 20", "the quote does not stand there", "start: 150, end: 201"),
    Broken("a quote with another word says where the text parts from it", INSTRUMENT,
           "will reopen the gauging station at Bermejo.", "will reopen the gauging house at Bermejo.",
           "quote: Bolivia", "commitments[1].quote",
           "Bolivia will reopen the gauging house at Bermejo.", "does not occur in text.txt",
           "closest at start: 150, differing from character 182: “e gauging station at Bermejo.⏎”"),
    Broken("a digest of another text shows both", INSTRUMENT, "text_sha256: d90d", "text_sha256: 0000", "text_sha256",
           "text_sha256", "0000" + DIGEST[4:],
           "is not the SHA-256 of text.txt", DIGEST),
    Broken("the text stands in text.txt alone", INSTRUMENT, "title: Joint Statement",
           "text: Bolivia will\ntitle: Joint Statement", "text: Bolivia", "text", "Bolivia will",
           "comes from a file of its own", "no such line"),
    Broken("an instrument bears its folder's name", INSTRUMENT, "id: bermejo-2031", "id: bermejo-2032", "bermejo-2032",
           "id", "bermejo-2032", "is not the name of its folder", "bermejo-2031"),
    Broken("a zone that is none", INSTRUMENT, "zone: America/La_Paz\nurls", "zone: America/LaPaz\nurls", "LaPaz",
           "zone", "America/LaPaz", "is not an IANA time zone", "America/La_Paz"),
    Broken("an address that is none", INSTRUMENT, "https://cancilleria.example/b", "cancilleria.example/b",
           "- cancilleria", "urls[0]", "cancilleria.example/bermejo-2031", "is not a web address", "http"),
    Broken("an id is a slug", INSTRUMENT, "  - id: gauging-station\n    commitment",
           "  - id: Gauging_Station\n    commitment", "Gauging_Station", "rules[1].id", "Gauging_Station",
           "is not a slug", "joined by hyphens"),
    Broken("a party's id is letters and digits", INSTRUMENT, "\ncommitments:",
           "  - {id: P Y, names: {en: [Paraguay], es: [Paraguay]}}\ncommitments:", "P Y", "parties[2].id", "P Y",
           "is not a party id", "ISO 3166"),
    Broken("two parties of one id", INSTRUMENT, "\ncommitments:",
           "  - {id: AR, names: {en: [Argentina], es: [Argentina]}}\ncommitments:", "{id: AR", "parties[2].id", "AR",
           "stands twice, first in parties[0]",
           "each id once"),
    Broken("a creditor that is no party", INSTRUMENT, "    creditors: [AR]\n", "    creditors: [AR, PY]\n", "PY",
           "commitments[1].creditors[1]", "PY", "there is no such party", "AR, BO"),
    Broken("nobody owes it", INSTRUMENT, "    debtors: [BO]", "    debtors: []", "debtors: []",
           "commitments[1].debtors", "an empty list", "is empty", "AR, BO"),
    Broken("the modality is the text's own verb", INSTRUMENT, "modality: will reopen", "modality: shall reopen", "shall",
           "commitments[1].modality", "shall reopen", "does not stand in the quote", "own verb"),
    Broken("a condition is the text's own words", INSTRUMENT,
           "    condition: if the level falls\n  - id", "    condition: if levels fall\n  - id",
           "if levels fall", "commitments[0].condition", "if levels fall", "does not stand in the quote", "own words"),
    Broken("a kind agrees with the condition", INSTRUMENT, "    kind: conditional", "    kind: one_off", "kind: one_off",
           "commitments[0].kind", "one_off", "does not agree with the condition", "conditional with a condition"),
    Broken("a source that has no file", INSTRUMENT, "sources: [ar-cancilleria, bo-presidencia, us",
           "sources: [py-mre, ar-cancilleria, bo-presidencia, us", "py-mre", "sources[0]", "py-mre",
           "there is no such source file", "ar-cancilleria, bo-gaceta, bo-presidencia, mx-dof, us-federal-register"),
    Broken("a source named twice", INSTRUMENT, "bo-presidencia, us-federal-register]",
           "bo-presidencia, us-federal-register, ar-cancilleria]", "sources: [ar-cancilleria, bo-presidencia, us", "sources[3]", "ar-cancilleria",
           "is named twice", "each one once"),
    Broken("a concept that a rule names and nobody defines", INSTRUMENT, "    none: [auction]", "    none: [sale]", "[sale]",
           "rules[0].none[0]", "sale", "there is no such concept", "auction, completed, gauging-station"),
    Broken("a rule for a commitment that does not exist", INSTRUMENT,
           "    commitment: gauging-station", "    commitment: gauge", "commitment: gauge",
           "rules[1].commitment", "gauge", "there is no such commitment", "gauging-station, water-plan"),
    Broken("a rule that names no concept would match everything", INSTRUMENT,
           "    all: [gauging-station]", "    all: []", "all: []", "rules[1].all", "an empty list",
           "every document would match", "gauging-station"),
    Broken("a rule of the window's, for another commitment", INSTRUMENT,
           "    commitment: gauging-station\n", "    commitment: gauging-station\n    window: water-plan-6m\n",
           "    commitment: gauging-station", "rules[1].commitment", "gauging-station",
           "is not the commitment of the rule's window", "water-plan"),
    Broken("a rule for a window that does not exist", INSTRUMENT,
           "    commitment: gauging-station\n", "    commitment: gauging-station\n    window: soon\n", "soon",
           "rules[1].window", "soon", "there is no such window", "water-plan-6m, or null"),
    Broken("a threshold above one is never reached", INSTRUMENT, "    threshold: 0.6", "    threshold: 1.1", "1.1",
           "rules[0].threshold", "1.1", "is not a share", "above 0, at most 1"),
    Broken("a threshold of zero lets everything through", INSTRUMENT, "    threshold: 0.6", "    threshold: 0",
           "threshold: 0\n", "rules[0].threshold", "0", "is not a share", "above 0, at most 1"),
    Broken("a phrase is no regular expression", INSTRUMENT, "en: [river*, water]", 'en: ["river|stream", water]',
           "river|stream", "concepts[0].en[0]", "river|stream", "is not a phrase of plain words", "trailing *"),
    Broken("a star stands at the end of a word", INSTRUMENT, "en: [river*, water]", 'en: ["*river", water]', "*river",
           "concepts[0].en[0]", "*river", "is not a phrase of plain words", "trailing *"),
    Broken("a star after two letters admits everything", INSTRUMENT, "en: [river*, water]", "en: [ri*, water]", "ri*",
           "concepts[0].en[0]", "ri*", "fewer than 3 letters", "trailing *"),
    Broken("an empty phrase", INSTRUMENT, "en: [river*, water]", 'en: ["", water]', '["", water]',
           "concepts[0].en[0]", "", "is empty or has stray spaces", "plain words"),
    Broken("a language without phrases would be blind", INSTRUMENT, "    es: [subasta*]", "    es: []", "es: []",
           "concepts[5].es", "an empty list", "is empty", "at least one phrase"),
    Broken("two concepts of one id", INSTRUMENT, "\nrules:", "  - {id: plan, en: [plan], es: [plan]}\nrules:",
           "{id: plan", "concepts[10].id", "plan", "stands twice, first in concepts[1]", "each id once"),
]
# fmt: on


@pytest.mark.parametrize("case", CASES, ids=str)
def test_one_mistake_gives_one_problem_that_says_where_and_what_is_valid(
    case: Broken, folder: CatalogueFolder
) -> None:
    case.assert_reported(folder)
