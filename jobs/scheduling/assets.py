"""What our DAGs tell each other, and their names in an Airflow that others may use.

An Airflow holds each DAG id, asset name and asset URI once, whoever brought it: ``SERVANDA_DAG_PREFIX``
stands before all of ours.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import Asset, AssetAlias, AssetWatcher, CronTriggerTimetable

from servanda.jobs.bootstrap.settings import read_settings
from servanda.jobs.scheduling.deadline_trigger import NextDeadline
from servanda.jobs.scheduling.failure_mail import mail_operator
from servanda.jobs.scheduling.timetable import CRON

PREFIX = read_settings().dag_prefix

EVIDENCE = Asset(f"{PREFIX}evidence", uri=f"servanda://{PREFIX}evidence")
"""Something was collected that a verdict may rest on."""

ALERTS = Asset(f"{PREFIX}alerts", uri=f"servanda://{PREFIX}alerts")
"""Something is worth telling."""

BOUNDARY = Asset(
    f"{PREFIX}boundary",
    uri=f"servanda://{PREFIX}boundary",
    watchers=[AssetWatcher(name=f"{PREFIX}next_deadline", trigger=NextDeadline())],
)
"""An instant passed at which time alone changes an answer."""

EVIDENCE_ALIAS = AssetAlias(f"{PREFIX}evidence")
ALERTS_ALIAS = AssetAlias(f"{PREFIX}alerts")
"""A task emits an event only where it has news; an asset among its outlets would always get one."""


def by_the_clock(dag: str) -> CronTriggerTimetable:
    """When a DAG runs by the clock. A first start may be late by a second at most: it must not catch up on a
    round beside the one that was asked for. Airflow would, for a tenth of the time between two rounds."""
    return CronTriggerTimetable(CRON[dag], timezone="UTC", run_immediately=timedelta(seconds=1))


SHARED: dict[str, Any] = {
    "catchup": False,
    "max_active_runs": 1,
    "default_args": {"retries": 2, "retry_delay": timedelta(seconds=10)},
    "on_failure_callback": mail_operator,
}
"""How each of our DAGs runs: one at a time, tried again, and its failure is mailed."""
