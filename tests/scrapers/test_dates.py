"""Publication times as publishers write them."""

from __future__ import annotations

import locale
from datetime import UTC, datetime, timedelta

import pytest

from servanda.compliance.publication import PublicationTime
from servanda.instruments.routes import DateField
from servanda.scrapers.dates import MONTHS, is_plausible, read_date, read_feed_date, read_iso

WASHINGTON, MEXICO = "America/New_York", "America/Mexico_City"


def field(*formats: str, language: str = "en") -> DateField:
    return DateField.model_validate({"selector": "time", "formats": formats, "language": language})


@pytest.mark.parametrize(
    ("text", "form", "language", "zone", "published"),
    [
        ("2025-10-28T09:13:17-04:00", "iso", "en", WASHINGTON, "2025-10-28T09:13:17-04:00"),
        ("2025-10-28T13:13:17Z", "iso", "en", WASHINGTON, "2025-10-28T09:13:17-04:00"),
        ("2025-10-28 13:13:17 +0000", "iso", "en", WASHINGTON, "2025-10-28T09:13:17-04:00"),
        ("2025-10-28T09:13", "iso", "en", MEXICO, "2025-10-28T09:13:00-06:00"),
        ("2025-10-28T09:13:17.999", "iso", "en", WASHINGTON, "2025-10-28T09:13:17-04:00"),
        ("2025-10-28", "iso", "en", WASHINGTON, "2025-10-28"),
        ("2025-11-25 18:21:00", "%Y-%m-%d %H:%M:%S", "es", MEXICO, "2025-11-25T18:21:00-06:00"),
        ("June 7, 2019", "%B %d, %Y", "en", WASHINGTON, "2019-06-07"),
        ("JUNE 7,  2019", "%B %d, %Y", "en", WASHINGTON, "2019-06-07"),
        ("Jun 10, 2019", "%b %d, %Y", "en", WASHINGTON, "2019-06-10"),
        ("Sept. 5, 2019", "%b %d, %Y", "en", WASHINGTON, "2019-09-05"),
        ("Friday, June 7, 2019", "%A, %B %d, %Y", "en", WASHINGTON, "2019-06-07"),
        ("25 de noviembre de 2025", "%d de %B de %Y", "es", MEXICO, "2025-11-25"),
        ("06 de Septiembre de 2019", "%d de %B de %Y", "es", MEXICO, "2019-09-06"),
        ("6 de setiembre de 2019", "%d de %B de %Y", "es", MEXICO, "2019-09-06"),
        ("vie 06 sep 2019", "%a %d %b %Y", "es", MEXICO, "2019-09-06"),
        ("mar 05 mar 2019", "%a %d %b %Y", "es", MEXICO, "2019-03-05"),
        ("miércoles 1 ene. 2020", "%A %d %b %Y", "es", MEXICO, "2020-01-01"),
        ("24/01/2014", "%d/%m/%Y", "es", MEXICO, "2014-01-24"),
        ("9/6/19", "%m/%d/%y", "en", WASHINGTON, "2019-09-06"),
        ("9/6/69", "%m/%d/%y", "en", WASHINGTON, "1969-09-06"),
        ("06/07/2019 12:30 AM", "%m/%d/%Y %I:%M %p", "en", WASHINGTON, "2019-06-07T00:30:00-04:00"),
        ("06/07/2019 12:30 p.m.", "%m/%d/%Y %I:%M %p", "en", WASHINGTON, "2019-06-07T12:30:00-04:00"),
        ("06/07/2019 1:30 p. m.", "%m/%d/%Y %I:%M %p", "es", MEXICO, "2019-06-07T13:30:00-05:00"),
        ("07/06/2019 21h05 +0200", "%d/%m/%Y %Hh%M %z", "en", WASHINGTON, "2019-06-07T15:05:00-04:00"),
        ("2020-02-29", "iso", "en", WASHINGTON, "2020-02-29"),
    ],
)  # fmt: skip
def test_a_date_is_read_whole(text: str, form: str, language: str, zone: str, published: str) -> None:
    assert str(read_date(f" {text}\n", field(form, language=language), zone)) == published


