"""``make run``: prepare, start Airflow, run today's job, show what is known, stay until Ctrl-C.

Exit codes: 0 ended by Ctrl-C, 1 Airflow did not come up, 2 usage or configuration, 3 already running.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import FrameType
from typing import NoReturn
from urllib.parse import urlsplit

from rich.console import Console

from servanda.alerts.text.addresses import validate_address
from servanda.cli.tables.findings import show_status
from servanda.cli.tables.layout import console as standard_output
from servanda.hosting.airflow_api import ApiError
from servanda.hosting.airflow_services import AirflowServices, AlreadyRunning, NotStarted
from servanda.hosting.airflow_settings import ADMIN, LOOPBACK, Secrets
from servanda.hosting.first_run import run_once
from servanda.hosting.housekeeping import Housekeeping
from servanda.instruments.problems import CatalogueError
from servanda.jobs.bootstrap.settings import Settings, read_settings
from servanda.jobs.bootstrap.system import SystemClock, inherited_environment
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.bootstrap.wiring import Wiring, wire
from servanda.jobs.scheduling.runs import refuse_replay
from servanda.jobs.views import status as views
from servanda.jobs.watchers.membership import add_watcher
from servanda.models.delivery.watchers import watchers
from servanda.models.polls import polls
from servanda.models.store import StoreError, absolute_url

STAY_SECONDS = 15.0


def main() -> int:
    """Entry point; every way out ends what was started."""
    _end_on_signals()
    screen = standard_output()
    try:
        run(read_settings(), screen)
    except KeyboardInterrupt:
        screen.print("Ended.")
        return 0
    except (UsageError, StoreError, CatalogueError) as error:
        return _complain(error, 2)
    except AlreadyRunning as error:
        return _complain(error, 3)
    except (NotStarted, ApiError) as error:
        return _complain(error, 1)


def run(settings: Settings, screen: Console) -> NoReturn:
    """Everything, until KeyboardInterrupt."""
    clock = SystemClock()
    prepare(settings)
    environment = service_environment(settings, inherited_environment())
    with AirflowServices(settings.airflow_home, environment, clock, say=screen.print) as services:
        screen.print("Starting Airflow …")
        kept = services.start()
        services.wait_until_healthy()
        show_log_in(services.api.base, kept, screen)
        started_at = clock.now()
        screen.print("Running today's job: collect, assess, notify")
        run_once(services, screen)
        with wire() as wiring:
            show_results(wiring, started_at, screen)
        show_addresses(settings, services.api.base, kept, screen)
        stay(settings, services, clock)


def stay(settings: Settings, services: AirflowServices, clock: SystemClock) -> NoReturn:
    """Look after the services until KeyboardInterrupt."""
    keep_for = timedelta(days=settings.run_history_days)
    keeping = Housekeeping(services, settings.pulse, keep_for, clock.now())
    try:
        while True:
            keeping.tend(clock.now())
            services.wait(STAY_SECONDS)
    finally:
        keeping.end()


def prepare(settings: Settings) -> None:
    """The database with its catalogue, and somebody to tell when something fails."""
    try:
        operator = validate_address(settings.operator)
    except ValueError as error:
        raise UsageError(f"SERVANDA_OPERATOR: {error}") from error
    if settings.now is not None:
        raise UsageError(
            "SERVANDA_NOW is set, and Airflow needs a live database; unset it, or see `make demo`"
        )
    with wire(opening="create", settings=settings) as wiring:
        refuse_replay(wiring)
        with wiring.store.reading() as db:
            known = any(w.profile.operator for w in watchers(db))
        if not known:
            add_watcher(wiring.ledger, operator, name="Operator", operator=True, analyst=True)


def service_environment(settings: Settings, inherited: Mapping[str, str]) -> dict[str, str]:
    """The environment with our paths made absolute, for the services work in another folder."""
    paths = {
        "ARCHIVE": settings.archive,
        "CACHE": settings.cache,
        "OUTBOX": settings.outbox,
        "CATALOGUE": settings.catalogue,
    }
    absolute = {f"SERVANDA_{name}": str(path.resolve()) for name, path in paths.items() if path}
    return {**inherited, "SERVANDA_DATABASE_URL": absolute_url(settings.database_url), **absolute}


def show_results(wiring: Wiring, started_at: datetime, screen: Console) -> None:
    """Commitments and windows, and which sources could not be read."""
    show_status(views.status(wiring.ledger, wiring.catalogue, wiring.now), screen)
    with wiring.store.reading() as db:
        every = sorted(polls.last_polls(db, wiring.now).items())
    last = [(route, poll) for route, poll in every if poll.started_at >= started_at]
    for (source, route), poll in last:
        if poll.failure:
            screen.print(f"not read: {source}/{route}: {poll.failure}", markup=False)
    if last and all(poll.failure for _, poll in last):
        screen.print(
            "No source could be reached. What stands above is what was known before.\n"
            "`make demo` shows the whole without network: summer 2019 replayed.",
            markup=False,
        )


def show_log_in(base: str, kept: Secrets, screen: Console) -> None:
    """Airflow's page at ``base``, and how to log in, before anything that may take long."""
    address = base.replace(LOOPBACK, "localhost")
    screen.print(
        f"Airflow: {address}  (user {ADMIN}, password {kept.password})", markup=False, soft_wrap=True
    )


def show_addresses(settings: Settings, base: str, kept: Secrets, screen: Console) -> None:
    """Where the mails are, and Airflow's page at ``base``."""
    address = base.replace(LOOPBACK, "localhost")
    lines = (
        f"Mails:   {_where_mails_go(settings)}",
        f"Airflow: {address}  (user {ADMIN}, password {kept.password})",
        "The schedule goes on while this runs. Ctrl-C ends everything.",
    )
    screen.print("\n".join(lines), markup=False, soft_wrap=True)


def _where_mails_go(settings: Settings) -> str:
    if settings.smtp_url is not None:
        server = urlsplit(settings.smtp_url)
        return f"sent through {server.hostname}:{server.port or 'its usual port'}"
    folder = settings.outbox.resolve()
    written = len(list(folder.glob("*.eml")))
    return f"{written} .eml files in {folder} (no SERVANDA_SMTP_URL is set)"


def _complain(error: Exception, code: int) -> int:
    print(f"error: {error}", file=sys.stderr)
    return code


def _end_on_signals() -> None:
    """Ctrl-C, also where a shell has it ignored in the background; TERM; HUP, unless under ``nohup``."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _as_interrupt)


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
