from __future__ import annotations

import email
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from servanda.alerts.channels.folder import FolderSender
from servanda.alerts.channels.mail_sender import sender_from_url
from servanda.alerts.channels.smtp import SmtpSender
from servanda.alerts.formats.mail import Footer, Mail, render
from servanda.alerts.formats.mime import MailHeaders, compose, new_message_id
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.text.translation import ENGLISH
from servanda.compliance.watchers import Profile, Watcher

DATE = datetime(2019, 9, 6, 4, 0, 2, tzinfo=UTC)
MESSAGE_ID = "<a7.w3.0123456789ab@monitor.example.org>"
HEADERS = [
    "Date", "Message-ID", "From", "To", "Subject", "Auto-Submitted", "MIME-Version", "Content-Type",
]  # fmt: skip


def _composed(mail: Mail, watcher: Watcher, message_id: str = MESSAGE_ID) -> bytes:
    return compose(
        mail, sender="servanda@monitor.example.org", watcher=watcher, message_id=message_id, date=DATE
    )


def _parsed(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=default)  # type: ignore[return-value,arg-type]


def _content(part: EmailMessage) -> str:
    """The text of a part, lines ended as on this side of the wire."""
    return str(part.get_content()).replace("\r\n", "\n")


def _defects(message: EmailMessage) -> list[object]:
    """Every defect of a message, its parts and its headers."""
    parts = list(message.walk())
    of_headers = [d for part in parts for header in part.values() for d in header.defects]  # type: ignore[attr-defined]
    return [d for part in parts for d in part.defects] + of_headers


def test_a_mail_is_a_sound_message_with_text_before_html(sample: Alert, to_ana: Footer, ana: Watcher) -> None:
    mail = render(sample, to_ana, ENGLISH)
    message = _parsed(_composed(mail, ana))
    assert _defects(message) == []
    assert sorted(message.keys()) == sorted(HEADERS)
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert (_content(text), _content(html)) == (mail.text, mail.html)
    assert message["Subject"] == mail.subject


def test_headers_say_who_when_and_that_no_person_wrote_it(
    samples: dict[str, Alert], to_ana: Footer, ana: Watcher
) -> None:
    message = _parsed(_composed(render(samples["correction"], to_ana, ENGLISH), ana))
    assert message["Date"].datetime == DATE
    assert message["Message-ID"] == MESSAGE_ID
    assert message["From"] == "Servanda <servanda@monitor.example.org>"
    assert message["To"] == "Ana Ruiz <ana@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"


def test_bytes_are_safe_for_every_server(sample: Alert, to_ana: Footer, ana: Watcher) -> None:
    content = _composed(render(replace(sample, mode="replay"), to_ana, ENGLISH), ana)
    content.decode("ascii")
    assert b"\r\n" in content
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", content) is None
    assert max(len(line) for line in content.split(b"\r\n")) <= 998


def test_the_same_mail_is_the_same_bytes(sample: Alert, to_ana: Footer, ana: Watcher) -> None:
    mail = render(sample, to_ana, ENGLISH)
    assert _composed(mail, ana) == _composed(mail, ana)
    assert _composed(mail, ana) != _composed(mail, ana, "<a8.w3.0123456789ab@monitor.example.org>")


INJECTIONS = [
    "x\r\nBcc: eve@example.org",
    "x\nBcc: eve@example.org",
    "x\rBcc: eve@example.org",
    "x\u2028Bcc: eve@example.org",
    "x\x85Bcc: eve@example.org",
    "x\x0bBcc: eve@example.org",
    "=?utf-8?q?x=0D=0ABcc:_eve@example.org?=",
    "=?utf-8?b?eA0KQmNjOiBldmVAZXhhbXBsZS5vcmc=?=",
    "=?utf-8?q?" + "=0D=0A" * 30 + "Bcc:_eve@example.org?=",
    'eve@example.org, "x" <eve@example.org>',
    "x\r\n\r\n<html>",
    "á" * 60 + "\r\nBcc: eve@example.org",
    "\u202e" + "á " * 5_000 + "=?utf-8?q?=0D=0ABcc:_eve@example.org?=",
    "x\x00y\ud800z",
    "",
]


@pytest.mark.parametrize("naughty", INJECTIONS)
def test_nothing_in_a_subject_or_name_makes_another_header(ana: Watcher, naughty: str) -> None:
    content = _composed(Mail(naughty, "text\n", "<p>html</p>\n"), replace(ana, profile=Profile(name=naughty)))
    message = _parsed(content)
    assert _defects(message) == []
    assert sorted(message.keys()) == sorted(HEADERS)
    assert [a.addr_spec for a in message["To"].addresses] == ["ana@example.org"]
    assert "\n" not in message["Subject"] + str(message["To"])
    headers = content.split(b"\r\n\r\n")[0].split(b"\r\n")
    assert all(re.match(rb"[A-Za-z-]+: |[ \t]+\S", line) for line in headers)
    assert not any(line.lower().startswith(b"bcc") for line in headers)


