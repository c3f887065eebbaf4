"""What is not told for a while: a silence has a name, a reason and an end, and ends aloud."""

from __future__ import annotations

from typing import Any

import pytest
from support.mailing import DAY, HOUR, MINUTE, NOW, WINDOW, Post, evidence, flag, subjects
from support.monitors import Monitor

from servanda.alerts.payloads.kinds import AlertKind
from servanda.compliance.watchers import Profile, Subscription
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.delivery import silences as silencing
from servanda.jobs.views.alerts import silence_list

OPERATOR = Profile(heartbeat="never", operator=True)
DETAILS: dict[str, Any] = {"instrument": None, "subject": None, "kinds": ()}


@pytest.fixture
def post(monitor: Monitor) -> Post:
    made = Post(monitor)
    made.watcher("ana@example.org")
    return made


def silence(post: Post, hours: int = 6, *, now: Any = NOW, **what: Any) -> int:
    details = DETAILS | {"until_at": now + hours * HOUR, "by": "Ben", "reason": "their site moves"} | what
    with post.monitor.at(now) as wiring:
        return silencing.begin_silence(wiring.ledger, **details)


WITHHELD = "silenced by Ben until 2019-06-20T21:00:00Z: their site moves"
ABOUT = [
    ("everything of the instrument", {"instrument": "us-mexico-2019"}, True),
    ("another instrument", {"instrument": "eu-turkey-2016"}, False),
    ("its kind", {"kinds": ("new_evidence",)}, True),
    ("other kinds", {"kinds": ("candidate", "document_edited")}, False),
    ("what it is about", {"subject": "commitment:national-guard"}, True),
    ("the window that it speaks of", {"subject": "window:further-actions-90d"}, True),
    ("another window", {"subject": "window:other"}, False),
    ("instrument and kind, both right", {"instrument": "us-mexico-2019", "kinds": ("new_evidence",)}, True),
    ("instrument and kind, one wrong", {"instrument": "us-mexico-2019", "kinds": ("candidate",)}, False),
]


@pytest.mark.parametrize("why, what, withheld", ABOUT, ids=[case[0] for case in ABOUT])
def test_a_silence_withholds_what_fulfils_all_that_it_says(
    post: Post, why: str, what: dict[str, Any], withheld: bool
) -> None:
    silence(post, **what)
    post.tell(NOW, evidence(window=WINDOW))
    assert post.run(NOW) == (0 if withheld else 1), why
    assert post.omitted() == ([("ana@example.org", WITHHELD)] if withheld else [])


def test_a_silence_holds_from_its_beginning_up_to_its_end(post: Post) -> None:
    post.tell(NOW - MINUTE)
    assert post.run(NOW - MINUTE) == 1, "the minute before"
    silence(post, hours=6, instrument="us-mexico-2019")
    post.tell(NOW)
    assert post.run(NOW) == 0, "at its beginning"
    post.tell(NOW + 6 * HOUR - MINUTE)
    assert post.run(NOW + 6 * HOUR - MINUTE) == 0, "the last minute"
    post.tell(NOW + 6 * HOUR)
    assert post.run(NOW + 6 * HOUR) == 2, "at its end: its end, and what came then"


@pytest.mark.parametrize("kind", [AlertKind.WINDOW_ENDED, AlertKind.FINAL_WORD, AlertKind.CORRECTION])
def test_flags_are_never_silenced(post: Post, kind: AlertKind) -> None:
    silence(post, instrument="us-mexico-2019")
    silence(post, subject="window:further-actions-90d")
    post.tell(NOW, flag(), kind, subject="window:further-actions-90d")
    assert post.run(NOW) == 1
    with pytest.raises(UsageError, match=f"--kind {kind.value} is never silenced; valid: now_monitoring"):
        silence(post, kinds=("candidate", kind.value))


def test_a_silence_ends_aloud_with_a_list_of_what_it_withheld(post: Post) -> None:
    silence(post, instrument="us-mexico-2019", kinds=("new_evidence",))
    post.tell(NOW, evidence("First"))
    post.tell(NOW, evidence("Second"))
    post.run(NOW)
    assert post.run(NOW + 6 * HOUR) == 1
    (said,) = post.texts()
    assert subjects(post.mails()) == ["A silence has ended: us-mexico-2019, new_evidence"]
    assert "Its time was over." in said
    assert "2 alerts were withheld meanwhile." in said
    assert "New evidence: First" in said
    assert "https://press.example/second" in said
    assert post.run(NOW + 7 * HOUR) == 0, "once"


def test_each_is_told_of_what_was_withheld_from_them_alone(post: Post) -> None:
    post.watcher("ben@example.org", Subscription(kinds=("candidate",)), since=NOW)
    post.watcher("cleo@example.org", Subscription(kinds=("document_edited",)), since=NOW)
    silence(post, instrument="us-mexico-2019")
    post.tell(NOW, evidence("For Ana"))
    post.tell(NOW, evidence("For both"), AlertKind.CANDIDATE)
    post.run(NOW)
    post.run(NOW + 6 * HOUR)
    (ana,), (ben,) = post.texts("ana@example.org"), post.texts("ben@example.org")
    assert "2 alerts were withheld" in ana
    assert "1 alert was withheld" in ben
    assert "For Ana" not in ben
    assert post.mails("cleo@example.org") == [], "nothing was withheld from her"


