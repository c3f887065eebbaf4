"""The address at which the pages of the web app are reached from outside."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from servanda.alerts.text.sanitising import link

LIMIT = 300
VALID = (
    "valid: https://host with an optional port and path, such as https://example.org/servanda; "
    "http:// for localhost alone; no user, query or fragment"
)
_AT_HOME = frozenset({"localhost", "127.0.0.1", "::1"})
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")


def validate_public_url(url: str) -> str:
    """The address without its last slash, its host in ASCII; ValueError says what would be valid.

    Links in mail carry what makes them valid, so they go over TLS, unless they never leave the machine.
    """
    address = link(url.strip())
    if address is None or len(address) > LIMIT:
        raise ValueError(f"this is no web address that links can begin with; {VALID}")
    parts = urlsplit(address)
    path = parts.path.rstrip("/")
    if parts.scheme != "https" and parts.hostname not in _AT_HOME:
        raise ValueError(f"links must not go in the clear over http; {VALID}")
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise ValueError(f"links are made by adding to the path; {VALID}")
    if not _PATH.fullmatch(path) or {".", ".."} & set(path.split("/")):
        raise ValueError(f"the path may hold letters, digits, dots, hyphens, underscores and tildes; {VALID}")
    return f"{parts.scheme}://{parts.netloc}{path}"
