"""Publication times as publishers write them, read the same on every machine: no locale, no guessing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from servanda.compliance.publication import Precision, PublicationTime

if TYPE_CHECKING:  # what reads documents does without the catalogue, and without the libraries behind it
    from servanda.instruments.routes import DateField

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No official site is older."""

LATEST_AHEAD = timedelta(days=2)
"""A publication time may lie ahead of us by a zone and an embargo, not by more."""

MONTHS = {
    "en": (
        "january", "february", "march", "april", "may", "june",
        "july", "august", "september", "october", "november", "december",
    ),
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio",
        "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
    ),
}  # fmt: skip
_ALSO = {"en": {"sept": 9}, "es": {"sept": 9, "setiembre": 9, "set": 9}}

DateParts = dict[str, Any]
"""What a format's directives found in a text."""

_ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}(?P<time>[T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?)?(?P<zone> ?(Z|[+-]\d{2}:?\d{2}))?"
)
_SHORT_OFFSET = re.compile(r"[+-]\d{1,3}")
_REGIONS = {
    "EST": ("America/New_York",), "EDT": ("America/New_York",), "CST": ("America/Chicago",),
    "CDT": ("America/Chicago",), "MST": ("America/Denver",), "MDT": ("America/Denver",),
    "PST": ("America/Los_Angeles",), "PDT": ("America/Los_Angeles",),
}  # fmt: skip
"""Where the zone names of RFC 822 are in force; in Mexico some are too, on other days."""

_PARTS = {
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "m": r"(?P<m>\d{1,2})",
    "d": r"(?P<d>\d{1,2})",
    "H": r"(?P<H>\d{1,2})",
    "I": r"(?P<I>\d{1,2})",
    "M": r"(?P<M>\d{2})",
    "S": r"(?P<S>\d{2})",
    "f": r"\d{1,6}",
    "p": r"(?P<p>[ap])\.?\s?m\.?",
    "z": r"(?P<z>Z|[+-]\d{2}:?\d{2})",
    "A": r"[^\W\d_]+\.?",
    "a": r"[^\W\d_]+\.?",
    "B": r"(?P<B>[^\W\d_]+)\.?",
    "b": r"(?P<B>[^\W\d_]+)\.?",
    "%": "%",
}


def read_date(text: str, field: DateField, zone: str) -> PublicationTime | None:
    """The publication time in ``text`` by the first of the field's formats that fits it whole; None for none.

    A time without an offset is a civil time in ``zone`` (the earlier one where clocks are turned back);
    a format without a time of day gives a date. Months may be in full or the usual abbreviation.
    """
    text = text.strip()
    for form in field.formats:
        found = read_iso(text, zone) if form == "iso" else _read_format(text, form, field.language, zone)
        if found is not None:
            return found
    return None


def read_iso(text: str, zone: str) -> PublicationTime | None:
    """ISO 8601 in its extended form: a date, or a date and time with or without offset."""
    shape = _ISO.fullmatch(text)
    if shape is None or (shape["zone"] and not shape["time"]):
        return None
    try:
        if not shape["time"]:
            return PublicationTime.day(date.fromisoformat(text), zone)
        return _instant(datetime.fromisoformat(text.replace(" ", "T", 1).replace(" ", "")), zone)
    except ValueError:
        return None


def read_feed_date(text: str, zone: str) -> PublicationTime | None:
    """The date of a feed's item: RFC 822 (RSS) or RFC 3339 (Atom), or a day.

    Both want the zone stated. One that is missing or unknown is not guessed at: a template that loses its
    "+0000" would move every item by hours. A zone that is not in force on that day ("EST" in July), or that
    is not written as four digits, leaves more than one instant: then the day is all that is known.
    """
    text = text.strip()
    shape = _ISO.fullmatch(text)
    if shape is not None:
        return read_iso(text, zone) if shape["zone"] or not shape["time"] else None
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if at.tzinfo is None and text.endswith("-0000"):  # RFC 5322: UTC, said by one who does not know the zone
        at = at.replace(tzinfo=UTC)
    if at.tzinfo is None:
        return None
    stated = text.rpartition(" ")[2]
    if _SHORT_OFFSET.fullmatch(stated):
        return _one_of((_with_short_offset(at, stated), at.replace(tzinfo=ZoneInfo(zone))), zone)
    return _named_instant(at, stated.upper(), zone)


def names_foreign_month(text: str, language: str) -> bool:
    """Whether a date names a month of the other language, and none of ``language``."""
    words = [word for word in re.findall(r"[^\W\d_]+", text[:100].lower()) if len(word) > 2]
    own, other = (
        {*MONTHS[name], *(month[:3] for month in MONTHS[name]), *_ALSO[name]}
        for name in (language, "es" if language == "en" else "en")
    )
    return any(word in other for word in words) and not any(word in own for word in words)


def is_plausible(published: PublicationTime, now: datetime) -> bool:
    """Whether a publication time can be one: from 1990 to two days from ``now``."""
    return EARLIEST <= published.interval.from_at <= now + LATEST_AHEAD


