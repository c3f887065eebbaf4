"""A folder becomes a catalogue: what is found, what is warned about, and everything wrong at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.documented import (
    DIARIO,
    DOCUMENT,
    FEED,
    GAZETTE,
    INSTRUMENT,
    LISTING,
    REGISTER,
    TEXT,
    CatalogueFolder,
    documented_examples,
)

from servanda.instruments.catalogue import load_catalogue
from servanda.instruments.instrument_json import show_instrument
from servanda.instruments.problems import CatalogueError


def test_a_catalogue_answers_by_id(folder: CatalogueFolder) -> None:
    catalogue = load_catalogue(folder.path)

    assert [i.id for i in catalogue.instruments] == ["bermejo-2031"]
    assert [s.id for s in catalogue.sources] == [
        "ar-cancilleria",
        "bo-gaceta",
        "bo-presidencia",
        "mx-dof",
        "us-federal-register",
    ]
    instrument, window = catalogue.window("water-plan-6m")
    assert instrument is catalogue.instrument("bermejo-2031")
    assert window.primary.id == "la-paz"
    assert catalogue.commitment("gauging-station")[1].debtors == ("BO",)
    assert catalogue.source("ar-cancilleria").routes[0].read.platform == "listing"


@pytest.mark.parametrize("what", ["instrument", "source", "window", "commitment"])
def test_an_unknown_id_is_answered_with_the_known_ones(what: str, folder: CatalogueFolder) -> None:
    catalogue = load_catalogue(folder.path)
    with pytest.raises(LookupError, match=rf"no {what} 'nothing'; known: \w+"):
        getattr(catalogue, what)("nothing")


def test_the_text_is_read_exactly_as_it_stands(folder: CatalogueFolder) -> None:
    catalogue = load_catalogue(folder.path)
    assert catalogue.instrument("bermejo-2031").text == documented_examples()[TEXT]


def test_the_digest_covers_names_and_bytes_and_nothing_else(folder: CatalogueFolder, tmp_path: Path) -> None:
    before = load_catalogue(folder.path)
    elsewhere = CatalogueFolder.documented(tmp_path / "elsewhere")
    assert load_catalogue(elsewhere.path).digest == before.digest

    folder.change(FEED, "lag: PT1H", "lag: PT1H  # measured")
    commented = load_catalogue(folder.path)
    assert commented.digest != before.digest
    assert commented.content == before.content

    folder.change(FEED, "lag: PT1H", "lag: PT2H")
    assert load_catalogue(folder.path).content != before.content


def test_the_content_is_canonical_json_of_everything_loaded(folder: CatalogueFolder) -> None:
    catalogue = load_catalogue(folder.path)
    content = json.loads(catalogue.content)
    assert json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")) == catalogue.content
    assert content["instruments"][0]["windows"][0]["anchor"] == {"event": "publication", "on": "2031-03-14"}
    assert content["sources"][0]["routes"][0]["cadence"] == "PT6H"


def test_all_problems_of_all_files_are_reported_at_once_in_order(folder: CatalogueFolder) -> None:
    folder.change(INSTRUMENT, "    duration: P6M", "    duration: six months")
    folder.change(INSTRUMENT, "    debtors: [BO]", "    debtors: [NO]")
    folder.change(LISTING, "    depth: true", "    depth: on")
    folder.change(LISTING, "lag: P1D", "lag: 1 day\ncolour: red")
    folder.change(REGISTER, "party: null", "party: PY")
    folder.write("sources/late.yaml", "id: late\n")

    with pytest.raises(CatalogueError) as raised:
        load_catalogue(folder.path)

    assert [(p.file, p.key) for p in raised.value.problems] == [
        (INSTRUMENT, "commitments[1].debtors[0]"),
        (INSTRUMENT, "windows[0].duration"),
        (LISTING, "lag"),
        (LISTING, "colour"),
        (LISTING, "routes[0].depth"),
        ("sources/late.yaml", ""),
        (REGISTER, "party"),
    ]
    blocks = str(raised.value).split("\n\n")
    assert blocks[0] == f"catalogue {folder.path}: 7 problems"
    assert blocks[1:] == [str(problem) for problem in raised.value.problems]


def test_a_source_file_with_a_mistake_is_not_also_reported_as_missing(folder: CatalogueFolder) -> None:
    folder.change(LISTING, "language: es\nzone", "language: fr\nzone")
    assert [p.key for p in folder.problems()] == ["language"]


def test_an_instrument_with_a_mistake_does_not_make_its_parties_unknown(folder: CatalogueFolder) -> None:
    folder.change(INSTRUMENT, "    kind: one_off", "    kind: once")
    assert [p.key for p in folder.problems()] == ["commitments[1].kind"]


@pytest.mark.parametrize(
    "file, content, message",
    [
        ("sources/mx-sre.yaml", "id: mx-sre\n", "does not belong here"),
        ("sources/notes.txt", "notes", "does not belong here"),
        ("sources/more/a.yml", "id: a\n", "does not belong here"),
        ("declarations/bermejo-2031/instrument.yaml", "id: a\n", "does not belong here"),
        ("declarations/bermejo-2031/notes.md", "notes", "does not belong here"),
        ("declarations/readme.txt", "notes", "does not belong here"),
        ("instrument.yml", "id: a\n", "does not belong here"),
    ],
)
def test_a_file_that_would_be_skipped_in_silence_is_a_problem(
    file: str, content: str, message: str, folder: CatalogueFolder
) -> None:
    folder.write(file, content)
    (problem,) = folder.problems()
    assert file.startswith(problem.file)
    assert message in problem.message


def test_what_editors_and_systems_leave_behind_is_no_problem(folder: CatalogueFolder) -> None:
    folder.write("sources/.DS_Store", b"\x00")
    folder.write("sources/.a.yml.swp", b"\x00")
    assert folder.problems() == ()


@pytest.mark.parametrize("missing", [TEXT, INSTRUMENT])
def test_a_declaration_needs_both_its_files(missing: str, folder: CatalogueFolder) -> None:
    (folder.path / missing).unlink()
    assert (missing, "is missing") in [(p.file, p.message) for p in folder.problems()]


def test_a_text_that_is_not_utf_8_is_named_with_its_line(folder: CatalogueFolder) -> None:
    folder.write(TEXT, b"one\ntwo \xe9\n")
    (problem,) = folder.problems()
    assert (problem.file, problem.line, problem.value) == (TEXT, 2, "byte 0xe9")


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="the folder does not exist"):
        load_catalogue(tmp_path / "nowhere")


def test_an_empty_catalogue_is_an_error_that_says_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError) as raised:
        load_catalogue(tmp_path)
    assert [p.message for p in raised.value.problems] == [
        "the catalogue has no instrument",
        "the catalogue has no source",
    ]


def test_a_catalogue_without_sources_is_an_error(folder: CatalogueFolder) -> None:
    for file in (FEED, LISTING, REGISTER, GAZETTE, DIARIO):
        (folder.path / file).unlink()
    assert "the catalogue has no source" in [p.message for p in folder.problems()]


def test_windows_and_commitments_are_named_once_in_the_whole_catalogue(folder: CatalogueFolder) -> None:
    other = "declarations/pilcomayo-2031"
    folder.write(f"{other}/text.txt", documented_examples()[TEXT])
    folder.write(f"{other}/instrument.yml", documented_examples()[INSTRUMENT])
    folder.change(f"{other}/instrument.yml", "id: bermejo-2031\n", "id: pilcomayo-2031\n")
    found = [(p.file, p.key, p.value) for p in folder.problems()]
    assert found == [
        (f"{other}/instrument.yml", "commitments[0].id", "water-plan"),
        (f"{other}/instrument.yml", "commitments[1].id", "gauging-station"),
        (f"{other}/instrument.yml", "windows[0].id", "water-plan-6m"),
    ]


# --- warnings ---------------------------------------------------------------------------------------


def test_a_required_source_that_cannot_prove_absence_is_warned_about(folder: CatalogueFolder) -> None:
    warned = [(w.file, w.line, w.value) for w in load_catalogue(folder.path).warnings]
    line = folder.line_of(INSTRUMENT, "    sources: [ar-cancilleria, bo-presidencia]")
    assert warned == [
        (INSTRUMENT, line, "ar-cancilleria"),
        (INSTRUMENT, line, "bo-presidencia"),
        (LISTING, folder.line_of(LISTING, "routes:"), "reader: described"),
    ]


def test_a_recorded_route_with_depth_ends_the_warning(folder: CatalogueFolder) -> None:
    folder.change(LISTING, "    reader: described", "    reader: recorded")
    assert [w.value for w in load_catalogue(folder.path).warnings] == ["bo-presidencia"]


def test_an_archive_alone_cannot_prove_absence_from_now_on(folder: CatalogueFolder) -> None:
    folder.change(LISTING, "    reader: described", "    reader: recorded")
    folder.change(LISTING, "    on_demand: false", "    on_demand: true")
    assert [w.value for w in load_catalogue(folder.path).warnings] == ["ar-cancilleria", "bo-presidencia"]


# --- where a route read to its end proves silence ---------------------------------------------------


def test_reading_to_the_end_proves_silence_only_from_the_routes_beginning(folder: CatalogueFolder) -> None:
    source = load_catalogue(folder.path).source("ar-cancilleria")
    proven = source.proven_by_end(source.routes[0])
    assert proven.from_at.isoformat() == "2020-01-01T03:00:00+00:00"
    assert proven.until_at == source.existence.until_at


def test_without_a_beginning_of_its_own_a_route_proves_the_sources_whole_existence(
    folder: CatalogueFolder,
) -> None:
    source = load_catalogue(folder.path).source("bo-presidencia")
    assert source.proven_by_end(source.routes[0]) == source.existence


# --- catalogue show ---------------------------------------------------------------------------------


def test_an_instrument_is_shown_as_the_contract_says(folder: CatalogueFolder) -> None:
    shown = show_instrument(load_catalogue(folder.path), "bermejo-2031")

    assert shown == json.loads(json.dumps(shown))
    assert {"id", "published_on", "text_sha256", "commitments", "windows", "sources"} <= shown.keys()
    assert shown["published_on"] == "2031-03-14"
    commitment = shown["commitments"][1]
    assert {
        key: commitment[key] for key in ("id", "quote", "start", "end", "debtors", "kind", "condition")
    } == {
        "id": "gauging-station",
        "quote": "Bolivia will reopen the gauging station at Bermejo.",
        "start": 150,
        "end": 201,
        "debtors": ["BO"],
        "kind": "one_off",
        "condition": None,
    }
    (window,) = shown["windows"]
    assert window["due_at"] == "2031-09-15T04:00:00Z"
    assert "ends 14 September 2031 23:59:59" in window["derivation"]
    assert window["readings"][1]["due_at"] == "2031-09-15T03:00:00Z"
    assert [s["id"] for s in shown["sources"]] == ["ar-cancilleria", "bo-presidencia", "us-federal-register"]
    assert shown["sources"][0]["routes"][0]["reader"] == "described"


# --- the document -----------------------------------------------------------------------------------


def _keys(schema: dict[str, Any]) -> set[str]:
    """Every key that a type's JSON schema admits, at any depth."""
    definitions = [schema, *schema.get("$defs", {}).values()]
    return {key for definition in definitions for key in definition.get("properties", {})}


def test_the_document_shows_every_key_of_every_file() -> None:
    from pydantic import TypeAdapter

    from servanda.compliance.instrument import Instrument
    from servanda.instruments.routes import Source

    examples = documented_examples()
    for adapter, files in (
        (TypeAdapter(Instrument), (INSTRUMENT,)),
        (TypeAdapter(Source), (FEED, LISTING, REGISTER, GAZETTE, DIARIO)),
    ):
        shown = "\n".join(examples[file] for file in files)
        keys = _keys(adapter.json_schema()) - {"text"}
        assert len(keys) > 15
        assert [key for key in sorted(keys) if f"{key}:" not in shown] == []
        explained = DOCUMENT.read_text(encoding="utf-8")
        assert [key for key in sorted(keys) if f"`{key}`" not in explained] == []