@pytest.mark.parametrize(
    ("text", "form", "language"),
    [
        ("", "iso", "en"),
        ("2019-06-31", "iso", "en"),
        ("2019-02-29", "%Y-%m-%d", "en"),
        ("20190607", "iso", "en"),
        ("2019-W23-5", "iso", "en"),
        ("2019-06-07Z", "iso", "en"),
        ("2019-06-07T25:00", "iso", "en"),
        ("2019-06", "iso", "en"),
        ("June 7, 2019 (updated)", "%B %d, %Y", "en"),
        ("junio 7, 2019", "%B %d, %Y", "en"),
        ("June 7, 2019", "%B %d, %Y", "es"),
        ("7 de juny de 2019", "%d de %B de %Y", "es"),
        ("06/07/2019 13:30 PM", "%m/%d/%Y %I:%M %p", "en"),
        ("06/07/2019 0:30 AM", "%m/%d/%Y %I:%M %p", "en"),
        ("13/13/2019", "%d/%m/%Y", "en"),
        ("0000-00-00", "%Y-%m-%d", "en"),
        ("9999-12-31T23:59:59-12:00", "iso", "en"),
        ("٢٠١٩-٠٦-٠٧", "iso", "en"),
    ],
)
def test_anything_else_is_no_date(text: str, form: str, language: str) -> None:
    assert read_date(text, field(form, language=language), WASHINGTON) is None


def test_formats_are_tried_in_order() -> None:
    assert str(read_date("03/04/2019", field("%d/%m/%Y", "%m/%d/%Y"), WASHINGTON)) == "2019-04-03"
    assert str(read_date("03/14/2019", field("%d/%m/%Y", "%m/%d/%Y"), WASHINGTON)) == "2019-03-14"


def test_a_format_that_depends_on_the_machine_is_an_error() -> None:
    with pytest.raises(ValueError, match="%c is not known"):
        read_date("x", field("%c"), WASHINGTON)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        pytest.param("2019-11-03 00:59:59", "2019-11-03T04:59:59", id="before the clocks are turned back"),
        pytest.param(
            "2019-11-03 01:30:00", "2019-11-03T05:30:00", id="in the hour that comes twice: the first"
        ),
        pytest.param("2019-11-03 02:00:00", "2019-11-03T07:00:00", id="after it"),
        pytest.param("2019-03-10 01:59:59", "2019-03-10T06:59:59", id="before the hour that does not exist"),
        pytest.param("2019-03-10 02:30:00", "2019-03-10T07:30:00", id="in the hour that does not exist"),
        pytest.param("2019-03-10 03:00:00", "2019-03-10T07:00:00", id="after it"),
    ],
)
def test_civil_times_where_clocks_change(text: str, at: str) -> None:
    published = read_date(text, field("%Y-%m-%d %H:%M:%S"), WASHINGTON)
    assert published == PublicationTime.instant(datetime.fromisoformat(at).replace(tzinfo=UTC), WASHINGTON)


def test_months_do_not_depend_on_the_machines_locale() -> None:
    before = locale.setlocale(locale.LC_TIME)
    installed = [name for name in ("de_DE.UTF-8", "es_MX.UTF-8", "C.UTF-8", "C") if _can_set(name)]
    try:
        for name in installed:
            locale.setlocale(locale.LC_TIME, name)
            for language, words in (("en", "{} 7, 2019"), ("es", "{} 7, 2019")):
                read = [
                    read_date(words.format(m), field("%B %d, %Y", language=language), MEXICO)
                    for m in MONTHS[language]
                ]
                assert [p.civil_on.month for p in read if p is not None] == list(range(1, 13))
    finally:
        locale.setlocale(locale.LC_TIME, before)


def _can_set(name: str) -> bool:
    before = locale.setlocale(locale.LC_TIME)
    try:
        locale.setlocale(locale.LC_TIME, name)
    except locale.Error:
        return False
    locale.setlocale(locale.LC_TIME, before)
    return True


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("Sat, 22 May 2021 12:00:47 +0000", "2021-05-22T08:00:47-04:00"),
        ("Sat, 22 May 2021 12:00:47 GMT", "2021-05-22T08:00:47-04:00"),
        ("Sat, 22 May 2021 12:00:47 EDT", "2021-05-22T12:00:47-04:00"),
        ("22 May 2021 12:00 +0200", "2021-05-22T06:00:00-04:00"),
        ("2021-05-22T12:00:47Z", "2021-05-22T08:00:47-04:00"),
        ("2021-05-22", "2021-05-22"),
        ("Sat, 22 May 2021 12:00:47", "None"),
        ("2021-05-22T12:00:47", "None"),
        ("Sat, 22 May 2021 12:00:47 -0000", "2021-05-22T08:00:47-04:00"),
        ("Sat, 22 May 2021 12:00:47 QQQ", "None"),
        ("sáb, 22 mayo 2021", "None"),
        ("", "None"),
        ("Sat, 99 May 2021 12:00:47 +0000", "None"),
        ("Sat, 22 May 99999 12:00:47 +0000", "None"),
    ],
)
def test_dates_of_feeds(text: str, published: str) -> None:
    assert str(read_feed_date(text, WASHINGTON)) == published


