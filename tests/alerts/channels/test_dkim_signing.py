from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from servanda.alerts.channels.dkim_signing import DkimSigner
from servanda.alerts.formats.mail import Mail
from servanda.alerts.formats.mime import MailHeaders, compose
from servanda.compliance.watchers import Profile, Watcher

DATE = datetime(2019, 9, 6, 4, 0, 2, tzinfo=UTC)
ANA = Watcher(3, "ana@example.org", profile=Profile(name="Ana Ruíz"))
MAIL = Mail("Window ended – “90 days”", "text\n\n  indented  \n.\n", "<p>html</p>\n")
LEAVE = "https://example.org/u/token"


def pem(
    key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey, form: PrivateFormat = PrivateFormat.PKCS8
) -> bytes:
    return key.private_bytes(Encoding.PEM, form, NoEncryption())


@pytest.fixture(scope="session")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def record(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    """What the domain publishes under the selector."""
    public = key.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)
    return b"v=DKIM1; k=ed25519; p=" + base64.b64encode(public.public_bytes(Encoding.Raw, PublicFormat.Raw))


def composed(signer: DkimSigner | None, url: str | None = LEAVE) -> bytes:
    headers = MailHeaders(
        url,
        "us-mexico-2019.monitor.example.org",
        "<t1.w3.ab@monitor.example.org>",
        "desk@example.org",
        signer,
    )
    return compose(
        MAIL,
        sender="servanda@monitor.example.org",
        watcher=ANA,
        message_id="<a7.w3.ab@monitor.example.org>",
        date=DATE,
        headers=headers,
    )


def verified(mail: bytes, published: bytes) -> bool:
    def look_up(name: bytes, timeout: int = 5) -> bytes | None:
        return published if name == b"mail2019._domainkey.monitor.example.org." else None

    return bool(dkim.verify(mail, dnsfunc=look_up))


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_receivers_can_verify_a_signed_mail(
    key: rsa.RSAPrivateKey, form: PrivateFormat, tmp_path: Path
) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(pem(key, form))
    mail = composed(DkimSigner.read(path, "mail2019", "monitor.example.org"))
    assert verified(mail, record(key))
    assert mail.endswith(composed(None))


def test_receivers_can_verify_an_ed25519_signature() -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    mail = composed(DkimSigner(pem(key), "mail2019", "monitor.example.org"))
    assert b"a=ed25519-sha256" in mail
    assert verified(mail, record(key))


def test_any_change_breaks_the_signature(key: rsa.RSAPrivateKey) -> None:
    mail = composed(DkimSigner(pem(key), "mail2019", "monitor.example.org"))
    for was, is_now in (
        (b"<p>html", b"<p>evil"),
        (b"/u/token>", b"/u/taken>"),
        (b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", b""),
        (b"Auto-Submitted: auto-generated\r\n", b""),
        (b"To: ", b"To: eve@example.org\r\nTo: "),
        (b"Subject: ", b"Subject: You won\r\nSubject: "),
        (b"Date: ", b"Reply-To: eve@example.org\r\nDate: "),
        (b"06 Sep 2019", b"07 Sep 2019"),
    ):
        assert was in mail
        assert not verified(mail.replace(was, is_now, 1), record(key)), was


def test_what_relays_may_do_does_not_break_it(key: rsa.RSAPrivateKey) -> None:
    mail = composed(DkimSigner(pem(key), "mail2019", "monitor.example.org"))
    assert verified(b"Received: from a by b; Fri, 06 Sep 2019 04:00:03 +0000\r\n" + mail, record(key))
    assert verified(mail.replace(b"Auto-Submitted: ", b"auto-submitted:   "), record(key))
    assert verified(mail + b"\r\n\r\n", record(key))


def test_the_signature_covers_what_matters(key: rsa.RSAPrivateKey) -> None:
    mail = composed(DkimSigner(pem(key), "mail2019", "monitor.example.org"))
    header = mail.partition(b"\r\nDate:")[0].replace(b"\r\n", b"").decode()
    tags = dict(part.strip().split("=", 1) for part in header.partition(":")[2].split(";"))
    covered = [name.strip() for name in tags["h"].split(":")]
    assert (tags["c"], tags["d"], tags["s"]) == ("relaxed/relaxed", "monitor.example.org", "mail2019")
    assert tags["t"] == str(int(DATE.timestamp()))
    for name in ("from", "to", "subject", "date", "message-id", "reply-to"):
        assert covered.count(name) == 2
    for name in ("list-unsubscribe", "list-unsubscribe-post", "auto-submitted", "list-id", "references"):
        assert covered.count(name) == 1


def test_without_links_none_are_signed(key: rsa.RSAPrivateKey) -> None:
    mail = composed(DkimSigner(pem(key), "mail2019", "monitor.example.org"), url=None)
    assert b"list-unsubscribe" not in mail.lower()
    assert verified(mail, record(key))


def test_the_same_mail_is_the_same_bytes_whenever_it_is_signed(key: rsa.RSAPrivateKey) -> None:
    first, second = (composed(DkimSigner(pem(key), "mail2019", "monitor.example.org")) for _ in range(2))
    assert first == second
    signer = DkimSigner(pem(key), "mail2019", "monitor.example.org")
    assert signer.sign(MESSAGE, DATE) != signer.sign(MESSAGE, DATE + timedelta(seconds=1))


MESSAGE = b"From: servanda@monitor.example.org\r\n\r\ntext\r\n"


def test_no_line_of_a_signature_is_long(key: rsa.RSAPrivateKey) -> None:
    mail = composed(DkimSigner(pem(key), "s" * 60, "monitor.example.org"))
    assert max(len(line) for line in mail.split(b"\r\n\r\n")[0].split(b"\r\n")) <= 200
    assert re.search(rb"(?<!\r)\n", mail) is None


def bad_keys() -> dict[str, bytes]:
    curve = ec.generate_private_key(ec.SECP256R1())
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    whole = pem(small)
    return {
        "nothing": b"",
        "a public key": small.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "another algorithm": curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        "cut short": whole[:200] + whole[-30:],
        "no base64": b"-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n",
        "empty": b"-----BEGIN PRIVATE KEY-----\n\n-----END PRIVATE KEY-----\n",
        "bytes of anything": bytes(range(256)) * 10,
        "not ASN.1": b"-----BEGIN PRIVATE KEY-----\n"
        + base64.b64encode(b"\xff" * 90)
        + b"\n-----END PRIVATE KEY-----\n",
    }


@pytest.mark.parametrize("name", ["nothing", "a public key", "another algorithm", "cut short", "no base64", "empty",
                                  "bytes of anything", "not ASN.1"])  # fmt: skip
def test_what_is_no_key_is_refused_at_once(name: str) -> None:
    with pytest.raises(ValueError, match="valid: a private key in PEM"):
        DkimSigner(bad_keys()[name], "mail2019", "example.org")


@pytest.mark.parametrize("selector", ["", "a b", "a;b", "-a", "a..b", "é", "a\r\nb", "x" * 300])
def test_what_is_no_selector_is_refused(key: rsa.RSAPrivateKey, selector: str) -> None:
    with pytest.raises(ValueError, match="is not a selector; valid"):
        DkimSigner(pem(key), selector, "example.org")
