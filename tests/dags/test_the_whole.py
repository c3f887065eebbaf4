"""From a page to a mail, and from an instant to a mail, through the real Airflow.

The tests share one running monitor and stand in the order of its day: started, working, hurt, ended.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from support.catalogues import feed_route, source, write_catalogue
from support.press import GUARD_DEPLOYED
from support.waiting import wait_for
from support.zones import day_beginning_at, write_zone

from servanda.hosting import airflow_api
from servanda.hosting.airflow_api import AirflowApi, ApiError, Run
from servanda.hosting.airflow_services import DEADLINE_TRIGGER
from servanda.hosting.metadata_database import MetadataDatabase
from servanda.hosting.request_bound import MOST_UNFINISHED
from servanda.jobs.watchdog.diagnosis import find_problems
from servanda.jobs.watchdog.heartbeat_files import Heartbeat, read_heartbeats, write_heartbeat

pytestmark = pytest.mark.airflow

ANA, OPERATOR = "ana@example.org", "op@example.org"
PROJECT = Path(__file__).resolve().parents[2]


def mail_about(whole: Any, recipient: str, words: str, seconds: float = 60.0) -> Any:
    """The first mail whose subject holds the words."""
    return wait_for(
        lambda: next((m for m in whole.mailbox.to(recipient) if words in m.subject), None),
        f"a mail about {words!r}; subjects: {[m.subject for m in whole.mailbox.to(recipient)]}",
        seconds,
    )


def words(received: Any) -> str:
    """The text of a mail, its lines joined and its marks of quotation left out."""
    return " ".join(w for w in received.mail.get_body(("plain",)).get_content().split() if w != ">")


def polls(whole: Any, run: Run) -> dict[str | None, str]:
    return {task.name: task.state for task in whole.api.tasks(run) if task.id == "poll"}


def test_the_first_run_shows_what_is_known_and_says_where_everything_is(whole: Any) -> None:
    screen = whole.screen
    assert "us-a: done" in screen
    assert "us-b: failed" in screen
    assert "assess: done" in screen
    assert "notify: done" in screen
    assert "further-actions-90d" in screen
    assert "national-guard" in screen
    assert "not read: us-b/feed: " in screen
    assert "Mails:   sent through 127.0.0.1:" in screen
    assert "No source could be reached" not in screen
    assert len(whole.mailbox.to(ANA)) == 1, "one mail says what is monitored now; the past is no alarm"


def test_new_evidence_is_mailed_although_another_source_fails(
    whole: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    address = whole.office.publish(
        "guard", "National Guard at the southern border", datetime.now(UTC), GUARD_DEPLOYED
    )
    asked_at = datetime.now(UTC)
    run = whole.api.trigger("collect", {})
    mail = wait_for(
        lambda: next((m for m in whole.mailbox.to(ANA) if address in m.mail.as_string()), None),
        "the mail about the new evidence",
    )
    assert "National Guard was deployed along the southern border" in words(mail)
    assert whole.ended(run).state == "failed", "a failed source makes the run failed"
    assert polls(whole, run) == {"us-a": "success", "us-b": "failed"}
    with capsys.disabled():
        print(f"\ncollect triggered → mail about new evidence: {(mail.at - asked_at).total_seconds():.2f} s")


def test_the_operator_is_mailed_about_the_failed_run(whole: Any) -> None:
    mail = mail_about(whole, OPERATOR, "a run of collect failed")
    assert "us-b/feed" in words(mail)
    assert not [m for m in whole.mailbox.to(ANA) if "failed" in m.subject]


def test_each_job_has_left_a_sign_of_life_and_the_watchdog_is_content(whole: Any) -> None:
    """A failed source is no failed round: what the others gave was recorded."""
    found = {one.job: one for one in read_heartbeats(whole.folder / "pulse") if isinstance(one, Heartbeat)}
    assert found.pop("airflow").failure is None
    assert found.keys() == {"collect", "assess", "notify"}
    for pulse in found.values():
        assert (pulse.schedule, pulse.failure) == ("airflow", None)
        assert pulse.ended_at is not None, f"{pulse.job} was done in the first run"
        assert pulse.due_at is not None and pulse.due_at > pulse.at
    assert find_problems(list(found.values()), datetime.now(UTC)) == []


def test_a_field_that_there_is_not_is_refused_without_another_try(whole: Any) -> None:
    run = whole.ended(whole.api.trigger("collect", {"source": ["us-a"]}))
    assert run.state == "failed"
    plan = next(task for task in whole.api.tasks(run) if task.id == "plan")
    assert (plan.state, plan.try_number) == ("failed", 1)
    assert "there is no field 'source'; valid fields: dry_run, instrument, since" in whole.log(run, "plan")


@pytest.mark.parametrize(
    "dag, conf, field",
    [
        ("collect", {"sources": ["us-x"]}, "sources"),
        ("collect", {"since": "June"}, "since"),
        ("collect", {"instrument": "eu-turkey"}, "instrument"),
        ("collect", {"dry_run": "perhaps"}, "dry_run"),
        ("assess", {"as_of": "then"}, "as_of"),
    ],
)
def test_a_value_that_is_not_valid_is_refused_at_the_door(
    whole: Any, dag: str, conf: dict[str, Any], field: str
) -> None:
    with pytest.raises(ApiError) as refused:
        whole.api.trigger(dag, conf)
    assert refused.value.status == 400
    assert field in str(refused.value)


def test_what_is_asked_for_is_what_is_read_and_a_dry_run_keeps_nothing(whole: Any) -> None:
    whole.office.publish("unkept", "Not to be kept", datetime.now(UTC), GUARD_DEPLOYED)
    run = whole.ended(whole.api.trigger("collect", {"sources": ["us-a"], "dry_run": True}))
    assert run.state == "success"
    assert polls(whole, run) == {"us-a": "success"}
    assert whole.api.events(run) == []
    assert whole.site.asked("/unkept/") == [], "a dry run reads the listing, not the documents"


def test_a_judgement_of_the_past_stands_in_the_log(whole: Any) -> None:
    conf = {
        "instrument": "us-mexico-2019",
        "as_of": f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}",
    }
    run = whole.ended(whole.api.trigger("assess", conf))
    assert run.state == "success"
    assert "further-actions-90d: open, pending" in whole.log(run, "judge")


def test_a_login_that_has_expired_is_renewed(whole: Any) -> None:
    api = whole.api
    api._token = "expired"
    assert api.knows("collect")


def test_the_end_of_a_window_is_mailed_within_seconds_and_so_is_the_final_word(
    whole: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    due_at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=15)
    settles_at = due_at + timedelta(seconds=2 + 6)
    declare_window(whole, due_at, lag="PT2S", cadence="PT6S")
    baseline = whole.ended(whole.api.trigger("assess", {}))
    assert baseline.state == "success", whole.log(baseline, "judge")
    assert datetime.now(UTC) < due_at, "this machine is too slow for the test's margin"
    flag = mail_about(whole, ANA, "ended", 60)
    text = words(flag)
    assert "No announcement has been accepted" in text
    assert "Absence is not yet provable" in text
    assert "Test/Soon" in text
    final = wait_for(
        lambda: next(
            (m for m in whole.mailbox.to(ANA) if m.at > flag.at and "soon" in m.mail.as_string()), None
        ),
        "the final word",
    )
    assert flag.at >= due_at
    assert final.at >= settles_at
    late = [(flag.at - due_at).total_seconds(), (final.at - settles_at).total_seconds()]
    with capsys.disabled():
        print(f"\nwindow ended → mail: {late[0]:.2f} s; settled → mail of the final word: {late[1]:.2f} s")
    assert max(late) < 20, "within seconds, with room for a busy machine"


def declare_window(whole: Any, due_at: datetime, *, lag: str, cadence: str) -> None:
    """Put a second instrument into the catalogue, whose window ends with the day before ``due_at``."""
    day, offset = day_beginning_at(due_at)
    write_zone(Path(whole.environment["PYTHONTZPATH"]), "Test/Soon", offset)
    route = feed_route(whole.office.url, cadence=cadence)
    made = write_catalogue(
        whole.folder / "soon",
        {"us-soon": source("us-soon", route, lag=lag)},
        published_on=f"{day - timedelta(days=2)}",
        duration="P1D",
        zone="Test/Soon",
    )
    declaration = made / "declarations" / "us-mexico-2019"
    text = (declaration / "instrument.yml").read_text()
    for old, new in (
        ("us-mexico-2019", "soon"),
        ("further-actions", "soon-actions"),
        ("national-guard", "soon-guard"),
    ):
        text = text.replace(old, new)
    (declaration / "instrument.yml").write_text(text)
    (made / "sources" / "us-soon.yml").rename(whole.catalogue / "sources" / "us-soon.yml")
    declaration.rename(whole.catalogue / "declarations" / "soon")


def test_a_second_start_is_refused(whole: Any) -> None:
    second = subprocess.run(
        (sys.executable, "-m", "servanda.hosting.main"),
        env=whole.environment, cwd=PROJECT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert second.returncode == 3
    assert "already running" in second.stderr


@pytest.mark.parametrize("name", ["scheduler", "triggerer", "postgres"])
def test_a_component_that_was_killed_comes_back(whole: Any, name: str) -> None:
    before = whole.components()[name]
    os.kill(before, signal.SIGKILL)
    wait_for(lambda: whole.components().get(name, before) != before, f"another {name}")
    assert f"{name} ended (exit code -9)" in whole.screen
    run = whole.ended(wait_for(lambda: taken(whole.api, "notify"), "a trigger to be taken", 60), 90)
    assert run.state == "success"


def taken(api: AirflowApi, dag: str) -> Run | None:
    """A run that was asked for; None while the server is away, as it is for the seconds of a restart."""
    try:
        return api.trigger(dag, {})
    except ApiError as error:
        if error.passing:
            return None
        raise


def test_fifty_triggers_at_once_are_taken_or_refused_and_read_as_few_times(
    whole: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(airflow_api, "TIMEOUT_SECONDS", 60.0)  # this machine may be slow
    before, api = whole.components(), whole.api
    assert api.knows("collect")
    read = len(whole.site.asked("/feed"))

    def trigger(_: int) -> Run | int | None:
        try:
            run: Run = api.trigger("collect", {"sources": ["us-a"]})
            return run
        except ApiError as error:
            return error.status

    with ThreadPoolExecutor(50) as together:
        answers = list(together.map(trigger, range(50)))
    runs = [one for one in answers if isinstance(one, Run)]
    assert {one for one in answers if not isinstance(one, Run)} <= {429}
    assert 10 <= len({run.id for run in runs}) <= MOST_UNFINISHED
    assert {whole.ended(run, 120).state for run in runs} == {"success"}
    assert len(whole.site.asked("/feed")) - read <= 5, "one that waits reads for all that wait"
    assert whole.components() == before, "no component has ended"


def test_ctrl_c_ends_everything(whole: Any) -> None:
    assert len(whole.components()) == 5
    assert len(whole.members()) > 5
    whole.process.send_signal(signal.SIGINT)
    assert whole.process.wait(20) == 0
    assert whole.members() == []


def test_what_has_ended_is_missed_two_hours_later_although_nothing_lives_to_say_so(whole: Any) -> None:
    """Its signs of life, as they will look then, and no database either."""
    for one in read_heartbeats(whole.folder / "pulse"):
        assert isinstance(one, Heartbeat)
        earlier = one.at - timedelta(hours=2)
        write_heartbeat(
            whole.folder / "later", replace(one, at=earlier, due_at=earlier + timedelta(minutes=15))
        )
    gone = {"SERVANDA_DATABASE_URL": "sqlite:////nowhere/gone.db", "SERVANDA_PULSE": f"{whole.folder}/later"}
    before = len(whole.mailbox.to(OPERATOR))
    done = subprocess.run(
        (sys.executable, "-m", "servanda.jobs.watchdog", "--memory", str(whole.folder / "watchdog.json")),
        env={**whole.environment, **gone}, cwd=PROJECT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    (mail,) = whole.mailbox.to(OPERATOR)[before:]
    assert mail.subject == "Servanda: something is wrong with assess, collect, notify"


def test_a_second_run_goes_on_with_the_same_data_and_leaves_nothing_even_when_killed(whole: Any) -> None:
    before = len(whole.mailbox.to(ANA))
    leave_the_trigger_of_an_older_version(whole)
    whole.start()
    assert trigger_paths(whole) == [DEADLINE_TRIGGER]
    triggerer = (whole.home / "logs" / "services" / "triggerer.log").read_text()
    assert "failed to load code" not in triggerer, "a triggerer that gave up would not look again"
    assert "us-a: done" in whole.screen
    kept = [m for m in whole.mailbox.to(ANA)[before:] if "monitoring" in m.subject.lower()]
    assert kept == [], "what is monitored was said in the first run"
    assert len(whole.components()) == 5
    whole.process.send_signal(signal.SIGKILL)
    whole.process.wait()
    wait_for(lambda: not whole.members(), "every process to be gone", 30)


def trigger_paths(whole: Any) -> list[str]:
    """The class paths that Airflow keeps of our triggers."""
    with psycopg.connect(database_url(whole)) as db:
        return [path for (path,) in db.execute("SELECT classpath FROM trigger")]


def leave_the_trigger_of_an_older_version(whole: Any) -> None:
    """The home as a version left it whose trigger had another class path, and that wrote down none."""
    database = MetadataDatabase(whole.home, whole.folder / "postgres.log")
    database.component.start(whole.environment, whole.folder, 0.0)
    try:
        wait_for(database.is_ready, "the database of Airflow")
        with psycopg.connect(database_url(whole)) as db:
            db.execute("UPDATE trigger SET classpath = 'jobs.deadline_trigger.NextDeadline'")
    finally:
        database.component.end()
        wait_for(lambda: not database.component.running, "its end")
    (whole.home / "trigger").unlink()


def database_url(whole: Any) -> str:
    url: str = (whole.home / "database-url").read_text()
    return url.replace("+psycopg", "")
