"""The last mail about a window that a watcher gets is the last word that was said of it."""

from __future__ import annotations

from typing import Any

import pytest
from support.mailing import MINUTE, NOW, WINDOW, Post, evidence

from fault_injection.crashes.mail_server import OK, MailServer
from servanda.alerts.payloads.kinds import AlertKind
from servanda.jobs.notify import notify

pytestmark = pytest.mark.smtp


def test_a_later_word_does_not_overtake_an_earlier_one_that_waits_for_its_retry(
    monitor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with MailServer(wait=0).running() as server:
        monkeypatch.setenv("SERVANDA_SMTP_URL", server.url)
        post = Post(monitor)
        post.watcher("ana@example.org")
        server.answer_to = lambda who, times: (451, "4.7.1 later") if times < 4 else OK
        post.flag(NOW)
        for minutes in (0, 1, 3, 8):
            with monitor.at(NOW + minutes * MINUTE) as wiring:
                notify(wiring)
        post.flag(NOW + 9 * MINUTE, AlertKind.FINAL_WORD)
        post.tell(NOW + 9 * MINUTE)
        with monitor.at(NOW + 9 * MINUTE) as wiring:
            notify(wiring)
        came = [stored.message_id.partition(".")[0] for stored in server.stored]
        assert came == ["<a3"], "what is about no window does not wait, the final word does"
        with monitor.at(NOW + 19 * MINUTE) as wiring:
            notify(wiring)
        came = [stored.message_id.partition(".")[0] for stored in server.stored]
        assert came == ["<a3", "<a1", "<a2"]


def test_a_flag_waits_for_no_mail_of_another_kind_about_its_window(
    monitor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with MailServer(wait=0).running() as server:
        monkeypatch.setenv("SERVANDA_SMTP_URL", server.url)
        post = Post(monitor)
        post.watcher("ana@example.org")
        server.answer_to = lambda who, times: (451, "4.7.1 later") if times < 3 else OK
        post.tell(NOW, evidence(window=WINDOW), AlertKind.CANDIDATE)
        for minutes in (0, 1, 3):
            with monitor.at(NOW + minutes * MINUTE) as wiring:
                notify(wiring)
        post.flag(NOW + 4 * MINUTE)
        with monitor.at(NOW + 4 * MINUTE) as wiring:
            notify(wiring)
        assert [stored.message_id.partition(".")[0] for stored in server.stored] == ["<a2"]
