"""TLS is verified, by name and against the roots of trust that an administrator names."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.http_publisher import USER_AGENT, FakeClock, Publisher, Reply

from servanda.scrapers.exchange import Exchange, Unreachable
from servanda.scrapers.http.fetch import Fetcher

pytest.importorskip("cryptography", reason="certificates are made with cryptography, which is not installed")

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME = "www.agency.example"


def make_certificate(folder: Path, *, days: int = 1) -> tuple[Path, Path]:
    """A self-signed certificate for ``NAME`` and 127.0.0.2, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    names = [x509.DNSName(NAME), x509.IPAddress(ipaddress.ip_address("127.0.0.2"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=3))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    at, key_at = folder / f"{days}.pem", folder / f"{days}.key"
    at.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_at.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return at, key_at


def secured(certificate: Path, key: Path) -> Publisher:
    publisher = Publisher()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = publisher.server
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    publisher.say("/a", Reply(200, b"secured"))
    return publisher


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def publisher(certificate: tuple[Path, Path]) -> Iterator[Publisher]:
    with secured(*certificate).running() as running:
        yield running


def get(publisher: Publisher, host: str, **more: Any) -> Any:
    return publisher.get(f"https://{host}:{publisher.port}/a", names=(host,), **more)[0]


def test_an_unknown_root_is_not_trusted(publisher: Publisher) -> None:
    failure = get(publisher, NAME)
    assert (type(failure), failure.kind) == (Unreachable, "tls")
    assert publisher.seen == []


def test_a_failure_of_tls_is_not_tried_again(publisher: Publisher) -> None:
    _, recording = publisher.get(f"https://{NAME}:{publisher.port}/a", names=(NAME,))
    assert len(recording.exchanges) == 1


def test_the_roots_that_an_administrator_names_are(
    publisher: Publisher, certificate: tuple[Path, Path]
) -> None:
    exchange = get(publisher, NAME, ca_bundle=certificate[0])
    assert isinstance(exchange, Exchange)
    assert exchange.body == b"secured"


def test_the_certificate_must_be_for_the_host_that_was_asked(
    publisher: Publisher, certificate: tuple[Path, Path]
) -> None:
    failure = get(publisher, "www.elsewhere.example", ca_bundle=certificate[0])
    assert (type(failure), failure.kind) == (Unreachable, "tls")
    failure = get(publisher, "127.0.0.1", ca_bundle=certificate[0])
    assert (type(failure), failure.kind) == (Unreachable, "tls")


def test_an_expired_certificate_is_not_trusted(tmp_path: Path) -> None:
    expired = make_certificate(tmp_path, days=-1)
    with secured(*expired).running() as publisher:
        failure = get(publisher, NAME, ca_bundle=expired[0])
    assert (type(failure), failure.kind) == (Unreachable, "tls")


def test_the_environment_does_not_change_what_is_trusted(
    publisher: Publisher, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(certificate[0]))
    assert get(publisher, NAME).kind == "tls"


def test_a_server_without_tls_is_a_failure_of_tls() -> None:
    with Publisher().running() as publisher:
        failure = get(publisher, NAME)
    assert (type(failure), failure.kind) == (Unreachable, "tls")


def test_a_bundle_that_is_not_there_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no CA certificates at .*missing\.pem"):
        Fetcher(user_agent=USER_AGENT, clock=FakeClock(), ca_bundle=tmp_path / "missing.pem")
