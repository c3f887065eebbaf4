"""The soak in its short form."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.airflow
def test_two_minutes_under_load_lose_double_and_hurry_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    done = subprocess.run(
        (sys.executable, "-m", "fault_injection.soak", "--minutes", "2"),
        cwd=ROOT, env={**os.environ, "PYTHONPATH": "tests"}, capture_output=True, text=True, timeout=900,
    )  # fmt: skip
    with capsys.disabled():
        print("\n" + done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
