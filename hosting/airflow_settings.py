"""How the embedded Airflow is set up: its folder, secrets, ports and settings.

Everything is passed to the services through their environment; a folder holds what must outlive them.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"
USUAL_PORT = 8080
ADMIN = "admin"
PLUGINS = Path(__file__).resolve().parent / "airflow_plugins"


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the services sign and encrypt with, and the password of Airflow's page."""

    api_key: str
    jwt_key: str
    fernet_key: str
    password: str


def has_secrets(home: Path) -> bool:
    """Whether this folder was started before."""
    return (home / "secrets").is_dir()


def read_secrets(home: Path) -> Secrets:
    """The secrets of this folder, made at the first start; files that only their owner reads."""
    return Secrets(
        api_key=_kept(home / "secrets" / "api", secrets.token_hex(64)),
        jwt_key=_kept(home / "secrets" / "jwt", secrets.token_hex(64)),
        fernet_key=_kept(home / "secrets" / "fernet", urlsafe_b64encode(secrets.token_bytes(32)).decode()),
        password=_password(_kept(passwords_file(home), json.dumps({ADMIN: secrets.token_urlsafe(12)}))),
    )


def passwords_file(home: Path) -> Path:
    """Where Airflow's simple auth manager reads and keeps passwords; others may be added by hand."""
    return home / "passwords.json"


def _password(content: str) -> str:
    try:
        return str(json.loads(content)[ADMIN])
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"the file of Airflow's passwords has none for {ADMIN}; remove it") from error


def _kept(path: Path, fresh: str) -> str:
    """The content of a file of mode 0600, written with ``fresh`` if there is none."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        path.chmod(0o600)
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(fresh)
    return fresh


def write_private(path: Path, content: str) -> None:
    """Write a file that its owner alone reads, in place of the one before."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content)
    fresh.replace(path)


def free_port(wanted: int = USUAL_PORT) -> int:
    """``wanted`` where nobody listens there, else a port that the system has free."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError(f"no free port on {LOOPBACK}")


def airflow_environment(
    inherited: Mapping[str, str], *, home: Path, dags: Path, port: int, kept: Secrets
) -> dict[str, str]:
    """The whole environment of the services.

    What the inherited environment says of Airflow wins over our defaults (another database, another
    executor), but not over what holds the services together: folder, port, address, secrets.
    """
    return {
        **_defaults(),
        **inherited,
        **_fixed(home, dags, port, kept),
        **{name: _without_proxy(inherited.get(name, "")) for name in ("NO_PROXY", "no_proxy")},
    }


def _defaults() -> dict[str, str]:
    """Why each: it runs at once, it is small, it reacts within a second, it forgets no task for long."""
    return {
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__PARALLELISM": "6",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{ADMIN}:admin",
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
        "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "30",
        "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "30",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO",
        "AIRFLOW__LOGGING__NAMESPACE_LEVELS": " ".join(f"{name}=WARNING" for name in _TALKATIVE),
    }


_TALKATIVE = ("airflow.jobs.scheduler_job_runner.SchedulerJobRunner", "airflow.jobs.scheduler_job_runner")
"""They say several times a second that a run waits for another one."""


def _fixed(home: Path, dags: Path, port: int, kept: Secrets) -> dict[str, str]:
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PLUGINS),
        "AIRFLOW__API__HOST": LOOPBACK,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://localhost:{port}",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://{LOOPBACK}:{port}/execution/",
        "AIRFLOW__CORE__FERNET_KEY": kept.fernet_key,
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords_file(home)),
        "AIRFLOW__API__SECRET_KEY": kept.api_key,
        "AIRFLOW__API_AUTH__JWT_SECRET": kept.jwt_key,
        "PYTHONUNBUFFERED": "1",
    }


def _without_proxy(hosts: str) -> str:
    """A proxy for the outer world must not stand between the services."""
    return ",".join(filter(None, (hosts, LOOPBACK, "localhost")))
