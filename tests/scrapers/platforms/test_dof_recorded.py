"""The recorded answers of the Diario Oficial."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from support.answers import Answers, source_with

from servanda.instruments.routes import DofOptions
from servanda.scrapers.exchange import Unrecognised
from servanda.scrapers.platforms.dof import day_url, read_dof
from servanda.scrapers.route_reading import ReadRequest, RouteReading


class Recorded(NamedTuple):
    """Read off the recorded answer by eye."""

    on: date
    notes: int
    first: str
    last: str
    number: str


RECORDED = (
    Recorded(
        date(2014, 1, 24),
        94,
        "Reglamento Interno de la Comisión Intersecretarial para Prevenir, Sancionar y Erradicar los Delitos",
        "Acuerdo de Coordinación para la ejecución del Programa de Infraestructura Básica",
        "5330703",
    ),
    Recorded(
        date(2013, 7, 31),
        99,
        "Acuerdo por el que se actualiza la disponibilidad media anual de las aguas superficiales",
        "Procuraduría Federal de Protección al Ambiente - REF:008232",
        "5308661",
    ),
)


def read_recorded(real: Path, line: int, on: date) -> RouteReading:
    """What the answer in one line of the recording gives when ``on`` is asked for."""
    source, route = source_with(
        DofOptions(platform="dof"), url="http://diariooficial.gob.mx/WS_getDiarioFull.php",
        zone="America/Mexico_City", language="es",
    )  # fmt: skip
    body = (real / "dof_gob_mx_ws" / "publicaciones-dof.jsonl").read_bytes().splitlines()[line]
    noon = datetime(on.year, on.month, on.day, 18, tzinfo=UTC)
    answers = Answers().serve(day_url(route, on), body, "text/html")
    return read_dof(source, route, answers, ReadRequest(noon, back_to=noon))


@pytest.mark.parametrize("line", [0, 1])
def test_a_recorded_day(real: Path, line: int) -> None:
    expected = RECORDED[line]
    reading = read_recorded(real, line, expected.on)
    assert (len(reading.items), reading.stated) == (expected.notes, expected.notes)
    assert {str(item.published) for item in reading.items} == {expected.on.isoformat()}
    first, last = reading.items[0], reading.items[-1]
    assert first.title.startswith(expected.first)
    assert last.title.startswith(expected.last)
    assert first.aliases[0] == ("dof", expected.number)
    assert first.url == (
        f"http://diariooficial.gob.mx/nota_detalle.php?codigo={expected.number}&fecha={expected.on:%d/%m/%Y}"
    )


def test_every_recorded_answer_has_its_expectation(real: Path) -> None:
    lines = (real / "dof_gob_mx_ws" / "publicaciones-dof.jsonl").read_bytes().splitlines()
    assert len(lines) == len(RECORDED)


def test_the_recorded_note_that_is_dated_seventeen_months_later_is_of_its_edition(real: Path) -> None:
    items = read_recorded(real, 1, date(2013, 7, 31)).items
    fechas = Counter(item.url.rpartition("=")[2] for item in items)
    assert fechas == {"31/07/2013": 98, "31/12/2014": 1}


def test_a_recorded_day_is_no_answer_for_another(real: Path) -> None:
    with pytest.raises(Unrecognised) as caught:
        read_recorded(real, 0, date(2014, 1, 25))
    assert caught.value.kind == "out_of_range"
