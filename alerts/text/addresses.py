"""Mail addresses, in the one plain form that can be read as nothing else."""

from __future__ import annotations

import re

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_VALID = "valid is one address such as ana@example.org, without a name or brackets"


def validate_address(address: str) -> str:
    """The address with its domain in lower case and ASCII (IDNA); ValueError says what would be valid.

    Only the plain form of RFC 5321 is taken: dot-separated words, ``@``, a host name. Quoted words, comments
    and address literals are refused, so nothing in an address can be read as another header or recipient.
    """
    local, at, domain = address.strip(" \t").rpartition("@")
    shown = repr(address[:100])
    if not at:
        raise ValueError(f"{shown} is not a mail address; {_VALID}")
    if not _LOCAL.fullmatch(local) or len(local) > 64:
        raise ValueError(
            f"{shown}: what stands before @ must be 1 to 64 ASCII letters, digits or !#$%&'*+/=?^_`{{|}}~- "
            f"with single dots between them; {_VALID}"
        )
    host = _ascii_domain(domain)
    if host is None or len(local) + 1 + len(host) > 254:
        raise ValueError(f"{shown}: what stands after @ is not a host name; {_VALID}")
    return f"{local}@{host}"


def _ascii_domain(domain: str) -> str | None:
    """A host name in ASCII and lower case, None if it is none."""
    if len(domain) > 253:
        return None
    try:
        host = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    labels = host.split(".")
    return host if all(_LABEL.fullmatch(label) for label in labels) else None
