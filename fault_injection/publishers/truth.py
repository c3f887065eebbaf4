"""What the government really published, and when: drawn from a seed, never told to the monitor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Literal
from zoneinfo import ZoneInfo

from servanda.compliance.intervals import Interval
from servanda.compliance.publication import PublicationTime, start_of_day

Platform = Literal[
    "rss",
    "atom",
    "wordpress",
    "drupal",
    "gobmx",
    "uswds",
    "register",
    "dof",
    "sitemap",
    "page",
    "cdx",
    "rest",
    "paged",
    "script",
    "news",
]

BEGIN_ON = date(2031, 3, 3)
"""A Monday. The first day of the bench."""

BEFORE = 21
"""Days that the sites had been publishing before."""

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Item:
    """One release. It stands in listings from ``listed_at`` until ``withdrawn_at``.

    ``at`` is when it was published, by the minute; a press that dates by day says only the civil day.
    ``retitled_at``: from then on it has another title. ``topic``: it is the announcement of that window.
    """

    slug: str
    title: str
    at: datetime
    listed_at: datetime
    withdrawn_at: datetime | None = None
    retitled_at: datetime | None = None
    topic: str | None = None

    def title_at(self, now: datetime) -> str:
        return f"{self.title} (corrected)" if self.retitled_at and self.retitled_at <= now else self.title


@dataclass(frozen=True, slots=True)
class Press:
    """One publisher with its terms: what a catalogue may rightly say of it."""

    id: str
    platform: Platform
    party: str
    language: Literal["en", "es"]
    zone: str
    lag: timedelta
    longest_silence: timedelta
    by_day: bool
    a_day: float
    items: tuple[Item, ...] = ()

    def listed(self, now: datetime) -> list[Item]:
        """What stands in its listings, newest first."""
        shown = [
            i for i in self.items if i.listed_at <= now and (i.withdrawn_at is None or now < i.withdrawn_at)
        ]
        return sorted(shown, key=lambda i: (self.published(i).interval.from_at, i.at, i.slug), reverse=True)

    def published(self, item: Item) -> PublicationTime:
        """When it was published, as exactly as this press says."""
        if self.by_day:
            return PublicationTime.day(item.at.astimezone(ZoneInfo(self.zone)).date(), self.zone)
        return PublicationTime.instant(item.at, self.zone)

    def with_items(self, items: list[Item]) -> Press:
        return replace(self, items=tuple(items))


def day_start(day: int, zone: str = "UTC") -> datetime:
    """The first instant of the bench's nth day, counted from 0, in a zone."""
    return start_of_day(BEGIN_ON + timedelta(days=day), zone)


_PRESSES: tuple[tuple[str, Platform, str, str, str, float, float, bool, float], ...] = (
    # id, platform, party, language, zone, lag in hours, longest silence in days, dated by day, items a day
    ("state", "rss", "US", "en", "America/New_York", 3, 4, False, 2.2),
    ("embassy", "atom", "US", "en", "America/New_York", 3, 4, False, 1.6),
    ("residence", "wordpress", "US", "en", "America/New_York", 12, 4, False, 2.0),
    ("homeland", "drupal", "US", "en", "America/New_York", 12, 4, False, 1.6),
    ("relaciones", "gobmx", "MX", "es", "America/Mexico_City", 12, 4, False, 1.6),
    ("customs", "uswds", "US", "en", "America/New_York", 12, 4, True, 1.5),
    ("register", "register", "US", "en", "America/New_York", 12, 4, True, 1.6),
    ("diario", "dof", "MX", "es", "America/Mexico_City", 12, 4, True, 1.6),
    ("labor", "sitemap", "US", "en", "America/New_York", 12, 4, False, 1.3),
    ("notice", "page", "US", "en", "America/New_York", 24, 30, True, 0.2),
    ("former", "cdx", "US", "en", "America/New_York", 12, 4, False, 1.3),
    ("treasury", "rest", "US", "en", "America/New_York", 12, 4, False, 1.6),
    ("palace", "paged", "US", "en", "America/New_York", 12, 4, False, 4.5),
    ("cancilleria", "script", "MX", "es", "America/Mexico_City", 12, 4, False, 1.6),
    ("justice", "news", "US", "en", "America/New_York", 12, 4, True, 1.5),
)  # fmt: skip


def draw_presses(seed: int, days: int) -> tuple[Press, ...]:
    """Every publisher with what it published, from ``BEFORE`` days before the first to the last day."""
    presses = []
    for name, platform, party, language, zone, lag, silence, by_day, a_day in _PRESSES:
        press = Press(
            name,
            platform,
            party,
            "es" if language == "es" else "en",
            zone,
            lag * HOUR,
            silence * DAY,
            by_day,
            a_day,
        )
        presses.append(press.with_items(_draw_items(press, Random(f"{seed}:{name}"), days)))
    return tuple(presses)


def _draw_items(press: Press, rng: Random, days: int) -> list[Item]:
    """Bursts, quiet days, equal times, late listing within the lag, corrected titles, withdrawals."""
    times: list[datetime] = []
    quiet = 0
    for day in range(-BEFORE, days):
        on = BEGIN_ON + timedelta(days=day)
        is_quiet = quiet < 2 and (on.weekday() == 6 or rng.random() < 0.12)
        quiet = quiet + 1 if is_quiet else 0
        if not is_quiet or press.platform == "page":
            times += _times_of_day(press, rng, on)
    return [_item(press, rng, number, at) for number, at in enumerate(sorted(times))]


def _times_of_day(press: Press, rng: Random, on: date) -> list[datetime]:
    if press.platform == "page":
        many = int(rng.random() < press.a_day)
    else:
        many = max(1, round(rng.gauss(press.a_day, 1)))
    if many > 1 and rng.random() < 0.06:
        many += rng.randint(4, 9)
    found: list[datetime] = []
    for _ in range(many):
        minute = min(1439, max(0, round(rng.gauss(14 * 60, 240))))
        at = datetime.combine(on, time(minute // 60, minute % 60), ZoneInfo(press.zone)).astimezone(UTC)
        found.append(found[-1] if found and rng.random() < 0.1 else at)
    return found


_SUBJECTS = {
    "en": (
        "Remarks at the ports & bridges forum",
        "Secretary’s call with the “Twelve”",
        "Grants for schools",
    ),
    "es": ("Reunión con la comunidad", "Firma del convenio de educación", "Atención a connacionales & niñez"),
}


def _item(press: Press, rng: Random, number: int, at: datetime) -> Item:
    delay = timedelta(minutes=rng.randint(0, 4))
    if rng.random() < 0.12 and press.platform != "page":
        delay = timedelta(minutes=rng.randint(5, int(press.lag / timedelta(minutes=1)) - 5))
    listed = at + delay
    withdrawn = listed + DAY * rng.uniform(4, 12) if rng.random() < 0.02 else None
    retitled = listed + DAY * rng.uniform(0.2, 3) if rng.random() < 0.05 else None
    if press.platform == "page":
        withdrawn = retitled = None
    title = f"{rng.choice(_SUBJECTS[press.language])}, no. {number}"
    return Item(f"{press.id}-release-{number}", title, at, listed, withdrawn, retitled)


def listed_within(press: Press, span: Interval, now: datetime) -> list[Item]:
    """What was published wholly inside an interval and stands in the press's listings now."""
    return [
        item
        for item in press.listed(now)
        if span.from_at <= (p := press.published(item).interval).from_at and p.until_at <= span.until_at
    ]
