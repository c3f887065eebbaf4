"""Judge the windows: on new evidence, daily at 05:40 UTC, and whenever time alone changes an answer.

``next_deadline`` wakes it within seconds of a window's end, of its final word and of reminders; the daily run
is the net below. With "as of", or dry, the answer stands in the log and nothing is recorded.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import AssetOrTimeSchedule, Param, dag, task
from airflow.sdk.exceptions import AirflowFailException

from servanda.jobs.bootstrap.settings import read_settings
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.scheduling.assets import (
    ALERTS,
    ALERTS_ALIAS,
    BOUNDARY,
    EVIDENCE,
    PREFIX,
    SHARED,
    by_the_clock,
)
from servanda.jobs.scheduling.heartbeat import on_schedule
from servanda.jobs.scheduling.requests import assess_form, list_choices
from servanda.jobs.scheduling.runs import assess_run, pending_work_since


@dag(
    dag_id=f"{PREFIX}assess",
    schedule=AssetOrTimeSchedule(timetable=by_the_clock("assess"), assets=(EVIDENCE | BOUNDARY)),
    params={name: Param(**field) for name, field in assess_form(list_choices(read_settings())).items()},
    doc_md=__doc__,
    **SHARED,
)
def assess() -> None:
    @task(outlets=[ALERTS_ALIAS])
    def judge(dag_run: Any = None, outlet_events: Any = None) -> None:
        with on_schedule("assess") as wiring:
            try:
                outcome = assess_run(wiring, dag_run.conf or {})
            except UsageError as error:
                raise AirflowFailException(str(error)) from error
            news = pending_work_since(wiring, dag_run.start_date)
        print(*outcome.lines, sep="\n")
        if news.alerts:
            outlet_events[ALERTS_ALIAS].add(ALERTS, extra={"new": news.alerts})

    judge()


assess()
