"""What the replay asks of its database beside the jobs: the mails that went out, and where they came from."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as policy

from sqlalchemy import Connection, select

from servanda.models import tables
from servanda.models.archive.location import RecordLocation


@dataclass(frozen=True, slots=True)
class SentMail:
    """One mail to one watcher, as it was sent."""

    envelope: int
    alert: int
    kind: str
    recipient: str
    message_id: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        """Its plain part."""
        part = self.message.get_body(("plain",))
        return str(part.get_content()) if part is not None else ""


def sent_mails(db: Connection, *, after: int = 0) -> list[SentMail]:
    """The mails sent, in their order, from the one behind envelope ``after`` on."""
    envelope, alert, told = tables.envelope.c, tables.alert.c, tables.told.c
    query = (
        select(envelope.id, told.alert, alert.kind, envelope.recipient, envelope.message_id, envelope.bytes)
        .join(tables.told, told.envelope == envelope.id)
        .join(tables.alert, alert.id == told.alert)
        .where(envelope.id > after, envelope.state == "sent")
        .order_by(envelope.id)
    )
    return [SentMail(r.id, r.alert, r.kind, r.recipient, r.message_id, r.bytes) for r in db.execute(query)]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the coverage that a verdict of a source rests on came from, down to the bytes of one page."""

    verdict: int
    value: str
    coverage: int
    basis: str
    covered: tuple[str, str]
    poll: int
    route: str
    exchange: int
    url: str
    sha256: str
    place: RecordLocation


def trace_origin(db: Connection, alert: int, source: str) -> Origin:
    """From an alert about a verdict to the newest reading of a source that had been recorded by then."""
    told, judged, covered = tables.alert.c, tables.verdict.c, tables.coverage.c
    poll, exchange = tables.poll.c, tables.exchange.c
    query = (
        select(
            judged.id.label("verdict"), judged.value, covered.id.label("coverage"), covered.basis,
            covered.from_at, covered.until_at, poll.id.label("poll"), poll.route,
            exchange.id.label("exchange"), exchange.url, exchange.sha256,
            exchange.archive_file, exchange.archive_offset, exchange.archive_length,
        )
        .select_from(tables.alert)
        .join(tables.verdict, judged.id == told.cause)
        .join(tables.coverage, covered.known_at <= judged.known_at)
        .join(tables.poll, poll.id == covered.poll)
        .join(tables.exchange, exchange.poll == poll.id)
        .where(told.id == alert, told.cause_kind == "verdict", covered.source == source)
        .where(exchange.document.is_(None), exchange.status == 200)
        .order_by(covered.id.desc(), exchange.id.desc())
        .limit(1)
    )  # fmt: skip
    row = db.execute(query).one()
    return Origin(
        verdict=row.verdict,
        value=row.value,
        coverage=row.coverage,
        basis=row.basis,
        covered=(row.from_at.isoformat(), row.until_at.isoformat()),
        poll=row.poll,
        route=row.route,
        exchange=row.exchange,
        url=row.url,
        sha256=row.sha256,
        place=RecordLocation(row.archive_file, row.archive_offset, row.archive_length),
    )