def test_operators_hear_of_every_end_and_of_all_that_was_withheld(post: Post) -> None:
    post.watcher("ops@example.org", Subscription(kinds=("document_edited",)), profile=OPERATOR, since=NOW)
    silence(post, kinds=("new_evidence",))
    silence(post, kinds=("candidate",))
    post.tell(NOW, evidence("For Ana"))
    post.run(NOW)
    post.run(NOW + 6 * HOUR)
    first, second = post.texts("ops@example.org")
    assert "New evidence: For Ana" in first
    assert "Nothing was withheld from you meanwhile." in second


def test_who_wants_digests_hears_of_the_end_in_one(post: Post) -> None:
    post.watcher("ben@example.org", Subscription(frequency="daily"), since=NOW)
    silence(post, instrument="us-mexico-2019")
    post.tell(NOW)
    post.run(NOW)
    post.run(NOW + 6 * HOUR)
    assert post.mails("ben@example.org") == []
    post.run(NOW + DAY)
    (said,) = post.texts("ben@example.org")
    assert "A silence has ended: us-mexico-2019" in said
    assert "1 alert was withheld meanwhile. – New evidence: Guard deployed (1)" in said


def test_a_silence_that_somebody_ends_says_who_and_why(post: Post) -> None:
    number = silence(post, instrument="us-mexico-2019")
    post.tell(NOW)
    post.run(NOW)
    with post.monitor.at(NOW + HOUR) as wiring:
        silencing.end_silence_early(wiring.ledger, number, by="Cleo", reason="it moved already")
        with pytest.raises(UsageError, match=f"silence {number} has ended at 2019-06-20T16:00:00Z"):
            silencing.end_silence_early(wiring.ledger, number, by="Cleo", reason="again")
        with pytest.raises(UsageError, match=f"there is no silence 99; silences: {number}"):
            silencing.end_silence_early(wiring.ledger, 99, by="Cleo", reason="what")
    post.tell(NOW + HOUR, evidence("Told again"))
    assert post.run(NOW + HOUR) == 2
    assert "Cleo ended it: it moved already." in post.texts()[0]
    assert post.run(NOW + 6 * HOUR) == 0, "its time is over twice, and is told once"


def test_of_two_silences_the_one_that_lasts_longer_withholds(post: Post) -> None:
    """Else its end would tell what the other still keeps."""
    silence(post, hours=48, instrument="us-mexico-2019")
    silence(post, hours=1, kinds=("new_evidence",))
    post.tell(NOW)
    post.run(NOW)
    assert post.run(NOW + HOUR) == 0
    assert post.run(NOW + 48 * HOUR) == 1


def test_the_end_of_a_silence_is_not_silenced_by_another(post: Post) -> None:
    silence(post, hours=1, kinds=("new_evidence",))
    post.tell(NOW)
    post.run(NOW)
    silence(post, hours=48, now=NOW + MINUTE, subject="silence:1")
    assert post.run(NOW + HOUR) == 1


def test_the_end_of_a_silence_that_was_slept_through_is_told_when_the_monitor_wakes(post: Post) -> None:
    silence(post, instrument="us-mexico-2019")
    post.tell(NOW)
    post.run(NOW)
    assert post.run(NOW + 10 * DAY) == 1
    assert "Ended: 30 June 2019, 15:00:00 UTC" in post.texts()[0]


FAULTS = [
    ("of everything", {}, "a silence of everything would look like a dead monitor"),
    ("by nobody", {"instrument": "us-mexico-2019", "by": " "}, "--by is empty"),
    ("for no reason", {"instrument": "us-mexico-2019", "reason": ""}, "--reason is empty"),
    ("that is over", {"instrument": "us-mexico-2019", "until_at": NOW}, "valid: later than 2019-06-20T15:00:00Z"),
    ("for years", {"instrument": "us-mexico-2019", "until_at": NOW + 367 * DAY}, "at most 366 days"),
    ("of the ends of silences", {"kinds": ("silence_ended",)}, "--kind silence_ended is never silenced"),
]  # fmt: skip


@pytest.mark.parametrize("why, what, said", FAULTS, ids=[case[0] for case in FAULTS])
def test_what_is_no_silence(post: Post, why: str, what: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        silence(post, **what)
    assert post.rows("SELECT 1 FROM silence") == [], why


def test_the_list_says_what_each_has_withheld(post: Post) -> None:
    silence(post, kinds=("new_evidence",))
    silence(post, hours=1, subject="source:us-state", kinds=("candidate",))
    post.tell(NOW)
    post.run(NOW)
    post.run(NOW + HOUR)
    with post.monitor.at() as wiring:
        first, second = silence_list(wiring.ledger)
    assert (first["state"], first["withheld"], first["ended_at"]) == ("holds", 1, None)
    assert (second["state"], second["withheld"]) == ("ended", 0)
    assert (second["ended_by"], second["ended_at"]) == ("its time", "2019-06-20T16:00:00Z")
