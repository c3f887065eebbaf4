"""Today's job through Airflow: start ``collect``, follow it to ``assess`` and ``notify``, show it all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from rich.console import Console
from rich.live import Live
from rich.table import Table

from servanda.hosting.airflow_api import AirflowApi, ApiError, Run, Task
from servanda.hosting.airflow_services import AirflowServices, NotStarted

KNOWN_WITHIN_SECONDS = 90.0
CAUSED_WITHIN_SECONDS = 60.0
ANSWERED_WITHIN_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.5
DAGS = ("collect", "assess", "notify")

Answer = TypeVar("Answer")

_IN_WORDS = {
    "success": "done",
    "failed": "failed",
    "running": "at work",
    "upstream_failed": "not done",
    "skipped": "nothing to do",
    "up_for_retry": "to be tried again",
}


@dataclass
class StatusBoard:
    """What is shown: a state for each source and step. Without a terminal each change is one line."""

    console: Console
    states: dict[str, str] = field(default_factory=dict)
    live: Live | None = None

    def put(self, name: str, state: str) -> None:
        if self.states.get(name) == state:
            return
        self.states[name] = state
        if self.live is not None:
            self.live.update(self._table())
        else:
            self.console.print(f"{name}: {state}", markup=False, highlight=False)

    def _table(self) -> Table:
        colours = {"done": "green", "failed": "red", "at work": "cyan"}
        table = Table("", "state", show_header=False, box=None)
        for name, state in self.states.items():
            table.add_row(name, f"[{colours.get(state, 'default')}]{state}[/]")
        return table

    @contextmanager
    def shown(self) -> Iterator[None]:
        if not self.console.is_terminal:
            yield
            return
        with Live(self._table(), console=self.console, refresh_per_second=8) as self.live:
            yield
        self.live = None


def run_once(services: AirflowServices, console: Console) -> dict[str, Run]:
    """Run the job once and wait for all of it; the runs by DAG. A step that had no cause is absent."""
    wait_for_dags(services)
    board = StatusBoard(console)
    with board.shown():
        asked = _asked(services, lambda: services.api.trigger("collect", {}))
        runs = {"collect": _follow(services, asked, board)}
        assess = _caused(services, runs["collect"], "evidence", "assess")
        if assess is not None:
            runs["assess"] = _follow(services, assess, board)
        notify = _last_caused(services, runs, "alerts", "notify")
        if notify is not None:
            runs["notify"] = _follow(services, notify, board)
        for dag in DAGS:
            if dag not in runs:
                board.put(dag, "nothing new to do")
    return runs


def wait_for_dags(services: AirflowServices) -> None:
    """Until Airflow has read our DAG files; NotStarted if it does not."""
    missing = list(DAGS)
    for _ in range(int(KNOWN_WITHIN_SECONDS / LOOK_EVERY_SECONDS)):
        missing = [dag for dag in missing if not _knows(services.api, dag)]
        if not missing:
            return
        services.wait(LOOK_EVERY_SECONDS)
    raise NotStarted(f"Airflow has not read {', '.join(missing)}; see {services.home / 'logs'}")


def _knows(api: AirflowApi, dag: str) -> bool:
    try:
        return api.knows(dag)
    except ApiError:
        return False


def _follow(services: AirflowServices, run: Run, board: StatusBoard) -> Run:
    """Show a run until it has ended."""
    while True:
        now = _asked(services, lambda: services.api.run(run.dag, run.id))
        for task in _asked(services, lambda: services.api.tasks(run)):
            _show(task, board)
        if now.ended:
            board.put(run.dag, _IN_WORDS[now.state])
            return now
        board.put(run.dag, _IN_WORDS.get(now.state, "waiting"))
        services.wait(LOOK_EVERY_SECONDS)


def _asked(services: AirflowServices, question: Callable[[], Answer]) -> Answer:
    """The answer, asked for again while the API server is away or trips; ApiError if it stays so."""
    for _ in range(int(ANSWERED_WITHIN_SECONDS / LOOK_EVERY_SECONDS)):
        try:
            return question()
        except ApiError as error:
            if not error.passing:
                raise
            services.wait(LOOK_EVERY_SECONDS)
    return question()


def _show(task: Task, board: StatusBoard) -> None:
    if task.id == "poll" and task.name:
        board.put(f"  {task.name}", _IN_WORDS.get(task.state, "waiting"))


def _caused(services: AirflowServices, run: Run, asset: str, dag: str) -> Run | None:
    """The run that an event of ``run`` has caused; None if there was no such event."""
    for _ in range(int(CAUSED_WITHIN_SECONDS / LOOK_EVERY_SECONDS)):
        events = [e for e in _asked(services, lambda: services.api.events(run)) if e.asset == asset]
        found = [caused for e in events for caused in e.caused if caused.dag == dag]
        if found or not events:
            return found[-1] if found else None
        services.wait(LOOK_EVERY_SECONDS)
    return None


def _last_caused(services: AirflowServices, runs: dict[str, Run], asset: str, dag: str) -> Run | None:
    found = [_caused(services, run, asset, dag) for run in runs.values()]
    return next((run for run in reversed(found) if run is not None), None)
