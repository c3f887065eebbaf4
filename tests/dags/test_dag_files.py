"""The DAG files: they load, they are short, and no name of theirs hides a package."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from servanda.hosting.request_bound import MOST_UNFINISHED

PROJECT = Path(__file__).resolve().parents[2]
DAGS = PROJECT / "dags"

LOAD = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(sys.argv[1])
found = {
    dag_id: {
        "tasks": {t.task_id: [t.retries, t.trigger_rule, t.on_failure_callback] for t in dag.tasks},
        "params": dag.params.dump(),
        "catchup": dag.catchup,
        "most_runs": dag.max_active_runs,
        "mails": dag.has_on_failure_callback,
        "doc": dag.doc_md,
    }
    for dag_id, dag in bag.dags.items()
}
print("FOUND" + json.dumps({"errors": bag.import_errors, "dags": found}, default=str))
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What Airflow makes of the folder, in a process and an AIRFLOW_HOME of its own."""
    home = tmp_path_factory.mktemp("airflow")
    done = subprocess.run(
        (sys.executable, "-c", LOAD, str(DAGS)),
        env={**os.environ, "AIRFLOW_HOME": str(home), "AIRFLOW__CORE__LOAD_EXAMPLES": "False"},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout.partition("FOUND")[2])
    return answer


@pytest.mark.airflow
def test_the_files_load_without_errors(loaded: dict[str, Any]) -> None:
    assert loaded["errors"] == {}
    assert set(loaded["dags"]) == {"collect", "assess", "notify"} == {f.stem for f in DAGS.glob("[!_]*.py")}


@pytest.mark.airflow
@pytest.mark.parametrize("dag", ["collect", "assess", "notify"])
def test_each_dag_has_its_number_of_runs_mails_its_failure_and_explains_itself(
    loaded: dict[str, Any], dag: str
) -> None:
    found = loaded["dags"][dag]
    assert not found["catchup"]
    assert found["most_runs"] == (MOST_UNFINISHED + 4 if dag == "collect" else 1), "the clock finds a place"
    assert found["mails"]
    assert found["doc"]


@pytest.mark.airflow
def test_a_refused_plan_is_not_tried_again_and_a_lost_poll_is(loaded: dict[str, Any]) -> None:
    tasks = loaded["dags"]["collect"]["tasks"]
    assert tasks["plan"][0] == 0
    assert tasks["poll"][0] == 2
    assert tasks["record"][1] == "all_done"


@pytest.mark.airflow
def test_the_forms_have_the_fields(loaded: dict[str, Any]) -> None:
    assert set(loaded["dags"]["collect"]["params"]) == {"instrument", "sources", "since", "until", "dry_run"}
    assert set(loaded["dags"]["assess"]["params"]) == {"instrument", "as_of", "dry_run"}


def test_no_dag_file_has_the_name_of_a_package() -> None:
    """It would hide the package from the other files in Airflow's DAG processor, and only there."""
    packages = {folder.name for folder in PROJECT.iterdir() if folder.is_dir()}
    assert packages >= {"jobs", "alerts", "models"}
    assert not packages & {file.stem for file in DAGS.glob("*.py")}


def test_the_dag_files_import_airflow_jobs_and_instruments_alone() -> None:
    allowed = {"__future__", "airflow", "servanda.jobs", "servanda.instruments", "datetime", "typing"}
    for file in DAGS.glob("*.py"):
        lines = [line.split() for line in file.read_text().splitlines()]
        named = [words[1] for words in lines if words[:1] in (["from"], ["import"])]
        imported = {".".join(name.split(".")[: 2 if name.startswith("servanda.") else 1]) for name in named}
        assert imported <= allowed, file.name
        assert len(lines) <= 70, f"{file.name} says when, not what"
