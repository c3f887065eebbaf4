"""Take in mails that came back: from a pipe, a file, a maildir or an mbox; each report counts once."""

from __future__ import annotations

import hashlib
import logging
import mailbox
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from servanda.alerts.channels.bounce_reports import (
    READ_BYTES,
    BounceReport,
    ReturnedMail,
    proves_receipt,
    read_returned,
)
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.bootstrap.settings import UsageError
from servanda.jobs.delivery.suspension import suspend_after_refusals
from servanda.models.delivery.bounces import NewBounce, SentEnvelope, add_bounce, sent_envelope

log = logging.getLogger(__name__)

KEPT_BYTES = 64 * 1024
"""Of a mail that came back, so that a person can look at it."""


@dataclass(frozen=True, slots=True)
class IngestOutcome:
    """``mails`` were read; ``reports`` were new; ``proven`` of these are of a mail of ours."""

    mails: int = 0
    reports: int = 0
    proven: int = 0

    def __add__(self, other: IngestOutcome) -> IngestOutcome:
        return IngestOutcome(
            self.mails + other.mails, self.reports + other.reports, self.proven + other.proven
        )


def ingest(ledger: Ledger, raw: bytes, suspend_after: int) -> IngestOutcome:
    """Record what one mail reports. Nothing is no error: others write to that address too.

    ``suspend_after``: so many mails that came back in a row suspend an address.
    """
    content = raw[:READ_BYTES]
    returned = read_returned(content)
    with ledger.writing() as (db, now):
        answers = [
            _record_report(db, content, returned, report, suspend_after, now) for report in returned.reports
        ]
    new = [proven for proven in answers if proven is not None]
    return IngestOutcome(1, len(new), sum(new))


def _record_report(
    db: Connection,
    content: bytes,
    returned: ReturnedMail,
    report: BounceReport,
    suspend_after: int,
    now: datetime,
) -> bool | None:
    """Whether it is of a mail of ours; None where it was recorded before."""
    mail = sent_envelope(db, returned.message_ids)
    proven = mail is not None and _is_proven(content, mail, report)
    new = NewBounce(
        digest=hashlib.sha256(content + b"\0" + report.address.encode()).hexdigest(),
        envelope=mail.id if mail is not None and proven else None,
        watcher=None if mail is None else mail.watcher,
        address=report.address,
        permanent=report.permanent,
        diagnostic=report.diagnostic,
        content=content[:KEPT_BYTES],
    )
    if not add_bounce(db, new, now):
        return None
    if mail is not None and proven and report.permanent:
        suspend_after_refusals(db, mail.watcher, suspend_after, now)
    return proven


def _is_proven(content: bytes, mail: SentEnvelope, report: BounceReport) -> bool:
    """By what only the receiver can know; where the mail held no such thing, by the address that it names."""
    proof = proves_receipt(content, mail.bytes)
    return report.address.lower() == mail.recipient.lower() if proof is None else proof


def ingest_mailbox(ledger: Ledger, place: Path, suspend_after: int) -> IngestOutcome:
    """Take in what lies in a maildir (and was not seen yet) or in an mbox; UsageError where neither is."""
    total = IngestOutcome()
    with _mails(place) as mails:
        for raw in mails:
            total += ingest(ledger, raw, suspend_after)
    return total


def ingest_configured_mailbox(ledger: Ledger, place: Path | None, suspend_after: int) -> None:
    """``ingest_mailbox`` where a place is set; one that cannot be read keeps no mail from being sent."""
    if place is None:
        return
    try:
        ingest_mailbox(ledger, place, suspend_after)
    except (OSError, UsageError) as error:
        log.error("what came back could not be read: %s", error)


@contextmanager
def _mails(place: Path) -> Iterator[Iterator[bytes]]:
    if place.is_dir():
        if not (place / "new").is_dir() or not (place / "cur").is_dir():
            raise UsageError(
                f"SERVANDA_BOUNCES = {place}: no maildir; valid: a folder with new and cur in it"
            )
        yield _of_maildir(place)
    elif place.is_file():
        with closing(mailbox.mbox(place, create=False)) as box:
            yield _of_mbox(box)
    else:
        raise UsageError(f"SERVANDA_BOUNCES = {place}: nothing there; valid: a maildir or an mbox file")


def _of_maildir(place: Path) -> Iterator[bytes]:
    """What is new, moved on to ``cur`` as seen once it is taken in."""
    for path in sorted((place / "new").iterdir()):
        if path.is_file() and not path.name.startswith("."):
            with path.open("rb") as file:
                yield file.read(READ_BYTES)
            path.replace(place / "cur" / f"{path.name.partition(':')[0]}:2,S")


def _of_mbox(box: mailbox.mbox) -> Iterator[bytes]:
    for key in box.keys():  # noqa: SIM118  # a mailbox iterates over whole messages
        with closing(box.get_file(key)) as file:
            yield file.read(READ_BYTES)