def _instant(at: datetime, zone: str) -> PublicationTime | None:
    """An instant. Where its offset is one of the publisher's zone, but not at that time of the year, it may
    be the civil time that is meant: "-05:00" in July in Washington."""
    civil = at.replace(tzinfo=ZoneInfo(zone))
    if at.tzinfo is not None and at.utcoffset() in _offsets(civil) - {civil.utcoffset()}:
        return _one_of((at, civil), zone)
    return _one_of((civil if at.tzinfo is None else at,), zone)


def _named_instant(at: datetime, name: str, zone: str) -> PublicationTime | None:
    """An instant whose zone was stated by name, where it has one."""
    for region in (zone, *(_REGIONS.get(name) or ())):
        civil = at.replace(tzinfo=ZoneInfo(region))
        if name in _names(civil):
            return _one_of((at, civil), zone)
    return _instant(at, zone)


def _with_short_offset(at: datetime, stated: str) -> datetime:
    """ "-5" and "-05" are hours; "-430" was read as such."""
    if len(stated) > 3:
        return at
    return at.replace(tzinfo=timezone(timedelta(hours=max(-23, min(23, int(stated))))))


def _offsets(civil: datetime) -> set[timedelta | None]:
    """Those that a zone has over the year of a civil time; UTC is none: whoever writes it means it."""
    return {one.utcoffset() for one in _over_year(civil)} - {timedelta(0)}


def _names(civil: datetime) -> set[str | None]:
    names = {one.tzname() for one in _over_year(civil)}
    return names | {f"{name[0]}DT" for name in names if name in _REGIONS}


def _over_year(civil: datetime) -> Iterator[datetime]:
    for month in (1, 4, 7, 10):
        yield civil.replace(month=month, day=1)


def either_instant(candidates: Iterable[datetime], zone: str) -> PublicationTime | None:
    """The publication time that may be any of some instants; None for none."""
    given = tuple(candidates)
    return _one_of(given, zone) if given else None


def _one_of(candidates: Iterable[datetime], zone: str) -> PublicationTime | None:
    """The publication time that may be any of some instants: that instant, or the shortest civil period in
    which all of them lie."""
    try:
        instants = {at.astimezone(UTC).replace(microsecond=0) for at in candidates}
        days = {at.astimezone(ZoneInfo(zone)).date() for at in instants}
    except OverflowError:
        return None
    first = min(days)
    if len(instants) == 1:
        return PublicationTime.instant(instants.pop(), zone)
    if len(days) == 1:
        return PublicationTime.day(first, zone)
    if len({(day.year, day.month) for day in days}) == 1:
        return PublicationTime(Precision.MONTH, zone, on=first.replace(day=1))
    return PublicationTime(Precision.YEAR, zone, on=first.replace(month=1, day=1))


def _read_format(text: str, form: str, language: str, zone: str) -> PublicationTime | None:
    shape = _pattern(form).fullmatch(text)
    if shape is None:
        return None
    found: DateParts = shape.groupdict()
    try:
        on = date(_year(found), _month(found, language), int(found["d"]))
        if "H" not in found and "I" not in found:
            return PublicationTime.day(on, zone)
        clock = time(
            _hour(found), int(found.get("M", 0)), int(found.get("S", 0)), tzinfo=_offset(found.get("z"))
        )
        return _instant(datetime.combine(on, clock), zone)
    except (ValueError, KeyError):
        return None


@lru_cache(maxsize=256)
def _pattern(form: str) -> re.Pattern[str]:
    """A strptime format as a pattern. Raises ValueError for a directive that depends on the machine."""
    written = ""
    for piece in re.findall(r"%.|\s+|[^%\s]", form, re.DOTALL):
        if piece.startswith("%") and len(piece) == 2:
            if piece[1] not in _PARTS:
                raise ValueError(f"{form!r}: {piece} is not known; known are %{' %'.join(_PARTS)}")
            written += _PARTS[piece[1]]
        else:
            written += r"\s+" if piece.isspace() else re.escape(piece)
    return re.compile(written, re.IGNORECASE)


def _year(found: DateParts) -> int:
    """Of four digits, or of two as strptime reads them: 69 is 1969, 68 is 2068."""
    if "Y" in found:
        return int(found["Y"])
    short = int(found["y"])
    return short + (1900 if short > 68 else 2000)


def _month(found: DateParts, language: str) -> int:
    if "m" in found:
        return int(found["m"])
    numbers = {month: n for n, month in enumerate(MONTHS[language], 1)}
    return {**numbers, **{month[:3]: n for month, n in numbers.items()}, **_ALSO[language]}[
        found["B"].lower()
    ]


def _hour(found: DateParts) -> int:
    if "H" in found:
        return int(found["H"])
    hour = int(found["I"])
    if not 1 <= hour <= 12:
        raise ValueError(f"no hour of a half day: {hour}")
    return hour % 12 + (12 if found["p"].lower() == "p" else 0)


def _offset(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text in ("Z", "z"):
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
