"""The command line in a process of its own, as a person starts it."""

from __future__ import annotations

import os
import subprocess
import sys


def servanda(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "servanda.cli", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
