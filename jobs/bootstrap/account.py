"""Under which account this process runs: kept beside the name that a person gives."""

from __future__ import annotations

import getpass
import os


def current_account() -> str:
    """The account's name; its number where the machine has no name for it."""
    try:
        return getpass.getuser()[:200]
    except (KeyError, OSError):
        return str(os.getuid())
