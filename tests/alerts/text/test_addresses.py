from __future__ import annotations

import pytest

from servanda.alerts.text.addresses import validate_address


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("ana@example.org", "ana@example.org"),
        (" ana@example.org\t", "ana@example.org"),
        ("Ana.Ruiz+treaty@Example.ORG", "Ana.Ruiz+treaty@example.org"),
        ("servanda@localhost", "servanda@localhost"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("ana@ejército。example", "ana@xn--ejrcito-cya.example"),
        (f"{'a' * 64}@example.org", f"{'a' * 64}@example.org"),
    ],
)
def test_valid_addresses(given: str, address: str) -> None:
    assert validate_address(given) == address
    assert validate_address(address) == address


@pytest.mark.parametrize(
    "given",
    [
        "",
        "@",
        "ana",
        "ana@",
        "@example.org",
        "ana@@example.org",
        "ana@example.org, ben@example.org",
        "ana@example.org;ben@example.org",
        "ana@example.org ben@example.org",
        "Ana <ana@example.org>",
        "<ana@example.org>",
        "ana@example.org\n",
        "ana@example.org\r\nBcc: ben@example.org",
        "ana\r\nBcc: ben@example.org",
        "ana@example.org\x00",
        "ana@exam\u2028ple.org",
        "ana\u200b@example.org",
        "añá@example.org",
        '"ana ruiz"@example.org',
        "ana(comment)@example.org",
        ".ana@example.org",
        "ana..ruiz@example.org",
        "ana@example..org",
        "ana@example.org.",
        "ana@-example.org",
        "ana@exa_mple.org",
        "ana@[127.0.0.1]",
        "=?utf-8?q?ana?=@=?utf-8?q?x?=",
        f"{'a' * 65}@example.org",
        f"ana@{'a' * 64}.org",
        f"ana@{'a.' * 130}org",
    ],
)
def test_what_is_no_single_plain_address_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match=r"valid is one address such as ana@example\.org"):
        validate_address(given)
