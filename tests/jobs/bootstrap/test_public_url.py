from __future__ import annotations

import pytest

from servanda.jobs.bootstrap.public_url import validate_public_url
from servanda.jobs.bootstrap.settings import read_settings
from servanda.jobs.bootstrap.usage import UsageError


@pytest.mark.parametrize(
    "given, kept",
    [
        ("https://example.org", "https://example.org"),
        ("https://example.org/", "https://example.org"),
        ("https://Example.ORG:8443/servanda/", "https://example.org:8443/servanda"),
        ("https://example.org/a/b-c_d.e~f", "https://example.org/a/b-c_d.e~f"),
        ("https://méxico.example/", "https://xn--mxico-bsa.example"),
        ("http://localhost:8765", "http://localhost:8765"),
        ("http://127.0.0.1:8765/", "http://127.0.0.1:8765"),
        ("http://[::1]:8765", "http://[::1]:8765"),
        (" https://example.org ", "https://example.org"),
    ],
)
def test_an_address_is_kept_in_one_form(given: str, kept: str) -> None:
    assert validate_public_url(given) == kept
    assert validate_public_url(kept) == kept


@pytest.mark.parametrize(
    "given",
    [
        "example.org",
        "http://example.org",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org",
        "ftp://example.org",
        "https://",
        "https:///servanda",
        "https://ana:secret@example.org",
        "https://example.org?x=1",
        "https://example.org/?",
        "https://example.org/#top",
        "https://example.org/a//b",
        "https://example.org/a/../b",
        "https://example.org/a b",
        "https://example.org/%2e%2e",
        "https://example.org/>x",
        "https://example.org\r\nBcc: eve@example.org",
        "https://example.org:99999",
        "https://" + "a." * 200 + "org",
        "javascript:alert(1)",
    ],
)
def test_what_links_cannot_begin_with_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="valid: https://host"):
        validate_public_url(given)


def test_the_message_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVANDA_PUBLIC_URL", "http://example.org")
    with pytest.raises(UsageError, match=r"SERVANDA_PUBLIC_URL = .*in the clear.*valid: https://"):
        read_settings()