@pytest.mark.parametrize("name", ['Ruiz, Ana "la jefa"', "Ana\\Ruiz", "Ana Ruíz Ñandú", "<b>", "a@b.c", ""])
def test_names_of_any_shape_stay_names(ana: Watcher, name: str) -> None:
    message = _parsed(_composed(Mail("s", "t\n", "h\n"), replace(ana, profile=Profile(name=name))))
    (address,) = message["To"].addresses
    assert (address.display_name, address.addr_spec) == (name, "ana@example.org")


@pytest.mark.parametrize(
    ("sender", "recipient", "message_id"),
    [
        ("servanda@x.org\r\nBcc: eve@example.org", "ana@example.org", MESSAGE_ID),
        ("servanda@x.org", "ana@example.org\r\nBcc: eve@example.org", MESSAGE_ID),
        ("servanda@x.org", "ana@example.org, eve@example.org", MESSAGE_ID),
        ("servanda@x.org", "ana@example.org", "<1@x.org>\r\nBcc: eve@example.org"),
        ("servanda@x.org", "ana@example.org", "no brackets"),
    ],
)
def test_addresses_and_ids_are_checked_again(
    ana: Watcher, sender: str, recipient: str, message_id: str
) -> None:
    mail = Mail("s", "t\n", "h\n")
    compose(mail, sender="servanda@x.org", watcher=ana, message_id=MESSAGE_ID, date=DATE)
    with pytest.raises(ValueError):
        compose(
            mail, sender=sender, watcher=replace(ana, address=recipient), message_id=message_id, date=DATE
        )


def test_a_text_line_that_is_a_boundary_or_a_dot_stays_text(ana: Watcher) -> None:
    boundary = _parsed(_composed(Mail("s", "t\n", "h\n"), ana)).get_boundary()
    text = f"--{boundary}\n--{boundary}--\n.\n..\nFrom here\n"
    parts = list(_parsed(_composed(Mail("s", text, "h\n"), ana)).iter_parts())
    assert len(parts) == 2
    assert _content(parts[0]) == text


def test_message_ids_are_fixed_by_database_alert_and_watcher() -> None:
    first = new_message_id("0f3c", "a7", 3, "monitor.example.org")
    assert first == new_message_id("0f3c", "a7", 3, "Monitor.Example.org")
    assert re.fullmatch(r"<a7\.w3\.[0-9a-f]{12}@monitor\.example\.org>", first)
    others = {
        new_message_id("0f3d", "a7", 3, "monitor.example.org"),
        new_message_id("0f3c", "a8", 3, "monitor.example.org"),
        new_message_id("0f3c", "a7", 4, "monitor.example.org"),
        new_message_id("0f3c", "a7", 3, "localhost"),
    }
    assert len(others | {first}) == 5


def test_a_message_id_of_a_long_domain_stays_whole(ana: Watcher) -> None:
    domain = ".".join(["abcdefghij" * 4] * 4) + ".example.org"
    message_id = new_message_id("0f3c", "a1000000000", 10**9, domain)
    content = _composed(Mail("s", "t\n", "h\n"), ana, message_id)
    assert message_id.encode() in content
    assert _parsed(content)["Message-ID"] == message_id


def test_message_ids_of_no_host_are_refused() -> None:
    with pytest.raises(ValueError):
        new_message_id("0f3c", "a7", 3, "example.org>\r\nBcc: eve@example.org")


def test_without_a_server_mails_go_to_a_folder(tmp_path: Path) -> None:
    assert isinstance(sender_from_url(None, tmp_path), FolderSender)
    assert isinstance(sender_from_url("smtp://127.0.0.1:2525", tmp_path), SmtpSender)
    with pytest.raises(ValueError, match="smtp://, smtps:// or smtp\\+starttls://"):
        sender_from_url("http://127.0.0.1", tmp_path)


@pytest.mark.parametrize("letter", ["x", "á", "x ", "á ", "词", "🇲🇽 "])
def test_subjects_of_every_length_come_back_as_they_were(ana: Watcher, letter: str) -> None:
    for length in (*range(1, 100), 180):
        subject = (letter * length)[:length].strip() or "x"
        content = _composed(Mail(subject, "t\n", "h\n"), ana)
        assert _parsed(content)["Subject"] == subject
        assert not re.search(rb"\r\n[ \t]*\r\n", content.split(b"\r\n\r\n")[0])
        assert not re.search(rb"Subject:[ \t]*\r\n", content)


