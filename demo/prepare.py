"""The folder of one run: database, archive, mails, and a catalogue that leads to the reconstructed sites."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path
from string import Template

from ruamel.yaml import YAML
from sqlalchemy import URL

from servanda.instruments.catalogue import builtin_catalogue
from servanda.jobs.bootstrap.replay import REPLAY_BANNER
from servanda.jobs.bootstrap.settings import Settings
from servanda.jobs.bootstrap.usage import UsageError

INSTRUMENT = "us-mexico-2019"
WINDOW = "further-actions-90d"
TEMPLATES = Path(__file__).parent / "catalogue" / "sources"
ENVIRONMENT = "env"
"""The file to be sourced by a shell; it also marks a folder as an earlier run's, which may be removed."""


def declaration_text() -> str:
    """The instrument's own text."""
    return (_declaration() / "text.txt").read_text(encoding="utf-8")


def clear(folder: Path) -> None:
    """Remove an earlier run; UsageError for a folder that is anything else."""
    if folder.exists() and any(folder.iterdir()):
        marker = folder / ENVIRONMENT
        if not (marker.is_file() and marker.read_text(encoding="utf-8").startswith(f"# {REPLAY_BANNER}")):
            raise UsageError(f"{folder} holds something else than an earlier replay; choose another folder")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)


def prepare(folder: Path, site: tuple[str, int]) -> Settings:
    """Fill a run's empty folder, and say where everything lies. ``site``: where the sites are served."""
    settings = replay_settings(folder, frozenset({site}))
    (folder / ENVIRONMENT).write_text(environment(settings), encoding="utf-8")
    write_catalogue(folder / "catalogue", "http://{}:{}".format(*site))
    return settings


def replay_settings(folder: Path, allow_hosts: frozenset[tuple[str, int]] = frozenset()) -> Settings:
    """Where everything of a run lies."""
    folder = folder.resolve()
    return Settings(
        database_url=URL.create("sqlite", database=str(folder / "servanda.db")).render_as_string(),
        catalogue=folder / "catalogue",
        archive=folder / "archive",
        cache=folder / "cache",
        outbox=folder / "outbox",
        smtp_url=None,
        mail_from="servanda@example.org",
        contact=None,
        now=None,
        secret_file=folder / "secret",
        allow_hosts=allow_hosts,
    )


def environment(settings: Settings) -> str:
    """What makes ``servanda`` work on this run, for a shell to read."""
    values = {
        "SERVANDA_DATABASE_URL": settings.database_url,
        "SERVANDA_CATALOGUE": settings.catalogue,
        "SERVANDA_ARCHIVE": settings.archive,
        "SERVANDA_CACHE": settings.cache,
        "SERVANDA_OUTBOX": settings.outbox,
        "SERVANDA_MAIL_FROM": settings.mail_from,
    }
    lines = [f"# {REPLAY_BANNER}: summer 2019. Read by a shell: `. {ENVIRONMENT}`"]
    lines += [f"export {name}={shlex.quote(str(value))}" for name, value in values.items()]
    return "\n".join([*lines, "unset SERVANDA_SMTP_URL SERVANDA_NOW SERVANDA_ALLOW_HOSTS", ""])


def write_catalogue(folder: Path, site: str) -> None:
    """The built-in declaration, watched in the sources that the sites stand for."""
    sources = folder / "sources"
    sources.mkdir(parents=True)
    for template in sorted(TEMPLATES.glob("*.yml")):
        text = Template(template.read_text(encoding="utf-8")).substitute(SITE=site)
        (sources / template.name).write_text(text, encoding="utf-8")
    declaration = folder / "declarations" / INSTRUMENT
    shutil.copytree(_declaration(), declaration)
    _watch_only(declaration / "instrument.yml", {path.stem for path in sources.glob("*.yml")})


def _watch_only(path: Path, sources: set[str]) -> None:
    """Leave out the instrument's other sources; those that its window requires are all among ``sources``."""
    yaml = YAML()
    yaml.width = 1 << 16
    written = yaml.load(path)
    written["sources"] = [source for source in written["sources"] if source in sources]
    yaml.dump(written, path)


def _declaration() -> Path:
    return builtin_catalogue() / "declarations" / INSTRUMENT
