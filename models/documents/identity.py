"""Which document an item of a listing is, apart from its address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, bindparam, insert, select

from servanda.compliance.publication import PublicationTime
from servanda.models import tables
from servanda.models.documents.reading_queue import queue_documents
from servanda.models.upsert import insert_all_or_ignore

ADDRESSES = frozenset({"url", "path"})
"""Alias schemes that say where a document lies, not what it is."""


class ListedItem(Protocol):
    """One row of a listing; ``aliases`` are (scheme, value), strongest first."""

    @property
    def title(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def published(self) -> PublicationTime: ...
    @property
    def aliases(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def summary(self) -> str | None: ...
    @property
    def text(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class IdentifiedDocuments:
    """The document of each item, in the items' order, and those that were not known before."""

    documents: tuple[int, ...]
    added: frozenset[int] = frozenset()

    @property
    def new(self) -> int:
        return len(self.added)


def identify_items(
    db: Connection, source: str, items: Sequence[ListedItem], now: datetime
) -> IdentifiedDocuments:
    """Find or add the document of each item.

    An item is a known document if any alias is; unless its strongest alias contradicts the one that
    document has under the same scheme (an address taken over by another item).
    """
    if not items:
        return IdentifiedDocuments(())
    known = _known_aliases(db, source, items)
    found: list[int] = []
    new: list[int] = []
    named: list[dict[str, object]] = []
    for item in items:
        document = _identify(known, item.aliases)
        if document is None:
            document = _add_document(db, source, now)
            new.append(document)
        for alias in item.aliases:
            if alias not in known:
                known[alias] = document
                named.append(_alias_row(source, alias, document))
        found.append(document)
    insert_all_or_ignore(db, tables.document_alias, named)
    queue_documents(db, source, new)
    return IdentifiedDocuments(tuple(found), frozenset(new))


_alias = tables.document_alias
_named = _alias.alias()
_ALIASES_OF_NAMED = select(_alias.c.scheme, _alias.c.value, _alias.c.document).where(
    _alias.c.document.in_(
        select(_named.c.document).where(
            _named.c.source == bindparam("source"),
            _named.c.scheme.in_(bindparam("schemes", expanding=True)),
            _named.c.value.in_(bindparam("values", expanding=True)),
        )
    )
)


def with_other_end(alias: tuple[str, str]) -> tuple[str, str] | None:
    """An address or path with a slash at its end, or without it: sites add and drop it, and mean one
    document. None for other names, and for what has a query."""
    scheme, value = alias
    if scheme not in ADDRESSES or "?" in value:
        return None
    return scheme, value[:-1] if value.endswith("/") else f"{value}/"


def _known_aliases(db: Connection, source: str, items: Sequence[ListedItem]) -> dict[tuple[str, str], int]:
    """Every alias, of all schemes, of the documents that any of the items' aliases names."""
    given = [alias for item in items for alias in item.aliases]
    aliases = [*given, *filter(None, map(with_other_end, given))]
    schemes, values = ({alias[n] for alias in aliases} for n in (0, 1))
    wanted = {"source": source, "schemes": sorted(schemes), "values": sorted(values)}
    return {(r.scheme, r.value): r.document for r in db.execute(_ALIASES_OF_NAMED, wanted)}


def _identify(known: dict[tuple[str, str], int], aliases: tuple[tuple[str, str], ...]) -> int | None:
    strongest = aliases[0]
    if strongest in known:
        return known[strongest]
    for alias in (*aliases[1:], *filter(None, map(with_other_end, aliases))):
        document = known.get(alias)
        if document is not None:
            return None if _is_named_otherwise(known, document, strongest[0]) else document
    return None


def _is_named_otherwise(known: dict[tuple[str, str], int], document: int, scheme: str) -> bool:
    """Whether a document has another name under a publisher's own scheme. Addresses are none: sites move."""
    return scheme not in ADDRESSES and any(s == scheme and d == document for (s, _), d in known.items())


_ADD_DOCUMENT = insert(tables.document).returning(tables.document.c.id)


def _add_document(db: Connection, source: str, now: datetime) -> int:
    return int(db.execute(_ADD_DOCUMENT, {"source": source, "first_seen_at": now}).scalar_one())


def _alias_row(source: str, alias: tuple[str, str], document: int) -> dict[str, object]:
    return {"source": source, "scheme": alias[0], "value": alias[1], "document": document}
