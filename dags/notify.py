"""Mail what is worth telling: when there are new alerts, and every quarter of an hour what was put off."""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, task
from airflow.sdk.exceptions import AirflowFailException

from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.notify import notify as send_alerts
from servanda.jobs.scheduling.assets import ALERTS, PREFIX
from servanda.jobs.scheduling.failure_mail import mail_operator
from servanda.jobs.scheduling.heartbeat import on_schedule, renew_heartbeat
from servanda.jobs.scheduling.runs import refuse_replay
from servanda.jobs.scheduling.timetable import CRON

QUARTER_HOURLY = CronTriggerTimetable(CRON["notify"], timezone="UTC")


@dag(
    dag_id=f"{PREFIX}notify",
    schedule=AssetOrTimeSchedule(timetable=QUARTER_HOURLY, assets=ALERTS),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(seconds=10)},
    on_failure_callback=mail_operator,
    doc_md=__doc__,
)
def notify() -> None:
    @task
    def send() -> None:
        with on_schedule("notify") as wiring:
            try:
                refuse_replay(wiring)
            except UsageError as error:
                raise AirflowFailException(str(error)) from error
            print(send_alerts(wiring, renew_heartbeat("notify")))

    send()


notify()
