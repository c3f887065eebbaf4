"""Read the sources: at 05:17 UTC all of them, every half hour those that are due, and those asked for.

A failed source makes the run failed; what the others gave is judged and mailed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from airflow.sdk import Param, dag, task
from airflow.sdk.exceptions import AirflowFailException, AirflowRescheduleException

from servanda.jobs.bootstrap.settings import read_settings
from servanda.jobs.scheduling.assets import (
    ALERTS,
    ALERTS_ALIAS,
    EVIDENCE,
    EVIDENCE_ALIAS,
    PREFIX,
    SHARED,
    by_the_clock,
)
from servanda.jobs.scheduling.heartbeat import on_schedule, renew_heartbeat
from servanda.jobs.scheduling.requests import collect_form, list_choices
from servanda.jobs.scheduling.runs import pending_work_since, plan_run, try_order


@dag(
    dag_id=f"{PREFIX}collect",
    schedule=by_the_clock("collect"),
    params={name: Param(**field) for name, field in collect_form(list_choices(read_settings())).items()},
    doc_md=__doc__,
    **(SHARED | {"max_active_runs": 34}),
)
def collect() -> None:
    @task(retries=0)
    def plan(dag_run: Any = None) -> list[dict[str, Any]]:
        scheduled_at = dag_run.logical_date if dag_run.run_type == "scheduled" else None
        with on_schedule("collect", ends=False) as wiring:
            return plan_run(wiring, dag_run.conf or {}, scheduled_at, dag_run.run_after)

    # Not all workers: the others are left to those who judge, mail, and plan.
    @task(map_index_template="{{ task.op_kwargs['order']['source'] }}", max_active_tis_per_dag=4)
    def poll(order: dict[str, Any]) -> None:
        with on_schedule("collect", ends=False) as wiring:
            print(outcome := try_order(wiring, order, renew_heartbeat("collect")))
        if isinstance(outcome, datetime):  # another run reads its host: no failure, and its worker is free
            raise AirflowRescheduleException(outcome)
        if outcome.failed:  # recorded; read again when it is due, so not retried here
            raise AirflowFailException("; ".join(outcome.failures))

    @task(trigger_rule="all_done", outlets=[EVIDENCE_ALIAS, ALERTS_ALIAS])
    def record(dag_run: Any = None, params: Any = None, outlet_events: Any = None) -> None:
        with on_schedule("collect") as wiring:
            news = pending_work_since(wiring, dag_run.start_date)
        if news.calls_for_assessment and not params["dry_run"]:
            outlet_events[EVIDENCE_ALIAS].add(EVIDENCE, extra={"new": news.evidence})
        if news.alerts and not params["dry_run"]:
            outlet_events[ALERTS_ALIAS].add(ALERTS, extra={"new": news.alerts})

    @task
    def all_sources_answered() -> None:
        """Makes a run with a failed source a failed run, though the others' evidence goes on."""

    poll.expand(order=plan()) >> [record(), all_sources_answered()]


collect()
