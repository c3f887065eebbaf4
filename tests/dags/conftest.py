"""The whole monitor as ``make run`` starts it: real Airflow, a site, a mail server, a database of its own."""

from __future__ import annotations

import email
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from support.catalogues import feed_route, source, write_catalogue
from support.press import PressOffice
from support.site import Site
from support.waiting import wait_for

from servanda.hosting.airflow_api import AirflowApi, Run
from servanda.hosting.airflow_process import session_members
from servanda.hosting.airflow_services import COMPONENTS
from servanda.hosting.airflow_settings import free_port
from servanda.jobs.bootstrap.settings import Settings
from servanda.jobs.bootstrap.wiring import wire
from servanda.jobs.watchers.membership import add_watcher

PROJECT = Path(__file__).resolve().parents[2]
READY = "Ctrl-C ends everything"
PARTS = (*COMPONENTS, "postgres")
"""All that ``make run`` starts."""


@dataclass(frozen=True)
class Received:
    at: datetime
    recipient: str
    mail: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.mail["Subject"])


class Mailbox:
    """Takes every mail, and notes when."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._received: list[Received] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = email.message_from_bytes(envelope.content, policy=default)
        with self._lock:
            self._received += [Received(datetime.now(UTC), to, mail) for to in envelope.rcpt_tos]
        return "250 taken"

    def to(self, recipient: str) -> list[Received]:
        with self._lock:
            return [one for one in self._received if one.recipient == recipient]


@dataclass
class Whole:
    """The running monitor and everything around it."""

    folder: Path
    site: Site
    office: PressOffice
    mailbox: Mailbox
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    sessions: set[int] = field(default_factory=set)

    @property
    def home(self) -> Path:
        return self.folder / "airflow"

    @property
    def catalogue(self) -> Path:
        return self.folder / "catalogue"

    @property
    def screen(self) -> str:
        return (self.folder / "screen.txt").read_text()

    @property
    def api(self) -> AirflowApi:
        port = re.findall(r"http://localhost:(\d+)", self.screen)[-1]
        password = json.loads((self.home / "passwords.json").read_text())["admin"]
        return AirflowApi(f"http://127.0.0.1:{port}", "admin", password)

    def start(self) -> None:
        """As ``make run`` does; returns when it says that it is ready."""
        self.kill()
        with (self.folder / "screen.txt").open("wb") as screen:
            self.process = subprocess.Popen(
                (sys.executable, "-m", "servanda.hosting.main"),
                env=self.environment, cwd=PROJECT, stdout=screen, stderr=subprocess.STDOUT,
            )  # fmt: skip
        started = self.process

        def ready() -> bool:
            if started.poll() is not None:
                pytest.fail(f"it ended with {started.returncode}:\n{self.screen}")
            return READY in self.screen

        wait_for(ready, "the monitor to be ready", 240)

    def components(self) -> dict[str, int]:
        """The processes that we started, each a session of its own, by a word of their command lines."""
        assert self.process is not None
        found: dict[str, int] = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                command = (entry / "cmdline").read_text().replace("_", "-")
            except OSError:
                continue
            if parent == self.process.pid:
                found |= {name: int(entry.name) for name in PARTS if name in command}
        self.sessions |= set(found.values())
        return found

    def members(self) -> list[int]:
        """Whatever lives of the components that were ever seen, and of what they started."""
        return [pid for session in self.sessions for pid in session_members(session)]

    def ended(self, run: Run, seconds: float = 60.0) -> Run:
        """The run, once it has ended."""

        def look() -> Run | None:
            now = self.api.run(run.dag, run.id)
            return now if now.ended else None

        return wait_for(look, f"{run.dag} {run.id} to end", seconds)

    def log(self, run: Run, task: str) -> str:
        """What a task's log files hold."""
        folder = self.home / "logs" / f"dag_id={run.dag}" / f"run_id={run.id}" / f"task_id={task}"
        return "".join(file.read_text() for file in sorted(folder.rglob("*.log")))

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """Started once for the tests of a module: one source that answers, one whose page is gone."""
    folder, mailbox = tmp_path_factory.mktemp("whole"), Mailbox()
    smtp = Controller(mailbox, hostname="127.0.0.1", port=free_port(0))
    smtp.start()
    with Site().running() as site:
        office = PressOffice(site)
        office.publish("ordinary", "An ordinary day", datetime.now(UTC) - timedelta(hours=5))
        running = Whole(folder, site, office, mailbox, _environment(folder, site, smtp.port))
        _prepare(running)
        try:
            running.start()
            yield running
        finally:
            running.kill()
            smtp.stop()


def _environment(folder: Path, site: Site, smtp_port: int) -> dict[str, str]:
    ours = {
        "SERVANDA_DATABASE_URL": f"sqlite:///{folder}/servanda.db",
        "SERVANDA_CATALOGUE": str(folder / "catalogue"),
        "SERVANDA_ARCHIVE": str(folder / "archive"),
        "SERVANDA_CACHE": str(folder / "cache"),
        "SERVANDA_OUTBOX": str(folder / "outbox"),
        "SERVANDA_AIRFLOW_HOME": str(folder / "airflow"),
        "SERVANDA_PULSE": str(folder / "pulse"),
        "SERVANDA_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
        "SERVANDA_MAIL_FROM": "servanda@example.org",
        "SERVANDA_OPERATOR": "op@example.org",
        "SERVANDA_ALLOW_HOSTS": f"127.0.0.1:{site.port}",
        "PYTHONTZPATH": str(folder / "zones"),
    }
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("SERVANDA_", "AIRFLOW"))}
    return {**inherited, **ours}


def _prepare(running: Whole) -> None:
    missing = feed_route(f"{running.site.url}/missing")
    write_catalogue(
        running.catalogue,
        {"us-a": source("us-a", feed_route(running.office.url)), "us-b": source("us-b", missing)},
        published_on=f"{datetime.now(UTC) - timedelta(days=10):%Y-%m-%d}",
        required=("us-a",),
    )
    settings = Settings(
        database_url=running.environment["SERVANDA_DATABASE_URL"],
        catalogue=running.catalogue,
        archive=running.folder / "archive",
        outbox=running.folder / "outbox",
    )
    with wire(opening="create", settings=settings) as wiring:
        add_watcher(wiring.ledger, "ana@example.org", name="Ana")
