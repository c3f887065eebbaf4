"""What is said to people, in their language: sentences, numbers, lists, dates.

English is written in the code, and is the key to the translations in ``locale/``. Placeholders are named, and
what fills them is never read as a format itself. Babel knows how each language writes dates and numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, get_day_names
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations

from servanda.alerts.text.msgid import msgid
from servanda.compliance.intervals import BEGINNING, END, Interval
from servanda.compliance.publication import Precision, PublicationTime
from servanda.compliance.watchers import Language

LOCALE = Path(__file__).parents[1] / "locale"
LANGUAGES: tuple[Language, ...] = get_args(Language)

LOCALES: dict[Language, Locale] = {"en": Locale("en", "GB"), "es": Locale("es", "MX")}
"""Whose dates, numbers and lists each language takes: day before month, and the point before decimals."""

MONTHS: dict[Language, str] = {"en": "MMMM y", "es": "MMMM 'de' y"}
"""How a month of a year is written, in CLDR's letters: it knows no such form of its own."""


CITIES = {"America/New_York": msgid("Washington"), "America/Mexico_City": msgid("Mexico City")}
"""Zones that people know by another name than their own."""

LOCAL_TIMES = {"America/Mexico_City": msgid("{date}, {time} Mexico City")}
"""Zones whose city takes other words before it in some language (``hora de la Ciudad de México``)."""

LANGUAGE_NAMES = {"en": msgid("English"), "es": msgid("Spanish")}


class Words:
    """How to say things in one language."""

    def __init__(self, language: Language, translations: NullTranslations) -> None:
        self.language = language
        self.locale = LOCALES[language]
        self._translations = translations

    def say(self, text: str, /, **values: object) -> str:
        """The sentence in this language. ``text`` is a constant of the code, with ``{names}`` for values."""
        sentence = self._translations.gettext(text)
        return sentence.format(**values) if values else sentence

    def count(self, one: str, many: str, number: int, /, **values: object) -> str:
        """The sentence for this number of things, which ``many`` names as ``{n}``."""
        said = self._translations.ngettext(one, many, number)
        return said.format(n=self.number(number), **values)

    def number(self, value: float, places: int = 0) -> str:
        """``1,234`` or, with two places, ``0.75``."""
        return format_decimal(value, format=f"#,##0.{'0' * places}", locale=self.locale)

    def list_of(self, names: Iterable[str]) -> str:
        """``a, b and c``."""
        return format_list(list(names), locale=self.locale)

    # --- dates and times --------------------------------------------------------------------------------

    def long_date(self, on: date) -> str:
        """``5 September 2019``."""
        return format_date(on, "long", self.locale)

    def weekday(self, number: int) -> str:
        """The name of a weekday; 0 is Monday."""
        return str(get_day_names(locale=self.locale)[number])

    def city(self, zone: str) -> str:
        """The name under which people know a zone: ``Washington`` for America/New_York."""
        known = CITIES.get(zone)
        return self.say(known) if known else zone.rpartition("/")[2].replace("_", " ")

    def language_name(self, tag: str) -> str:
        """The name of a language by its BCP 47 tag; the tag itself where it is none of ours."""
        name = LANGUAGE_NAMES.get(tag.partition("-")[0].lower())
        return self.say(name) if name else tag

    def moment(self, at: datetime, zone: str) -> str:
        """``9 September 2019, 10:30:00 Washington (14:30:00 UTC)``, with the UTC date where it is another."""
        there, utc = at.astimezone(ZoneInfo(zone)), at.astimezone(UTC)
        if zone == "UTC":
            return self._utc(utc)
        in_utc = f"{utc:%H:%M:%S} UTC" if there.date() == utc.date() else self._utc(utc)
        return f"{self.local(at, zone)} ({in_utc})"

    def local(self, at: datetime, zone: str) -> str:
        """``5 September 2019, 23:59:59 Washington``, for where UTC stands nearby."""
        there = at.astimezone(ZoneInfo(zone))
        if zone == "UTC":
            return self._utc(there)
        form = LOCAL_TIMES.get(zone, msgid("{date}, {time} {city}"))
        day = self.long_date(there.date())
        return self.say(form, date=day, time=f"{there:%H:%M:%S}", city=self.city(zone))

    def _utc(self, utc: datetime) -> str:
        return f"{self.long_date(utc.date())}, {utc:%H:%M:%S} UTC"

    def publication(self, published: PublicationTime) -> str:
        """When something was published, as exactly as its publisher said and no more."""
        if published.at is not None:
            return self.moment(published.at, published.zone)
        on, city = published.civil_on, self.city(published.zone)
        if published.precision is Precision.DAY:
            return self.say("{date} (date only, {city})", date=self.long_date(on), city=city)
        month = published.precision is Precision.MONTH
        period = format_date(on, MONTHS[self.language], self.locale) if month else str(on.year)
        return self.say("{period} (no day stated, {city})", period=period, city=city)

    def stretch(self, interval: Interval, zone: str) -> str:
        """An interval in ``zone``; its last instant is exclusive."""
        begun, ended = interval.from_at <= BEGINNING, interval.until_at >= END
        start, end = self.moment(interval.from_at, zone), self.moment(interval.until_at, zone)
        if begun and ended:
            return self.say("the beginning to no end known")
        if begun:
            return self.say("the beginning to {end}", end=end)
        if ended:
            return self.say("{start} to no end known", start=start)
        return self.say("{start} to {end}", start=start, end=end)

    def length(self, of: timedelta) -> str:
        """A tolerance in words: ``1 hour``, ``2 days and 30 minutes``."""
        minutes = round(of.total_seconds() / 60)
        days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
        parts = (
            self.count("{n} day", "{n} days", days) if days else "",
            self.count("{n} hour", "{n} hours", hours) if hours else "",
            self.count("{n} minute", "{n} minutes", rest) if rest else "",
        )
        return self.list_of(filter(None, parts)) or self.say("less than a minute")


@cache
def words(language: Language) -> Words:
    """The words of a language; English needs no translation."""
    if language == "en":
        return Words(language, NullTranslations())
    return Words(language, _translations(LOCALE / language / "servanda.po"))


def _translations(path: Path) -> NullTranslations:
    """The translations in a .po file, read as they stand: nothing is to be compiled."""
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file))
    compiled.seek(0)
    return Translations(compiled)


Say = Callable[..., str]
ENGLISH = words("en")
