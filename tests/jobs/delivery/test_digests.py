"""What is told together: the digests of a slot, and the mail that a storm becomes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from support.mail_bodies import body_of
from support.mailing import DAY, HOUR, MINUTE, NOW, WINDOW, Post, evidence, subjects, text_of
from support.monitors import Monitor

from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.routing.bundling import STORM
from servanda.compliance.watchers import Profile, Subscription
from servanda.jobs.delivery.routing import route_alerts
from servanda.models.delivery import recipients
from servanda.models.delivery.recipients import Recipient
from servanda.models.delivery.watchers import set_standing

DAILY, WEEKLY = Subscription(frequency="daily"), Subscription(frequency="weekly")
IN_WASHINGTON = Profile(heartbeat="never", zone="America/New_York", hour=8)
SLOT = datetime(2019, 6, 21, 12, tzinfo=UTC)
"""Friday, eight in Washington: the first slot after NOW."""

MONDAY = datetime(2019, 6, 24, 12, tzinfo=UTC)


@pytest.fixture
def post(any_monitor: Monitor) -> Post:
    return Post(any_monitor)


@pytest.fixture
def one_post(monitor: Monitor) -> Post:
    return Post(monitor)


def test_a_digest_waits_for_its_slot_and_carries_all_that_waited(post: Post) -> None:
    post.watcher("ana@example.org", DAILY, profile=IN_WASHINGTON)
    post.tell(NOW, evidence("First"))
    assert post.run(NOW) == 0
    post.tell(NOW + HOUR, evidence("Second", window=WINDOW), AlertKind.CANDIDATE)
    assert post.run(SLOT - MINUTE) == 0, "the minute before"
    assert post.run(SLOT) == 1, "at the slot"
    assert post.run(SLOT + MINUTE) == 0, "and never again"
    (mail,) = post.mails()
    said = text_of(mail)
    assert subjects([mail]) == ["Daily digest, 2 alerts: Candidate announcement: Second"]
    assert said.index("Candidate announcement: Second") < said.index("New evidence: First"), (
        "the graver first"
    )
    assert "https://press.example/first" in said
    assert "First: it says so." in said
    assert "servanda alerts show 1" in said
    assert "U.S.-Mexico Joint Declaration: Further actions" in said, "grouped by instrument and window"
    assert post.rows("SELECT kind, slot FROM digest") == [("daily", "daily-20190621T120000Z")]
    assert post.rows("SELECT alert, envelope FROM told ORDER BY alert") == [(1, 1), (2, 1)]


def test_the_message_id_is_that_of_the_slot(one_post: Post) -> None:
    watcher = one_post.watcher("ana@example.org", DAILY, profile=IN_WASHINGTON)
    one_post.tell(NOW)
    one_post.run(NOW)
    one_post.run(SLOT + 5 * HOUR)
    (mail,) = one_post.mails()
    assert mail["Message-ID"].startswith(f"<daily-20190621T120000Z.w{watcher}."), "however late it is written"


def test_a_weekly_digest_waits_for_its_weekday(one_post: Post) -> None:
    one_post.watcher("ana@example.org", WEEKLY, profile=IN_WASHINGTON)
    one_post.tell(NOW)
    one_post.run(NOW)
    assert one_post.run(MONDAY - MINUTE) == 0
    assert one_post.run(MONDAY) == 1
    assert subjects(one_post.mails())[0].startswith("Weekly digest, 1 alert: ")


def test_a_slot_that_was_slept_through_is_caught_up_on_once(one_post: Post) -> None:
    one_post.watcher("ana@example.org", DAILY, profile=IN_WASHINGTON)
    for day in range(3):
        one_post.tell(NOW + day * DAY)
        with one_post.monitor.at(NOW + day * DAY) as wiring:
            route_alerts(wiring.ledger, wiring.catalogue)
    assert one_post.run(SLOT + 5 * DAY) == 1, "one mail for all that waited meanwhile"
    assert one_post.rows("SELECT slot, until_at FROM digest") == [
        ("daily-20190623T120000Z", "2019-06-23 12:00:00.000000")
    ]
    assert len(one_post.rows("SELECT alert FROM told WHERE envelope = 1")) == 3


def test_what_comes_late_for_a_slot_that_was_told_goes_in_another_mail(one_post: Post) -> None:
    """Two runs at once may have given a slot its digest and an alert the slot."""
    watcher = one_post.watcher("ana@example.org", DAILY, profile=IN_WASHINGTON)
    one_post.tell(NOW)
    one_post.run(NOW)
    one_post.run(SLOT)
    late = one_post.tell(SLOT)
    with one_post.monitor.at(SLOT) as wiring, wiring.store.writing() as db:
        why = {"role": "subscriber", "frequency": "daily"}
        assert recipients.mark_routed(db, late, 1, SLOT)
        recipients.add_recipients(db, [Recipient(late, watcher, "digest", why, SLOT, SLOT)])
    assert one_post.run(SLOT + MINUTE) == 1
    assert [row[0] for row in one_post.rows("SELECT slot FROM digest ORDER BY id")] == [
        "daily-20190621T120000Z",
        "daily-20190621T120000Z.2",
    ]


def test_two_subscriptions_of_different_pace_tell_each_alert_once(one_post: Post) -> None:
    eager = Subscription("candidates", kinds=("candidate",))
    one_post.watcher("ana@example.org", DAILY, eager, profile=IN_WASHINGTON)
    one_post.tell(NOW, evidence("At once"), AlertKind.CANDIDATE)
    one_post.tell(NOW, evidence("Later"))
    one_post.run(NOW)
    one_post.run(SLOT)
    first, second = one_post.texts()
    assert "At once" in first
    assert "At once" not in second
    assert "New evidence: Later" in second


def test_a_flag_waits_for_no_digest(one_post: Post) -> None:
    one_post.watcher("ana@example.org", WEEKLY, profile=IN_WASHINGTON)
    for kind in (AlertKind.WINDOW_ENDED, AlertKind.FINAL_WORD, AlertKind.CORRECTION):
        one_post.flag(NOW, kind)
    one_post.tell(NOW)
    assert one_post.run(NOW) == 3
    assert [mail["Subject"].count("alerts") for mail in one_post.mails()] == [0, 0, 0]


def test_who_leaves_gets_no_digest(one_post: Post) -> None:
    watcher = one_post.watcher("ana@example.org", DAILY)
    one_post.tell(NOW)
    one_post.run(NOW)
    with one_post.monitor.at(NOW) as wiring, wiring.store.writing() as db:
        set_standing(db, watcher, "ended", "ana", "enough", NOW)
    assert one_post.run(SLOT) == 0
    assert one_post.omitted() == [("ana@example.org", "the watcher is ended")]


def test_the_digest_of_one_holds_nothing_of_another(post: Post) -> None:
    post.watcher("ana@example.org", Subscription(kinds=("candidate",), frequency="daily"))
    post.watcher("ben@example.org", Subscription(kinds=("new_evidence",), frequency="daily"))
    post.tell(NOW, evidence("For Ana"), AlertKind.CANDIDATE)
    post.tell(NOW, evidence("For Ben"))
    post.run(NOW)
    post.run(SLOT)
    (for_ana,), (for_ben,) = post.texts("ana@example.org"), post.texts("ben@example.org")
    assert "For Ana" in for_ana
    assert "For Ben" not in for_ana
    assert "ben@" not in for_ana
    assert "For Ana" not in for_ben


def test_each_reads_it_in_their_language(one_post: Post) -> None:
    one_post.watcher("ana@example.org", DAILY, profile=Profile(heartbeat="never", language="es"))
    one_post.watcher("ben@example.org", DAILY)
    one_post.tell(NOW)
    one_post.run(NOW)
    one_post.run(SLOT)
    (spanish,), (english,) = one_post.mails("ana@example.org"), one_post.mails("ben@example.org")
    assert 'lang="es"' in body_of(spanish, "html")
    assert "Daily digest" in english["Subject"]


# --- storms -----------------------------------------------------------------------------------------------


def test_a_storm_becomes_one_mail_that_lists_all(post: Post) -> None:
    post.watcher("ana@example.org")
    post.tell_of(NOW, STORM + 1)
    assert post.run(NOW) == 1
    (said,) = post.texts()
    assert all(f"New evidence: Release {n}" in said for n in range(STORM + 1))
    assert "More than ten alerts for you came within an hour." in said
    assert post.rows("SELECT kind FROM digest") == [("storm",)]


def test_up_to_ten_come_singly(one_post: Post) -> None:
    one_post.watcher("ana@example.org")
    one_post.tell_of(NOW, STORM)
    assert one_post.run(NOW) == STORM
    one_post.tell(NOW + 59 * MINUTE)
    assert one_post.run(NOW + 59 * MINUTE) == 1
    assert subjects(one_post.mails())[-1].startswith("1 alert in one mail: "), "the eleventh within the hour"


def test_those_that_trickle_in_are_counted_and_those_after_the_storm_wait(one_post: Post) -> None:
    one_post.watcher("ana@example.org")
    for minute in range(14):
        one_post.tell(NOW + minute * MINUTE)
        one_post.run(NOW + minute * MINUTE)
    kinds = [row[0] for row in one_post.rows("SELECT kind FROM envelope ORDER BY id")]
    assert kinds == ["alert"] * STORM + ["digest"], "then nothing, while the others wait"
    assert one_post.run(NOW + 61 * MINUTE) == 0, (
        "eight of the ten were written within the hour, and three wait"
    )
    assert one_post.run(NOW + 62 * MINUTE) == 3, "with seven of them there are ten"
    assert len(one_post.rows("SELECT 1 FROM told")) == 14, "none is lost"


def test_a_further_storm_waits_until_an_hour_after(one_post: Post) -> None:
    one_post.watcher("ana@example.org")
    one_post.tell_of(NOW, 60)
    assert one_post.run(NOW) == 1
    one_post.tell_of(NOW + MINUTE, 30)
    one_post.flag(NOW + MINUTE)
    assert one_post.run(NOW + MINUTE) == 1, "the flag"
    assert one_post.run(NOW + HOUR - MINUTE) == 0
    assert one_post.run(NOW + HOUR) == 1
    assert subjects(one_post.mails())[-1].startswith("30 alerts in one mail: ")


def test_flags_go_alone_and_first_in_a_storm(one_post: Post) -> None:
    one_post.watcher("ana@example.org")
    one_post.tell_of(NOW, 60)
    one_post.flag(NOW)
    assert one_post.run(NOW) == 2
    first, second = subjects(one_post.mails())
    assert first.startswith("Window ended")
    assert second.startswith("60 alerts in one mail: ")


def test_a_storm_for_one_is_none_for_another(one_post: Post) -> None:
    one_post.watcher("ana@example.org")
    one_post.watcher("ben@example.org", Subscription(kinds=("candidate",)))
    one_post.tell_of(NOW, STORM + 5)
    one_post.tell(NOW, evidence("Only one"), AlertKind.CANDIDATE)
    one_post.run(NOW)
    assert subjects(one_post.mails("ana@example.org"))[0] == "Candidate announcement: Only one"
    assert len(one_post.mails("ana@example.org")) == 2, "a candidate waits behind no storm"
    assert subjects(one_post.mails("ben@example.org")) == ["Candidate announcement: Only one"]


def test_a_storm_of_hundreds_is_bounded_and_says_what_it_leaves_out(one_post: Post) -> None:
    one_post.watcher("ana@example.org")
    one_post.tell_of(NOW, 310)
    assert one_post.run(NOW) == 1
    (said,) = one_post.texts()
    assert "and 10 more, which `servanda alerts` lists" in said
    assert len(one_post.rows("SELECT 1 FROM told WHERE envelope IS NOT NULL")) == 310
