"""Note what was seen of a document, with the alerts that this makes necessary, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from servanda.compliance.document_history import HistoryStep, Observation, derive_history, is_withdrawn
from servanda.compliance.recheck_times import GONE_RECHECK_AFTER
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.alerting.document_alerts import DocumentStep, change_alerts, combined_change_alerts
from servanda.models.alerts import alerts as alert_rows
from servanda.models.documents import recheck_queue as reread
from servanda.models.documents.observations import observations, record_observation


@dataclass(frozen=True, slots=True)
class ObservationOutcome:
    """What became of a document by a look at it: all looks, the last one being this, the history that they
    show, the steps that this one made known, and how many alerts tell them."""

    looks: tuple[Observation, ...]
    history: tuple[HistoryStep, ...]
    steps: tuple[HistoryStep, ...]
    alerts: int

    @property
    def gone(self) -> bool:
        return self.looks[-1].state == "gone"

    @property
    def first_seen_at(self) -> datetime:
        """Of a document that was seen."""
        return min(look.at for look in self.looks if look.state == "seen")

    def shows(self, kind: str) -> bool:
        return any(step.kind == kind for step in self.steps)


def record_seen(
    db: Connection,
    catalogue: Catalogue,
    document: int,
    version: int,
    exchange: int,
    at: datetime,
    *,
    now: datetime,
    first: bool = False,
    together: list[DocumentStep] | None = None,
) -> ObservationOutcome:
    """A version was seen in an exchange, ``at`` that moment. ``first``: nobody has looked at the document
    before.

    ``together``: where to put what is told of several documents at once, by ``record_combined_alerts``.
    """
    observation = record_observation(db, document, version, exchange, "seen", at)
    if first:
        look = Observation(observation, at, "seen", version)
        return ObservationOutcome((look,), derive_history((look,)), (), 0)
    return _noted(db, catalogue, document, observation, together, now)


def record_gone(
    db: Connection,
    catalogue: Catalogue,
    document: int,
    exchange: int,
    at: datetime,
    *,
    now: datetime,
    together: list[DocumentStep] | None = None,
) -> ObservationOutcome:
    """A document was seen gone in an exchange. As long as that may be a mishap, it is asked for again an hour
    later; of one that was never read nobody is told."""
    observation = record_observation(db, document, None, exchange, "gone", at)
    noted = _noted(db, catalogue, document, observation, together, now)
    if not is_withdrawn(noted.history):
        reread.due_sooner(db, document, at + GONE_RECHECK_AFTER)
    return noted


def record_combined_alerts(
    db: Connection, catalogue: Catalogue, together: Sequence[DocumentStep], now: datetime
) -> int:
    """Write the alerts of documents of one source that were withdrawn, or are back, by looks of one
    transaction: one for all of a kind. Returns how many."""
    alerts = combined_change_alerts(db, catalogue, together, now)
    return sum(alert_rows.record_alert(db, alert) for alert in alerts)


def _noted(
    db: Connection,
    catalogue: Catalogue,
    document: int,
    observation: int,
    together: list[DocumentStep] | None,
    now: datetime,
) -> ObservationOutcome:
    looks = tuple(observations(db, document))
    every = derive_history(looks)
    steps = tuple(step for step in every if step.observation == observation and step.kind != "published")
    alone = [step for step in steps if together is None or step.kind == "edited"]
    if together is not None:
        together += [(document, step) for step in steps if step not in alone]
    alerts = [alert for step in alone for alert in change_alerts(db, catalogue, document, step, now)]
    return ObservationOutcome(
        looks, every, steps, sum(alert_rows.record_alert(db, alert) for alert in alerts)
    )
