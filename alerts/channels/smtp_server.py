"""Where mails are sent, as one address says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, urlsplit

DEFAULT_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where to send. ``scheme``: in the clear, TLS from the start, or STARTTLS required."""

    scheme: Literal["smtp", "smtps", "smtp+starttls"]
    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, url: str) -> SmtpServer:
        """Read ``smtp://user:password@host:port``; ValueError says what is valid, nothing of the address."""
        valid = (
            "valid: smtp://, smtps:// or smtp+starttls:// with [user:password@]host[:port]; "
            "in user and password write %23 for #, %2F for /, %3F for ?, %40 for @, %3A for :"
        )
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ValueError(f"the mail server's address has no port that is a number; {valid}") from None
        if parts.scheme not in DEFAULT_PORTS:
            raise ValueError(f"the mail server's address does not say how mail is sent; {valid}")
        if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError(f"the mail server's address names no host, or more than one; {valid}")
        if (parts.username is None) != (parts.password is None):
            raise ValueError(f"a log-in needs both user and password; {valid}")
        return cls(
            parts.scheme,  # type: ignore[arg-type]  # one of DEFAULT_PORTS
            parts.hostname,
            port or DEFAULT_PORTS[parts.scheme],
            None if parts.username is None else unquote(parts.username),
            None if parts.password is None else unquote(parts.password),
        )

    @property
    def where(self) -> str:
        return f"{self.host}:{self.port}"
