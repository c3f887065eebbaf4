"""Tell the operators that a scheduled run has failed: one mail a day for one and the same failure.

Watchers' alerts take their way through the ledger; this mail does not, for the ledger may be what failed.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from servanda.alerts.channels.dkim_signing import DkimSigner
from servanda.alerts.channels.mail_sender import sender_from_url
from servanda.alerts.formats.mail import Mail
from servanda.alerts.formats.mime import MailHeaders, compose
from servanda.compliance.watchers import Profile, Watcher
from servanda.jobs.bootstrap.settings import Settings, read_settings
from servanda.jobs.bootstrap.system import SystemClock
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.bootstrap.wiring import dkim_signer, wire
from servanda.models.delivery.watchers import watchers
from servanda.models.polls import route_health as health

log = logging.getLogger(__name__)

READING_DAG = "collect"
"""The DAG whose runs read sources."""


@dataclass(frozen=True, slots=True)
class FailedRun:
    """What is told of a run. ``sources``: the routes that failed in it, each with its reason."""

    dag: str
    run: str
    reason: str
    sources: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """The same for the same failure, whatever the run."""
        named = "\n".join((self.dag, *(s.partition(": ")[0] for s in self.sources)))
        return hashlib.sha256(named.encode()).hexdigest()[:16]


def mail_operator(context: Mapping[str, Any]) -> None:
    """Airflow's ``on_failure_callback``; never raises, for nobody is there to hear it."""
    try:
        settings = read_settings()
        dag = context["dag"].dag_id
        replay, recipients, sources = _known(settings, _read_since(dag, context))
        if replay:
            return
        run = FailedRun(dag, str(context["run_id"]), str(context.get("reason")), sources)
        for recipient in recipients:
            mail_failure_to(settings, run, recipient)
    except Exception:
        log.exception("the operators could not be told of a failed run")


def mail_failure_to(settings: Settings, run: FailedRun, operator: Watcher) -> bool:
    """Mail one operator, unless told of the same today; True if mailed. DeliveryError where it cannot be."""
    now = SystemClock().now()
    domain = settings.mail_from.rpartition("@")[2] or "localhost"
    message_id = f"<failed.{now:%Y%m%d}.{run.digest}.w{operator.id}@{domain}>"
    told = settings.outbox / "operator" / f"{now:%Y-%m-%d}-{run.dag}-{run.digest}-w{operator.id}.told"
    if told.exists():
        return False
    content = compose(
        failure_mail(run),
        sender=settings.mail_from,
        watcher=operator,
        message_id=message_id,
        date=now,
        headers=MailHeaders(signer=_signer(settings)),
    )
    with sender_from_url(settings.smtp_url, settings.outbox) as sender:
        sender.deliver(content, settings.mail_from, operator.address)
    _mark(told)
    return True


def _signer(settings: Settings) -> DkimSigner | None:
    """A key that cannot sign does not keep the operators from being told."""
    try:
        return dkim_signer(settings)
    except UsageError as error:
        log.warning("the mail to the operators is not signed: %s", error)
        return None


def failure_mail(run: FailedRun) -> Mail:
    """What is known, and what to do."""
    lines = list(_lines(run))
    return Mail(
        subject=f"Servanda: a run of {run.dag} failed",
        text="\n".join(lines) + "\n",
        html="".join(f"<p>{escape(line)}</p>\n" for line in lines if line),
    )


def _lines(run: FailedRun) -> Iterator[str]:
    yield f"The run {run.run} of {run.dag} failed ({run.reason})."
    if run.sources:
        yield ""
        yield "Routes that could not be read in it; what the others gave was recorded, judged and mailed:"
        yield from (f"- {source}" for source in run.sources)
    yield ""
    yield "Airflow's page shows the run, its tasks and their logs; `servanda coverage` shows the routes."
    yield "You get this because you are an operator. The same failure is told once a day."


def _read_since(dag: str, context: Mapping[str, Any]) -> datetime | None:
    """When the run began to read sources; None where it reads none, or Airflow does not say when it began.

    A source that fails is no news in the mail about a run that failed for another reason.
    """
    if dag != READING_DAG:
        return None
    began: datetime | None = getattr(context.get("dag_run"), "start_date", None)
    return began


def _known(settings: Settings, since: datetime | None) -> tuple[bool, list[Watcher], tuple[str, ...]]:
    """Whether the database is a replay, who is to be told, and which routes failed since the run began."""
    fallback = [Watcher(0, settings.operator, profile=Profile(operator=True))]
    try:
        with wire(settings=settings) as wiring, wiring.store.reading() as db:
            operators = [w for w in watchers(db) if w.profile.operator and w.active]
            sources = [source.id for source in wiring.catalogue.sources]
            failed = health.failed_since(db, sources, since) if since is not None else []
            replay = wiring.replay
    except Exception:
        log.exception("the ledger cannot be read")
        return False, fallback, ()
    return replay, operators or fallback, tuple(f"{s}/{route}: {failure}" for s, route, failure in failed)


def _mark(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
