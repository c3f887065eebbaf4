"""``servanda web`` as a person starts it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from support.waiting import wait_for

from servanda.cli.commands import main
from servanda.jobs.bootstrap.settings import Settings
from servanda.jobs.bootstrap.wiring import wire

Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    url = f"sqlite:///{tmp_path}/servanda.db"
    with wire(opening="create", settings=Settings(database_url=url)):
        pass
    return {
        "SERVANDA_DATABASE_URL": url,
        "SERVANDA_SECRET_FILE": str(tmp_path / "secret"),
        "SERVANDA_PUBLIC_URL": "https://watch.example.org",
        "PYTHONUNBUFFERED": "1",
    }


@pytest.fixture
def typed(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Typed:
    """The command line, in this process: exit code, standard output, standard error."""

    def run(*arguments: str, **more: str) -> tuple[int, str, str]:
        for name, value in (environment | more).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["servanda", "web", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


@contextmanager
def started(environment: dict[str, str], said: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The running command, and the address that it says it listens at."""
    command = [sys.executable, "-m", "servanda.cli", "web", "--port", "0", "--desk-port", "0"]
    with said.open("wb") as out:
        process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=out, stderr=out)
    try:
        found = wait_for(lambda: re.search(r"http://\S+/", said.read_text()), f"an address in {said}")
        yield process, found[0]
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow
@pytest.mark.parametrize("stop, code", [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_it_answers_until_it_is_stopped_and_logs_no_address(
    environment: dict[str, str], tmp_path: Path, stop: signal.Signals, code: int
) -> None:
    said = tmp_path / "said"
    with started(environment, said) as (process, address):
        answer = requests.get(f"{address}u/a-token-that-nobody-else-may-know", timeout=20)
        assert (answer.status_code, "Server" in answer.headers) == (404, False)
        process.send_signal(stop)
        assert process.wait(timeout=20) == code
    first, *rest = filter(None, said.read_text().splitlines())
    assert first == f"listening at {address}; mails link to https://watch.example.org"
    assert re.fullmatch(r"the desk is at http://127\.0\.0\.1:\d+/, for browsers on this machine", rest[0])
    assert not rest[0].startswith(f"the desk is at {address}"), "a proxy stands before the other port"
    assert rest[1:] == (["stopped"] if code else [])


def test_a_port_that_is_taken_is_one_plain_message(typed: Typed) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert typed("--port", port) == (
            2,
            "",
            f"error: --host 127.0.0.1 --port {port}: Address already in use; "
            "valid: an address of this machine and a port that is free\n",
        )


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid", "::zz"])
def test_an_address_of_another_machine_is_one_plain_message(typed: Typed, host: str) -> None:
    code, _, err = typed("--host", host)
    assert code == 2
    assert re.fullmatch(r"error: --host \S+ --port 8765: .+; valid: an address of this machine.*\n", err)


def test_without_a_database_there_is_nothing_to_serve(typed: Typed, tmp_path: Path) -> None:
    code, _, err = typed(SERVANDA_DATABASE_URL=f"sqlite:///{tmp_path}/none.db")
    assert (code, "there is no database at" in err) == (2, True)
    assert not (tmp_path / "secret").exists()


def test_a_secret_that_others_can_read_is_one_plain_message(typed: Typed, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x" * 64)
    secret.chmod(0o644)
    code, _, err = typed("--port", "0")
    said = f"{secret} can be read by others than its owner; chmod 600 {secret}"
    assert (code, err) == (2, f"error: SERVANDA_SECRET_FILE: {said}\n")
