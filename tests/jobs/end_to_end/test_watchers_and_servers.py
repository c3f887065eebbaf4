"""A hundred and fifty watchers of one ended window: some accept, some refuse, some let it be tried again."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest
from support.mailing import MINUTE, NOW, QUIET, Post
from support.monitors import Monitor
from support.moving import moving

from fault_injection.crashes.mail_server import OK, Answer, MailServer
from servanda.compliance.watchers import Subscription
from servanda.jobs.notify import notify
from servanda.models.delivery import watchers

pytestmark = [pytest.mark.smtp, pytest.mark.slow]

EACH = 50
_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+\.example")


def answer(who: str, times: int) -> Answer:
    """``yes…`` is taken, ``no…`` refused for good, ``later…`` put off twice."""
    if who.startswith("no"):
        return 550, f"5.1.1 <{who}>: no such user"
    if who.startswith("later") and times < 2:
        return 451, f"4.7.1 <{who}>: greylisted"
    return OK


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with MailServer(wait=0, answer_to=answer).running() as running:
        monkeypatch.setenv("SERVANDA_SMTP_URL", running.url)
        yield running


@pytest.fixture
def told(monitor: Monitor, server: MailServer) -> Post:
    """Everybody watches, the window ends, and notify runs every minute for half an hour."""
    post = Post(monitor)
    with monitor.at(NOW) as wiring, wiring.store.writing() as db:
        for name in (f"{kind}{n}" for n in range(EACH) for kind in ("no", "later", "yes")):
            watcher, _ = watchers.add_watcher(db, f"{name}@{name}.example", NOW)
            watchers.set_profile(db, watcher, QUIET, NOW)
            watchers.set_standing(db, watcher, "active", "test", "", NOW)
            watchers.subscribe(db, watcher, Subscription(), NOW)
    post.flag(NOW)
    with moving(monitor, NOW) as at:
        for minutes in range(31):
            at.move_to(NOW + minutes * MINUTE)
            notify(at.wiring)
    return post


def test_each_has_the_outcome_that_their_server_gave(told: Post, server: MailServer) -> None:
    came = Counter(stored.recipient for stored in server.stored)
    assert set(came) == {f"{kind}{n}@{kind}{n}.example" for kind in ("yes", "later") for n in range(EACH)}
    assert set(came.values()) == {1}, "each once"
    states = Counter(told.rows("SELECT substr(recipient, 1, 2), state FROM envelope"))
    assert states == {("ye", "sent"): EACH, ("la", "sent"): EACH, ("no", "refused"): EACH}
    codes: dict[str, list[int]] = defaultdict(list)
    query = "SELECT e.recipient, a.code FROM attempt a JOIN envelope e ON e.id = a.envelope ORDER BY a.id"
    for who, code in told.rows(query):
        codes[who].append(code)
    tried = {"no": [550], "later": [451, 451, 250], "yes": [250]}
    assert all(found == tried[who.rstrip("0123456789")] for who, found in ((w.partition("@")[0], c) for w, c in codes.items()))  # fmt: skip
    assert len(codes) == 3 * EACH


def test_no_address_of_one_is_in_the_mail_of_another(told: Post, server: MailServer) -> None:
    assert len(server.stored) == 2 * EACH
    for stored in server.stored:
        assert set(_ADDRESS.findall(stored.content.decode())) == {stored.recipient}
        assert stored.sender == "servanda@localhost"


def test_who_refuses_keeps_nobody_waiting(told: Post) -> None:
    query = (
        "SELECT max(a.at) FROM attempt a JOIN envelope e ON e.id = a.envelope WHERE e.recipient LIKE 'yes%'"
    )
    (last,) = told.rows(query)[0]
    assert str(last)[:16] == NOW.isoformat(" ")[:16], "in the first run, all of them"
