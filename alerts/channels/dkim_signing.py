"""DKIM (RFC 6376, RFC 8463): a signature of the sender's domain over headers and content of a mail.

Relaxed in headers and body. The instant of signing is the mail's own date: the same mail is the same bytes.
"""

from __future__ import annotations

import base64
import binascii
import logging
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import dkim
from dkim.asn1 import ASN1FormatError
from dkim.crypto import UnparsableKeyError, parse_pem_private_key

log = logging.getLogger(__name__)

SEALED = ("from", "to", "subject", "date", "message-id", "reply-to", "mime-version", "content-type")
"""Covered once more than they are there: none can be added to a signed mail."""

COVERED = (
    "in-reply-to", "references", "auto-submitted", "list-id", "list-unsubscribe", "list-unsubscribe-post",
)  # fmt: skip
"""Covered where they are there; RFC 8058 asks for the last two."""

SMALLEST_RSA = 1024

VALID_KEY = "valid: a private key in PEM, RSA of at least 1024 bits (2048 is usual) or Ed25519"
_PEM = re.compile(rb"-----BEGIN (RSA )?PRIVATE KEY-----\s+(.+?)-----END (?:RSA )?PRIVATE KEY-----", re.DOTALL)
_ED25519 = bytes.fromhex("302e020100300506032b657004220420")
"""What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410)."""

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_SELECTOR = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_ANY_DAY = datetime(2019, 6, 7, tzinfo=UTC)


class _Dated(dkim.DKIM):  # type: ignore[misc]
    """Takes the instant of signing from its caller, where the library reads the clock."""

    signed_at: datetime

    def gen_header(self, fields: Sequence[tuple[bytes, bytes]], *rest: Any, **more: Any) -> bytes:
        at = str(int(self.signed_at.timestamp())).encode()
        dated = [(name, at if name == b"t" else value) for name, value in fields]
        made: bytes = super().gen_header(dated, *rest, **more)
        return made


class DkimSigner:
    """Signs for one domain, with one key. ValueError for a key or a selector that is none."""

    def __init__(self, key: bytes, selector: str, domain: str) -> None:
        if not _SELECTOR.fullmatch(selector) or len(selector) > 200:
            raise ValueError(
                f"{selector!r} is not a selector; valid: letters, digits and hyphens, such as mail2019"
            )
        self._selector = selector.encode()
        self._domain = domain.encode("idna")
        self._algorithm, self._key = _read_key(key)
        self._try()

    @classmethod
    def read(cls, path: Path, selector: str, domain: str) -> Self:
        """With the key in a file; OSError where it cannot be read."""
        return cls(path.read_bytes(), selector, domain)

    def sign(self, mail: bytes, date: datetime) -> bytes:
        """The mail with its signature before it."""
        signing = _Dated(mail, logger=log, signature_algorithm=self._algorithm)
        signing.signed_at = date
        header: bytes = signing.sign(
            self._selector,
            self._domain,
            self._key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=_covered([name for name, _ in signing.headers]),
        )
        return header + mail

    def _try(self) -> None:
        """Find out at the start, not at the first mail, whether the key can sign."""
        try:
            self.sign(b"From: a@example.org\r\n\r\nb\r\n", _ANY_DAY)
        except dkim.DKIMException as error:
            raise ValueError(f"the key cannot be used ({error}); {VALID_KEY}") from error


def _covered(there: Sequence[bytes]) -> list[str]:
    """The names that the signature lists, of which a mail need not have all."""
    names = [name.decode("ascii").lower() for name in there]
    sealed = [name for name in SEALED for _ in range(names.count(name) + 1)]
    return sealed + [name for name in COVERED for _ in range(names.count(name))]


def _read_key(pem: bytes) -> tuple[bytes, bytes]:
    """The algorithm that a key is for, and the key as the library takes it."""
    found = _PEM.search(pem.replace(b"\r\n", b"\n"))
    if found is None:
        raise ValueError(f"the file holds no such key; {VALID_KEY}")
    try:
        der = base64.b64decode(b"".join(found[2].split()), validate=True)
    except binascii.Error as error:
        raise ValueError(f"the key is damaged ({error}); {VALID_KEY}") from error
    if der.startswith(_ED25519) and len(der) == len(_ED25519) + 32:
        return b"ed25519-sha256", base64.b64encode(der[len(_ED25519) :])
    try:
        modulus: int = parse_pem_private_key(found[0])["modulus"]
    except (UnparsableKeyError, ASN1FormatError, LookupError) as error:
        raise ValueError(f"the key is neither RSA nor Ed25519; {VALID_KEY}") from error
    if modulus.bit_length() < SMALLEST_RSA:
        raise ValueError(f"the RSA key has {modulus.bit_length()} bits, which receivers refuse; {VALID_KEY}")
    return b"rsa-sha256", found[0]
