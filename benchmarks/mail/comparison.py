"""Ten thousand watchers of one ended window: ``python -m benchmarks.mail`` measures notify beside smtplib.

Both send the same bytes to the same server, which runs in a process of its own and keeps nothing. ``smtplib``
alone records nothing: a run that is killed has lost what it had sent, or sends all of it again.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median_low

from benchmarks.measuring import Ended, run_measured
from benchmarks.report import table

NAMES = ("plain", "servanda")
CONTENDER = "benchmarks.mail.contender"


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.mail", description=__doc__)
    options.add_argument("--watchers", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--server-ms", type=float, nargs="+", default=[0.0, 5.0], help="before each 250")
    given = options.parse_args()
    for wait in given.server_ms:
        with tempfile.TemporaryDirectory(prefix="servanda-") as folder:
            found = compare(Path(folder), given.watchers, given.rounds, wait)
        print(
            f"\n{given.watchers} mails about one ended window, to a server that takes {wait:g} ms for each; "
            f"{given.rounds} rounds in turns, median by time\n"
        )
        print(mail_table(found))


def compare(folder: Path, watchers: int, rounds: int, wait: float = 0.0) -> dict[str, Ended]:
    """Each contender in turns; of each the round whose sending took the median time."""
    ledger, used = folder / "ledger", folder / "used"
    _prepare(ledger, watchers, used)
    runs: dict[str, list[Ended]] = {name: [] for name in NAMES}
    with running_sink(wait) as port:
        for number in range(rounds):
            for name in NAMES:
                place = used if name == "plain" else _copied(ledger, folder / f"round-{number}")
                runs[name].append(
                    run_measured([CONTENDER, name, "--folder", str(place), "--port", str(port)])
                )
                if place != used:
                    shutil.rmtree(place)
    for name, found in runs.items():
        if any(one.printed["mails"] != watchers for one in found):
            raise RuntimeError(f"this comparison compares nothing: {name} did not send every mail")
    return {name: _median(found) for name, found in runs.items()}


def _prepare(ledger: Path, watchers: int, used: Path) -> None:
    """In a process of its own: a large one would hide how much memory those take that it starts."""
    code = (
        "import sys; from pathlib import Path; from benchmarks.mail.ledger import *; import shutil; "
        "a, b = Path(sys.argv[1]), Path(sys.argv[3]); prepare(a, int(sys.argv[2])); shutil.copytree(a, b); "
        "keep_what_it_says(b)"
    )
    subprocess.run([sys.executable, "-c", code, str(ledger), str(watchers), str(used)], check=True)


def _copied(ledger: Path, place: Path) -> Path:
    shutil.copytree(ledger, place)
    return place


def _median(found: list[Ended]) -> Ended:
    middle = median_low(one.printed["sending"] for one in found)
    return next(one for one in found if one.printed["sending"] == middle)


@contextmanager
def running_sink(wait: float = 0.0) -> Iterator[int]:
    """The port of the mail server, in its own process; ``wait`` in milliseconds."""
    command = [sys.executable, "-m", "benchmarks.mail.sink", str(wait)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def mail_table(found: dict[str, Ended]) -> str:
    """Sending beside plain smtplib, then what is done before it."""
    rows = []
    base = found["plain"].printed["sending"]
    for name, one in found.items():
        said, mails = one.printed, one.printed["mails"]
        before = said.get("routing", 0.0) + said.get("composing", 0.0)
        rows.append(
            (
                name,
                f"{mails / said['sending']:.0f}",
                f"{base / said['sending']:.2f} x",
                f"{said['sending'] / mails * 1000:.2f}",
                f"{said.get('routing', 0.0) / mails * 1000:.2f}",
                f"{said.get('composing', 0.0) / mails * 1000:.2f}",
                f"{mails / (before + said['sending']):.0f}",
                f"{one.peak / 2**20:.0f}",
            )
        )
    header = ("", "mails per s, sending", "of plain", "ms each", "routing ms", "composing ms",
              "mails per s, all", "peak MB")  # fmt: skip
    return table(header, rows)
