"""What routes are polled with."""

from __future__ import annotations

from dataclasses import dataclass

from servanda.instruments.catalogue import Catalogue
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.polling.cadence import PollingWindows
from servanda.jobs.polling.standings import SourceStandings
from servanda.models.archive.folder import Archive
from servanda.scrapers.http.fetch import Fetcher


@dataclass(frozen=True, slots=True)
class Poller:
    """What asks publishers for their routes, and records what they answer. ``windows`` and ``standings``:
    what a run needs to know once."""

    ledger: Ledger
    catalogue: Catalogue
    fetcher: Fetcher
    archive: Archive
    windows: PollingWindows
    standings: SourceStandings
