"""Who has taken note of a flag, and who is told because nobody has."""

from __future__ import annotations

from typing import Any

import pytest
from support.mailing import HOUR, MINUTE, NOW, Post, evidence
from support.monitors import Monitor

from servanda.alerts.payloads.kinds import AlertKind
from servanda.compliance.watchers import Profile, Subscription
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.decisions.acknowledgements import acknowledge

AFTER_FOUR_HOURS = Subscription("second", unacknowledged_after=240)
AFTER_A_DAY = Subscription("third", unacknowledged_after=1440)


@pytest.fixture
def post(any_monitor: Monitor) -> Post:
    return _posted(any_monitor)


@pytest.fixture
def one_post(monitor: Monitor) -> Post:
    return _posted(monitor)


def _posted(monitor: Monitor) -> Post:
    made = Post(monitor)
    made.watcher("first@example.org")
    made.watcher("second@example.org", AFTER_FOUR_HOURS)
    made.watcher("third@example.org", AFTER_A_DAY)
    return made


def take_note(post: Post, alert: int, now: Any, by: str = "Ana", note: str = "calling State") -> None:
    with post.monitor.at(now) as wiring:
        acknowledge(wiring.ledger, alert, by=by, note=note)


def test_a_flag_that_nobody_notes_goes_from_one_to_the_next(post: Post) -> None:
    post.flag(NOW)
    assert post.run(NOW) == 1
    assert post.run(NOW + 4 * HOUR - MINUTE) == 0, "the minute before"
    assert post.run(NOW + 4 * HOUR) == 1, "at its time"
    assert post.run(NOW + 24 * HOUR - MINUTE) == 0
    assert post.run(NOW + 24 * HOUR) == 1
    (second,), (third,) = post.texts("second@example.org"), post.texts("third@example.org")
    assert "Nobody acknowledged this within 4 hours; you are next." in second
    assert "Nobody acknowledged this within 1 day; you are next." in third
    assert "servanda alerts acknowledge 1 --by NAME --note TEXT" in third
    assert post.run(NOW + 100 * HOUR) == 0, "each once"


def test_the_first_are_told_until_when_they_may_say_so(one_post: Post) -> None:
    one_post.flag(NOW)
    one_post.run(NOW)
    (said,) = one_post.texts("first@example.org")
    assert "or others are told from 20 June 2019, 19:00:00 UTC: servanda alerts acknowledge 1" in said


def test_a_flag_after_which_nobody_comes_asks_for_nothing(monitor: Monitor) -> None:
    post = Post(monitor)
    post.watcher("first@example.org")
    post.flag(NOW)
    post.run(NOW)
    assert "acknowledge" not in post.texts()[0]


def test_who_notes_it_spares_the_next(post: Post) -> None:
    alert = post.flag(NOW)
    post.run(NOW)
    take_note(post, alert, NOW + HOUR)
    assert post.run(NOW + 4 * HOUR) == 0
    assert post.run(NOW + 24 * HOUR) == 0
    assert [address for address, _ in post.omitted()] == ["second@example.org", "third@example.org"]
    assert post.omitted()[0][1] == "acknowledged by Ana at 2019-06-20T16:00:00Z: calling State"


def test_who_notes_it_between_two_stages_spares_the_second(one_post: Post) -> None:
    alert = one_post.flag(NOW)
    one_post.run(NOW + 4 * HOUR)
    take_note(one_post, alert, NOW + 5 * HOUR)
    one_post.run(NOW + 24 * HOUR)
    assert len(one_post.mails("second@example.org")) == 1
    assert [address for address, _ in one_post.omitted()] == ["third@example.org"]


def test_a_flag_routed_late_waits_from_when_it_was_known(one_post: Post) -> None:
    one_post.flag(NOW)
    assert one_post.run(NOW + 5 * HOUR) == 2, "the first, and at once the second"


def test_each_flag_is_noted_apart(one_post: Post) -> None:
    first = one_post.flag(NOW)
    second = one_post.flag(NOW, AlertKind.FINAL_WORD)
    one_post.run(NOW)
    take_note(one_post, first, NOW)
    one_post.run(NOW + 4 * HOUR)
    assert one_post.rows("SELECT alert FROM told WHERE watcher = 2 AND envelope IS NOT NULL") == [(second,)]


def test_what_is_no_flag_never_goes_to_the_next(one_post: Post) -> None:
    one_post.tell(NOW, evidence())
    one_post.run(NOW + 24 * HOUR)
    assert one_post.mails("second@example.org") == []


def test_who_wants_it_at_once_and_in_case_of_nobody_gets_it_at_once_alone(monitor: Monitor) -> None:
    post = Post(monitor)
    post.watcher("ana@example.org", Subscription(), AFTER_FOUR_HOURS)
    post.flag(NOW)
    post.run(NOW)
    post.run(NOW + 5 * HOUR)
    assert len(post.mails()) == 1


def test_of_two_stages_of_one_person_the_earlier_counts(monitor: Monitor) -> None:
    post = Post(monitor)
    post.watcher("ana@example.org", AFTER_A_DAY, AFTER_FOUR_HOURS)
    post.flag(NOW)
    post.run(NOW)
    assert post.run(NOW + 4 * HOUR) == 1
    assert post.run(NOW + 24 * HOUR) == 0


def test_an_operator_is_not_next_for_being_one(monitor: Monitor) -> None:
    post = Post(monitor)
    ops = Profile(heartbeat="never", operator=True)
    post.watcher("ops@example.org", AFTER_FOUR_HOURS, profile=ops)
    post.flag(NOW)
    assert post.run(NOW) == 0


def test_what_cannot_be_noted(one_post: Post) -> None:
    alert = one_post.flag(NOW)
    with pytest.raises(UsageError, match=f"there is no alert 99; the newest are: {alert}"):
        take_note(one_post, 99, NOW)
    with pytest.raises(UsageError, match="--by is empty"):
        take_note(one_post, alert, NOW, by=" ")
    with pytest.raises(UsageError, match="--note is empty"):
        take_note(one_post, alert, NOW, note="")
    assert one_post.rows("SELECT 1 FROM acknowledgement") == []
