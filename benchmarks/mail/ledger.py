"""A ledger in which a window has just ended and nobody was told yet; everyone watches it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import insert, select

from benchmarks.mail.kept import SENDER, keep_mails
from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.payloads.parts import CommitmentBrief, InstrumentBrief, WindowBrief
from servanda.alerts.payloads.window_payloads import WindowVerdict
from servanda.compliance.vocabulary import Condition, Duty, Phase, VerdictValue
from servanda.jobs.alerting.window_alerts import new_alert
from servanda.jobs.bootstrap.settings import Settings
from servanda.jobs.bootstrap.wiring import Wiring, wire
from servanda.jobs.delivery.envelopes import write_envelopes
from servanda.jobs.delivery.routing import route_alerts
from servanda.models import tables
from servanda.models.alerts import alerts as alert_rows

ENDED_AT = datetime(2019, 9, 6, 4, tzinfo=UTC)
JOINED_AT = datetime(2019, 9, 1, tzinfo=UTC)
ZONE = "America/New_York"


def settings(folder: Path, port: int) -> Settings:
    return Settings(
        database_url=f"sqlite:///{folder}/servanda.db",
        archive=folder / "archive",
        cache=folder / "cache",
        outbox=folder / "outbox",
        smtp_url=f"smtp://127.0.0.1:{port}",
        mail_from=SENDER,
    )


@contextmanager
def opened(folder: Path, port: int) -> Iterator[Wiring]:
    with wire(now=ENDED_AT, opening="create", settings=settings(folder, port)) as wiring:
        yield wiring


def prepare(folder: Path, watchers: int) -> None:
    """Make the ledger in ``folder``."""
    with opened(folder, 1) as wiring, wiring.store.writing() as db:
        every = range(1, watchers + 1)
        db.execute(insert(tables.watcher), [_watcher(n) for n in every])
        db.execute(insert(tables.profile), [_profile(n) for n in every])
        db.execute(insert(tables.standing), [_standing(n) for n in every])
        db.execute(insert(tables.subscription), [_subscription(n) for n in every])
        alert_rows.record_alert(db, _flag())


def keep_what_it_says(folder: Path) -> None:
    """Leave in ``folder`` the mails that the ledger in it leads to; that ledger is used up by it."""
    with opened(folder, 1) as wiring:
        route_alerts(wiring.ledger, wiring.catalogue)
        write_envelopes(wiring.ledger, wiring.catalogue, wiring.letterhead)
        rows = tables.envelope.c
        with wiring.store.reading() as db:
            found = db.execute(select(rows.recipient, rows.bytes).order_by(rows.id))
            keep_mails(folder / "mails", ((r.recipient, r.bytes) for r in found))


def _watcher(n: int) -> dict[str, object]:
    return {
        "id": n,
        "address": f"w{n}@example.org",
        "channel": "mail",
        "key": f"key-{n}",
        "known_at": JOINED_AT,
    }


def _profile(n: int) -> dict[str, object]:
    return {
        "watcher": n, "name": f"Watcher {n}", "language": "es" if n % 4 == 0 else "en", "zone": ZONE,
        "hour": 8, "weekday": 0, "heartbeat": "never", "operator": False, "analyst": False,
        "known_at": JOINED_AT,
    }  # fmt: skip


def _standing(n: int) -> dict[str, object]:
    return {"watcher": n, "state": "active", "by": "benchmark", "reason": "", "known_at": JOINED_AT}


def _subscription(n: int) -> dict[str, object]:
    return {
        "watcher": n, "slug": "all", "active": True, "instruments": [], "commitments": [], "parties": [],
        "kinds": [], "severity": "info", "frequency": "at_once", "unacknowledged_after": None,
        "known_at": JOINED_AT,
    }  # fmt: skip


def _flag() -> alert_rows.NewAlert:
    """The flag of a window, of about the size that a real one has."""
    instrument = InstrumentBrief(
        "us-mexico-2019", "U.S.-Mexico Joint Declaration", "https://www.state.example/declaration/",
        date(2019, 6, 7), ZONE,
    )  # fmt: skip
    quote = (
        "the terms of additional understandings, to be completed and announced within 90 days, if necessary."
    )
    window = WindowBrief(
        "further-actions-90d", "Further actions announced within 90 days",
        "7 June 2019 + 90 calendar days, day of publication not counted, America/New_York: "
        "ends 5 September 2019 23:59:59",
        ZONE, datetime(2019, 6, 7, 4, tzinfo=UTC), ENDED_AT, datetime(2019, 9, 8, 4, tzinfo=UTC),
        "if necessary",
    )  # fmt: skip
    payload = WindowVerdict(
        instrument, CommitmentBrief("further-actions", quote, "conditional"), window, Phase.ELAPSED,
        VerdictValue.UNVERIFIED, VerdictValue.PENDING, False, Condition.UNKNOWN,
        tuple(Duty("unread", "mx-sre", f"document {n} listed but not read: Nota {n}") for n in range(5)),
        (), (), (), (), None, False, "evidence counts by a person's review",
    )  # fmt: skip
    return new_alert(
        AlertKind.WINDOW_ENDED, "benchmark", payload, subject="window:further-actions-90d",
        instrument="us-mexico-2019", cause=("verdict", 1), now=ENDED_AT,
    )  # fmt: skip
