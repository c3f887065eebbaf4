"""What becomes of an envelope: sent, tried again, refused, given up, postponed; each as its server answered."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from support.mail_bodies import body_of
from support.mailing import DAY, HOUR, MINUTE, NOW, Post, sender_setup
from support.monitors import Monitor

from fault_injection.crashes.mail_server import MailServer
from servanda.compliance.watchers import Profile
from servanda.jobs.delivery.sending import send_envelopes
from servanda.jobs.notify import NotifyOutcome, notify

pytestmark = pytest.mark.smtp

OPERATOR = Profile(heartbeat="never", operator=True)


@pytest.fixture
def post(monitor: Monitor) -> Post:
    return Post(monitor)


def send(post: Post, now: Any) -> NotifyOutcome:
    """Tell what is to be told by now."""
    with post.monitor.at(now) as wiring:
        return notify(wiring)


def states(post: Post) -> list[tuple[str, str]]:
    return post.rows(
        "SELECT w.address, e.state FROM envelope e JOIN watcher w ON w.id = e.watcher ORDER BY e.id"
    )


def attempts(post: Post) -> list[tuple[str, int, str]]:
    """To whom, with which code, in what state it left the envelope for good or not."""
    return post.rows(
        "SELECT e.recipient, a.code, a.answer FROM attempt a JOIN envelope e ON e.id = a.envelope ORDER BY a.id"
    )


def to(server: MailServer, address: str) -> list[bytes]:
    return [one.content for one in server.stored if one.recipient == address]


# --- one envelope -----------------------------------------------------------------------------------------


def test_sent_is_what_the_server_took_and_it_is_not_sent_again(post: Post, server: MailServer) -> None:
    post.watcher("ana@example.org")
    post.tell(NOW)
    send(post, NOW)
    send(post, NOW + DAY)
    assert len(to(server, "ana@example.org")) == 1
    assert states(post) == [("ana@example.org", "sent")]
    assert attempts(post) == [("ana@example.org", 250, "accepted")]


def test_greylisting_is_tried_again_on_its_schedule_and_others_do_not_wait(
    post: Post, server: MailServer
) -> None:
    server.answer_to = lambda who, times: (
        (451, "4.7.1 greylisted") if who.startswith("ana") and times < 2 else (250, "ok")
    )
    post.watcher("ana@example.org")
    post.watcher("ben@example.org")
    post.tell(NOW)
    for minute in range(6):
        send(post, NOW + minute * MINUTE)
    assert len(to(server, "ben@example.org")) == 1
    assert len(to(server, "ana@example.org")) == 1
    assert [code for who, code, _ in attempts(post) if who.startswith("ana")] == [451, 451, 250]
    tried = post.rows("SELECT at FROM attempt WHERE envelope = 1 ORDER BY id")
    assert [str(row[0])[11:16] for row in tried] == ["15:00", "15:01", "15:03"]


@pytest.mark.slow
def test_a_mail_that_nobody_takes_is_given_up_after_four_days_and_an_operator_is_told(
    post: Post, server: MailServer
) -> None:
    server.answer_to = lambda who, times: (451, "4.3.0 try again") if who.startswith("ana") else (250, "ok")
    post.watcher("ana@example.org")
    post.watcher("ops@example.org", profile=OPERATOR)
    post.flag(NOW)
    now = NOW
    while now < NOW + 6 * DAY:
        send(post, now)
        now += 10 * MINUTE if now < NOW + 2 * HOUR else 12 * HOUR
    (given_up,) = post.rows("SELECT state, due_at FROM envelope WHERE recipient = 'ana@example.org'")
    assert given_up[0] == "given_up"
    first, last, many = post.rows("SELECT min(at), max(at), count(*) FROM attempt WHERE code = 451")[0]
    assert str(first)[:16] == "2019-06-20 15:00"
    assert str(last)[:10] == "2019-06-24"
    (told,) = [text for text in post.texts("ops@example.org") if "Mail given up" in text]
    assert f"tried {many} times" in told
    assert "451 4.3.0 try again" in told
    assert "window's end" in told


def test_a_mail_about_mail_that_is_given_up_makes_no_other(post: Post, server: MailServer) -> None:
    server.answer_to = lambda who, times: (451, "4.3.0 try again")
    post.watcher("ana@example.org")
    post.watcher("ops@example.org", profile=OPERATOR)
    post.tell(NOW)
    for times in range(6):
        send(post, NOW + times * 109 * HOUR)
    kinds = Counter(row[0] for row in post.rows("SELECT kind FROM alert"))
    given_up = post.rows("SELECT count(*) FROM envelope WHERE state = 'given_up'")[0][0]
    assert kinds["mail_given_up"] == 2, "ana's and the operator's own, of the evidence"
    assert given_up == 4, "these two, and the two that told of it"


# --- what concerns the server ------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_server_that_is_gone_is_asked_once_a_run_and_gives_nothing_up(
    post: Post, server: MailServer
) -> None:
    for n in range(40):
        post.watcher(f"w{n}@example.org")
    post.tell(NOW)
    server.down()
    assert send(post, NOW).deferred == 1
    for hours in range(4, 48, 4):
        send(post, NOW + hours * HOUR)
    tried = post.rows("SELECT count(*), count(DISTINCT envelope) FROM attempt")[0]
    assert tried == (12, 1), "one envelope asks for all"
    server.up()
    send(post, NOW + 6 * DAY)
    assert Counter(one.recipient for one in server.stored) == {f"w{n}@example.org": 1 for n in range(40)}


@pytest.mark.slow
def test_a_server_that_is_gone_for_a_week_gives_up_nothing_not_even_what_was_tried(
    post: Post, server: MailServer
) -> None:
    """And what it says of the mail itself when it is back begins the four days."""
    post.watcher("ana@example.org")
    post.watcher("ben@example.org")
    post.flag(NOW)
    server.down()
    for hours in range(0, 7 * 24, 6):
        send(post, NOW + hours * HOUR)
    assert {state for _, state in states(post)} == {"queued"}
    server.up()
    server.answer_to = lambda who, times: (451, "4.7.1 greylisted") if times == 0 else (250, "ok")
    send(post, NOW + 7 * DAY)
    assert {state for _, state in states(post)} == {"queued"}
    send(post, NOW + 7 * DAY + HOUR)
    assert sorted(one.recipient for one in server.stored) == ["ana@example.org", "ben@example.org"]


@pytest.mark.slow
def test_a_server_that_hangs_up_on_every_mail_for_a_week_gives_up_none(
    post: Post, server: MailServer
) -> None:
    for name in ("ana", "ben", "eva"):
        post.watcher(f"{name}@example.org")
    post.flag(NOW)
    server.drop_after_data = 999
    for hours in range(0, 7 * 24, 6):
        send(post, NOW + hours * HOUR)
    assert {state for _, state in states(post)} == {"queued"}


def test_a_log_in_or_sender_that_is_refused_ends_the_run_and_refuses_no_envelope(
    post: Post, server: MailServer
) -> None:
    server.answer_to = lambda who, times: (530, "5.7.0 log in first")
    for n in range(5):
        post.watcher(f"w{n}@example.org")
    post.tell(NOW)
    send(post, NOW)
    assert server.asked.total() == 1
    assert {state for _, state in states(post)} == {"queued"}


@pytest.mark.parametrize(
    ("answer", "asked", "sentence"),
    [
        ((452, "4.3.1 insufficient system storage"), 1, "the server is full: the run ends"),
        ((450, "4.7.1 Error: too much mail from 192.0.2.1"), 1, "we are too fast: the run ends"),
        ((452, "4.2.2 mailbox full"), 5, "a mailbox is full: the others are tried"),
        ((450, "4.2.0 greylisted, see https://greylist.example"), 5, "greylisting: the others are tried"),
    ],
)
def test_who_is_asked_to_send_less_stops(
    post: Post, server: MailServer, answer: tuple[int, str], asked: int, sentence: str
) -> None:
    server.answer_to = lambda who, times: answer
    for n in range(5):
        post.watcher(f"w{n}@example.org")
    post.tell(NOW)
    send(post, NOW)
    assert server.asked.total() == asked


def test_conversations_lost_one_after_the_other_end_the_run(post: Post, server: MailServer) -> None:
    server.drop_after_data = 99
    for n in range(5):
        post.watcher(f"w{n}@example.org")
    post.tell(NOW)
    send(post, NOW)
    assert len(server.stored) == 2
    assert post.rows("SELECT count(*), sum(uncertain) FROM attempt")[0] == (2, 2)


# --- order ------------------------------------------------------------------------------------------------


def test_the_nearest_deadline_goes_first_then_what_is_due_longest(post: Post, server: MailServer) -> None:
    post.watcher("ana@example.org")
    post.tell(NOW)
    post.tell(NOW + MINUTE)
    post.flag(NOW + 2 * MINUTE)
    post.run(NOW + 2 * MINUTE)
    with post.monitor.at(NOW + 3 * MINUTE) as wiring:
        send_envelopes(sender_setup(wiring))
    sent = [one.message_id.partition(".")[0] for one in server.stored]
    assert sent == ["<a3", "<a1", "<a2"]


# --- addresses ----------------------------------------------------------------------------------------------


def test_an_address_refused_three_times_in_a_row_is_suspended_and_others_are_not_touched(
    post: Post, server: MailServer
) -> None:
    server.answer_to = lambda who, times: (
        (550, "5.1.1 no such user") if who.startswith("ben") else (250, "ok")
    )
    post.watcher("ana@example.org")
    post.watcher("ben@example.org")
    post.watcher("ops@example.org", profile=OPERATOR)
    for n in range(4):
        post.tell(NOW + n * HOUR)
        send(post, NOW + n * HOUR)
    send(post, NOW + 5 * HOUR)
    assert [s for who, s in states(post) if who == "ben@example.org"] == ["refused"] * 3
    assert len(to(server, "ana@example.org")) == 4
    said = post.rows('SELECT state, "by", reason FROM standing WHERE watcher = 2 ORDER BY id')[-1]
    assert said == (
        "suspended",
        "monitor",
        "3 mails in a row were refused or came back, the last with: 550 5.1.1 no such user",
    )
    assert any("Address suspended: ben@example.org" in text for text in post.texts("ops@example.org"))
    assert not any(b"ben@example.org" in mail for mail in to(server, "ana@example.org"))


def test_a_mail_that_arrives_in_between_begins_the_count_anew(post: Post, server: MailServer) -> None:
    server.answer_to = lambda who, times: (250, "ok") if times == 2 else (550, "5.1.1 no such user")
    post.watcher("ben@example.org")
    for n in range(5):
        post.tell(NOW + n * HOUR)
        send(post, NOW + n * HOUR)
    assert [s for _, s in states(post)] == ["refused", "refused", "sent", "refused", "refused"]
    assert post.rows("SELECT state FROM standing ORDER BY id")[-1] == ("active",)


@pytest.mark.parametrize("answer", ["5.7.1 blocked by policy", "5.6.0 content", "5.3.4 too large"])
def test_what_is_not_about_the_address_suspends_nobody(post: Post, server: MailServer, answer: str) -> None:
    server.answer_to = lambda who, times: (554, answer)
    post.watcher("ben@example.org")
    for n in range(5):
        post.tell(NOW + n * HOUR)
        send(post, NOW + n * HOUR)
    assert [s for _, s in states(post)] == ["refused"] * 5
    assert post.rows("SELECT state FROM standing ORDER BY id")[-1] == ("active",)


def test_what_waits_for_a_suspended_address_is_withdrawn(post: Post, server: MailServer) -> None:
    server.answer_to = lambda who, times: (550, "5.1.1 no such user")
    post.watcher("ben@example.org")
    for _ in range(5):
        post.tell(NOW)
    send(post, NOW)
    assert Counter(s for _, s in states(post)) == {"refused": 3, "withdrawn": 2}


def test_how_many_refusals_suspend_can_be_set(
    post: Post, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVANDA_SUSPEND_AFTER", "1")
    server.answer_to = lambda who, times: (550, "5.1.1 no such user")
    post.watcher("ben@example.org")
    post.tell(NOW)
    send(post, NOW)
    assert post.rows("SELECT state FROM standing ORDER BY id")[-1] == ("suspended",)


# --- late -------------------------------------------------------------------------------------------------


def test_a_mail_that_leaves_late_says_so_once_under_the_same_message_id(
    post: Post, server: MailServer
) -> None:
    server.answer_to = lambda who, times: (451, "4.3.0 try later") if times < 3 else (250, "ok")
    post.watcher("ana@example.org")
    post.tell(NOW)
    before = _written(post, NOW)
    for hours in (0, 1, 2, 3):
        send(post, NOW + hours * HOUR)
    (late,) = to(server, "ana@example.org")
    assert late != before
    (mail,) = post.mails()
    assert body_of(mail).startswith("Delayed: written 20 June 2019, 15:00:00 UTC.")
    assert "the last answer was: 451 4.3.0 try later" in post.texts()[0]
    assert "Delayed: written" in body_of(mail, "html")
    old = before.split(b"\r\n\r\n")[0]
    assert [h for h in old.split(b"\r\n") if h.startswith((b"Message-ID", b"Subject", b"To"))] == [
        h
        for h in late.split(b"\r\n\r\n")[0].split(b"\r\n")
        if h.startswith((b"Message-ID", b"Subject", b"To"))
    ]
    assert str(post.rows("SELECT delayed_at FROM envelope")[0][0])[:16] == "2019-06-20 18:00"


def test_what_may_have_arrived_is_repeated_byte_for_byte_however_late(post: Post, server: MailServer) -> None:
    server.drop_after_data = 1
    post.watcher("ana@example.org")
    post.tell(NOW)
    for hours in (0, 5):
        send(post, NOW + hours * HOUR)
    first, second = to(server, "ana@example.org")
    assert first == second
    assert b"Delayed" not in second
    assert post.rows("SELECT state, delayed_at FROM envelope") == [("sent", None)]


def _written(post: Post, now: Any) -> bytes:
    post.run(now)
    return bytes(post.rows("SELECT bytes FROM envelope")[0][0])


# --- rate -------------------------------------------------------------------------------------------------


def test_a_rate_is_kept_over_runs_and_the_rest_waits(
    post: Post, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVANDA_SMTP_RATE", "3/hour")
    for n in range(5):
        post.watcher(f"w{n}@example.org")
    post.tell(NOW)
    with post.monitor.at(NOW) as wiring:
        notify(wiring)
    assert len(server.stored) == 3
    assert Counter(s for _, s in states(post)) == {"sent": 3, "queued": 2}


def test_a_wrong_rate_says_what_is_valid(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    from servanda.jobs.bootstrap.settings import read_settings
    from servanda.jobs.bootstrap.usage import UsageError

    monkeypatch.setenv("SERVANDA_SMTP_RATE", "fast")
    with pytest.raises(
        UsageError, match=r"SERVANDA_SMTP_RATE = 'fast': .*'fast' is no rate; valid: mails a minute"
    ):
        read_settings()
