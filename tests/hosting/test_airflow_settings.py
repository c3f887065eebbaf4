"""Secrets stay and stay secret; ports are free; the environment holds together."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import stat
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from servanda.hosting.airflow_services import AirflowServices, AlreadyRunning
from servanda.hosting.airflow_settings import (
    Secrets,
    airflow_environment,
    free_port,
    passwords_file,
    read_secrets,
)

KEPT = Secrets("api", "jwt", "fernet", "password")


class MachineClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def uptime(self) -> None:
        return None


def environment(**inherited: str) -> dict[str, str]:
    return airflow_environment(inherited, home=Path("/home"), dags=Path("/dags"), port=8081, kept=KEPT)


def test_secrets_are_made_once_and_read_by_their_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0o000)
    try:
        first = read_secrets(tmp_path)
    finally:
        os.umask(before)
    assert read_secrets(tmp_path) == first
    files = [f for f in tmp_path.rglob("*") if f.is_file()]
    assert len(files) == 4
    assert {stat.S_IMODE(f.stat().st_mode) for f in files} == {0o600}
    assert len(first.jwt_key) == 128, "64 bytes, or Airflow warns that it is too short"
    assert len({first.api_key, first.jwt_key, first.fernet_key, first.password}) == 4


def test_a_file_of_passwords_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    passwords_file(tmp_path).write_text(json.dumps({"admin": "kept", "ana": "hers"}))
    passwords_file(tmp_path).chmod(0o644)
    assert read_secrets(tmp_path).password == "kept"
    assert stat.S_IMODE(passwords_file(tmp_path).stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "[]", '{"ana": "hers"}'])
def test_a_file_of_passwords_without_ours_is_named(tmp_path: Path, content: str) -> None:
    passwords_file(tmp_path).write_text(content)
    with pytest.raises(ValueError, match="has none for admin"):
        read_secrets(tmp_path)


def test_a_busy_port_is_passed_by() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        taken = busy.getsockname()[1]
        assert free_port(taken) != taken
    assert free_port(taken) == taken


def test_the_environment_overrules_what_is_ours_to_choose_and_not_what_holds_it_together() -> None:
    ours = environment(
        AIRFLOW__CORE__EXECUTOR="CeleryExecutor",
        AIRFLOW__CORE__PARALLELISM="32",
        AIRFLOW_HOME="/elsewhere",
        AIRFLOW__API__HOST="0.0.0.0",
        AIRFLOW__API_AUTH__JWT_SECRET="short",
        PATH="/bin",
    )
    assert ours["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"
    assert ours["AIRFLOW__CORE__PARALLELISM"] == "32"
    assert ours["PATH"] == "/bin"
    assert ours["AIRFLOW_HOME"] == "/home"
    assert ours["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert ours["AIRFLOW__API_AUTH__JWT_SECRET"] == "jwt"
    assert ours["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:8081/execution/"


def test_a_proxy_does_not_stand_between_the_services() -> None:
    assert environment()["NO_PROXY"] == "127.0.0.1,localhost"
    assert environment(no_proxy="example.org")["no_proxy"] == "example.org,127.0.0.1,localhost"


def test_a_second_start_in_the_same_folder_is_refused_and_names_the_first(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        first.write("4711\n")
        first.flush()
        services = AirflowServices(tmp_path, {}, MachineClock())
        with pytest.raises(AlreadyRunning, match=r"process 4711"):
            services.start()
        assert services.pids == {}
