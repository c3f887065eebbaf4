"""The Diario Oficial's daily answers, on pages of our own: days, editions, and what is refused."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any, Unpack
from urllib.parse import parse_qsl, urlsplit

import pytest
from support.answers import PAGES, Answers, RouteFields, source_with

from servanda.compliance.intervals import Interval
from servanda.instruments.routes import DofOptions, Route, Source
from servanda.scrapers.exchange import Blocked, ScrapeError, Unreachable, Unrecognised, Validators
from servanda.scrapers.platforms import READERS
from servanda.scrapers.platforms.dof import day_url, read_dof
from servanda.scrapers.route_reading import ReadRequest, RouteReading

URL = "http://diario.example/WS_getDiarioFull.php"
NOW = datetime(2019, 9, 6, 4, tzinfo=UTC)  # the evening of 5 September in Mexico City
THURSDAY, WEDNESDAY, SATURDAY = date(2019, 9, 5), date(2019, 9, 4), date(2019, 8, 31)
THURSDAY_PAGE = json.loads((PAGES / "diario_thursday.json").read_text(encoding="utf-8"))
HTML = "text/html; charset=UTF-8"
"""What the script calls its JSON."""


def diario(**route: Unpack[RouteFields]) -> tuple[Source, Route]:
    given = RouteFields(max_pages=30) | route
    return source_with(
        DofOptions(platform="dof"), url=URL, zone="America/Mexico_City", language="es", **given
    )


def days(thursday: Any = THURSDAY_PAGE, *, control: bool = True) -> Answers:
    """Answers for 5 and 4 September; 1 September was a Sunday, and ``control``: the day before had an edition."""
    route = diario()[1]
    answers = Answers().serve(day_url(route, THURSDAY), json.dumps(thursday).encode(), HTML)
    answers.serve_page(day_url(route, WEDNESDAY), "diario_wednesday.json")
    for n in range(8):
        on = date(2019, 9, 1) - timedelta(days=n)
        answers.serve_page(day_url(route, on), "diario_no_edition.json")
    saturday = json.dumps(thursday).replace("05/09/2019", "31/08/2019")
    saturday = re.sub(r"jueves 0?5 de septiembre", "sábado 31 de agosto", saturday)
    return answers.serve(day_url(route, SATURDAY), saturday.encode(), HTML) if control else answers


def midnight(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 5, tzinfo=UTC)


def read(answers: Answers, back_to: datetime | None = None, **more: Any) -> RouteReading:
    """Read from ``back_to`` on, without it from Wednesday."""
    source, route = diario(**more.pop("route", {}))
    ask = ReadRequest(more.pop("now", NOW), back_to=back_to or midnight(WEDNESDAY), **more)
    return read_dof(source, route, answers, ask)


def refusal(thursday: Any, family: type[ScrapeError] = Unrecognised) -> ScrapeError:
    with pytest.raises(family) as caught:
        read(days(thursday), midnight(THURSDAY))
    return caught.value


def changed(change: str, edition: int = 0, **fields: object) -> dict[str, Any]:
    """Thursday's answer with other values in an edition, or in the first note of its first section."""
    page: dict[str, Any] = json.loads(json.dumps(THURSDAY_PAGE))
    target = page["ejemplares"][edition]
    if change == "note":
        target = target["secciones"][0]["contentsection"]["content"]["content"][0]
    target.update(fields)
    return page


def test_all_editions_of_all_days_newest_day_first() -> None:
    reading = read(answers := days())
    assert [(i.title, str(i.published), i.aliases[0][1]) for i in reading.items] == [
        (
            "Decreto Promulgatorio del Convenio de Cooperación Aduanera, firmado en la Ciudad de México",
            "2019-09-05",
            "5571001",
        ),
        ('Acuerdo por el que se da a conocer el trámite R&D "Visa"', "2019-09-05", "5571002"),
        ("Acuerdo General del Pleno", "2019-09-05", "5571004"),
        ("Aviso REF:401001", "2019-09-05", "5571010"),
        ("Aviso REF:401002", "2019-09-05", "5571011"),
        ("Decreto por el que se declara día inhábil", "2019-09-05", "5571020"),
        ("Aviso por el que se informa", "2019-09-04", "5570990"),
    ]
    assert (reading.pages, reading.stated, reading.reached_end) == (2, 7, False)
    assert reading.asked == Interval(midnight(WEDNESDAY), midnight(date(2019, 9, 6)))
    assert reading.validators == Validators()
    assert answers.asked == [day_url(diario()[1], THURSDAY), day_url(diario()[1], WEDNESDAY)]


def test_a_note_is_known_by_its_number_and_its_address() -> None:
    assert read(days()).items[0].aliases == (
        ("dof", "5571001"),
        ("url", "http://diario.example/nota_detalle.php?codigo=5571001&fecha=05%2F09%2F2019"),
    )


def test_what_is_asked_for() -> None:
    assert parse_qsl(urlsplit(day_url(diario()[1], THURSDAY)).query) == [
        ("year", "2019"),
        ("month", "09"),
        ("day", "05"),
    ]


def test_a_day_is_one_of_mexico_city() -> None:
    """At 04:59 UTC it is still the day before there (daylight saving time, UTC-5)."""
    before, at = datetime(2019, 9, 5, 4, 59, 59, tzinfo=UTC), datetime(2019, 9, 5, 5, tzinfo=UTC)
    answers = days()
    assert read(answers, before, now=before).items[0].aliases[0] == ("dof", "5570990")
    assert read(answers, at, now=at).items[0].aliases[0] == ("dof", "5571001")