CONTRADICTIONS = [
    (WASHINGTON, "Sat, 20 Jul 2019 12:00:47 EST", "2019-07-20", "winter time in summer"),
    (WASHINGTON, "Sun, 20 Jan 2019 12:00:47 EST", "2019-01-20T12:00:47-05:00", "winter time in winter"),
    (WASHINGTON, "Sun, 20 Jan 2019 12:00:47 EDT", "2019-01-20", "summer time in winter"),
    (WASHINGTON, "Sat, 20 Jul 2019 12:00:47 -0500", "2019-07-20", "the offset of winter in summer"),
    (WASHINGTON, "2019-07-20T12:00:00-05:00", "2019-07-20", "the same in an Atom feed"),
    (WASHINGTON, "Sat, 20 Jul 2019 12:00:47 PDT", "2019-07-20T15:00:47-04:00", "another coast"),
    (WASHINGTON, "Sat, 20 Jul 2019 12:00:47 PST", "2019-07-20", "winter time of another coast in summer"),
    (WASHINGTON, "Sat, 20 Jul 2019 23:30:00 EST", "2019-07", "either side of midnight"),
    (WASHINGTON, "Wed, 31 Jul 2019 23:30:00 EST", "2019", "either side of a month's end"),
    (MEXICO, "Sat, 20 Jul 2019 12:00:47 CST", "2019-07-20", "Mexico had summer time until 2022"),
    (MEXICO, "Sat, 20 Jul 2019 12:00:47 CDT", "2019-07-20T12:00:47-05:00", "as it was stated then"),
    (MEXICO, "Sat, 20 Jul 2024 12:00:47 CST", "2024-07-20T12:00:47-06:00", "and has none since"),
    (MEXICO, "Sat, 20 Jul 2024 12:00:47 CDT", "2024-07-20", "which a template may not know"),
    (MEXICO, "Sat, 20 Jul 2024 12:00:47 -0600", "2024-07-20T12:00:47-06:00", "the offset of all the year"),
    (WASHINGTON, "Sat, 20 Jul 2019 12:00:47 -5", "2019-07-20", "one digit"),
    (WASHINGTON, "Sat, 20 Jul 2019 12:00:47 -04", "2019-07-20T12:00:47-04:00", "two, that say what is in force"),
    (WASHINGTON, "Sat, 20 Jul 2019 12:00:47 -400", "2019-07-20T12:00:47-04:00", "three, the same"),
    (WASHINGTON, "Sat, 20 Jul 2019 12:00:47 -99", "2019-07", "what is no offset"),
    (WASHINGTON, "2019-07-20T12:00:00Z", "2019-07-20T08:00:00-04:00", "universal time"),
    ("Europe/London", "2019-07-20T12:00:00Z", "2019-07-20T13:00:00+01:00", "universal time where it is winter time"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "text", "published", "why"), CONTRADICTIONS, ids=[c[-1] for c in CONTRADICTIONS]
)
def test_a_zone_that_is_not_in_force_leaves_a_period(zone: str, text: str, published: str, why: str) -> None:
    found = read_feed_date(text, zone)
    assert str(found) == published, why


NOW = datetime(2019, 9, 6, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "plausible"),
    [
        (datetime(1989, 12, 31, 23, 59, 59, tzinfo=UTC), False),
        (datetime(1990, 1, 1, tzinfo=UTC), True),
        (NOW + timedelta(days=2), True),
        (NOW + timedelta(days=2, seconds=1), False),
    ],
)
def test_what_can_be_a_publication_time(at: datetime, plausible: bool) -> None:
    assert is_plausible(PublicationTime.instant(at, WASHINGTON), NOW) is plausible


def test_an_iso_date_alone_is_a_day_and_not_midnight() -> None:
    assert read_iso("2019-09-05", WASHINGTON) == PublicationTime.day(datetime(2019, 9, 5).date(), WASHINGTON)
