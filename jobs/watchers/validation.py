"""What is wrong with what somebody is to get, and what would be valid: for options and files alike."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from urllib.parse import urlsplit

from servanda.alerts.channels.chat import parse_chat_address
from servanda.alerts.channels.delivery import DeliveryError
from servanda.alerts.payloads.kinds import FLAGS, AlertKind
from servanda.alerts.text.addresses import validate_address
from servanda.alerts.text.sanitising import one_line
from servanda.compliance.watchers import Channel, Profile, Subscription
from servanda.instruments.catalogue import Catalogue
from servanda.instruments.instrument_checks import closest, zone_faults
from servanda.instruments.problems import Fault

LONGEST_NAME = 200
LONGEST_SLUG = 100
LONGEST_ADDRESS = 2000
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST_SECRET = 200
SECRET_PREFIX = "whsec_"  # noqa: S105  # no secret: the mark of one
LONGEST_WAIT = 30 * 24 * 60
"""Minutes that a flag may wait for its acknowledgement."""

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DURATION = re.compile(r"P(?=\d|T\d)(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?)?")


AllowedHosts = AbstractSet[tuple[str, int]]
"""Hosts with their ports that webhooks may reach without encryption."""


def valid_address(channel: Channel, address: str, allow_hosts: AllowedHosts) -> str:
    """The address as it is kept; ValueError says what would be valid, and repeats none that may be a key."""
    if channel == "mail":
        return validate_address(address)
    if len(address) > LONGEST_ADDRESS or not address.isascii() or re.search(r"[\x00-\x20\x7f]", address):
        raise ValueError(f"this is no address; valid: at most {LONGEST_ADDRESS} visible ASCII characters")
    return _webhook_address(address, allow_hosts) if channel == "webhook" else _chat_address(address)


def _webhook_address(address: str, allow_hosts: AllowedHosts) -> str:
    """An https address; http only where the host and port are allowed."""
    valid = "valid: https://host/path, without user, password or fragment"
    try:
        parts = urlsplit(address)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError:
        raise ValueError(f"the address of the webhook cannot be read; {valid}") from None
    allowed = parts.scheme == "https" or (parts.scheme == "http" and (parts.hostname, port) in allow_hosts)
    if not allowed or not parts.hostname or "@" in parts.netloc or parts.fragment:
        raise ValueError(f"this is no address of a webhook; {valid}")
    return address


def _chat_address(address: str) -> str:
    """An address of a chat service; it may hold a token, and is not repeated."""
    try:
        parse_chat_address(address)
    except DeliveryError as error:
        raise ValueError(error.answer) from error
    return address


def profile_faults(profile: Profile) -> Iterator[Fault]:
    if profile.name and (one_line(profile.name, LONGEST_NAME) != profile.name):
        valid = f"one line of visible text, up to {LONGEST_NAME} characters"
        yield Fault(("name",), "is not fit for a mail's head", valid, profile.name)
    yield from zone_faults(("zone",), profile.zone)
    if not 0 <= profile.hour <= 23:
        yield Fault(("hour",), "is not an hour of the day", "0 to 23", str(profile.hour))


def subscription_faults(wanted: Subscription, catalogue: Catalogue) -> Iterator[Fault]:
    """Paths are keys of a subscription: ``("instruments", 0)``."""
    if len(wanted.slug) > LONGEST_SLUG or not _SLUG.fullmatch(wanted.slug):
        valid = f"a-z and 0-9, words joined by hyphens, up to {LONGEST_SLUG} characters"
        yield Fault(("slug",), "is not a slug", valid, wanted.slug)
    instruments = {one.id: one for one in catalogue.instruments}
    yield from _unknown("instruments", wanted.instruments, instruments)
    chosen = [instruments[i] for i in wanted.instruments if i in instruments] or catalogue.instruments
    commitments = [c.id for instrument in chosen for c in instrument.commitments]
    parties = sorted({party.id for instrument in chosen for party in instrument.parties})
    yield from _unknown("commitments", wanted.commitments, commitments)
    yield from _unknown("parties", wanted.parties, parties)
    yield from _kind_faults(wanted)
    yield from _wait_faults(wanted)


def _unknown(key: str, given: Sequence[str], known: Collection[str]) -> Iterator[Fault]:
    for i, one in enumerate(given):
        if one not in known:
            close = closest(one, known)
            hint = f" (did you mean {close}?)" if close else ""
            yield Fault((key, i), "is not known here", f"{', '.join(known) or 'none'}{hint}", one)


def _kind_faults(wanted: Subscription) -> Iterator[Fault]:
    known = [kind.value for kind in AlertKind]
    yield from _unknown("kinds", wanted.kinds, known)
    for i, kind in enumerate(wanted.kinds):
        role = AlertKind(kind).record.audience if kind in known else "subscriber"
        if role != "subscriber":
            valid = f"make the watcher an {role}; subscriptions are for the other kinds"
            yield Fault(("kinds", i), f"is told to every {role}, and to nobody else", valid, kind)


def _wait_faults(wanted: Subscription) -> Iterator[Fault]:
    wait = wanted.unacknowledged_after
    if wait is None:
        return
    path = ("unacknowledged_after",)
    if not 1 <= wait <= LONGEST_WAIT:
        yield Fault(path, "is too short or too long", "whole minutes from PT1M to P30D", duration(wait))
    if wanted.kinds and FLAGS.isdisjoint(wanted.kinds):
        flags = ", ".join(sorted(FLAGS))
        yield Fault(path, "waits for flags, of which none is among the kinds", f"a kind of: {flags}")


def new_secret() -> str:
    """What signs the content of a webhook, in the form of Standard Webhooks."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def is_secret(text: str) -> bool:
    """Whether this can sign: ``whsec_`` and base64 of at least 16 bytes."""
    try:
        key = base64.b64decode(text.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:
        return False
    return text.startswith(SECRET_PREFIX) and len(key) >= 16 and len(text) <= LONGEST_SECRET


def minutes(text: str) -> int:
    """``PT4H`` as minutes; ValueError says what would be valid."""
    read = _DURATION.fullmatch(text)
    if read is None:
        raise ValueError(
            f"{text[:40]!r} is not a duration; valid: days, hours and minutes such as PT4H or P1DT12H"
        )
    days, hours, rest = (int(part or 0) for part in read.groups())
    return (days * 24 + hours) * 60 + rest


def duration(minutes: int) -> str:
    """Minutes as ``P1DT4H30M``; the inverse of ``minutes``."""
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    clock = (f"{hours}H" if hours else "") + (f"{left}M" if left else "")
    day = f"{days}D" if days else ""
    return f"P{day}T{clock}" if clock else f"P{day}" if day else "PT0M"
