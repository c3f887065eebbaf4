"""A monitor in which alerts are simply there, and watchers too: for what becomes of them."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from sqlalchemy import select, text
from support.catalogues import GUARD, feed_route, source

from servanda.alerts.payloads.document_payloads import EvidencePayload
from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.payloads.parts import CommitmentBrief, DocumentBrief, InstrumentBrief, WindowBrief
from servanda.alerts.payloads.payload import Payload
from servanda.alerts.payloads.window_payloads import WindowVerdict
from servanda.compliance.publication import PublicationTime
from servanda.compliance.vocabulary import Condition, Phase, VerdictValue
from servanda.compliance.watchers import Profile, State, Subscription
from servanda.jobs.alerting.window_alerts import new_alert
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.delivery.dispatch import Transports
from servanda.jobs.delivery.envelopes import write_envelopes
from servanda.jobs.delivery.routing import route_alerts
from servanda.jobs.delivery.sending import SenderSetup
from servanda.jobs.delivery.silences import end_expired_silences
from servanda.models import tables
from servanda.models.alerts import alerts as alert_rows
from servanda.models.delivery import watchers

NOW = datetime(2019, 6, 20, 15, tzinfo=UTC)
"""A Thursday, eleven in Washington."""

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
INSTRUMENT = InstrumentBrief(
    "us-mexico-2019",
    "U.S.-Mexico Joint Declaration",
    "https://www.state.gov/us-mexico-joint-declaration/",
    date(2019, 6, 7),
    "America/New_York",
)
COMMITMENT = CommitmentBrief("national-guard", GUARD, "one_off")
WINDOW = WindowBrief(
    "further-actions-90d",
    "Further actions",
    "7 June 2019 + 90 calendar days",
    "America/New_York",
    datetime(2019, 6, 7, 4, tzinfo=UTC),
    datetime(2019, 9, 6, 4, tzinfo=UTC),
    datetime(2019, 9, 7, 10, tzinfo=UTC),
)
QUIET = Profile(heartbeat="never")


def evidence(title: str = "Guard deployed", *, window: WindowBrief | None = None) -> EvidencePayload:
    page = f"https://press.example/{title.lower().replace(' ', '-')}"
    return EvidencePayload(
        INSTRUMENT, COMMITMENT, window, DocumentBrief(1, title, page, PublicationTime.instant(NOW, "UTC")),
        "Press of the State Department", "Department of State", "en", (f"{title}: it says so.",), 1.0, (),
        "ab" * 32,
    )  # fmt: skip


def flag() -> WindowVerdict:
    return WindowVerdict(
        INSTRUMENT, COMMITMENT, WINDOW, Phase.ELAPSED, VerdictValue.UNVERIFIED, VerdictValue.PENDING, False,
        Condition.UNKNOWN, (), (), (), (), (), None, False, "evidence counts by a person's review",
    )  # fmt: skip


class Post:
    """``tell`` makes alerts, ``run`` does what notify does before it sends, ``mails`` are the envelopes."""

    def __init__(self, monitor: Any, slug: str = "us-state") -> None:
        self.monitor = monitor
        monitor.catalogue({slug: source(slug, feed_route(f"{monitor.site.url}/feed/"))})
        self._made = 0

    def watcher(
        self,
        address: str,
        *subscriptions: Subscription,
        profile: Profile = QUIET,
        since: datetime = NOW - 30 * DAY,
        state: State = "active",
    ) -> int:
        with self.monitor.at(since) as wiring, wiring.store.writing() as db:
            watcher, _ = watchers.add_watcher(db, address, since)
            watchers.set_profile(db, watcher, profile, since)
            watchers.set_standing(db, watcher, state, "test", "", since)
            for one in subscriptions or (Subscription(),):
                watchers.subscribe(db, watcher, one, since)
        return watcher

    def tell(
        self,
        now: datetime,
        payload: Payload | None = None,
        kind: AlertKind = AlertKind.NEW_EVIDENCE,
        *,
        subject: str = "commitment:national-guard",
        instrument: str | None = "us-mexico-2019",
    ) -> int:
        """A new alert; its id."""
        return self._record(now, [(kind, payload or evidence(), subject, instrument)])

    def tell_of(self, now: datetime, number: int) -> None:
        """So many alerts: ``Release 0``, ``Release 1`` …"""
        kind = AlertKind.NEW_EVIDENCE
        said = [evidence(f"Release {n}") for n in range(number)]
        self._record(now, [(kind, one, "commitment:national-guard", "us-mexico-2019") for one in said])

    def _record(self, now: datetime, made: list[tuple[AlertKind, Payload, str, str | None]]) -> int:
        with self.monitor.at(now) as wiring, wiring.store.writing() as db:
            for kind, payload, subject, instrument in made:
                self._made += 1
                key = f"made-{self._made}"
                alert = new_alert(
                    kind, key, payload, subject=subject, instrument=instrument, cause=("poll", 1), now=now
                )
                assert alert_rows.record_alert(db, alert)
            return alert_rows.newest_ids(db, 1)[0]

    def flag(self, now: datetime, kind: AlertKind = AlertKind.WINDOW_ENDED) -> int:
        return self.tell(now, flag(), kind, subject="window:further-actions-90d")

    def run(self, now: datetime) -> int:
        """Returns how many envelopes were written."""
        with self.monitor.at(now) as wiring:
            end_expired_silences(wiring.ledger)
            route_alerts(wiring.ledger, wiring.catalogue)
            return write_envelopes(wiring.ledger, wiring.catalogue, wiring.letterhead)

    def rows(self, query: str, **named: Any) -> list[Any]:
        with self.monitor.at() as wiring, wiring.store.reading() as db:
            return [tuple(row) for row in db.execute(text(query), named)]

    def mails(self, address: str | None = None) -> list[EmailMessage]:
        """In the order in which they were written."""
        query = select(tables.envelope.c.bytes).order_by(tables.envelope.c.id)
        if address is not None:
            query = query.where(tables.envelope.c.recipient == address)
        with self.monitor.at() as wiring, wiring.store.reading() as db:
            found = [bytes(row.bytes) for row in db.execute(query)]
        return [email.message_from_bytes(content, policy=email.policy.default) for content in found]  # type: ignore[misc]

    def texts(self, address: str | None = None) -> list[str]:
        return [text_of(mail) for mail in self.mails(address)]

    def omitted(self) -> list[tuple[str, str]]:
        """Who was not told after all, and why, in the order in which that was said."""
        query = (
            "SELECT w.address, t.omitted FROM told t JOIN watcher w ON w.id = t.watcher "
            "WHERE t.envelope IS NULL ORDER BY t.known_at, t.alert, t.watcher"
        )
        return [(row[0], row[1]) for row in self.rows(query)]


def sender_setup(wiring: Wiring) -> SenderSetup:
    """What notify sends with."""
    settings = wiring.settings
    return SenderSetup(
        ledger=wiring.ledger,
        transports=Transports(wiring.sender, wiring.webhook, wiring.chat, settings.mail_from),
        letterhead=wiring.letterhead,
        locks=settings.outbox / "senders",
        mail_rate=settings.smtp_rate,
        suspend_after=settings.suspend_after,
    )


def text_of(mail: EmailMessage) -> str:
    """The words of a mail, without its line breaks."""
    body = mail.get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


def subjects(mails: Iterable[EmailMessage]) -> list[str]:
    return [str(mail["Subject"]).removeprefix("REPLAY – reconstructed: ") for mail in mails]
