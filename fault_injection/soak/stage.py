"""The running monitor of a soak: two sites, a mail server, the launcher in a process of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from support.catalogues import feed_route, source, write_catalogue
from support.press import GUARD_DEPLOYED, PressOffice
from support.site import Site
from support.zones import day_beginning_at, write_zone

from fault_injection.crashes.mail_server import MailServer, Stored
from servanda.hosting.airflow_api import AirflowApi
from servanda.jobs.bootstrap.settings import Settings
from servanda.jobs.bootstrap.wiring import wire
from servanda.jobs.watchers.membership import add_watcher

ROOT = Path(__file__).parents[2]
READY = "Ctrl-C ends everything"
ANA = "ana@example.org"
LAG, CADENCE = timedelta(seconds=2), timedelta(seconds=30)


@dataclass
class Stage:
    """``published``: address of each announcement and when it came out; ``mails``: what Ana got, and when."""

    folder: Path
    faulty: Site
    healthy: Site
    offices: tuple[PressOffice, PressOffice]
    due_at: datetime
    published: dict[str, datetime] = field(default_factory=dict)
    mails: list[tuple[datetime, str]] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    @property
    def settles_at(self) -> datetime:
        return self.due_at + LAG + CADENCE

    @property
    def home(self) -> Path:
        return self.folder / "airflow"

    @property
    def screen(self) -> str:
        return (self.folder / "screen.txt").read_text()

    @property
    def launcher(self) -> int:
        assert self.process is not None
        return self.process.pid

    def api(self) -> AirflowApi:
        port = re.findall(r"http://localhost:(\d+)", self.screen)[-1]
        password = json.loads((self.home / "passwords.json").read_text())["admin"]
        return AirflowApi(f"http://127.0.0.1:{port}", "admin", password)

    def publish(self, number: int) -> None:
        """Put one announcement on one of the sites, in words of its own."""
        office, now = self.offices[number % 2], datetime.now(UTC)
        said = tuple(part.replace("six thousand", f"{number + 2},{number}00") for part in GUARD_DEPLOYED)
        address = office.publish(f"guard-{number}", f"National Guard contingent {number} deployed", now, said)
        self.published[address] = now

    def store(self, mail: Stored) -> None:
        if mail.recipient == ANA:
            self.mails.append((datetime.now(UTC), mail.content.decode(errors="replace")))

    def start(self, environment: dict[str, str], seconds: float) -> float:
        """Start the launcher; the seconds until it is ready."""
        began = time.monotonic()
        with (self.folder / "screen.txt").open("wb") as screen:
            self.process = subprocess.Popen(
                (sys.executable, "-m", "servanda.hosting.main"),
                env=environment, cwd=ROOT, stdout=screen, stderr=subprocess.STDOUT,
            )  # fmt: skip
        while READY not in self.screen:
            if self.process.poll() is not None or time.monotonic() - began > seconds:
                raise SystemExit(f"the monitor did not come up:\n{self.screen[-2000:]}")
            time.sleep(0.2)
        return time.monotonic() - began

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def staged(folder: Path, due_at: datetime, start_seconds: float) -> Iterator[tuple[Stage, float]]:
    """A monitor whose window ends at ``due_at``; with the seconds that its start took."""
    with Site().running() as faulty, Site().running() as healthy:
        offices = PressOffice(faulty), PressOffice(healthy)
        for office in offices:
            office.publish("ordinary", "An ordinary day", datetime.now(UTC) - timedelta(hours=5))
        stage = Stage(folder, faulty, healthy, offices, due_at)
        with MailServer(wait=0.01, on_stored=stage.store).running() as mail:
            environment = _environment(stage, mail.url)
            _prepare(stage, environment)
            try:
                yield stage, stage.start(environment, start_seconds)
            finally:
                stage.stop()


def _environment(stage: Stage, smtp_url: str) -> dict[str, str]:
    folder = stage.folder
    ours = {
        "SERVANDA_DATABASE_URL": f"sqlite:///{folder}/servanda.db",
        "SERVANDA_SMTP_URL": smtp_url,
        "SERVANDA_MAIL_FROM": "servanda@example.org",
        "SERVANDA_OPERATOR": "op@example.org",
        "SERVANDA_ALLOW_HOSTS": f"127.0.0.1:{stage.faulty.port},127.0.0.1:{stage.healthy.port}",
        "PYTHONTZPATH": str(folder / "zones"),
        **{
            f"SERVANDA_{name.upper()}": str(folder / name)
            for name in ("catalogue", "archive", "cache", "outbox", "pulse")
        },
        "SERVANDA_AIRFLOW_HOME": str(stage.home),
        "SERVANDA_SECRET_FILE": str(folder / "secret"),
    }
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("SERVANDA_", "AIRFLOW"))}
    return {**inherited, **ours}


def _prepare(stage: Stage, environment: dict[str, str]) -> None:
    day, offset = day_beginning_at(stage.due_at)
    write_zone(stage.folder / "zones", "Test/Soon", offset)
    sources = {
        name: source(name, feed_route(office.url, cadence="PT30S"), lag="PT2S")
        for name, office in zip(("us-faulty", "us-healthy"), stage.offices, strict=True)
    }
    write_catalogue(
        stage.folder / "catalogue",
        sources,
        published_on=f"{day - timedelta(days=2)}",
        duration="P1D",
        zone="Test/Soon",
    )
    os.environ["PYTHONTZPATH"] = environment["PYTHONTZPATH"]
    settings = Settings(
        database_url=environment["SERVANDA_DATABASE_URL"],
        catalogue=stage.folder / "catalogue",
        archive=stage.folder / "archive",
        outbox=stage.folder / "outbox",
        cache=stage.folder / "cache",
    )
    import zoneinfo

    zoneinfo.reset_tzpath()
    with wire(opening="create", settings=settings) as wiring:
        add_watcher(wiring.ledger, ANA, name="Ana")
