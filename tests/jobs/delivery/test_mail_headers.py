"""What mails carry beside their words, from the alert to the outbox."""

from __future__ import annotations

import email
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from support.catalogues import feed_route, source
from support.mail_bodies import body_of
from support.monitors import Monitor

from servanda.jobs.assess import assess
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.bootstrap.wiring import wire
from servanda.jobs.delivery.signed_links import key_from
from servanda.jobs.notify import notify
from servanda.jobs.watchers.membership import add_watcher

OPENS, ENDS = datetime(2019, 6, 7, 12, tzinfo=UTC), datetime(2019, 9, 6, 4, tzinfo=UTC)
ANA, LUZ = "ana@example.org", "luz@example.org"


@pytest.fixture
def told(monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[EmailMessage]]:
    """The mails of a window that ends with nothing read, oldest first; Luz joins on its last day."""

    def play(**environment: str) -> list[EmailMessage]:
        for name, value in environment.items():
            monkeypatch.setenv(f"SERVANDA_{name.upper()}", value)
        monitor.catalogue({"us-state": source("us-state", feed_route(f"{monitor.site.url}/feed"))})
        for now, joins in ((OPENS, ANA), (datetime(2019, 8, 30, 5, tzinfo=UTC), LUZ), (ENDS, ANA)):
            with monitor.at(now) as wiring:
                add_watcher(wiring.ledger, joins)
                assess(wiring)
                notify(wiring)
        mails = [email.message_from_bytes(content, policy=default) for content in monitor.mails()]
        return sorted(mails, key=lambda mail: mail["Date"].datetime)

    for name in ("PUBLIC_URL", "SITE_URL", "SECRET", "DKIM_KEY", "DKIM_SELECTOR"):
        monkeypatch.delenv(f"SERVANDA_{name}", raising=False)
    monkeypatch.setenv("SERVANDA_SECRET_FILE", str(monitor.folder / "secret"))
    return play


def to(mails: list[EmailMessage], address: str) -> list[EmailMessage]:
    return [mail for mail in mails if mail["To"].addresses[0].addr_spec == address]


def body(mail: EmailMessage) -> str:
    return body_of(mail)


def test_with_a_public_address_each_mail_says_how_to_leave(
    told: Callable[..., list[EmailMessage]], monitor: Monitor
) -> None:
    mails = told(public_url="https://watch.example.org/s/", contact="desk@example.org")
    assert len(to(mails, ANA)) >= 2 and to(mails, LUZ)
    secret = (monitor.folder / "secret").read_bytes().strip()
    keys: dict[str, set[str | None]] = {}
    for mail in mails:
        url = mail["List-Unsubscribe"][1:-1]
        assert url.startswith("https://watch.example.org/s/u/") and url in body(mail)
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "https://watch.example.org/s/p/" in body(mail)
        assert "/c/" not in body(mail)
        assert mail["Reply-To"] == "desk@example.org"
        key = key_from(secret, "unsubscribe", url.rpartition("/")[2], ENDS)
        keys.setdefault(str(mail["To"]), set()).add(key)
    assert all(len(theirs) == 1 and None not in theirs for theirs in keys.values())
    assert keys[ANA] != keys[LUZ]


def test_without_one_mails_say_whom_to_write_to(
    told: Callable[..., list[EmailMessage]], monitor: Monitor
) -> None:
    for mail in told(contact="https://example.org/about"):
        assert mail["List-Unsubscribe"] is mail["List-Unsubscribe-Post"] is mail["Reply-To"] is None
        assert "write to https://example.org/about" in " ".join(body(mail).split())
        assert not any(f"/{path}/" in body(mail) for path in "upc")
    assert not (monitor.folder / "secret").exists()


def test_all_mails_of_a_window_are_one_thread_for_each_reader(
    told: Callable[..., list[EmailMessage]],
) -> None:
    mails = told()
    flags = [mail for mail in mails if "Window ended" in mail["Subject"]]
    closing = [mail for mail in mails if " left" in mail["Subject"]]
    assert {mail["List-Id"] for mail in flags} == {"<us-mexico-2019.localhost>"}
    assert len(flags) == 2 and closing
    for address in (ANA, LUZ):
        roots = {mail["References"] for mail in to(flags + closing, address)}
        assert len(roots) == 1 and None not in roots
        assert roots == {mail["In-Reply-To"] for mail in to(flags + closing, address)}
        assert roots.isdisjoint({mail["Message-ID"] for mail in mails})
    assert to(flags, ANA)[0]["References"] != to(flags, LUZ)[0]["References"]


def test_with_a_key_every_mail_is_signed(told: Callable[..., list[EmailMessage]], tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    path = tmp_path / "dkim.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    mails = told(dkim_key=str(path), dkim_selector="mail2019", mail_from="servanda@monitor.example.org")
    assert mails
    for mail in mails:
        assert "d=monitor.example.org" in mail["DKIM-Signature"] and "s=mail2019" in mail["DKIM-Signature"]


@pytest.mark.parametrize(
    "environment, message",
    [
        ({"DKIM_KEY": "no/such.pem", "DKIM_SELECTOR": "mail"}, "SERVANDA_DKIM_KEY.*No such file"),
        ({"DKIM_KEY": "no/such.pem"}, "SERVANDA_DKIM_SELECTOR is not set"),
        ({"DKIM_SELECTOR": "mail"}, "SERVANDA_DKIM_KEY is not set"),
        (
            {"DKIM_KEY": __file__, "DKIM_SELECTOR": "mail"},
            "SERVANDA_DKIM_KEY.*holds no such key; valid: a private key",
        ),
    ],
)
def test_a_key_that_cannot_sign_is_one_plain_message(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, environment: dict[str, str], message: str
) -> None:
    for name, value in (environment | {"DATABASE_URL": f"sqlite:///{tmp_path}/servanda.db"}).items():
        monkeypatch.setenv(f"SERVANDA_{name}", value)
    with wire(opening="create") as wiring, pytest.raises(UsageError, match=message):
        assert wiring.dkim


def test_mails_about_a_window_lead_to_its_public_page_where_there_is_a_site(
    told: Callable[..., list[EmailMessage]],
) -> None:
    mails = told(site_url="https://watch.example.org/promises")
    page = "https://watch.example.org/promises/us-mexico-2019/further-actions-90d/"
    flag = next(mail for mail in mails if "Window ended" in mail["Subject"])
    assert f"This window on its public page: {page}" in body(flag)
    html = flag.get_body(("html",))
    assert html is not None and f'href="{page}"' in html.get_content()
    first = next(mail for mail in mails if "Now monitoring" in mail["Subject"])
    assert "public page" not in body(first), "it is about no window"


def test_without_a_site_no_mail_leads_to_it(told: Callable[..., list[EmailMessage]]) -> None:
    assert all("public page" not in body(mail) for mail in told())
