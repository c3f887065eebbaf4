"""Judge the windows: on new evidence, daily at 05:40 UTC, and whenever time alone changes an answer.

``next_deadline`` wakes it within seconds of a window's end, of its final word and of reminders; the daily run
is the net below. With "as of", or dry, the answer stands in the log and nothing is recorded.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import (
    Asset,
    AssetAlias,
    AssetOrTimeSchedule,
    AssetWatcher,
    CronTriggerTimetable,
    Param,
    dag,
    task,
)  # fmt: skip
from airflow.sdk.exceptions import AirflowFailException

from servanda.jobs.bootstrap.wiring import UsageError, read_settings
from servanda.jobs.scheduling.deadline_trigger import NextDeadline
from servanda.jobs.scheduling.failure_mail import mail_operator
from servanda.jobs.scheduling.heartbeat import CRON, on_schedule
from servanda.jobs.scheduling.requests import assess_form, choices
from servanda.jobs.scheduling.runs import judge_round, news_since

EVIDENCE = Asset("evidence", uri="servanda://evidence")
ALERTS = Asset("alerts", uri="servanda://alerts")
WATCHER = AssetWatcher(name="next_deadline", trigger=NextDeadline())
BOUNDARY = Asset("boundary", uri="servanda://boundary", watchers=[WATCHER])
DAILY = CronTriggerTimetable(CRON["assess"], timezone="UTC")


@dag(
    schedule=AssetOrTimeSchedule(timetable=DAILY, assets=(EVIDENCE | BOUNDARY)),
    catchup=False,
    max_active_runs=1,
    params={name: Param(**field) for name, field in assess_form(choices(read_settings())).items()},
    default_args={"retries": 2, "retry_delay": timedelta(seconds=10)},
    on_failure_callback=mail_operator,
    doc_md=__doc__,
)
def assess() -> None:
    @task(outlets=[AssetAlias("alerts")])
    def judge(dag_run: Any = None, outlet_events: Any = None) -> None:
        with on_schedule("assess") as wiring:
            try:
                outcome = judge_round(wiring, dag_run.conf or {})
            except UsageError as error:
                raise AirflowFailException(str(error)) from error
            news = news_since(wiring, dag_run.start_date)
        print(*outcome.lines, sep="\n")
        if news.alerts:
            outlet_events[AssetAlias("alerts")].add(ALERTS, extra={"new": news.alerts})

    judge()


assess()
