"""The Diario's index pages: every edition of a day is asked for, and an empty day is known as one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from support.answers import Answers, exchange_of, source_with

from servanda.instruments.routes import DofIndexOptions, Route, Source
from servanda.scrapers.exchange import ScrapeError
from servanda.scrapers.platforms.dof_index import edition_url, read_dof_index
from servanda.scrapers.route_reading import ReadRequest, RouteReading

URL = "https://diario.example/index_111.php"
NOW = datetime(2026, 8, 1, 18, tzinfo=UTC)
READ = DofIndexOptions(platform="dof_index", documents="https://notas.example/docFuente/")
NAMES = {"MAT": "Matutina", "VES": "Vespertina", "EXT": "Extraordinaria"}
EMPTY = (
    "<html><body><table><tr><td class='txt_blanco'>&nbsp; No hay datos para la fecha seleccionada</td></tr></table>"
    "</body></html>"
)


def edition(on: date, name: str, numbers: list[int], others: tuple[str, ...] = ()) -> str:
    """A page in the structure of the recorded ones."""
    links = "".join(
        f"<a class='txt' href='index.php?year={on:%Y}&month={on:%m}&day={on:%d}&edicion={other}'>Edición</a>"
        for other in others
    )
    rows = "".join(
        f"<tr><td><a href='/nota_detalle.php?codigo={n}&fecha={on:%d/%m/%Y}' class='enlaces'>\n Acuerdo número {n} </a>"
        "</td></tr>"
        for n in numbers
    )
    return (
        f"<html><body><table><tr><td>{links}</td></tr><tr><td class='txt'><span>Fecha: {on:%d/%m/%Y} - Edición "
        f"{NAMES[name]}</span></td></tr>{rows}</table></body></html>"
    )


FRIDAY, SUNDAY = date(2026, 7, 31), date(2026, 7, 26)


def index() -> tuple[Source, Route]:
    return source_with(READ, url=URL, zone="America/Mexico_City", language="es", max_pages=30)


def read(answers: Answers, first: date, last: date) -> RouteReading:
    source, route = index()
    begin = datetime(first.year, first.month, first.day, 12, tzinfo=UTC)
    end = datetime(last.year, last.month, last.day, 12, tzinfo=UTC)
    return read_dof_index(source, route, answers, ReadRequest(NOW, back_to=begin, until=end))


def refusal(answers: Answers, first: date = FRIDAY, last: date = FRIDAY) -> ScrapeError:
    with pytest.raises(ScrapeError) as caught:
        read(answers, first, last)
    return caught.value


def serve(answers: Answers, on: date, name: str, page: str) -> Answers:
    return answers.serve(edition_url(index()[1], on, name), page.encode())


def test_both_editions_of_a_day_are_read() -> None:
    answers = serve(Answers(), FRIDAY, "MAT", edition(FRIDAY, "MAT", [1, 2, 3], ("VES",)))
    serve(answers, FRIDAY, "VES", edition(FRIDAY, "VES", [4], ("MAT",)))
    reading = read(answers, FRIDAY, FRIDAY)
    assert [item.aliases[0] for item in reading.items] == [("dof", str(n)) for n in (1, 2, 3, 4)]
    assert (reading.items[0].title, reading.items[0].url) == (
        "Acuerdo número 1",
        "https://notas.example/docFuente/1",
    )
    assert (str(reading.items[0].published), reading.stated, len(answers.asked)) == ("2026-07-31", 4, 2)


def test_a_sunday_without_an_edition_is_silence_and_one_with_an_edition_is_not() -> None:
    answers = Answers()
    for name in NAMES:
        serve(answers, SUNDAY, name, EMPTY)
    saturday = SUNDAY - timedelta(days=1)
    serve(answers, saturday, "MAT", edition(saturday, "MAT", [9]))
    assert [item.aliases[0][1] for item in read(answers, saturday, SUNDAY).items] == ["9"]
    serve(answers, SUNDAY, "EXT", edition(SUNDAY, "EXT", [10]))
    assert {item.aliases[0][1] for item in read(answers, saturday, SUNDAY).items} == {"9", "10"}


def test_days_without_any_edition_need_one_before() -> None:
    answers = Answers()
    for back in range(9):
        for name in NAMES:
            serve(answers, SUNDAY - timedelta(days=back), name, EMPTY)
    assert refusal(answers, SUNDAY, SUNDAY).kind == "control_failed"


REFUSED = {
    "another day": (edition(SUNDAY, "MAT", [1]), "out_of_range"),
    "another edition": (edition(FRIDAY, "VES", [1]), "out_of_range"),
    "a page that says nothing": ("<html><body><p>Diario Oficial</p></body></html>", "no_edition"),
    "an edition without notes": (edition(FRIDAY, "MAT", []), "no_edition"),
    "empty, and yet with notes": (EMPTY.replace("</table>", "<tr><td><a href='/nota_detalle.php?codigo=1'>x</a></td></tr></table>"), "no_edition"),
    "a note of another day": (edition(FRIDAY, "MAT", [1]).replace("fecha=31/07/2026", "fecha=30/07/2026"), "bad_row"),
    "a note without a number": (edition(FRIDAY, "MAT", [1]).replace("codigo=1&", "codigo=&"), "bad_row"),
    "a note without a title": (edition(FRIDAY, "MAT", [1]).replace("Acuerdo número 1", ""), "bad_row"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_page_that_is_not_understood_stops_the_reader(name: str) -> None:
    page, kind = REFUSED[name]
    assert refusal(serve(Answers(), FRIDAY, "MAT", page)).kind == kind


def test_an_edition_that_cannot_be_had_fails_the_day() -> None:
    answers = serve(Answers(), FRIDAY, "MAT", edition(FRIDAY, "MAT", [1, 2, 3], ("VES",)))
    assert refusal(answers).kind == "http_404"


def test_the_recorded_editions_and_the_recorded_empty_sunday(real: Path) -> None:
    folder, answers = real / "dof_gob_mx_html", Answers()
    _, route = index()
    recorded = {
        (FRIDAY, "MAT"): "index_2026-07-31_MAT.html",
        (FRIDAY, "VES"): "index_2026-07-31_VES.html",
        **{(SUNDAY, name): "index_2026-07-26_EMPTY.html" for name in NAMES},
    }
    for (on, name), file in recorded.items():
        url = edition_url(route, on, name)
        answers.pages[url] = exchange_of(url, (folder / file).read_bytes(), "text/html")
    friday = read(answers, FRIDAY, FRIDAY)
    assert (len(friday.items), friday.stated, len(answers.asked)) == (31, 31, 2)
    assert friday.items[0].title.startswith(
        "Convenio de Coordinación que celebran la Secretaría de Gobernación"
    )
    assert friday.items[-1].aliases[0] == ("dof", "5795221")
    answers.asked.clear()
    before = SUNDAY - timedelta(days=1)
    serve(answers, before, "MAT", edition(before, "MAT", [9]))
    assert [item.aliases[0][1] for item in read(answers, before, SUNDAY).items] == ["9"]
    assert len(answers.asked) == 4
