"""Quiet days speak, in numbers that independent SQL confirms."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Engine
from support.catalogues import listing_route, source
from support.listing_pages import Release, publish
from support.mailing import DAY, HOUR, MINUTE, NOW, Post, subjects, text_of
from support.monitors import Monitor

from servanda.alerts.letters.figure_sections import figures_sentence
from servanda.alerts.payloads.period_figures import PeriodFigures
from servanda.alerts.text.translation import ENGLISH
from servanda.compliance.watchers import Profile, Subscription, Watcher
from servanda.jobs.assess import assess
from servanda.jobs.collect import collect_source
from servanda.jobs.delivery.envelopes import write_envelopes
from servanda.jobs.delivery.heartbeat_mails import quiet_times
from servanda.jobs.delivery.period_figures import count_period_figures, watched_instruments
from servanda.jobs.delivery.routing import route_alerts
from servanda.models.delivery.watchers import add_watcher, set_profile, set_standing, subscribe

SLOT = datetime(2019, 6, 21, 12, tzinfo=UTC)
"""Eight in Washington, the day after NOW."""

DAILY = Profile(heartbeat="daily", zone="America/New_York", hour=8)
WEEKLY = Profile(heartbeat="weekly", zone="America/New_York", hour=8, weekday=4)
NOTHING = Subscription(kinds=("document_edited",))


@pytest.fixture
def post(monitor: Monitor) -> Post:
    return Post(monitor)


@pytest.fixture
def any_post(any_monitor: Monitor) -> Post:
    return Post(any_monitor)


# --- when ---------------------------------------------------------------------------------------------------


def test_a_quiet_day_speaks_at_its_slot_and_once(any_post: Post) -> None:
    any_post.watcher("ana@example.org", profile=DAILY)
    any_post.run(SLOT - DAY)
    assert len(any_post.mails()) == 1
    assert any_post.run(SLOT - MINUTE) == 0, "the minute before"
    assert any_post.run(SLOT) == 1, "at the slot"
    assert any_post.run(SLOT + MINUTE) == 0, "and never again"
    assert any_post.run(SLOT + DAY) == 1, "the next day"
    slots = [row[0] for row in any_post.rows("SELECT slot FROM digest ORDER BY id")]
    assert slots == ["quiet-20190620T120000Z", "quiet-20190621T120000Z", "quiet-20190622T120000Z"]
    mail = any_post.mails()[1]
    assert mail["Message-ID"].startswith("<quiet-20190621T120000Z.w1.")
    assert "Nothing that you asked for was to tell in this time." in text_of(mail)
    assert "You get this because you want a word on quiet days, too." in text_of(mail)


def test_who_wants_no_such_word_gets_none(post: Post) -> None:
    post.watcher("ana@example.org", profile=Profile(heartbeat="never"))
    assert post.run(NOW + 30 * DAY) == 0


def test_the_first_word_comes_after_a_full_period_of_being_a_watcher(post: Post) -> None:
    post.watcher("just@example.org", profile=DAILY, since=SLOT - DAY)
    post.watcher("late@example.org", profile=DAILY, since=SLOT - DAY + MINUTE)
    post.run(SLOT)
    assert len(post.mails("just@example.org")) == 1, "a watcher since the very start of the period"
    assert post.mails("late@example.org") == [], "a minute less"
    post.run(SLOT + DAY)
    assert len(post.mails("late@example.org")) == 1


def test_the_period_begins_anew_for_who_comes_back(post: Post) -> None:
    watcher = post.watcher("ana@example.org", profile=WEEKLY, since=NOW - 60 * DAY)
    with post.monitor.at(NOW - 3 * DAY) as wiring, wiring.store.writing() as db:
        set_standing(db, watcher, "ended", "ana", "", NOW - 4 * DAY)
        set_standing(db, watcher, "active", "ana", "", NOW - 3 * DAY)
        set_standing(db, watcher, "active", "ana", "said again", NOW - DAY)
    assert post.run(SLOT) == 0
    assert post.run(SLOT + 7 * DAY) == 1


@pytest.mark.parametrize("state", ["asked", "suspended", "ended"])
def test_who_is_not_active_hears_nothing(post: Post, state: Any) -> None:
    post.watcher("ana@example.org", profile=DAILY, state=state)
    assert post.run(SLOT) == 0


TOLD = [
    ("a moment before the period", SLOT - DAY, 1),
    ("in it", SLOT - DAY + MINUTE, 0),
    ("a minute before its end", SLOT - MINUTE, 0),
]


@pytest.mark.parametrize("why, at, words", TOLD, ids=[case[0] for case in TOLD])
def test_there_is_no_word_where_something_else_was_sent(
    post: Post, why: str, at: datetime, words: int
) -> None:
    post.watcher("ana@example.org", profile=DAILY, since=SLOT - DAY - HOUR)
    post.flag(at)
    post.run(at)
    assert post.run(SLOT) == words, why


def test_a_digest_stands_for_the_word(post: Post) -> None:
    post.watcher("ana@example.org", Subscription(frequency="daily"), profile=DAILY)
    post.tell(NOW)
    post.run(NOW)
    written = len(post.mails())
    assert post.run(SLOT) == 1
    assert subjects(post.mails())[written].startswith("Daily digest")
    post.run(SLOT + DAY)
    assert subjects(post.mails())[-1].startswith(("All quiet", "Nothing to tell")), (
        "the digest closed its slot"
    )


def test_of_slots_that_were_slept_through_the_last_one_speaks(post: Post) -> None:
    post.watcher("ana@example.org", profile=DAILY)
    assert post.run(SLOT + 9 * DAY + 5 * HOUR) == 1
    assert post.rows("SELECT slot FROM digest") == [("quiet-20190630T120000Z",)]


def test_an_alert_for_others_makes_nobody_elses_day_loud(post: Post) -> None:
    post.watcher("ana@example.org", NOTHING, profile=DAILY)
    post.watcher("ben@example.org", profile=DAILY)
    post.tell(SLOT - HOUR)
    post.run(SLOT - HOUR)
    ana, ben = len(post.mails("ana@example.org")), len(post.mails("ben@example.org"))
    post.run(SLOT)
    assert len(post.mails("ana@example.org")) == ana + 1
    assert len(post.mails("ben@example.org")) == ben


def test_the_numbers_go_on_from_the_last_ones(post: Post) -> None:
    """However many slots were loud in between, no hour is left out."""
    post.watcher("ana@example.org", profile=DAILY)
    post.run(SLOT - DAY)
    post.flag(NOW)
    post.run(NOW)
    assert post.run(SLOT) == 0
    assert post.run(SLOT + DAY) == 1
    spans = post.rows("SELECT from_at, until_at FROM digest ORDER BY id")
    assert spans[1] == (spans[0][1], "2019-06-22 12:00:00.000000")


# --- the numbers --------------------------------------------------------------------------------------------

FIRST, SECOND = datetime(2019, 6, 12, 18, tzinfo=UTC), datetime(2019, 6, 13, 18, tzinfo=UTC)
FROM, UNTIL = datetime(2019, 6, 13, tzinfo=UTC), datetime(2019, 6, 18, 20, tzinfo=UTC)
TELLING = [
    Release("guard", "On the border", "2019-06-14T09:00:00-04:00", "Mexico deployed its National Guard on the border, as the Secretary noted."),
    Release("guard-again", "On the border, again", "2019-06-16T09:00:00-04:00", "Mexico will deploy more of its National Guard to the southern border."),
    Release("joint", "Joint statement", "2019-06-17T10:00:00-04:00", "The United States and Mexico announced additional measures on migration in the capital today."),
    Release("poland", "Joint statement with Poland on 5G", "2019-06-15T10:00:00-04:00"),
]  # fmt: skip


class ReadDaily:
    """Two sources read daily, one of which fails for two days."""

    def __init__(self, monitor: Monitor) -> None:
        self.monitor = monitor
        self.sources = ("us-state", "mx-sre")
        self.more: list[Release] = []
        url = monitor.site.url
        monitor.catalogue(
            {s: source(s, listing_route(f"{url}/{s}/"), lag="PT2H", silence="P9D") for s in self.sources}
        )

    def day(self, now: datetime, *, broken: bool = False) -> None:
        everyday = [Release(f"day-{n}", f"Day {n}", f"2019-06-{n:02}T12:00:00-04:00") for n in range(1, 29)]
        for slug in self.sources:
            every = [*everyday, *TELLING, *self.more] if slug == "us-state" else everyday
            publish(self.monitor.site, f"/{slug}/", [r for r in every if datetime.fromisoformat(r.at) <= now])
        for lost in self.more:
            self.monitor.site.pages.pop(f"/us-state/{lost.slug}/", None)
        if broken:
            self.monitor.site.pages["/mx-sre/"].status = 404
        with self.monitor.at(now) as wiring:
            for slug in self.sources:
                collect_source(wiring, slug)
            assess(wiring)

    def numbers(self, from_at: datetime, until_at: datetime) -> PeriodFigures:
        with self.monitor.at() as wiring, wiring.store.reading() as db:
            every = frozenset(i.id for i in wiring.catalogue.instruments)
            return count_period_figures(db, wiring.catalogue, every, from_at, until_at)

    def count(self, query: str, **named: Any) -> int:
        with self.monitor.at() as wiring, wiring.store.reading() as db:
            return int(db.execute(text(query), named).scalar_one())


@pytest.fixture
def read_daily(monitor: Monitor) -> ReadDaily:
    return ReadDaily(monitor)


def stored(at: datetime) -> str:
    """An instant as SQLite keeps it."""
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")


@pytest.mark.slow
def test_every_number_is_what_other_sql_says(read_daily: ReadDaily) -> None:
    day = FIRST
    while day <= UNTIL:
        read_daily.day(day)
        day += DAY
    found = read_daily.numbers(FROM, UNTIL)
    span = {"since": stored(FROM), "until": stored(UNTIL)}
    pages = (
        "SELECT COUNT(*) FROM (SELECT MIN(at) AS first_at FROM exchange WHERE status = 200 AND document IS NOT NULL "
        "GROUP BY document) WHERE first_at >= :since AND first_at < :until"
    )
    assert found.documents_read == read_daily.count(pages, **span) > 8
    evidence = (
        "SELECT COUNT(*) FROM evidence WHERE near_miss = 0 AND known_at >= :since AND known_at < :until"
    )
    assert found.matches == read_daily.count(evidence, **span) == 3
    waiting = "SELECT COUNT(*) FROM evidence WHERE near_miss = 0 AND known_at < :until"
    assert found.evidence_waiting == read_daily.count(waiting, until=stored(UNTIL)) == 3
    assert (found.covered, len(found.sources), found.gaps) == (2, 2, 0)
    (window,) = found.windows
    assert found.next_deadline == window
    assert window.due_at == datetime(2019, 9, 6, 4, tzinfo=UTC)


def test_every_number_is_counted_half_open(read_daily: ReadDaily) -> None:
    read_daily.day(FIRST)
    read_daily.day(SECOND)
    whole = read_daily.numbers(FIRST, SECOND + MINUTE).documents_read
    before, after = read_daily.numbers(FIRST, SECOND), read_daily.numbers(SECOND, SECOND + MINUTE)
    assert before.documents_read > 0
    assert after.documents_read > 0
    assert before.documents_read + after.documents_read == whole, "each is counted once"


@pytest.mark.slow
def test_a_source_that_fails_is_named_with_its_gap_until_a_reading_heals_it(read_daily: ReadDaily) -> None:
    read_daily.day(FIRST)
    for n in range(1, 5):
        read_daily.day(FIRST + n * DAY, broken=True)
    until = FIRST + 4 * DAY + HOUR
    found = read_daily.numbers(FIRST, until)
    assert (found.covered, len(found.sources), found.gaps) == (1, 2, 1)
    (mexico,) = [one for one in found.sources if one.gaps]
    assert mexico.id == "mx-sre"
    (gap,) = mexico.gaps
    assert gap.from_at == FIRST - timedelta(hours=2), "it was seen up to its lag before the last good reading"
    assert gap.until_at == until - timedelta(hours=2) - 2 * DAY, "what is later need not be covered yet"
    read_daily.day(FIRST + 5 * DAY)
    healed = read_daily.numbers(FIRST, FIRST + 5 * DAY + HOUR)
    assert (healed.covered, healed.gaps) == (2, 0)
    assert read_daily.numbers(FIRST, until) == found, "what was said then stays what was known then"


def test_a_document_that_cannot_be_read_is_told_in_the_subject(read_daily: ReadDaily) -> None:
    lost = Release("lost", "A page that is missing", "2019-06-13T09:00:00-04:00")
    read_daily.day(FIRST)
    read_daily.more = [lost]
    read_daily.day(SECOND)
    read_daily.day(SECOND + DAY)
    read_daily.day(SECOND + 2 * DAY)
    early, late = (
        read_daily.numbers(FIRST, SECOND + HOUR),
        read_daily.numbers(FIRST, SECOND + 2 * DAY + HOUR),
    )
    assert (early.unread, early.all_seen) == (0, True), "it may be read yet"
    assert (late.unread, late.gaps, late.all_seen) == (1, 0, False)
    unread = (
        "SELECT COUNT(DISTINCT document) FROM listing "
        "WHERE document NOT IN (SELECT document FROM version) AND published_at < :until"
    )
    assert late.unread == read_daily.count(unread, until=stored(SECOND + HOUR))
    assert ", 1 unread, " in figures_sentence(late, ENGLISH)


def test_a_late_run_is_no_gap(read_daily: ReadDaily) -> None:
    read_daily.day(FIRST)
    read_daily.day(FIRST + DAY)
    assert read_daily.numbers(FIRST, FIRST + 2 * DAY + 20 * MINUTE).gaps == 0, "due a few minutes ago"
    assert read_daily.numbers(FIRST, FIRST + 3 * DAY + HOUR).gaps == 2, "a whole day was left out"


@pytest.mark.slow
def test_rules_that_change_find_nothing_new(read_daily: ReadDaily) -> None:
    for n in range(6):
        read_daily.day(FIRST + n * DAY)
    last = FIRST + 5 * DAY
    before = read_daily.numbers(FIRST, last + HOUR).matches
    path = read_daily.monitor.folder / "catalogue" / "declarations" / "us-mexico-2019" / "instrument.yml"
    path.write_text(path.read_text().replace("en: [deploy*]", "en: [deploy*, sent*]"))
    with read_daily.monitor.at(last + DAY) as wiring:
        assess(wiring)
    again = read_daily.count("SELECT COUNT(*) FROM evidence WHERE known_at = :at", at=stored(last + DAY))
    assert again > 0, "the changed rules matched every document anew"
    assert read_daily.numbers(last + HOUR, last + DAY + HOUR).matches == 0
    assert read_daily.numbers(FIRST, last + DAY + HOUR).matches == before


def test_the_mail_says_the_numbers_in_its_subject(read_daily: ReadDaily) -> None:
    with read_daily.monitor.at(FIRST - DAY) as wiring, wiring.store.writing() as db:
        watcher, _ = add_watcher(db, "ana@example.org", FIRST - DAY)
        set_profile(db, watcher, Profile(heartbeat="daily", hour=20), FIRST - DAY)
        set_standing(db, watcher, "active", "test", "", FIRST - DAY)
        subscribe(db, watcher, NOTHING, FIRST - DAY)
    read_daily.day(FIRST)
    read_daily.day(SECOND)
    with read_daily.monitor.at(SECOND + 2 * HOUR) as wiring:
        route_alerts(wiring.ledger, wiring.catalogue)
        write_envelopes(wiring.ledger, wiring.catalogue, wiring.letterhead)
    post = Post.__new__(Post)
    post.monitor = read_daily.monitor
    (mail,) = post.mails()
    assert subjects([mail]) == [
        "All quiet: 2 of 2 sources covered, 0 gaps, 2 documents read, 0 matches, next deadline in 85 days"
    ]
    said = text_of(mail)
    assert (
        "Further actions, to be completed and announced within 90 days: 85 days left, today counted" in said
    )
    assert "7 June 2019 + 90 calendar days, day of publication not counted" in said
    assert "From 12 June 2019, 20:00:00 UTC to 13 June 2019, 20:00:00 UTC: 2 of 2 sources covered" in said


def test_whom_the_numbers_are_about(read_daily: ReadDaily) -> None:
    read_daily.day(FIRST)
    with read_daily.monitor.at() as wiring:
        one = Subscription(instruments=("us-mexico-2019",))
        other = Subscription("other", instruments=("gone",))
        every = frozenset({"us-mexico-2019"})
        assert watched_instruments(wiring.catalogue, Watcher(1, "a@example.org")) == every
        assert (
            watched_instruments(wiring.catalogue, Watcher(1, "a@example.org", subscriptions=(one, other)))
            == every
        )
        assert (
            watched_instruments(wiring.catalogue, Watcher(1, "a@example.org", subscriptions=(other,)))
            == frozenset()
        )
        assert (
            watched_instruments(
                wiring.catalogue, Watcher(1, "a@example.org", subscriptions=(other, Subscription()))
            )
            == every
        )


def test_all_is_not_quiet_where_no_source_was_looked_at(read_daily: ReadDaily) -> None:
    read_daily.day(FIRST)
    with read_daily.monitor.at() as wiring, wiring.store.reading() as db:
        nothing = count_period_figures(db, wiring.catalogue, frozenset(), FIRST - DAY, FIRST)
    assert (nothing.sources, nothing.gaps, nothing.all_seen) == ((), 0, False)


def test_no_watcher_is_asked_of_alone(post: Post) -> None:
    for n in range(25):
        post.watcher(f"w{n}@example.org", NOTHING, profile=DAILY)
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    with post.monitor.at(SLOT) as wiring, wiring.store.reading() as db:
        event.listen(Engine, "before_cursor_execute", note)
        try:
            assert len(quiet_times(db, SLOT)) == 25
        finally:
            event.remove(Engine, "before_cursor_execute", note)
    assert len(asked) < 10
