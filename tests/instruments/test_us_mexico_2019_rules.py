"""What the rules of the first instrument make of documents in both languages, of our wording."""

from __future__ import annotations

from datetime import date

import pytest

from servanda.compliance.instrument import Instrument
from servanda.compliance.matching import match
from servanda.compliance.passages import Candidate
from servanda.compliance.publication import PublicationTime
from servanda.compliance.vocabulary import Match
from servanda.instruments.catalogue import builtin_catalogue, load_catalogue

FURTHER = "further-actions"


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return load_catalogue(builtin_catalogue()).instrument("us-mexico-2019")


def found(
    instrument: Instrument, title: str, text: str, party: str | None = "US", on: date = date(2019, 9, 4)
) -> dict[str, Match]:
    """Commitment → match, for a document of our wording."""
    candidate = Candidate(
        url="https://www.state.gov/a-document/",
        text=f"{title}\n\n{text}",
        published=PublicationTime.day(on, "America/New_York"),
        source_title="a source",
        source_party=party,
    )
    return {m.commitment: m for m in match(candidate, instrument)}


ANNOUNCEMENTS = [
    (
        "the model case",
        "US",
        "Joint Statement on Migration",
        "The United States and Mexico announced today additional measures to address irregular migration.",
    ),
    (
        "understandings in the declaration's own words",
        "US",
        "Further Actions Under the Joint Declaration",
        "The two governments have reached further understandings on irregular migrant flows and asylum "
        "with Mexico.",
    ),
    (
        "a supplementary agreement",
        "US",
        "United States and Mexico Sign Agreement",
        "The parties signed a supplementary agreement on asylum claims in Mexico.",
    ),
    (
        "the same from the other side",
        "MX",
        "Comunicado conjunto sobre migración",
        "México y Estados Unidos anunciaron hoy nuevas medidas en materia de migración y asilo.",
    ),
    (
        "a president's office",
        "MX",
        "México y EE.UU. alcanzan un acuerdo",
        "Los gobiernos acordaron medidas adicionales para atender los flujos migratorios irregulares.",
    ),
    (
        "a commitment, as the declaration itself words it",
        "US",
        "Declaration on Migration",
        "The United States and Mexico commit to additional actions to curb irregular migration.",
    ),
    (
        "a third publisher that quotes a government",
        None,
        "Migration terms",
        "The State Department said the United States and Mexico agreed on new measures on asylum.",
    ),
]


@pytest.mark.parametrize("why, party, title, text", ANNOUNCEMENTS, ids=[a[0] for a in ANNOUNCEMENTS])
def test_an_announcement_of_new_terms_is_a_candidate(
    why: str, party: str | None, title: str, text: str, instrument: Instrument
) -> None:
    announced = found(instrument, title, text, party)[FURTHER]
    assert announced.window == "further-actions-90d"
    assert announced.is_candidate, [(p.id, p.why) for p in announced.checklist if not p.holds]
    assert all(part.holds for part in announced.checklist)


NEAR_MISSES = [
    (
        "another partner, another subject",
        "US",
        "U.S.-Poland Joint Declaration on 5G",
        "The United States and Poland agreed to strengthen cooperation on 5G. Further measures will follow.",
        {"concerns_all_parties", "completed_and_new"},
    ),
    (
        "the right partner, another subject",
        "US",
        "Joint Statement on Trade With Mexico",
        "The United States and Mexico agreed on additional measures to speed the trade in sugar.",
        {"completed_and_new"},
    ),
    (
        "the right subject, another partner",
        "US",
        "Joint Statement on Asylum With Guatemala",
        "The United States and Guatemala signed an additional agreement on asylum.",
        {"concerns_all_parties"},
    ),
    (
        "talks that go on",
        "MX",
        "Reunión con el Departamento de Estado",
        "El canciller habló en Estados Unidos del acuerdo sobre migración y de su cumplimiento.",
        {"completed_and_new"},
    ),
    (
        "a report on what was done before",
        "MX",
        "Informe sobre migración a noventa días",
        "El flujo migratorio hacia Estados Unidos bajó, informó el canciller; el acuerdo se cumple.",
        {"completed_and_new"},
    ),
]


