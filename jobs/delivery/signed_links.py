"""Links in mails that need no log-in: a watcher's random key, signed, with one signature for each purpose.

A link to leave opens no preferences, and none of them says anything of a watcher to who reads it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from itsdangerous import BadSignature, Signer
from sqlalchemy import Connection

from servanda.alerts.formats.letterhead import WatcherPages
from servanda.compliance.watchers import Watcher
from servanda.models.delivery.watchers import watcher_by_key

Purpose = Literal["unsubscribe", "preferences", "confirm"]

PATHS: dict[Purpose, str] = {"unsubscribe": "u", "preferences": "p", "confirm": "c"}
CONFIRM_WITHIN = timedelta(days=30)
"""A link to confirm ends then; the others do not, as a mail may be read years later."""

LONGEST_TOKEN = 200
_PAYLOAD = re.compile(r"([0-9a-f]{32})(?:-([0-9a-f]{1,12}))?")


@dataclass(frozen=True, slots=True)
class SignedLinks:
    """The pages of one watcher."""

    confirm_url: str
    preferences_url: str
    unsubscribe_url: str


def links_for(pages: WatcherPages | None, watcher: Watcher, now: datetime) -> SignedLinks | None:
    """The links for a watcher's mails; None while no public address of the web app is set."""
    if pages is None:
        return None
    urls = {
        purpose: f"{pages.url}/{path}/{token_for(pages.secret, purpose, watcher.key, now)}"
        for purpose, path in PATHS.items()
    }
    return SignedLinks(urls["confirm"], urls["preferences"], urls["unsubscribe"])


def token_for(secret: bytes, purpose: Purpose, key: str, now: datetime) -> str:
    """A watcher's key with its signature; one that ends holds its end as well."""
    ends = f"-{int((now + CONFIRM_WITHIN).timestamp()):x}" if purpose == "confirm" else ""
    return _signer(secret, purpose).sign(f"{key}{ends}").decode("ascii")


def watcher_from(
    db: Connection, secret: bytes, purpose: Purpose, token: str, now: datetime
) -> Watcher | None:
    """Whom a token stands for; None for a bad one, whatever is wrong with it."""
    key = key_from(secret, purpose, token, now)
    return None if key is None else watcher_by_key(db, key)


def key_from(secret: bytes, purpose: Purpose, token: str, now: datetime) -> str | None:
    """The key that a token was made for; None for one of another purpose, past its end, or not ours."""
    if len(token) > LONGEST_TOKEN or not token.isascii():
        return None
    signer = _signer(secret, purpose)
    try:
        payload = signer.unsign(token).decode("ascii")
    except BadSignature:
        return None
    read = _PAYLOAD.fullmatch(payload)
    if read is None or (purpose == "confirm") != (read[2] is not None):
        return None
    if signer.sign(payload).decode("ascii") != token:  # base64 can be written in several ways
        return None
    ended = read[2] is not None and int(read[2], 16) <= now.timestamp()
    return None if ended else read[1]


def _signer(secret: bytes, purpose: Purpose) -> Signer:
    return Signer(secret, salt=f"servanda.{purpose}", key_derivation="hmac", digest_method=hashlib.sha256)
