"""Two senders at once never both send; who is dead is followed at once, who is stopped when its time is over."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from support.mailing import MINUTE, NOW, Post, sender_setup
from support.monitors import Monitor

from fault_injection.crashes.mail_server import MailServer
from servanda.alerts.payloads.kinds import FLAGS
from servanda.jobs.delivery.sender_locks import dead_senders, hold_sender_lock, lock_files
from servanda.jobs.delivery.sending import LEASE, release_dead_leases, send_envelopes
from servanda.jobs.notify import notify
from servanda.models.delivery import envelopes
from servanda.models.delivery.mail_queue import due_envelopes

pytestmark = pytest.mark.smtp


@pytest.fixture
def post(any_monitor: Monitor) -> Post:
    return Post(any_monitor)


def waiting(post: Post, number: int) -> None:
    for n in range(number):
        post.watcher(f"w{n}@example.org")
    post.tell(NOW)
    post.run(NOW)


def sending(now: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "servanda.cli", "notify", "--now", now.isoformat()]
    return subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL, start_new_session=True)


class Gate:
    """Holds the server right after it has stored a mail, or right before it takes one, until it is let go."""

    def __init__(self) -> None:
        self.reached, self.open = threading.Event(), threading.Event()

    def __call__(self, *_: object) -> tuple[int, str]:
        self.reached.set()
        assert self.open.wait(60)
        return 250, "ok"


# --- at once ----------------------------------------------------------------------------------------------


def test_several_senders_at_once_send_each_mail_once(post: Post, server: MailServer) -> None:
    waiting(post, 30)
    together = threading.Barrier(3)

    def run() -> None:
        with post.monitor.at() as wiring:
            together.wait()
            send_envelopes(sender_setup(wiring))

    threads = [threading.Thread(target=run) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert Counter(one.recipient for one in server.stored) == {f"w{n}@example.org": 1 for n in range(30)}
    assert post.rows("SELECT count(*) FROM attempt")[0][0] == 30


def test_while_one_has_an_envelope_nobody_else_gets_it(post: Post, server: MailServer) -> None:
    waiting(post, 1)
    with post.monitor.at() as wiring, wiring.store.writing() as db:
        (one,) = due_envelopes(db, "mail", NOW, 10, FLAGS)
        assert envelopes.lease_envelope(db, one, "first", NOW, LEASE) is not None
        assert envelopes.lease_envelope(db, one, "second", NOW + LEASE - MINUTE, LEASE) is None
        assert due_envelopes(db, "mail", NOW + LEASE - MINUTE, 10, FLAGS) == []
        again = envelopes.lease_envelope(db, one, "second", NOW + LEASE, LEASE)
        assert again is not None and again.uncertain
        assert not envelopes.holds_lease(db, one, "first", NOW + LEASE)


# --- dead and stopped ---------------------------------------------------------------------------------------


def killed_when(gate: Gate, now: Any) -> None:
    """A sender that is killed outright when the server has come so far."""
    process = sending(now)
    assert gate.reached.wait(60)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    gate.open.set()


def test_a_killed_sender_is_followed_at_once_and_what_it_had_is_repeated_as_it_was(
    post: Post, server: MailServer
) -> None:
    waiting(post, 3)
    gate = Gate()
    server.on_stored = gate
    killed_when(gate, NOW)
    with post.monitor.at() as wiring:
        assert send_envelopes(sender_setup(wiring))["sent"] == 3
        assert send_envelopes(sender_setup(wiring))["sent"] == 0
    times = Counter((one.recipient, one.content) for one in server.stored)
    assert sorted(times.values()) == [1, 1, 2]


@pytest.mark.slow
@pytest.mark.parametrize("free_at", [NOW + MINUTE, NOW + LEASE])
def test_a_stopped_sender_is_followed_after_its_lease_and_sends_nothing_when_it_comes_back(
    post: Post, server: MailServer, free_at: Any
) -> None:
    """It is stopped between RCPT and the content: the worst place, for the content is what it does next."""
    waiting(post, 1)
    gate = Gate()
    server.answer_to = lambda who, times: gate() if times == 0 else (250, "ok")
    process = sending(NOW)
    assert gate.reached.wait(60)
    os.kill(process.pid, signal.SIGSTOP)
    gate.open.set()
    with post.monitor.at(free_at) as wiring:
        sent = send_envelopes(sender_setup(wiring))["sent"]
    assert sent == (1 if free_at == NOW + LEASE else 0)
    threading.Event().wait(1.1)  # as long as a sender is sure of its lease without asking
    os.kill(process.pid, signal.SIGCONT)
    process.wait(60)
    assert [one.recipient for one in server.stored] == ["w0@example.org"], "one of them, never both"
    assert post.rows("SELECT state FROM envelope") == [("sent",)]


def test_who_left_meanwhile_is_not_sent_what_a_dead_sender_had(post: Post, server: MailServer) -> None:
    from servanda.models.delivery.watchers import set_standing

    waiting(post, 1)
    with post.monitor.at() as wiring, wiring.store.writing() as db:
        assert envelopes.lease_envelope(db, 1, "elsewhere", NOW, LEASE) is not None
        set_standing(db, 1, "ended", "they", "left", NOW)
    with post.monitor.at(NOW + LEASE) as wiring:
        notify(wiring)
    assert server.stored == []
    assert post.rows("SELECT state FROM envelope") == [("withdrawn",)]


def test_what_was_sent_is_sent_even_if_it_was_withdrawn_or_taken_over_meanwhile(
    post: Post, server: MailServer
) -> None:
    waiting(post, 1)
    done = envelopes.AttemptOutcome(1, "sent", NOW, 250, "ok", NOW)
    failed = envelopes.AttemptOutcome(1, "refused", NOW, 550, "no", NOW)
    with post.monitor.at() as wiring, wiring.store.writing() as db:
        envelopes.lease_envelope(db, 1, "zombie", NOW, LEASE)
        envelopes.lease_envelope(db, 1, "next", NOW + LEASE, LEASE)
        assert not envelopes.record_attempt(db, failed, "zombie"), "a failure of a zombie changes nothing"
        assert envelopes.record_attempt(db, done, "zombie"), "what a server took is sent"
        assert not envelopes.record_attempt(db, done, "next")
    assert post.rows("SELECT state, lease_by FROM envelope") == [("sent", None)]


# --- seats --------------------------------------------------------------------------------------------------


def test_a_seat_is_taken_while_its_sender_lives_and_gone_after_it(tmp_path: Path) -> None:
    with hold_sender_lock(tmp_path) as ours:
        assert lock_files(tmp_path) == [ours]
        with dead_senders(tmp_path, [ours, "of-another-machine"]) as ended:
            assert ended == []
    assert lock_files(tmp_path) == []


def test_a_seat_left_in_disorder_is_seen_to_be_empty_by_one_other(tmp_path: Path) -> None:
    with pytest.raises(KeyError), hold_sender_lock(tmp_path) as ours:
        raise KeyError
    with dead_senders(tmp_path, [ours]) as ended, dead_senders(tmp_path, [ours]) as again:
        assert (ended, again) == ([ours], [])
    assert lock_files(tmp_path) == []


def test_without_a_folder_to_lock_in_there_is_a_seat_all_the_same(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with hold_sender_lock(blocked) as ours:
        assert ours


def test_leases_of_a_sender_that_ended_in_disorder_are_free(post: Post, server: MailServer) -> None:
    waiting(post, 1)
    with post.monitor.at() as wiring:
        folder = wiring.settings.outbox / "senders"
        with contextlib.suppress(KeyError), hold_sender_lock(folder) as ours:
            with wiring.store.writing() as db:
                envelopes.lease_envelope(db, 1, ours, NOW, LEASE)
            assert release_dead_leases(wiring.ledger, folder) == 0, "it lives"
            raise KeyError
        assert release_dead_leases(wiring.ledger, folder) == 1
        assert release_dead_leases(wiring.ledger, folder) == 0
