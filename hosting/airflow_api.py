"""What we ask of Airflow's REST API on loopback."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

Json = dict[str, Any]

TIMEOUT_SECONDS = 10.0
COMPONENTS = ("metadatabase", "scheduler", "triggerer", "dag_processor")
_MOST_BYTES = 10_000_000
_NOT_LOGGED_IN = (401, 403)
"""Airflow answers 403 to a token that it does not take, as it does where a right is missing."""


class ApiError(Exception):
    """Airflow did not answer as hoped. ``status`` is None where no answer came at all."""

    def __init__(self, status: int | None, message: str) -> None:
        super().__init__(message if status is None else f"{status}: {message}")
        self.status = status

    @property
    def passing(self) -> bool:
        """Whether it may be gone in a moment: no answer, or the server's own fault."""
        return self.status is None or self.status >= 500


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a DAG."""

    dag: str
    id: str
    state: str

    @property
    def ended(self) -> bool:
        return self.state in {"success", "failed"}


@dataclass(frozen=True, slots=True)
class Task:
    """One task of a run; ``name`` is what a mapped task calls itself (a source), None elsewhere."""

    id: str
    name: str | None
    state: str
    try_number: int


@dataclass(frozen=True, slots=True)
class Event:
    """An asset event, and the runs that it has caused so far."""

    asset: str
    caused: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many runs wait to be started, and since when the oldest does; None where none waits."""

    waiting: int
    oldest_at: datetime | None


class AirflowApi:
    """One log-in; the token is asked for when it is needed, and again when it has expired."""

    def __init__(self, base: str, user: str, password: str) -> None:
        self.base = base
        self._user = user
        self._password = password
        self._token: str | None = None
        # no proxy stands between us and loopback, whatever the environment says
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def healthy(self) -> bool:
        answer = self._send("GET", "/api/v2/monitor/health")
        return all(answer.get(part, {}).get("status") == "healthy" for part in COMPONENTS)

    def knows(self, dag: str) -> bool:
        """Whether the DAG was parsed, so that it can be triggered."""
        try:
            return not self.ask(f"/dags/{quote(dag)}")["is_stale"]
        except ApiError as error:
            if error.status == 404:
                return False
            raise

    def trigger(self, dag: str, conf: Mapping[str, Any]) -> Run:
        body = {"logical_date": None, "conf": dict(conf)}
        return _run(self._authorised("POST", f"/dags/{quote(dag)}/dagRuns", body))

    def run(self, dag: str, run_id: str) -> Run:
        return _run(self.ask(f"/dags/{quote(dag)}/dagRuns/{quote(run_id, safe='')}"))

    def tasks(self, run: Run) -> list[Task]:
        path = f"/dags/{quote(run.dag)}/dagRuns/{quote(run.id, safe='')}/taskInstances"
        rows = self.ask(path, limit=1000)["task_instances"]
        return [Task(r["task_id"], _name(r), r["state"] or "waiting", r["try_number"]) for r in rows]

    def events(self, run: Run) -> list[Event]:
        """The asset events that a run has emitted.

        Trap: while a run that one has caused waits to be started, Airflow 3.3 answers 500.
        """
        rows = self.ask("/assets/events", source_dag_id=run.dag, source_run_id=run.id)["asset_events"]
        return [
            Event(e["name"], tuple(Run(r["dag_id"], r["run_id"], r["state"]) for r in e["created_dagruns"]))
            for e in rows
        ]

    def backlog(self) -> Backlog:
        """The runs of all DAGs that were asked for and not started."""
        found = self.ask("/dags/~/dagRuns", state="queued", order_by="run_after", limit=1)
        oldest = next(iter(found["dag_runs"]), None)
        oldest_at = (
            None if oldest is None else datetime.fromisoformat(oldest["queued_at"] or oldest["run_after"])
        )
        return Backlog(found["total_entries"], oldest_at)

    def ask(self, path: str, **query: Any) -> Json:
        """GET below /api/v2."""
        return self._authorised("GET", path + (f"?{urlencode(query)}" if query else ""))

    def _authorised(self, method: str, path: str, body: Json | None = None) -> Json:
        for attempt in (1, 2):
            if self._token is None:
                login = {"username": self._user, "password": self._password}
                self._token = str(self._send("POST", "/auth/token", login)["access_token"])
            try:
                return self._send(method, f"/api/v2{path}", body, self._token)
            except ApiError as error:
                if error.status not in _NOT_LOGGED_IN or attempt == 2:
                    raise
                self._token = None
        raise AssertionError("unreachable")

    def _send(self, method: str, path: str, body: Json | None = None, token: str | None = None) -> Json:
        headers = {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, headers, method=method)  # noqa: S310
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as response:
                answer = json.loads(response.read(_MOST_BYTES))
        except urllib.error.HTTPError as error:
            raise ApiError(error.code, error.read(2000).decode(errors="replace")) from error
        except (OSError, ValueError) as error:
            raise ApiError(None, str(error)) from error
        return answer if isinstance(answer, dict) else {"answer": answer}


def _run(row: Json) -> Run:
    return Run(row["dag_id"], row["dag_run_id"], row["state"])


def _name(row: Json) -> str | None:
    """Before a mapped task has named itself, Airflow gives its number for a name."""
    name = row["rendered_map_index"]
    return None if name in (None, str(row["map_index"])) else str(name)
