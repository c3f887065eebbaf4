"""The watchdog as it is started: what it needs, what it says, how it ends."""

from __future__ import annotations

import email
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from support.watchdogs import PULSE, TEN

from servanda.hosting.airflow_settings import free_port
from servanda.jobs.bootstrap.settings import Settings
from servanda.jobs.watchdog.heartbeat_files import write_heartbeat
from servanda.jobs.watchdog.settings import read_watchdog_settings

ROOT = Path(__file__).parents[3]

LOADED = """
import sys
from servanda.cli.start import main
sys.argv = ["servanda", "watchdog", "--memory", sys.argv[1]]
try:
    main()
except SystemExit as ended:
    print("CODE", ended.code)
print("LOADED", *sorted({name.partition(".")[0] for name in sys.modules} - set(sys.stdlib_module_names)))
print("OURS", *sorted(name for name in sys.modules if name.partition(".")[0] == "servanda"))
"""


def start(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    ours = {
        "SERVANDA_PULSE": str(folder / "pulse"),
        "SERVANDA_OUTBOX": str(folder / "outbox"),
        "SERVANDA_OPERATOR": "op@example.org",
    }
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("SERVANDA_", "AIRFLOW"))}
    return subprocess.run(
        [sys.executable, *command],
        env={**inherited, **ours, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    "database",
    [
        "sqlite:///{folder}/absent.db",
        "sqlite:///{folder}/corrupt.db",
        "postgresql://nobody@127.0.0.1:1/none",
        "nonsense",
    ],
)
def test_it_needs_nothing_of_the_monitor_and_touches_no_database(tmp_path: Path, database: str) -> None:
    """No database, no scheduler, no catalogue: what is loaded is the standard library, click and a few of ours."""
    (tmp_path / "corrupt.db").write_bytes(b"SQLite format 3\x00" + b"\x00\xff" * 500)
    write_heartbeat(tmp_path / "pulse", PULSE)
    before = {path.name for path in tmp_path.iterdir()}
    done = start(
        tmp_path,
        "-c",
        LOADED,
        str(tmp_path / "watchdog.json"),
        SERVANDA_DATABASE_URL=database.format(folder=tmp_path),
        SERVANDA_CATALOGUE="/nowhere",
    )
    assert "CODE 1" in done.stdout, done.stderr
    assert done.stderr.startswith("notify is silent since 2026-01-31 12:00 UTC")
    assert len(done.stderr.splitlines()) == 1
    loaded = set(done.stdout.partition("LOADED ")[2].splitlines()[0].split())
    assert loaded - {n for n in loaded if n.startswith(("__", "_"))} <= {
        "click", "colorama", "servanda", "zoneinfo", "sitecustomize",
    }  # fmt: skip
    ours = set(done.stdout.partition("OURS ")[2].split())
    assert not ours & {"servanda.jobs.bootstrap.wiring", "servanda.cli.commands", "servanda.models"}
    assert {path.name for path in tmp_path.iterdir()} - before == {"outbox", "watchdog.json"}


def test_the_exit_code_says_it_and_a_living_monitor_is_one_line(tmp_path: Path) -> None:
    memory = ("--memory", str(tmp_path / "watchdog.json"))
    now = datetime.now(UTC)
    never = start(tmp_path, "-m", "servanda.jobs.watchdog", *memory)
    assert (never.returncode, never.stdout) == (1, "")
    assert never.stderr == "no round of the monitor has ever left a sign of life\n"
    write_heartbeat(tmp_path / "pulse", replace(PULSE, at=now, due_at=now + TEN))
    well = start(tmp_path, "-m", "servanda.jobs.watchdog", *memory)
    assert (well.returncode, well.stderr) == (0, "")
    assert well.stdout.startswith("well: notify ended 20")
    assert len(well.stdout.splitlines()) == 1
    quiet = start(tmp_path, "-m", "servanda.jobs.watchdog", "--quiet", *memory)
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")


@pytest.mark.parametrize(
    "arguments, environment, message",
    [
        ((), {"SERVANDA_OPERATOR": "nobody"}, "SERVANDA_OPERATOR: 'nobody' is not a mail address"),
        ((), {"SERVANDA_MAIL_FROM": "a@b@c"}, "SERVANDA_MAIL_FROM: "),
        (
            (),
            {"SERVANDA_SMTP_URL": "http://user:hidden@mail"},
            "SERVANDA_SMTP_URL: the mail server's address does not say how mail is sent",
        ),
        (("--from", "file:///etc/passwd"), {}, "valid: https://monitor.example.org/health"),
        (("--every", "soon"), {}, "'soon'; valid: such as 10m, 6h or 1d"),
        (("--every", "0m"), {}, "'0m'; valid: such as 10m, 6h or 1d"),
        (("--every", "2d"), {}, "'2d'; valid: such as 10m, 6h or 1d, up to 1d"),
    ],
)
def test_what_it_cannot_do_is_one_plain_message(
    tmp_path: Path, arguments: tuple[str, ...], environment: dict[str, str], message: str
) -> None:
    done = start(tmp_path, "-m", "servanda.jobs.watchdog", *arguments, **environment)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr and "hidden" not in done.stderr


def test_it_goes_on_looking_until_it_is_stopped(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "servanda.jobs.watchdog",
        "--every",
        "1s",
        "--memory",
        str(tmp_path / "memory.json"),
    ]
    environment = {
        **os.environ, "SERVANDA_PULSE": str(tmp_path / "pulse"), "SERVANDA_OUTBOX": str(tmp_path / "outbox"),
        "SERVANDA_OPERATOR": "op@example.org", "PYTHONUNBUFFERED": "1", "SERVANDA_SMTP_URL": "",
    }  # fmt: skip
    with subprocess.Popen(
        command,
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(
            signal.SIGINT, signal.SIG_DFL
        ),  # as at a terminal, whoever starts us
    ) as running:
        assert running.stderr is not None and running.stdout is not None
        assert "has ever left a sign of life" in running.stderr.readline()
        now = datetime.now(UTC)
        write_heartbeat(tmp_path / "pulse", replace(PULSE, at=now, due_at=now + TEN))
        assert running.stdout.readline().startswith("well: notify")
        running.send_signal(signal.SIGINT)
        try:
            assert running.wait(10) == 130
        finally:
            running.kill()
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 2, "begun, and over"


def test_its_settings_have_the_names_and_defaults_of_the_others() -> None:
    fields = Settings.model_fields
    read = read_watchdog_settings({})
    for name in ("pulse", "outbox", "operator", "mail_from", "smtp_url"):
        assert getattr(read, name) == fields[name].default, name
    assert "hidden" not in repr(read_watchdog_settings({"SERVANDA_SMTP_URL": "smtp://user:hidden@mail"}))


@pytest.mark.smtp
def test_it_mails_the_operator_over_smtp(tmp_path: Path) -> None:
    received: list[Any] = []

    class Takes:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            received.append(envelope)
            return "250 taken"

    controller = Controller(Takes(), hostname="127.0.0.1", port=free_port(0))
    controller.start()
    try:
        write_heartbeat(tmp_path / "pulse", PULSE)
        done = start(
            tmp_path, "-m", "servanda.jobs.watchdog", "--memory", str(tmp_path / "memory.json"),
            SERVANDA_SMTP_URL=f"smtp://127.0.0.1:{controller.port}", SERVANDA_MAIL_FROM="servanda@example.org",
        )  # fmt: skip
    finally:
        controller.stop()
    assert done.returncode == 1
    (envelope,) = received
    assert (envelope.mail_from, envelope.rcpt_tos) == ("servanda@example.org", ["op@example.org"])
    mail = email.message_from_bytes(envelope.content, policy=default)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "notify is silent since 2026-01-31 12:00 UTC" in mail.get_content()
