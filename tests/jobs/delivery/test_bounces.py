"""What comes back counts once, and only if it proves to be of a mail of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.command_line import servanda
from support.mailing import HOUR, NOW, Post
from support.monitors import Monitor

from servanda.alerts.channels.bounce_reports import read_returned
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.delivery.bounces import IngestOutcome, ingest, ingest_mailbox
from servanda.jobs.notify import notify


def report(
    mail: bytes, *, action: str = "failed", status: str = "5.1.1", to: str = "ben@example.org"
) -> bytes:
    """A delivery status (RFC 3464) that holds the head of the mail that came back."""
    head = mail.partition(b"\r\n\r\n")[0]
    return (
        b"From: MAILER-DAEMON@mx.example.org\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nIt came back.\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        + f"Final-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: {status}\r\n".encode()
        + b"Diagnostic-Code: smtp; 550 no such user\r\n\r\n"
        b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n" + head + b"\r\n\r\n--b--\r\n"
    )


@pytest.fixture(params=["with links", "bare"])
def post(request: Any, monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> Post:
    """Three mails were sent to ben, with a link to leave in their heads, or with no secret at all."""
    if request.param == "with links":
        monkeypatch.setenv("SERVANDA_PUBLIC_URL", "https://monitor.example.org")
        monkeypatch.setenv("SERVANDA_SECRET", "s" * 40)
    made = Post(monitor)
    made.watcher("ben@example.org")
    made.watcher("ana@example.org")
    for n in range(3):
        made.tell(NOW + n * HOUR)
        with monitor.at(NOW + n * HOUR) as wiring:
            notify(wiring)
    return made


def sent_to_ben(post: Post) -> list[bytes]:
    return [
        bytes(row[0])
        for row in post.rows("SELECT bytes FROM envelope WHERE recipient LIKE 'ben%' ORDER BY id")
    ]


def taken(post: Post, raw: bytes) -> IngestOutcome:
    with post.monitor.at() as wiring:
        return ingest(wiring.ledger, raw, wiring.settings.suspend_after)


def state_of_ben(post: Post) -> str:
    return str(post.rows("SELECT state FROM standing WHERE watcher = 1 ORDER BY id")[-1][0])


def test_three_mails_that_came_back_suspend_their_address_and_no_other(post: Post) -> None:
    for n, mail in enumerate(sent_to_ben(post)):
        assert state_of_ben(post) == "active", n
        assert taken(post, report(mail)) == IngestOutcome(1, 1, 1)
    assert state_of_ben(post) == "suspended"
    assert post.rows("SELECT state FROM standing WHERE watcher = 2") == [("active",)]
    assert post.rows("SELECT count(*) FROM alert WHERE kind = 'address_suspended'") == [(1,)]


def test_one_report_counts_once(post: Post) -> None:
    mail = sent_to_ben(post)[0]
    assert [taken(post, report(mail)).reports for _ in range(5)] == [1, 0, 0, 0, 0]
    assert state_of_ben(post) == "active"


@pytest.mark.parametrize(
    ("action", "status"),
    [("delayed", "4.4.1"), ("failed", "4.4.7"), ("failed", "5.7.1"), ("failed", "5.6.0")],
)
def test_what_passes_or_is_not_about_the_address_is_kept_and_does_not_count(
    post: Post, action: str, status: str
) -> None:
    for mail in sent_to_ben(post):
        assert taken(post, report(mail, action=action, status=status)).proven == 1
    assert state_of_ben(post) == "active"
    assert post.rows("SELECT DISTINCT permanent FROM bounce") == [(0,)]


def test_a_guessed_message_id_proves_nothing(post: Post) -> None:
    """Whoever knows a Message-ID of their own can guess others'; the link to leave they cannot."""
    heads = [
        b"Message-ID: " + next(line for line in mail.split(b"\r\n") if line.startswith(b"Message-ID"))[12:]
        for mail in sent_to_ben(post)
    ]
    holds_a_secret = b"List-Unsubscribe:" in sent_to_ben(post)[0]
    for head in heads:
        forged = report(head + b"\r\n\r\n", to="ben@example.org" if holds_a_secret else "eve@example.org")
        assert taken(post, forged) == IngestOutcome(1, 1, 0)
    assert state_of_ben(post) == "active"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff" * 5_000,
        b"Subject: Out of office\r\n\r\nI am away until Monday.\r\n",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" * 3_000,
        b"Content-Type: message/delivery-status\r\n\r\n"
        + b"Final-Recipient: rfc822;\r\nAction: failed\r\n\r\n" * 500,
        report(b"Message-ID: <\r\n\r\n" + b"A" * 5_000_000),
        b"<a@b>" * 200_000,
    ],
    ids=["empty", "binary", "away", "nested", "no address", "huge", "ids"],
)
def test_whatever_comes_is_read_and_bounded(raw: bytes) -> None:
    found = read_returned(raw)
    assert len(found.reports) <= 10
    assert len(found.message_ids) <= 100
    assert all(one.diagnostic.isprintable() and len(one.address) <= 320 for one in found.reports)


