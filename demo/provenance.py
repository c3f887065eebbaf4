"""From a mail back to the bytes that it rests on, one stored link after the other."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from servanda.demo.queries import Origin, SentMail, trace_origin
from servanda.jobs.bootstrap.wiring import Wiring


@dataclass(frozen=True, slots=True)
class Walk:
    """The links as (what it is, where it stands); ``verified``: the digest computed anew is the stored."""

    links: tuple[tuple[str, str], ...]
    verified: bool


def walk(wiring: Wiring, mail: SentMail, source: str) -> Walk:
    """Walk from a mail about a verdict to the page of ``source`` that was read last before it."""
    with wiring.store.reading() as db:
        found = trace_origin(db, mail.alert, source)
    stored = wiring.archive.load(found.place)
    recomputed = hashlib.sha256(stored.body).hexdigest()
    verified = recomputed == found.sha256 == stored.sha256
    return Walk(_links(wiring, mail, found, len(stored.body), recomputed, verified), verified)


def _links(
    wiring: Wiring, mail: SentMail, found: Origin, length: int, recomputed: str, verified: bool
) -> tuple[tuple[str, str], ...]:
    archive = wiring.settings.archive / found.place.file
    return (
        ("mail", f"{mail.message_id} to {mail.recipient}"),
        ("alert", f"alert {mail.alert}, {mail.kind}"),
        ("verdict", f"verdict {found.verdict}: {found.value}"),
        ("coverage", f"row {found.coverage}: {found.covered[0]} to {found.covered[1]} ({found.basis})"),
        ("poll", f"poll {found.poll} of the route {found.route}"),
        ("exchange", f"exchange {found.exchange}: GET {found.url}"),
        ("bytes", f"{archive}, offset {found.place.offset}: {length} bytes"),
        ("SHA-256 stored", found.sha256),
        ("SHA-256 of the bytes", f"{recomputed}, {'equal' if verified else 'NOT EQUAL'}"),
    )