# --- how to leave, lists, threads -----------------------------------------------------------------------

LEAVE = "https://watch.example.org/u/" + "a" * 400
ROOT = "<t0123456789abcdef.w3.0123456789ab@monitor.example.org>"


def _posted(watcher: Watcher, headers: MailHeaders) -> bytes:
    return compose(
        Mail("s", "t\n", "h\n"),
        sender="servanda@monitor.example.org",
        watcher=watcher,
        message_id=MESSAGE_ID,
        date=DATE,
        headers=headers,
    )


def test_a_mail_says_in_its_headers_how_to_leave_with_one_press(ana: Watcher) -> None:
    """RFC 8058: both headers, the link alone in its brackets and on one line, however long it is."""
    content = _posted(ana, MailHeaders(unsubscribe_url=LEAVE))
    assert f"\r\nList-Unsubscribe: <{LEAVE}>\r\n".encode() in content
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in content
    assert _defects(_parsed(content)) == []


def test_without_a_link_no_header_speaks_of_leaving(ana: Watcher) -> None:
    assert b"unsubscribe" not in _posted(ana, MailHeaders(list_id="a.example.org", thread=ROOT)).lower()


def test_all_mails_of_a_thread_refer_to_what_no_mail_is_called(ana: Watcher) -> None:
    message = _parsed(_posted(ana, MailHeaders(thread=ROOT)))
    assert (message["References"], message["In-Reply-To"]) == (ROOT, ROOT)
    assert message["Message-ID"] != ROOT


def test_answers_go_to_a_person_and_filters_know_the_list(ana: Watcher) -> None:
    headers = MailHeaders(list_id="us-mexico-2019.monitor.example.org", reply_to="desk@example.org")
    message = _parsed(_posted(ana, headers))
    assert message["List-Id"] == "<us-mexico-2019.monitor.example.org>"
    assert [one.addr_spec for one in message["Reply-To"].addresses] == ["desk@example.org"]


@pytest.mark.parametrize(
    "headers",
    [
        MailHeaders(unsubscribe_url="https://x.org/>\r\nBcc: eve@example.org"),
        MailHeaders(unsubscribe_url="https://x.org/a b"),
        MailHeaders(unsubscribe_url="https://x.org/>,<mailto:eve@example.org"),
        MailHeaders(unsubscribe_url="mailto:eve@example.org"),
        MailHeaders(unsubscribe_url="https://x.org/" + "a" * 900),
        MailHeaders(unsubscribe_url="https://x.org/é"),
        MailHeaders(list_id="a b.example.org"),
        MailHeaders(list_id="a.example.org>\r\nBcc: eve@example.org"),
        MailHeaders(list_id="alone"),
        MailHeaders(list_id="a." * 200 + "org"),
        MailHeaders(thread="<1@x.org> <2@x.org>"),
        MailHeaders(thread="no brackets"),
        MailHeaders(reply_to="eve@example.org, desk@example.org"),
        MailHeaders(reply_to="desk@example.org\r\nBcc: eve@example.org"),
    ],
)
def test_what_could_be_read_as_another_header_is_refused(ana: Watcher, headers: MailHeaders) -> None:
    with pytest.raises(ValueError):
        _posted(ana, headers)


@pytest.mark.parametrize(
    "name", ["Ana", "Ana " * 19, "Ñ" * 80, "Ана Руис", "Ruiz, Ana", "\U0001f1f2\U0001f1fd" * 20], ids=ascii
)
def test_no_header_begins_with_an_empty_line(ana: Watcher, name: str) -> None:
    content = _composed(Mail(name, "t\n", "h\n"), replace(ana, profile=Profile(name=name)))
    assert (
        re.search(rb"^[A-Za-z-]+:[ \t]*\r\n", content.split(b"\r\n\r\n")[0] + b"\r\n", re.MULTILINE) is None
    )
    to = email.message_from_bytes(content)["To"].rpartition(" <")[0]  # RFC 2047, 6.2: no space between words
    assert str(make_header(decode_header(to))).strip('"') == name.strip()


def test_every_line_of_a_text_comes_back_as_it_was(ana: Watcher) -> None:
    text = (
        "\n".join(
            ("", ".", "..", " x ", "tab\t", "=", "=20", "a" * 75, "á" * 200, "From x", "-- ", "x" * 3_000, "")
        )
        + "\n"
    )
    for given in (text, text.rstrip("\n"), text + "\n\n", "x", "\n", ""):
        parts = list(_parsed(_composed(Mail("s", given, "h\n"), ana)).iter_parts())
        assert _content(parts[0]) == given.removesuffix("\n") + "\n"
