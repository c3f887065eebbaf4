from __future__ import annotations

import pytest

from servanda.alerts.channels.smtp_server import SmtpServer


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", SmtpServer("smtp", "mail.example.org", 25)),
        ("smtps://mail.example.org", SmtpServer("smtps", "mail.example.org", 465)),
        ("smtp+starttls://mail.example.org/", SmtpServer("smtp+starttls", "mail.example.org", 587)),
        ("smtp://[::1]:2525", SmtpServer("smtp", "::1", 2525)),
        ("smtps://a%40b:c%3Ad@h:1465", SmtpServer("smtps", "h", 1465, "a@b", "c:d")),
    ],
)
def test_addresses_of_servers(url: str, server: SmtpServer) -> None:
    assert SmtpServer.parse(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example.org:25",
        "http://mail.example.org",
        "smtp://",
        "smtp://mail.example.org/path",
        "smtp://mail.example.org?tls=no",
        "smtp://mail.example.org:port",
        "smtp://mail.example.org:99999",
        "smtp://user@mail.example.org",
        "smtp://user:s3cret@",
    ],
)
def test_what_is_no_address_of_a_server_says_what_would_be(url: str) -> None:
    with pytest.raises(ValueError, match=r"valid: smtp://, smtps:// or smtp\+starttls://") as raised:
        SmtpServer.parse(url)
    assert "s3cret" not in str(raised.value)


def test_a_password_is_never_shown() -> None:
    assert "s3cret" not in repr(SmtpServer.parse("smtps://user:s3cret@mail.example.org"))
