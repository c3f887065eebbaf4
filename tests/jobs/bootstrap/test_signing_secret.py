from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from servanda.jobs.bootstrap.signing_secret import kept_secret


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret"
    made = kept_secret(path)
    assert len(made) >= 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert kept_secret(path) == made
    assert kept_secret(tmp_path / "other") != made
    assert [one.name for one in path.parent.iterdir()] == ["secret"]


def test_all_that_begin_at_once_use_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda _: kept_secret(tmp_path / "secret"), range(64)))
    assert len(set(made)) == 1


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o666, 0o660])
def test_a_secret_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "secret"
    kept_secret(path)
    path.chmod(mode)
    with pytest.raises(ValueError, match=f"can be read by others than its owner; chmod 600 {path}"):
        kept_secret(path)
    path.chmod(0o400)
    kept_secret(path)


@pytest.mark.parametrize("content", ["", "\n", "short\n", "x" * 31])
def test_a_secret_that_is_too_short_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "secret"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(ValueError, match="too few for a secret; valid: at least 32"):
        kept_secret(path)
