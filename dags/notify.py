"""Mail what is worth telling: when there are new alerts, and every quarter of an hour what was put off."""

from __future__ import annotations

from airflow.sdk import AssetOrTimeSchedule, dag, task
from airflow.sdk.exceptions import AirflowFailException

from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.delivery.mail_trouble import require_mail
from servanda.jobs.notify import notify as send_alerts
from servanda.jobs.scheduling.assets import ALERTS, PREFIX, SHARED, by_the_clock
from servanda.jobs.scheduling.heartbeat import on_schedule, renew_heartbeat
from servanda.jobs.scheduling.runs import refuse_replay


@dag(
    dag_id=f"{PREFIX}notify",
    schedule=AssetOrTimeSchedule(timetable=by_the_clock("notify"), assets=ALERTS),
    doc_md=__doc__,
    **SHARED,
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
            require_mail(wiring.ledger)

    send()


notify()
