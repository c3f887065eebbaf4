"""Which documents are withdrawn, since when, and when that became known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from servanda.compliance.document_history import derive_history, is_withdrawn
from servanda.models.documents.observations import gone_since, observations


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """``since_at``: the first look that found it gone; ``known_at``: the look that made it certain."""

    since_at: datetime
    known_at: datetime


def withdrawals(db: Connection, documents: Iterable[int], as_of: datetime) -> dict[int, Withdrawal]:
    """Those of the documents that stand withdrawn at ``as_of``; what came back is not among them."""
    found: dict[int, Withdrawal] = {}
    asked = sorted(set(documents))
    for document in gone_since(db, asked, as_of) if asked else ():
        looks = observations(db, document, as_of)
        steps = derive_history(looks)
        if is_withdrawn(steps):
            last = steps[-1]
            found[document] = Withdrawal(last.at, next(o.at for o in looks if o.id == last.observation))
    return found
