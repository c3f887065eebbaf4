"""Killed exactly between the storing of a mail and its 250: the one moment at which nobody can know."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fault_injection.crashes.baseline import prepare_waiting
from fault_injection.crashes.forking import Ended, Forker, forker, kill_group
from fault_injection.crashes.mail_server import MailServer, Stored
from fault_injection.crashes.places import Databases, Place, copied
from fault_injection.crashes.scene import BEGUN_AT, Site


@dataclass(frozen=True, slots=True)
class Between:
    """How often each mail came, by its Message-ID; which came with other bytes; what one more run sent."""

    database: str
    kills: int
    times: Mapping[str, int]
    changed: tuple[str, ...]
    sent_after: int
    broken: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        twice = len(self.times) == self.kills and set(self.times.values()) == {2}
        return twice and not (self.changed or self.sent_after or self.broken)


class _Killer:
    """Kills a run as soon as a mail is stored that was not stored before, and before its 250."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._group = 0
        self._known = threading.Event()

    def begin(self) -> None:
        self._known.clear()

    def meanwhile(self, group: int) -> None:
        self._group = group
        self._known.set()

    def stored(self, mail: Stored) -> None:
        if mail.message_id not in self._seen:
            self._seen.add(mail.message_id)
            self._known.wait()
            kill_group(self._group)


def kill_between(databases: Databases, folder: Path, *, kills: int) -> Between:
    """As many mails as kills. Each run sends what is in doubt again, and dies of the next mail."""
    site, killer = Site(BEGUN_AT), _Killer()
    mail = MailServer(on_stored=killer.stored)
    with site.running(), mail.running(), forker() as hands:
        base = prepare_waiting(folder / "base", site, databases, kills)
        try:
            with copied(base, databases, folder / "copy", mail.url) as place:
                ended = [_run(hands, place, killer) for _ in range(kills)]
                last = _run(hands, place, killer)
                came = list(mail.stored)
                more = _run(hands, place, killer)
        finally:
            databases.drop(base.database_url)
    broken = [one.printed for one in ended if not one.was_killed]
    broken += [one.printed for one in (last, more) if one.code != 0]
    contents = Counter(message_id for message_id, _ in {(s.message_id, s.content) for s in came})
    return Between(
        database=databases.name,
        kills=kills,
        times=Counter(stored.message_id for stored in came),
        changed=tuple(sorted(one for one, n in contents.items() if n > 1)),
        sent_after=len(mail.stored) - len(came),
        broken=tuple(broken),
    )


def _run(hands: Forker, place: Place, killer: _Killer) -> Ended:
    killer.begin()
    printed = place.folder / "printed.txt"
    return hands.run(["notify"], place.environment(), printed, meanwhile=killer.meanwhile)
