"""What the crash bench compares by: it overlooks what the order of the work gives, and nothing else."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection, delete, insert, update

from fault_injection.crashes.dump import Dump, difference, dump
from fault_injection.crashes.mail_server import MailServer, Stored
from fault_injection.crashes.masking import masked_key, masked_mail, masked_text
from fault_injection.crashes.places import SqliteDatabases
from fault_injection.crashes.report import report
from fault_injection.crashes.stages import Stage
from fault_injection.crashes.sweep import Bench, Moment, Swept, Trial, Undisturbed, judged, moments, opened
from servanda.models import tables
from servanda.models.store import open_store


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with opened(SqliteDatabases(), tmp_path_factory.mktemp("crashes"), eager=1) as prepared:
        yield prepared


def dumped(bench: Bench, change: object = None) -> Dump:
    """The state of a fresh copy after a change in it."""
    with bench.copy("changed", MailServer()) as place:
        store = open_store(place.database_url)
        with store.engine.connect() as db, db.begin() as transaction:
            if callable(change):
                for name in db.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
                    db.exec_driver_sql(f"DROP TRIGGER {name[0]}")  # else the ledgers refuse the change
                change(db)
            state = dump(db)
            transaction.rollback()
        store.close()
    return state


def other_bytes(db: Connection) -> None:
    db.execute(update(tables.envelope).values(bytes=b"other"))


def one_recipient_less(db: Connection) -> None:
    db.execute(delete(tables.told))


def one_more_poll(db: Connection) -> None:
    polls = db.execute(tables.poll.select().order_by(tables.poll.c.id.desc()))
    last = dict(polls.mappings().all()[0])
    db.execute(insert(tables.poll), {**last, "id": last["id"] + 1000, "outcome": "unchanged"})


def test_the_same_state_is_the_same_and_more_tries_are_no_other(bench: Bench) -> None:
    assert difference(dumped(bench), dumped(bench)) == []
    assert difference(dumped(bench), dumped(bench, one_more_poll)) == []


@pytest.mark.parametrize("change", [other_bytes, one_recipient_less])
def test_a_change_is_told_where_it_is(bench: Bench, change: object) -> None:
    found = difference(dumped(bench), dumped(bench, change))
    assert found
    assert {line.partition(":")[0] for line in found} <= {"envelope", "told"}


def test_every_table_is_compared(bench: Bench) -> None:
    assert set(dumped(bench)) == set(tables.metadata.tables)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("servanda review accept 14 --by NAME", "servanda review accept # --by NAME"),
        ("<dt>Evidence:</dt> <dd>14</dd>", "<dt>Evidence:</dt> <dd>#</dd>"),
        ("Recorded: servanda-2031-03-12-35-1de3.warc.gz, offset 3577", "Recorded: #"),
        ("90 days, 14 of 14 sources covered", "90 days, 14 of 14 sources covered"),
        ("ends 5 September 2019 23:59:59", "ends 5 September 2019 23:59:59"),
    ],
)
def test_ids_are_hidden_and_numbers_are_not(text: str, masked: str) -> None:
    assert masked_text(text) == masked


def test_keys_lose_their_ids_but_not_their_words() -> None:
    assert masked_key("final_word:heron-10d:17") == "final_word:heron-10d:#"
    assert masked_key("window:heron-10d") == "window:heron-10d"


def test_a_mail_keeps_its_watcher_and_loses_its_date() -> None:
    mail = b"Date: Wed, 12 Mar 2031 18:00:00 +0000\r\nMessage-ID: <a5.w1.506ef34abf63@example.org>\r\n\r\nText\r\n"
    assert masked_mail(mail) == "Message-ID: <#.w1.#@example.org>\r\n\r\nText\r\n"


def stored(message_id: str, text: str = "text") -> Stored:
    return Stored("us@example.org", "ana@ana.example", f"Message-ID: {message_id}\r\n\r\n{text}\r\n".encode())


UNDISTURBED = Undisturbed({}, frozenset({"<a@x>", "<b@x>"}), 2.0)


def trial(*came: Stored, broken: tuple[str, ...] = ()) -> Trial:
    return judged(Moment(1.0), Stage.SENDING, UNDISTURBED, came, [], broken)


def test_a_trial_is_sound_with_one_mail_twice_and_the_same() -> None:
    assert trial(stored("<a@x>"), stored("<b@x>")).is_sound
    found = trial(stored("<a@x>"), stored("<b@x>"), stored("<a@x>"))
    assert found.is_sound and found.twice == ("<a@x>",)


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (trial(stored("<a@x>")), "lost: <b@x>"),
        (trial(stored("<a@x>"), stored("<b@x>"), stored("<c@x>")), "not of this day: <c@x>"),
        (trial(stored("<a@x>"), stored("<b@x>"), stored("<a@x>", "other")), "other bytes: <a@x>"),
        (trial(*[stored("<a@x>"), stored("<b@x>")] * 2), "more than one twice"),
        (trial(stored("<a@x>"), stored("<b@x>"), broken=("Traceback",)), "broken: Traceback"),
    ],
)
def test_a_trial_that_is_not_sound_says_why(found: Trial, word: str) -> None:
    assert not found.is_sound
    assert word in report(Swept("SQLite", UNDISTURBED, (found,)))


def test_moments_are_spread_and_repeatable() -> None:
    day = replace(UNDISTURBED, seconds=10.0)
    drawn = moments(20, day, seed=3)
    assert drawn == moments(20, day, seed=3) != moments(20, day, seed=4)
    by_the_clock = [int(one.seconds // 0.5) for one in drawn if not one.mails]
    assert by_the_clock == [n for n in range(20) if n % 4 != 2]
    assert [one.mails for one in drawn if one.mails] == [1] * 5, "never after the last of two mails"


@pytest.mark.smtp
def test_the_mail_server_keeps_what_it_took_and_can_be_down() -> None:
    server = MailServer(wait=0.0)
    with server.running():
        with smtplib.SMTP("127.0.0.1", int(server.url.rpartition(":")[2])) as client:
            client.sendmail("us@example.org", ["ana@ana.example"], b"Message-ID: <a@x>\r\n\r\n.dot\r\n")
        server.down()
        with pytest.raises(ConnectionRefusedError):
            smtplib.SMTP("127.0.0.1", int(server.url.rpartition(":")[2]))
        server.up()
        with smtplib.SMTP("127.0.0.1", int(server.url.rpartition(":")[2])) as client:
            assert client.noop()[0] == 250
    assert server.stored == [
        Stored("us@example.org", "ana@ana.example", b"Message-ID: <a@x>\r\n\r\n.dot\r\n")
    ]
