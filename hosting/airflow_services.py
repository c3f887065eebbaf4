"""The embedded Airflow: its processes and their database, started, watched, restarted and ended by us.

``airflow standalone`` restarts nothing that dies, listens on every address and leaves children behind.
Whoever starts the services calls ``tend`` again and again (or waits through them, which does it).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING

from servanda.hosting.airflow_api import AirflowApi, ApiError
from servanda.hosting.airflow_process import Component
from servanda.hosting.airflow_settings import (
    ADMIN,
    LOOPBACK,
    USUAL_PORT,
    Secrets,
    airflow_environment,
    free_port,
    has_secrets,
    read_secrets,
    write_private,
)
from servanda.hosting.metadata_database import (
    SETTING,
    DatabaseNotStarted,
    MetadataDatabase,
    has_own_database,
)
from servanda.hosting.reaper import Reaper

if TYPE_CHECKING:
    from servanda.network.clock import Clock

PROJECT = Path(__file__).resolve().parents[1]
DAGS = PROJECT / "dags"

_AIRFLOW = (sys.executable, "-m", "airflow")
_PRELOADED = (sys.executable, "-m", "servanda.hosting.airflow_preload")

COMPONENTS: dict[str, tuple[str, ...]] = {
    "api-server": (*_AIRFLOW, "api-server"),
    "scheduler": (*_PRELOADED, "scheduler", "--skip-serve-logs"),
    "dag-processor": (*_PRELOADED, "dag-processor"),
    "triggerer": (*_PRELOADED, "triggerer", "--skip-serve-logs"),
}
"""The command of each, without log servers: those listen on every address, and the logs are local."""

DEADLINE_TRIGGER = "servanda.jobs.scheduling.deadline_trigger.NextDeadline"
"""The class path that Airflow keeps of our trigger, and the triggerer imports."""

_SLOW_TO_END = "triggerer"
"""Asked to end it waits 10 s for a child that has long ended; when the child ends first, it ends too."""

HEALTHY_WITHIN_SECONDS = 120.0
PREPARED_WITHIN_SECONDS = 300.0
ASK_TWICE_AFTER_SECONDS = 3.0
END_WITHIN_SECONDS = 10.0
LOOK_EVERY_SECONDS = 0.2
GIVE_UP_AFTER = 3
"""A component that ends this many times before Airflow was ever healthy will not come up by itself."""


class AlreadyRunning(Exception):
    """Another start holds this folder."""


class NotStarted(Exception):
    """Airflow did not come up; the message names the log to read, and its last lines."""


class AirflowServices:
    """The services of one folder. A context manager: leaving it ends them all, with nothing left behind.

    ``inherited``: the environment to start from. ``say``: told one line when something happens.
    """

    def __init__(
        self,
        home: Path,
        inherited: Mapping[str, str],
        clock: Clock,
        *,
        dags: Path = DAGS,
        port: int = USUAL_PORT,
        say: Callable[[str], None] = print,
    ) -> None:
        self.home = home.resolve()
        self.api = AirflowApi("", "", "")
        self._inherited = inherited
        self._clock = clock
        self._dags = dags
        self._wanted_port = port
        self._say = say
        self._environment: dict[str, str] = {}
        self._lock: IO[str] | None = None
        self._database: MetadataDatabase | None = None
        self._reaper: Reaper | None = None
        self._components = [
            Component(name, command, self._log(name), ends_with_children=name == _SLOW_TO_END)
            for name, command in COMPONENTS.items()
        ]

    @property
    def pids(self) -> dict[str, int]:
        """The components that run, with their process ids."""
        return {c.name: c.pid for c in self._every_component if c.running and c.pid is not None}

    def start(self) -> Secrets:
        """Start everything, not waiting for health; AlreadyRunning if this folder's services run."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._log("").parent.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(self.home / "lock")
        is_new = not has_secrets(self.home)
        kept = read_secrets(self.home)
        port = free_port(self._wanted_port)
        self._environment = airflow_environment(
            self._inherited, home=self.home, dags=self._dags, port=port, kept=kept
        )
        self.api = AirflowApi(f"http://{LOOPBACK}:{port}", ADMIN, kept.password)
        self._start_reaper()
        if not has_own_database(self._inherited):
            self._start_database()
        self._run("migration", "db", "migrate")
        self._renew_trigger(is_new)
        for component in self._components:
            component.start(self._environment, PROJECT, self._clock.monotonic())
        self._watch_all()
        return kept

    def _start_reaper(self) -> None:
        """Let another process end all if we are killed; it holds the folder's lock until it has."""
        if self._lock is not None:
            self._reaper = Reaper([self._lock.fileno()])

    def _watch_all(self) -> None:
        """Tell the reaper of what was started since."""
        if self._reaper is None:
            return
        for component in self._every_component:
            is_database = self._database is not None and component is self._database.component
            self._reaper.watch(component.pid, last=is_database)

    def _start_database(self) -> None:
        """Start Airflow's database, and wait until it can be used; NotStarted where it cannot."""
        log = self._log("postgres")
        try:
            database = MetadataDatabase(self.home, log)
            database.prepare()
        except DatabaseNotStarted as error:
            raise NotStarted(str(error)) from error
        self._database = database
        self._environment |= database.environment
        write_private(self.home / "database-url", database.environment[SETTING])
        database.component.start(self._environment, PROJECT, self._clock.monotonic())
        self._watch_all()
        until = self._clock.monotonic() + PREPARED_WITHIN_SECONDS
        while not database.is_ready():
            if not database.component.running or self._clock.monotonic() > until:
                raise NotStarted(f"the database of Airflow does not start:\n{_tail(log)}")
            self._clock.sleep(LOOK_EVERY_SECONDS)

    @property
    def _every_component(self) -> list[Component]:
        """The database first: without it the others only complain."""
        return [*([self._database.component] if self._database else []), *self._components]

    def tend(self) -> None:
        """Start what has ended again, each component with a delay that grows while it fails."""
        for component in self._every_component:
            ended = component.tend(self._environment, PROJECT, self._clock.monotonic())
            if ended:
                self._say(ended)
        self._watch_all()

    @property
    def ended_early(self) -> dict[str, int]:
        """How often each component ended before it was steady, in a row."""
        return {
            c.name: c.ended_early for c in self._every_component if not c.is_steady(self._clock.monotonic())
        }

    def forget_runs(self, before: datetime) -> None:
        """Remove what Airflow keeps of runs of before; its own fault is no reason to end."""
        stamp = before.isoformat()
        with contextlib.suppress(NotStarted, subprocess.TimeoutExpired):
            self._run("cleaning", "db", "clean", "--clean-before-timestamp", stamp, "--skip-archive", "--yes")

    def wait(self, seconds: float) -> None:
        """Let time pass while the services are looked after."""
        until = self._clock.monotonic() + seconds
        while (left := until - self._clock.monotonic()) > 0:
            self.tend()
            self._clock.sleep(min(left, LOOK_EVERY_SECONDS))
        self.tend()

    def wait_until_healthy(self, seconds: float = HEALTHY_WITHIN_SECONDS) -> None:
        """Until every component reports itself healthy; NotStarted if one cannot, or time is over."""
        until = self._clock.monotonic() + seconds
        while not self._healthy():
            failing = next((c for c in self._components if c.ended_early >= GIVE_UP_AFTER), None)
            if failing is not None:
                raise NotStarted(f"Airflow's {failing.name} does not start:\n{_tail(failing.log)}")
            if self._clock.monotonic() > until:
                raise NotStarted(f"Airflow is not healthy after {seconds:.0f} s; see {self._log('').parent}")
            self.wait(LOOK_EVERY_SECONDS)

    def _healthy(self) -> bool:
        """Trap: Airflow judges by heartbeats up to 30 s old, so our own processes are asked too."""
        if not all(c.running for c in self._components):
            return False
        try:
            return self.api.healthy()
        except ApiError:
            return False

    def _renew_trigger(self, is_new: bool) -> None:
        """Where our trigger has moved since the last start, read the DAG files before the triggerer starts.

        Airflow keeps the trigger's class path in its database. A triggerer that cannot import the old one
        gives up on the row, and does not look again when the DAG processor has put the new path there.
        """
        marker = self.home / "trigger"
        if not is_new and (not marker.exists() or marker.read_text() != DEADLINE_TRIGGER):
            self._run("dags", "dags", "reserialize")
        marker.write_text(DEADLINE_TRIGGER)

    def _run(self, name: str, *command: str) -> None:
        """Run a command of Airflow's to its end; NotStarted where it fails."""
        log = self._log(name)
        with log.open("ab") as output:
            done = subprocess.run(
                (*_AIRFLOW, *command),
                env=self._environment,
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                umask=0o077,
                timeout=PREPARED_WITHIN_SECONDS,
                check=False,
            )
        if done.returncode != 0:
            raise NotStarted(f"Airflow could not be prepared ({' '.join(command)}):\n{_tail(log)}")

    def stop(self) -> None:
        """Ask all to end, ask those again that wait for something, then end whatever is left of them.

        Asked twice, Airflow's components end without waiting for running tasks or triggers, yet still sign
        off in its database; whoever is killed is missed for half a minute at the next start.
        """
        try:
            self._ask_to_end(self._components, ASK_TWICE_AFTER_SECONDS)
            self._ask_to_end(self._components, END_WITHIN_SECONDS - ASK_TWICE_AFTER_SECONDS, again=True)
            if self._database is not None:
                for component in self._components:
                    component.kill()
                self._ask_to_end([self._database.component], END_WITHIN_SECONDS)
        finally:
            self.kill()

    def _ask_to_end(self, components: Sequence[Component], seconds: float, *, again: bool = False) -> None:
        for component in components:
            component.end(again=again)
        until = self._clock.monotonic() + seconds
        while any(c.running for c in components) and self._clock.monotonic() < until:
            self._clock.sleep(LOOK_EVERY_SECONDS)

    def kill(self) -> None:
        """End everything at once, the database last."""
        for component in reversed(self._every_component):
            component.kill()
        if self._reaper is not None:
            self._reaper.close()
            self._reaper = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> AirflowServices:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _log(self, name: str) -> Path:
        return self.home / "logs" / "services" / f"{name}.log"


def _locked(path: Path) -> IO[str]:
    """A file that this process alone holds while it lives; AlreadyRunning if another does."""
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.seek(0)
        owner = file.read().strip() or "unknown"
        file.close()
        raise AlreadyRunning(f"already running (process {owner}) with the folder {path.parent}") from error
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


def _tail(log: Path, lines: int = 15) -> str:
    kept = log.read_text(errors="replace").splitlines()[-lines:] if log.exists() else []
    return "\n".join((*kept, f"the whole log: {log}"))
