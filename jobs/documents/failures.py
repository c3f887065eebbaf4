"""What went wrong with a document, as an outcome."""

from __future__ import annotations

import logging

from servanda.models.polls.polls import Failure
from servanda.scrapers.exchange import ScrapeError

log = logging.getLogger(__name__)


def failure_of(error: Exception, url: str) -> Failure:
    """What went wrong with a document, told in the log; a fault of ours with its traceback."""
    if isinstance(error, ScrapeError):
        log.warning("%s could not be read: %s", url, error)
        return Failure(error.family, error.kind, error.reason)
    log.error("reading %s broke", url, exc_info=error)
    return Failure("unrecognised", "reader_broke", f"{type(error).__name__}: {error}"[:500])
