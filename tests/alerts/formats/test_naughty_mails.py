"""Two thousand mails made from what the web may say: each parses whole, and says nothing that is not ours in form."""

from __future__ import annotations

import email
import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from itertools import cycle, islice, product

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from support.naughty import URLS, naughty, poisoned

from servanda.alerts.channels.dkim_signing import DkimSigner
from servanda.alerts.formats.mail import Footer, Mail, render
from servanda.alerts.formats.mime import MailHeaders, compose
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.text import sanitising as plain
from servanda.alerts.text.translation import LANGUAGES, words
from servanda.compliance.watchers import Profile, Watcher

MAILS = 2_000
SEED = 20190607
SIGNED_EVERY = 40
DATE = datetime(2019, 9, 6, 4, 0, 2, tzinfo=UTC)
MESSAGE_ID = "<a7.w3.0123456789ab@monitor.example.org>"
ROOT = "<t7.w3.0123456789ab@monitor.example.org>"
LEAVE, CHANGE = "https://watch.example.org/u/token", "https://watch.example.org/p/token"

PLAIN = [
    "Date",
    "Message-ID",
    "From",
    "To",
    "Subject",
    "Auto-Submitted",
    "In-Reply-To",
    "References",
    "List-Id",
]
LINKED = [*PLAIN[:8], "Reply-To", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post"]
ADDRESSED = {"From", "To", "Reply-To"}
OF_THE_FORM = ["MIME-Version", "Content-Type"]
TAGS = {
    "html", "head", "meta", "title", "style", "body", "div", "h1", "h2", "p", "dl", "dt", "dd", "ul", "li",
    "blockquote", "pre", "a", "span", "br", "strong",
}  # fmt: skip
ATTRIBUTES = {"class", "lang", "dir", "style", "href", "rel", "role", "charset", "name", "content"}
STRICT = default.clone(raise_on_defect=True)


class Markup(HTMLParser):
    """Tags, attributes and links of a page, as a mail program would find them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value or "" for name, value in attrs if name == "href"}

    def handle_comment(self, data: str) -> None:
        self.tags.append("comment")

    def unknown_decl(self, data: str) -> None:
        self.tags.append("declaration")


def mails(samples: dict[str, Alert]) -> Iterator[tuple[int, Alert, Watcher, Mail, MailHeaders, set[str]]]:
    """Each alert in each language, with links and without, over and over, with other texts each time."""
    chance = random.Random(SEED)
    turns = cycle(product(samples.values(), LANGUAGES, (True, False)))
    for number, (alert, language, linked) in enumerate(islice(turns, MAILS)):
        urls = {LEAVE, CHANGE}

        def url(urls: set[str] = urls) -> str:
            chosen = chance.choice(URLS)
            urls.add(plain.link(chosen) or "")
            return chosen

        payload = poisoned(alert.payload, lambda: naughty(chance), url)
        told = replace(alert, payload=payload, mode=chance.choice(("live", "replay")))
        footer = Footer(naughty(chance), naughty(chance), *((CHANGE, LEAVE) if linked else ()))
        watcher = Watcher(3, "ana@example.org", profile=Profile(name=naughty(chance), language=language))
        headers = (
            MailHeaders(LEAVE, "us-mexico-2019.example.org", ROOT, "desk@example.org")
            if linked
            else MailHeaders(list_id="monitor.example.org", thread=ROOT)
        )
        yield number, told, watcher, render(told, footer, words(language)), headers, urls


@pytest.mark.slow
def test_two_thousand_naughty_mails_have_no_defect(samples: dict[str, Alert]) -> None:
    pem = rsa.generate_private_key(public_exponent=65537, key_size=1024).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    signer, seen = DkimSigner(pem, "mail2019", "monitor.example.org"), 0
    for number, alert, watcher, mail, headers, urls in mails(samples):
        signed = number % SIGNED_EVERY == 0
        content = compose(
            mail,
            sender="servanda@monitor.example.org",
            watcher=watcher,
            message_id=MESSAGE_ID,
            date=DATE,
            headers=replace(headers, signer=signer if signed else None),
        )
        try:
            check_bytes(content)
            check_message(content, mail, headers, signed)
            check_words(mail)
            check_markup(mail.html, urls)
        except (AssertionError, email.errors.MessageError) as error:
            raise AssertionError(f"mail {number}, {alert.kind}, {watcher.profile.language}") from error
        seen += 1
    assert seen == MAILS


def check_bytes(content: bytes) -> None:
    assert content.isascii() and b"\x00" not in content
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", content) is None
    assert max(map(len, content.split(b"\r\n"))) <= 998
    head = content.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert all(re.match(rb"[A-Za-z-]+: \S|[ \t]+\S|[A-Za-z-]+: $", line) for line in head)


def check_message(content: bytes, mail: Mail, headers: MailHeaders, signed: bool) -> None:
    message: EmailMessage = email.message_from_bytes(content, policy=STRICT)  # type: ignore[assignment,arg-type]
    names = (LINKED if headers.unsubscribe_url else PLAIN) + OF_THE_FORM
    assert message.keys() == (["DKIM-Signature"] if signed else []) + names
    headers = dict(message.items())
    parts = list(message.iter_parts())
    every = [*headers.values(), *(header for part in parts for header in part.values())]
    assert [d for header in every for d in header.defects] == []  # type: ignore[attr-defined]
    assert [d for part in (message, *parts) for d in part.defects] == []
    addressed = {
        name: [one.addr_spec for one in headers[name].addresses] for name in ADDRESSED & headers.keys()
    }
    assert addressed.pop("Reply-To", ["desk@example.org"]) == ["desk@example.org"]
    assert addressed == {"To": ["ana@example.org"], "From": ["servanda@monitor.example.org"]}
    assert headers["Subject"] == mail.subject and len(mail.subject) <= 180
    assert [headers[name] for name in ("Message-ID", "References", "In-Reply-To")] == [MESSAGE_ID, ROOT, ROOT]
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert [str(part.get_content()).replace("\r\n", "\n") for part in parts] == [mail.text, mail.html]
    assert not any(part.is_multipart() or part.is_attachment() for part in parts)


def check_words(mail: Mail) -> None:
    """Nothing that is not seen, nothing that turns the direction of what stands beside it."""
    for text in (mail.subject, mail.text.replace("\n", ""), mail.html.replace("\n", "")):
        unseen = {
            c for c in set(text) if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
        }
        assert unseen == set()
    assert "=?" not in mail.subject


def check_markup(html: str, urls: set[str]) -> None:
    page = Markup(html)
    assert set(page.tags) <= TAGS
    assert page.tags.count("html") == page.tags.count("body") == page.tags.count("h1") == 1
    assert page.attributes <= ATTRIBUTES
    assert page.links <= urls
    assert html.rstrip().endswith("</html>")


def test_the_checks_can_fail(samples: dict[str, Alert]) -> None:
    """What they are to find is found."""
    with pytest.raises(AssertionError):
        check_markup("<html><body><h1>x</h1><script>alert(1)</script></body></html>", set())
    with pytest.raises(AssertionError):
        check_markup('<html><body><h1>x</h1><a href="https://eve.example/">x</a></body></html>', {LEAVE})
    with pytest.raises(AssertionError):
        check_bytes(b"Subject: x\nBcc: eve@example.org\r\n\r\n")
    ana = Watcher(3, "ana@example.org", profile=Profile(name="Ana"))
    mail = render(next(iter(samples.values())), Footer("why", "desk@example.org"), words("en"))
    headers = MailHeaders(list_id="monitor.example.org", thread=ROOT)
    content = compose(
        mail,
        sender="servanda@monitor.example.org",
        watcher=ana,
        message_id=MESSAGE_ID,
        date=DATE,
        headers=headers,
    )
    check_message(content, mail, headers, signed=False)
    for was, is_now in (
        (b"To: ", b"Bcc: eve@example.org\r\nTo: "),
        (b"ana@example.org", b"ana@example.org, eve@example.org"),
        (b"Subject: ", b"Subject: not the one "),
    ):
        with pytest.raises((AssertionError, email.errors.MessageError)):
            check_message(content.replace(was, is_now, 1), mail, headers, signed=False)
    with pytest.raises(AssertionError):
        check_words(replace(mail, subject="x\u202ey"))