@pytest.mark.parametrize(
    "until",
    [
        pytest.param(datetime(2019, 9, 5, 5, tzinfo=UTC), id="until the start of Thursday"),
        pytest.param(datetime(2019, 9, 4, 5, 0, 1, tzinfo=UTC), id="until a second of Wednesday is over"),
    ],
)
def test_the_end_of_the_range_is_exclusive(until: datetime) -> None:
    reading = read(days(), until=until)
    assert reading.asked == Interval(midnight(WEDNESDAY), midnight(THURSDAY))
    assert len(reading.items) == 1


def test_days_that_have_not_come_are_not_asked_for() -> None:
    reading = read(days(), until=NOW + timedelta(days=30))
    assert reading.asked == Interval(midnight(WEDNESDAY), midnight(date(2019, 9, 6)))


def test_of_a_longer_range_the_newest_days_are_read_and_claimed() -> None:
    reading = read(answers := days(), datetime(2019, 6, 7, tzinfo=UTC), route={"max_pages": 2})
    assert len(answers.asked) == 2
    assert reading.asked == Interval(midnight(WEDNESDAY), midnight(date(2019, 9, 6)))


def test_a_day_without_an_edition_is_known_by_its_shape() -> None:
    sunday = midnight(date(2019, 9, 1))
    reading = read(
        days(), sunday, until=midnight(date(2019, 9, 2)), route={"minimum_items": 0, "empty": "news"}
    )
    assert (reading.items, reading.stated) == ((), 0)
    assert reading.asked == Interval(sunday, midnight(date(2019, 9, 2)))


def test_days_without_an_edition_are_not_believed_where_none_of_the_days_before_has_one() -> None:
    with pytest.raises(Unrecognised) as caught:
        read(
            days(control=False),
            midnight(date(2019, 9, 1)),
            until=midnight(date(2019, 9, 2)),
            route={"minimum_items": 0, "empty": "news"},
        )
    assert caught.value.kind == "control_failed"


def test_a_range_without_any_edition_is_a_fault_where_the_catalogue_says_so() -> None:
    with pytest.raises(Unrecognised) as caught:
        read(days(), midnight(date(2019, 9, 1)), until=midnight(date(2019, 9, 2)))
    assert caught.value.kind == "too_few_items"


def test_parts_that_are_not_wanted_are_left_out() -> None:
    read_some = DofOptions(platform="dof", leave_out=("AVISOS", "PODER JUDICIAL"))
    source, route = source_with(read_some, url=URL, zone="America/Mexico_City", sampled=True)
    reading = read_dof(source, route, days(), ReadRequest(NOW, back_to=midnight(THURSDAY)))
    assert [item.aliases[0][1] for item in reading.items] == ["5571001", "5571002", "5571020"]
    assert reading.stated == 3


def test_a_note_that_stands_twice_is_kept_once_and_the_count_tells() -> None:
    reading = read(days(changed("note", edition=1, id="5571001")), midnight(THURSDAY))
    assert (len(reading.items), reading.stated) == (5, 6)


def test_a_day_that_does_not_come_fails_the_whole_reading() -> None:
    answers = days()
    del answers.pages[day_url(diario()[1], WEDNESDAY)]
    with pytest.raises(Unreachable):
        read(answers)


@pytest.mark.parametrize(
    ("page", "kind", "reason"),
    [
        ([], "bad_json", "the whole"),
        ({}, "bad_json", "ejemplares"),
        ({"ejemplares": None}, "bad_json", "ejemplares"),
        (changed("edition", secciones=[]), "bad_json", "has no notes"),
        (changed("edition", secciones=None), "bad_json", "has no notes"),
        (changed("edition", id=281001), "bad_json", "ejemplares.0.id"),
        (changed("edition", id=None), "bad_json", "notes of an edition without id"),
        (changed("edition", fecha=None), "bad_json", "has no date"),
        (changed("edition", fecha="Thursday 05 September 2019"), "bad_json", "has no date"),
        (changed("edition", fecha="jueves 06 de septiembre 2019"), "out_of_range", "2019-09-06"),
        (changed("edition", 1, fecha="viernes 05 de septiembre 2014"), "out_of_range", "2014-09-05"),
        (changed("edition", 1, secciones=[{"contentsection": []}]), "bad_json", "contentsection"),
        (
            changed("edition", 1, secciones=[{"contentsection": {"content": {"content": []}}}]),
            "bad_json",
            "name",
        ),
        (changed("note", edition=1, date="05/09/2018"), "bad_json", "most notes are not dated 05/09/2019"),
        (changed("note", edition=1, date="2019-09-05"), "bad_json", "most notes are not dated"),
        (changed("note", id="A1"), "bad_json", "ejemplares.0.secciones.0"),
        (changed("note", id=5571001), "bad_json", "ejemplares.0.secciones.0"),
        (changed("note", titulo=""), "bad_json", "titulo"),
        (changed("note", titulo="<b> </b>"), "bad_json", "note 1 of"),
        (changed("note", url="javascript:nota()"), "bad_json", "note 1 of"),
    ],
)
def test_an_answer_of_another_shape_is_named(page: Any, kind: str, reason: str) -> None:
    error = refusal(page)
    assert error.kind == kind
    assert reason in error.reason


def test_one_note_with_a_date_of_its_own_is_the_publishers_slip() -> None:
    """Thursday's page holds one of the following year, as a recorded answer does."""
    assert {str(item.published) for item in read(days(), midnight(THURSDAY)).items} == {"2019-09-05"}


def test_a_web_page_in_place_of_the_answer_is_a_block() -> None:
    answers = Answers().serve(day_url(diario()[1], THURSDAY), b"\n<html>Mantenimiento</html>", HTML)
    with pytest.raises(Blocked) as caught:
        read(answers, midnight(THURSDAY))
    assert caught.value.kind == "html_instead_of_json"


def test_the_registry_names_the_reader() -> None:
    assert READERS["dof"] is read_dof