def test_older_servers_words_are_understood(post: Post) -> None:
    said = (
        b"From: MAILER-DAEMON@mx.example.org\r\nSubject: failure notice\r\n\r\nHi. This is the qmail-send program at "
        b"mx.example.org.\r\nI'm afraid I wasn't able to deliver your message to the following addresses.\r\n\r\n"
        b"<ben@example.org>:\r\nSorry, no mailbox here by that name.\r\n\r\n"
        b"--- Below this line is a copy of the message.\r\n\r\n"
    )
    for mail in sent_to_ben(post):
        assert taken(post, said + mail).proven == 1
    assert state_of_ben(post) == "suspended"


# --- where they lie -------------------------------------------------------------------------------------------


def test_a_maildir_is_read_once_and_an_mbox_counts_once(post: Post, tmp_path: Path) -> None:
    mails = sent_to_ben(post)
    for name in ("new", "cur", "tmp"):
        (tmp_path / "maildir" / name).mkdir(parents=True)
    (tmp_path / "maildir" / "new" / "1.mx").write_bytes(report(mails[0]))
    box = tmp_path / "mbox"
    box.write_bytes(
        b"".join(b"From MAILER-DAEMON Thu Jun 20 15:00:00 2019\r\n" + report(m) + b"\r\n" for m in mails[1:])
    )
    with post.monitor.at() as wiring:
        assert [
            ingest_mailbox(wiring.ledger, tmp_path / "maildir", wiring.settings.suspend_after)
            for _ in range(2)
        ] == [
            IngestOutcome(1, 1, 1),
            IngestOutcome(),
        ]
        assert [
            ingest_mailbox(wiring.ledger, box, wiring.settings.suspend_after).reports for _ in range(2)
        ] == [2, 0]
        with pytest.raises(UsageError, match="valid: a maildir or an mbox file"):
            ingest_mailbox(wiring.ledger, tmp_path / "nothing", wiring.settings.suspend_after)
    assert [path.name for path in (tmp_path / "maildir" / "cur").iterdir()] == ["1.mx:2,S"]
    assert state_of_ben(post) == "suspended"


@pytest.mark.slow
def test_the_command_line_takes_a_pipe_or_a_file(post: Post, tmp_path: Path) -> None:
    path = tmp_path / "came-back.eml"
    path.write_bytes(report(sent_to_ben(post)[0]))
    assert (
        servanda("bounces", "read", str(path)).stdout == "1 mails read, 1 new reports, 1 of mails of ours\n"
    )
    assert "ben@example.org  for good: 5.1.1 smtp; 550 no such user" in servanda("bounces", "list").stdout
    missing = servanda("bounces", "fetch")
    assert missing.returncode == 2
    assert "SERVANDA_BOUNCES is not set" in missing.stderr
