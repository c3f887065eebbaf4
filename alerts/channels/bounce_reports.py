"""What a mail that came back says: which address, for good or for now, and of which mail of ours. Pure.

Such mails are written by strangers' servers, or by whoever knows the address that they come to. They are
read up to a size, their words are bounded and made visible, and nothing in them is believed without proof
(``proves_receipt``).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from typing import Any

from flufl.bounce import all_failures

from servanda.alerts.text.sanitising import REASON_LIMIT, one_line

READ_BYTES = 256 * 1024
"""Of one mail; what follows is content that was sent back."""

MOST_ADDRESSES = 10
MOST_IDS = 100
LONGEST_ADDRESS = 320

_ID = re.compile(rb"<[A-Za-z0-9._-]{1,200}@[A-Za-z0-9.-]{1,255}>")
_OF_THE_ADDRESS = re.compile(r"^5\.[012]\.\d{1,3}$")
"""Enhanced codes (RFC 3463) that speak of the address itself, for good."""

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it tells the log what it is told by strangers


@dataclass(frozen=True, slots=True)
class BounceReport:
    """That mail to ``address`` came back. ``permanent``: the address itself is dead, by what is said."""

    address: str
    permanent: bool
    diagnostic: str


@dataclass(frozen=True, slots=True)
class ReturnedMail:
    """A mail that came back: what it reports, and the Message-IDs that stand in it, in order."""

    reports: tuple[BounceReport, ...]
    message_ids: tuple[str, ...]


def read_returned(raw: bytes) -> ReturnedMail:
    """Nothing is raised for whatever is in it; no reports: it is no mail that came back."""
    content = raw[:READ_BYTES]
    found = dict.fromkeys(one.group().decode("ascii") for one in _ID.finditer(content))
    try:
        message = message_from_bytes(content, policy=policy.compat32)
        reports = tuple(_of_status(message)) or tuple(_guessed(message))
    except Exception:  # the parsers of mail know many ways to fail on what is no mail
        reports = ()
    return ReturnedMail(reports[:MOST_ADDRESSES], tuple(found)[:MOST_IDS])


def proves_receipt(returned: bytes, ours: bytes) -> bool | None:
    """Whether what came back holds what only the receiver of our mail can know; None: there is no such thing.

    That is the link to leave, or the signature, in the head of our mail: a Message-ID can be guessed.
    """
    head = message_from_bytes(ours.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", policy=policy.compat32)
    secrets = [one for name in ("List-Unsubscribe", "DKIM-Signature") for one in head.get_all(name, [])]
    if not secrets:
        return None
    squeezed = _squeezed(returned[:READ_BYTES])
    return any(_squeezed(str(one).encode("ascii", "replace")) in squeezed for one in secrets)


def _squeezed(text: bytes) -> bytes:
    """Without white space and soft breaks, which mail servers move."""
    return re.sub(rb"=\r?\n|\s", b"", text)


def _of_status(message: Message) -> Iterator[BounceReport]:
    """The recipients of a delivery status (RFC 3464) that were not reached."""
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks[1:] if isinstance(blocks, list) else []:
            report = _recipient(block)
            if report is not None:
                yield report


def _recipient(block: Any) -> BounceReport | None:
    action, status = _value(block, "Action").lower(), _value(block, "Status").split(" ")[0]
    address = _value(block, "Original-Recipient") or _value(block, "Final-Recipient")
    if action not in ("failed", "delayed") or not address:
        return None
    said = _value(block, "Diagnostic-Code") or f"{action} {status}"
    permanent = action == "failed" and _OF_THE_ADDRESS.match(status) is not None
    return BounceReport(_address(address), permanent, one_line(f"{status} {said}", REASON_LIMIT))


def _value(block: Any, name: str) -> str:
    """One bounded line; empty where there is no such field, or nothing in it."""
    said = str(block.get(name, "")).strip()
    return one_line(said, REASON_LIMIT) if said else ""


def _guessed(message: Message) -> Iterator[BounceReport]:
    """What older servers say in words of their own, as flufl.bounce knows them."""
    passing, lasting = all_failures(message)
    for addresses, permanent in ((lasting, True), (passing, False)):
        for one in sorted(addresses):
            address = one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one)
            yield BounceReport(_address(address), permanent, "said in words that are no status report")


def _address(text: str) -> str:
    """``rfc822; <ana@example.org>`` without its type and brackets, bounded."""
    return one_line(text.rpartition(";")[2].strip().strip("<>"), LONGEST_ADDRESS)
