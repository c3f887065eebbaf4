"""People join, are asked, agree, change what they get, leave; what was said is kept, what was said last counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from support.desk_of_watchers import Desk, desk, empty_desk
from support.mail_bodies import body_of

from servanda.alerts.payloads.kinds import FLAGS
from servanda.compliance.watchers import Profile, Subscription
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.delivery.envelopes import write_envelopes
from servanda.jobs.delivery.routing import route_alerts
from servanda.jobs.notify import notify
from servanda.jobs.watchers import membership as watching
from servanda.jobs.watchers.consent import BY_THE_WATCHER
from servanda.jobs.watchers.membership import DesiredWatcher
from servanda.models import tables
from servanda.models.delivery import envelopes, watcher_mail
from servanda.models.delivery.mail_queue import due_envelopes
from servanda.models.delivery.watchers import standings
from servanda.models.store import Store

NOW = datetime(2019, 6, 7, 12, tzinfo=UTC)
SECOND, DAY, WEEK = timedelta(seconds=1), timedelta(days=1), timedelta(days=7)
ANA = "ana@example.org"
EVERYTHING = (Subscription(),)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return empty_desk(tmp_path_factory.mktemp("empty"), NOW)


@pytest.fixture
def bench(empty: Desk, tmp_path: Path) -> Iterator[Desk]:
    copied = empty.copied(tmp_path)
    yield copied
    copied.store.close()


def said(bench: Desk) -> list[tuple[str, str, str]]:
    with bench.store.reading() as db:
        return [(one.state, one.by, one.reason) for one in standings(db, bench.watcher(ANA).id)]


def test_who_others_add_gets_one_question_and_nothing_else_until_they_agree(
    store: Store, tmp_path: Path
) -> None:
    bench = desk(tmp_path, store)
    assert bench.add(NOW, ANA).outcome == "asked"
    bench.tell(NOW + SECOND, "before")
    notify(bench.at(NOW + 2 * SECOND))
    (question,) = bench.mails()
    assert (question["To"], question["Subject"]) == (ANA, "Do you want mail from this monitor?")

    found = bench.watcher(ANA)
    watching.confirm(bench.at(NOW + DAY).ledger, found.key, reason="by her page")
    bench.tell(NOW + DAY + SECOND, "after")
    notify(bench.at(NOW + DAY + 2 * SECOND))
    _, told = bench.mails()
    text = body_of(told)
    assert ("after" in text, "before" in text) == (True, False)
    assert said(bench) == [
        ("asked", "Ben", "added; not agreed yet"),
        ("active", BY_THE_WATCHER, "by her page"),
    ]


def test_the_question_says_who_asks_what_they_would_get_and_how_to_agree(bench: Desk) -> None:
    wanted = (
        Subscription("mexico", parties=("MX",), severity="notice", frequency="daily"),
        Subscription("flags", kinds=("final_word",), unacknowledged_after=60),
    )
    bench.add(NOW, ANA, profile=Profile(analyst=True, heartbeat="daily"), wanted=wanted)
    notify(bench.at(NOW))
    (mail,) = bench.mails()
    text = " ".join(body_of(mail).split())
    for part in (
        "Ben has given your address, ana@example.org",
        "Nothing more is sent to you unless you agree",
        "of what MX owes; what is worth notice or urgent, in one mail a day",
        "final word, if nobody has acknowledged a flag within 1 hour",
        "as an analyst: what waits for review",
        "once a day",
        "Write to desk@example.org that you agree",
        "servanda watchers confirm ana@example.org --by NAME",
        "Do nothing.",
    ):
        assert part in text
    assert "http" not in text


def test_with_a_public_address_the_question_links_to_pages_and_in_their_language(bench: Desk) -> None:
    bench.settings = bench.settings.model_copy(update={"public_url": "https://watch.example/servanda"})
    bench.add(NOW, ANA, profile=Profile(language="es"))
    notify(bench.at(NOW))
    (mail,) = bench.mails()
    text = body_of(mail)
    assert "https://watch.example/servanda/c/" in text
    assert "https://watch.example/servanda/u/" in text
    assert "servanda watchers confirm" not in text
    english = {"Do you want mail from this monitor?", "What you would get", "If you want it"}
    assert not any(sentence in text for sentence in english)


def test_nobody_is_asked_twice_within_a_week_nor_four_times(bench: Desk) -> None:
    asked = []
    for now in (
        NOW,
        NOW + WEEK - SECOND,
        NOW + WEEK,
        NOW + 2 * WEEK - SECOND,
        NOW + 2 * WEEK,
        NOW + 52 * WEEK,
    ):
        joined = bench.add(now, ANA)
        notify(bench.at(now))
        asked.append((joined.outcome, joined.asking.outcome if joined.asking else None))
    assert asked == [
        ("asked", "may"),
        ("not_asked", "too_soon"),
        ("asked", "may"),
        ("not_asked", "too_soon"),
        ("asked", "may"),
        ("not_asked", "too_often"),
    ]
    assert len(bench.mails()) == 3
    assert len({mail["Message-ID"] for mail in bench.mails()}) == 3


def test_removing_and_adding_somebody_does_not_begin_the_count_again(bench: Desk) -> None:
    bench.add(NOW, ANA)
    watching.remove(bench.at(NOW).ledger, bench.watcher(ANA), "Ben", "a mistake")
    again = bench.add(NOW + DAY, ANA)
    assert (again.outcome, again.asking and again.asking.outcome) == ("not_asked", "too_soon")
    assert bench.watcher(ANA).state == "ended", "nothing was asked, so there is nothing to agree to"


def test_who_says_no_is_not_asked_again_but_may_agree_otherwise(bench: Desk) -> None:
    bench.add(NOW, ANA)
    watching.unsubscribe_all(bench.at(NOW + DAY).ledger, bench.watcher(ANA).key, "the page of the question")
    again = bench.add(NOW + 9 * WEEK, ANA)
    assert (again.outcome, again.asking and again.asking.outcome) == ("not_asked", "declined")
    assert bench.add(NOW + 9 * WEEK, ANA, agreed="on the phone").outcome == "active"


def test_who_left_is_asked_anew_and_the_count_begins_with_the_last_agreement(bench: Desk) -> None:
    bench.add(NOW, ANA, agreed="on the phone")
    watching.unsubscribe_all(bench.at(NOW + DAY).ledger, bench.watcher(ANA).key, "one click")
    assert bench.add(NOW + 2 * DAY, ANA).outcome == "asked"
    assert bench.watcher(ANA).state == "asked"


@pytest.mark.parametrize("agreed", ["on the phone", None])
def test_leaving_withdraws_what_is_queued_and_is_done_once(bench: Desk, agreed: str | None) -> None:
    bench.add(NOW, ANA, agreed=agreed)
    if agreed:
        bench.tell(NOW, "queued")
        wiring = bench.at(NOW)
        route_alerts(wiring.ledger, wiring.catalogue)
        write_envelopes(wiring.ledger, wiring.catalogue, wiring.letterhead)
    assert [state for _, state in bench.states()] == ["queued"]
    for _ in range(2):
        left = watching.unsubscribe_all(bench.at(NOW + DAY).ledger, bench.watcher(ANA).key, "one click")
        assert left.state == "ended"
    assert [state for _, state in bench.states()] == ["withdrawn"]
    assert said(bench)[-1] == ("ended", BY_THE_WATCHER, "one click")
    assert len(said(bench)) == 2
    assert notify(bench.at(NOW + DAY)).sent == 0


def test_what_is_under_way_is_left_to_who_has_the_lease(bench: Desk) -> None:
    bench.add(NOW, ANA)
    with bench.store.writing() as db:
        (queued,) = due_envelopes(db, "mail", NOW, 9, FLAGS)
        assert envelopes.lease_envelope(db, queued, "sender", NOW, timedelta(minutes=10)) is not None
        watcher = bench.watcher(ANA).id
        assert watcher_mail.withdraw_queued(db, watcher, NOW + SECOND) == 0
        assert watcher_mail.withdraw_queued(db, watcher, NOW + DAY) == 1, "a lease that is over is none"


def test_agreeing_withdraws_a_question_that_is_still_queued(bench: Desk) -> None:
    bench.add(NOW, ANA)
    found = bench.watcher(ANA)
    assert watching.agree(bench.at(NOW).ledger, found, "Ben", "she said so")
    assert not watching.agree(bench.at(NOW).ledger, found, "Ben", "again")
    assert bench.states() == [("confirmation", "withdrawn")]


def test_confirming_twice_is_confirming_once(bench: Desk) -> None:
    bench.add(NOW, ANA)
    for _ in range(2):
        assert watching.confirm(bench.at(NOW + DAY).ledger, bench.watcher(ANA).key).active
    assert [state for state, _, _ in said(bench)] == ["asked", "active"]


Act = Callable[[Desk], Any]


@pytest.mark.parametrize(
    ("act", "state", "case"),
    [
        (
            lambda b: watching.remove(b.at(NOW).ledger, b.watcher(ANA), "Ben", "x"),
            "ended",
            "removed by the operator",
        ),
        (lambda b: watching.suspend(b.at(NOW).ledger, b.watcher(ANA), "Ben", "x"), "suspended", "suspended"),
        (
            lambda b: watching.unsubscribe_all(b.at(NOW).ledger, b.watcher(ANA).key, "x"),
            "active",
            "left themselves",
        ),
    ],
)
def test_an_old_question_brings_back_only_who_left_by_themselves(
    bench: Desk, act: Act, state: str, case: str
) -> None:
    bench.add(NOW, ANA)
    act(bench)
    assert watching.confirm(bench.at(NOW + DAY).ledger, bench.watcher(ANA).key).state == state, case


def test_who_was_removed_and_then_leaves_stays_away_by_their_own_word(bench: Desk) -> None:
    bench.add(NOW, ANA, agreed="x")
    watching.remove(bench.at(NOW).ledger, bench.watcher(ANA), "Ben", "x")
    watching.unsubscribe_all(bench.at(NOW).ledger, bench.watcher(ANA).key, "one click")
    assert said(bench)[-1][:2] == ("ended", BY_THE_WATCHER)


def test_suspending_and_resuming_leads_back_to_where_they_stood(bench: Desk) -> None:
    bench.add(NOW, ANA)
    for state in ("asked", "active"):
        found = bench.watcher(ANA)
        assert watching.suspend(bench.at(NOW).ledger, found, "bounces", "550")
        assert not watching.suspend(bench.at(NOW).ledger, found, "bounces", "550")
        assert watching.resume(bench.at(NOW).ledger, found, "Ben", "a new server").state == state
        watching.agree(bench.at(NOW).ledger, found, "Ben", "x")


def test_an_agreement_of_before_they_left_does_not_count_for_resuming(bench: Desk) -> None:
    bench.add(NOW, ANA, agreed="x")
    watching.remove(bench.at(NOW).ledger, bench.watcher(ANA), "Ben", "x")
    bench.add(NOW + DAY, ANA)
    watching.suspend(bench.at(NOW + DAY).ledger, bench.watcher(ANA), "bounces", "550")
    assert watching.resume(bench.at(NOW + DAY).ledger, bench.watcher(ANA), "Ben", "x").state == "asked"


def test_who_is_suspended_is_not_asked_by_adding_them(bench: Desk) -> None:
    bench.add(NOW, ANA)
    watching.suspend(bench.at(NOW).ledger, bench.watcher(ANA), "bounces", "550")
    assert bench.add(NOW + 9 * WEEK, ANA).outcome == "suspended"


def test_what_was_withheld_while_suspended_is_not_made_up_for(bench: Desk) -> None:
    bench.add(NOW, ANA, agreed="x")
    bench.tell(NOW, "first")
    watching.suspend(bench.at(NOW).ledger, bench.watcher(ANA), "Ben", "on leave")
    notify(bench.at(NOW + SECOND))
    watching.resume(bench.at(NOW + DAY).ledger, bench.watcher(ANA), "Ben", "back")
    assert notify(bench.at(NOW + DAY)).sent == 0


def test_their_own_page_changes_wishes_and_never_roles(bench: Desk) -> None:
    bench.add(NOW, ANA, agreed="x", profile=Profile(name="Ana", analyst=True))
    key = bench.watcher(ANA).key
    changed = watching.change_profile(
        bench.at(NOW).ledger, key, Profile(name="Ana", language="es", hour=6, operator=True)
    )
    assert changed.profile == Profile(name="Ana", language="es", hour=6, analyst=True)


def test_subscriptions_are_as_given_and_the_same_again_adds_no_row(bench: Desk) -> None:
    bench.add(NOW, ANA, agreed="x")
    key = bench.watcher(ANA).key
    wanted = (Subscription("a", frequency="daily"), Subscription("b", kinds=("final_word",)))
    for _ in range(2):
        assert watching.change_subscriptions(bench.at(NOW).ledger, key, wanted).subscriptions == wanted
    with bench.store.reading() as db:
        rows = db.execute(select(tables.subscription.c.slug, tables.subscription.c.active)).all()
    assert [tuple(row) for row in rows] == [("all", True), ("a", True), ("b", True), ("all", False)]
    assert watching.change_subscriptions(bench.at(NOW).ledger, key, ()).subscriptions == ()


def test_an_unknown_key_is_no_watcher(bench: Desk) -> None:
    for act in (watching.confirm, lambda w, k: watching.unsubscribe_all(w, k, "x")):
        with pytest.raises(LookupError):
            act(bench.at(NOW).ledger, "00" * 16)


def test_a_webhook_is_not_asked_and_an_address_has_one_channel(bench: Desk) -> None:
    hook = "https://hooks.example/a"
    joined = bench.join(
        NOW, DesiredWatcher(hook, Profile(), EVERYTHING, "webhook", "whsec_x"), by=None, agreed=None
    )
    assert (joined.outcome, joined.watcher.secret, bench.states()) == ("active", "whsec_x", [])
    with pytest.raises(UsageError, match="is a watcher by webhook; valid: --channel webhook"):
        bench.join(NOW, DesiredWatcher(hook, Profile(), EVERYTHING, "chat"), by=None, agreed=None)


def test_what_the_monitor_adds_by_itself_is_active_at_once(bench: Desk) -> None:
    assert watching.add_watcher(bench.at(NOW).ledger, ANA, operator=True, analyst=True)
    assert not watching.add_watcher(bench.at(NOW).ledger, ANA, operator=True, analyst=True)
    assert bench.watcher(ANA).active
    assert len(said(bench)) == 1