@pytest.mark.parametrize("why, party, title, text, failing", NEAR_MISSES, ids=[n[0] for n in NEAR_MISSES])
def test_a_near_miss_is_looked_at_and_fails_the_checklist_where_it_should(
    why: str, party: str, title: str, text: str, failing: set[str], instrument: Instrument
) -> None:
    seen = found(instrument, title, text, party, on=date(2019, 9, 5))[FURTHER]
    assert seen.is_near_miss
    assert {part.id for part in seen.checklist if not part.holds} == failing


def test_everyday_news_is_evidence_for_nothing(instrument: Instrument) -> None:
    assert (
        found(instrument, "On the Occasion of Ukraine's Independence Day", "We congratulate its people.")
        == {}
    )
    assert found(instrument, "Designation of an Entity", "The Department designated a bank in Syria.") == {}
    assert found(instrument, "Inaugura escuela el secretario", "El plantel abrirá en agosto.", "MX") == {}


def test_the_declaration_itself_is_evidence_for_nothing(instrument: Instrument) -> None:
    assert found(instrument, "U.S.-Mexico Joint Declaration", instrument.text, on=date(2019, 6, 8)) == {}


ACTS = [
    (
        "national-guard-deployment",
        "US",
        "Mexico deployed 25,000 members of its National Guard to stop irregular migration.",
    ),
    (
        "national-guard-deployment",
        "MX",
        "La Guardia Nacional desplegó elementos en la frontera sur para la contención de migrantes.",
    ),
    ("smuggling-networks", "MX", "En México fueron detenidos doce traficantes de personas."),
    (
        "smuggling-networks",
        "US",
        "Mexican authorities dismantled a human smuggling organization and froze its bank accounts.",
    ),
    (
        "bilateral-cooperation",
        "US",
        "The United States and Mexico will share information and cooperate at the common border.",
    ),
    (
        "bilateral-cooperation",
        "MX",
        "México y Estados Unidos refuerzan la cooperación bilateral y la seguridad fronteriza.",
    ),
    (
        "protection-protocols-expansion",
        "US",
        "DHS expands the Migrant Protection Protocols to Brownsville, Texas.",
    ),
    (
        "protection-protocols-expansion",
        "MX",
        "Estados Unidos amplía los Protocolos de Protección a Migrantes a Nuevo Laredo.",
    ),
    (
        "entrance-of-the-returned",
        "MX",
        "México autoriza el ingreso de los solicitantes de asilo por razones humanitarias.",
    ),
    (
        "entrance-of-the-returned",
        "US",
        "Mexico admits all those returned to Mexico for humanitarian reasons.",
    ),
    (
        "jobs-healthcare-education",
        "MX",
        "México ofrece empleo, salud y educación a personas retornadas en espera de su proceso.",
    ),
    (
        "jobs-healthcare-education",
        "US",
        "Mexico offers jobs and school places to those returned to Mexico.",
    ),
    (
        "asylum-adjudication",
        "US",
        "New immigration judges will expedite the adjudication of asylum claims.",
    ),
    (
        "asylum-adjudication",
        "MX",
        "Los jueces de inmigración agilizan la resolución de solicitudes de asilo.",
    ),
    (
        "central-america",
        "MX",
        "México presenta el Plan de Desarrollo Integral con El Salvador, Guatemala y Honduras.",
    ),
    (
        "central-america",
        "US",
        "The United States and Mexico will promote development and prosperity in Central America.",
    ),
]


@pytest.mark.parametrize("commitment, party, text", ACTS)
def test_an_act_is_evidence_in_both_languages_and_can_be_quoted(
    commitment: str, party: str, text: str, instrument: Instrument
) -> None:
    act = found(instrument, "Press release", text, party)[commitment]
    assert [span.text for span in act.spans] == [text]


OTHERS = [
    ("national-guard-deployment", "The Texas National Guard helped after the hurricane."),
    ("smuggling-networks", "Smugglers of cigarettes were reported in Bulgaria."),
    ("bilateral-cooperation", "Poland and Ukraine cooperate on border security."),
    ("asylum-adjudication", "The court adjudicated a claim about patents."),
    ("central-america", "Guatemala celebrates its independence."),
]


@pytest.mark.parametrize("commitment, text", OTHERS)
def test_what_only_shares_a_word_is_no_evidence(commitment: str, text: str, instrument: Instrument) -> None:
    assert commitment not in found(instrument, "Press release", text)
