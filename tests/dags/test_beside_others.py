"""Servanda in an Airflow that others use: each team's ``models`` and DAGs stay its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.wheel import unpacked_wheel

THEIRS = """
from airflow.sdk import dag, task
from models import OWNER

@dag(schedule=None)
def collect():
    @task
    def say():
        import servanda.models.store
        print("THE OWNER IS", OWNER, "BESIDE", servanda.models.store.__name__)
    say()

collect()
"""
AIRFLOW = (sys.executable, "-P", "-m", "airflow")


@dataclass
class SharedAirflow:
    """An AIRFLOW_HOME with two DAG bundles, a wheel of ours and a ``models`` of theirs on the path."""

    environment: dict[str, str]
    folder: Path

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            (*AIRFLOW, *arguments),
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def rows(self, *arguments: str) -> list[dict[str, Any]]:
        printed = self.run(*arguments, "--output", "json")
        rows: list[dict[str, Any]] = json.loads(printed.splitlines()[-1])
        return rows


@pytest.fixture(scope="module", params=["theirs first"])
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SharedAirflow:
    folder = tmp_path_factory.mktemp("shared")
    ours = unpacked_wheel(folder)
    theirs = folder / "theirs"
    (theirs / "dags").mkdir(parents=True)
    (theirs / "dags" / "team.py").write_text(THEIRS)
    (theirs / "library" / "models").mkdir(parents=True)
    (theirs / "library" / "models" / "__init__.py").write_text("OWNER = 'another team'")
    path = [str(ours), str(theirs / "library")]
    bundles = [
        {
            "name": name,
            "classpath": "airflow.dag_processing.bundles.local.LocalDagBundle",
            "kwargs": {"path": str(dags)},
        }
        for name, dags in (("servanda", ours / "servanda" / "dags"), ("theirs", theirs / "dags"))
    ]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path if request.param == "ours first" else reversed(path)),
        "AIRFLOW_HOME": str(folder / "airflow"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": json.dumps(bundles),
        "SERVANDA_DATABASE_URL": f"sqlite:///{folder}/servanda.db",
        "SERVANDA_ARCHIVE": str(folder / "archive"),
        "SERVANDA_OUTBOX": str(folder / "outbox"),
        "SERVANDA_PULSE": str(folder / "pulse"),
        "SERVANDA_DAG_PREFIX": "servanda.",
    }
    airflow = SharedAirflow(environment, folder)
    airflow.run("db", "migrate")
    airflow.run("dag-processor", "--num-runs", "1")
    return airflow


@pytest.mark.airflow
def test_each_bundle_brings_its_dags(shared: SharedAirflow) -> None:
    assert shared.rows("dags", "list-import-errors") == []
    listed = {(row["dag_id"], row["bundle_name"]) for row in shared.rows("dags", "list")}
    assert listed == {
        ("servanda.collect", "servanda"),
        ("servanda.assess", "servanda"),
        ("servanda.notify", "servanda"),
        ("collect", "theirs"),
    }


@pytest.mark.airflow
def test_each_task_finds_its_own_models(shared: SharedAirflow) -> None:
    assert "THE OWNER IS another team BESIDE servanda.models.store" in shared.run("dags", "test", "collect")
    made = subprocess.run(
        (sys.executable, "-P", "-m", "servanda.cli", "assess"),
        env=shared.environment,
        cwd=shared.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    assert "0" in shared.run("dags", "test", "servanda.notify")
