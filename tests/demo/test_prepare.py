"""The folder of a run: what may be removed, and the catalogue that is written into it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from servanda.demo.prepare import clear, declaration_text, prepare
from servanda.instruments.catalogue import builtin_catalogue, load_catalogue
from servanda.jobs.bootstrap.settings import Settings
from servanda.jobs.bootstrap.usage import UsageError

SITE = ("127.0.0.1", 8123)


def test_an_earlier_run_is_removed(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    clear(folder)
    prepare(folder, SITE)
    (folder / "servanda.db").write_bytes(b"old")
    clear(folder)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["notes.txt", "env"])
def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine\n")
    with pytest.raises(UsageError, match="something else than an earlier replay"):
        clear(tmp_path)
    assert (tmp_path / name).read_text() == "mine\n"


def test_the_catalogue_is_the_built_in_declaration_on_the_sites(tmp_path: Path) -> None:
    settings = prepare(tmp_path, SITE)
    assert settings.catalogue is not None
    ours, theirs = load_catalogue(settings.catalogue), load_catalogue(builtin_catalogue())
    assert ours.warnings == ()
    mine, built_in = ours.instrument("us-mexico-2019"), theirs.instrument("us-mexico-2019")
    assert (mine.windows, mine.rules, mine.commitments) == (
        built_in.windows,
        built_in.rules,
        built_in.commitments,
    )
    assert mine.text == declaration_text()
    assert set(mine.sources) == {source.id for source in ours.sources} < set(built_in.sources)
    for source in ours.sources:
        assert all(route.url.startswith("http://127.0.0.1:8123/") for route in source.routes)
        counterpart = theirs.source(source.id)
        assert (source.party, source.zone, source.lag) == (
            counterpart.party,
            counterpart.zone,
            counterpart.lag,
        )


def test_the_environment_of_whoever_runs_it_does_not_reach_the_replay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVANDA_SMTP_URL", "smtp://mail.example.org")
    monkeypatch.setenv("SERVANDA_NOW", "2031-01-01T00:00:00Z")
    monkeypatch.setenv("SERVANDA_DATABASE_URL", "sqlite:////somewhere/live.db")
    settings = prepare(tmp_path, SITE)
    assert (settings.smtp_url, settings.now) == (None, None)
    assert settings.database_url == f"sqlite:///{tmp_path}/servanda.db"
    assert settings.allow_hosts == {SITE}


def test_a_shell_reads_the_same_settings(tmp_path: Path) -> None:
    folder = tmp_path / "it's here"
    clear(folder)
    settings = prepare(folder, SITE)
    script = (
        '. ./env && printf "%s\\n" "$SERVANDA_DATABASE_URL" "$SERVANDA_OUTBOX" "${SERVANDA_SMTP_URL-none}"'
    )
    done = subprocess.run(
        ["/bin/sh", "-c", script],
        cwd=folder,
        env={"SERVANDA_SMTP_URL": "smtp://mail.example.org"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [settings.database_url, str(settings.outbox), "none"]
    assert isinstance(settings, Settings)
