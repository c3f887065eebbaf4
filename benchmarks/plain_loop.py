"""What most people write first: feedparser, requests and one SQLite table, in one loop.

It has no archive of what was received, no robots.txt, no pacing, no bounds of time and size, no guard
against private addresses, no record of polls or failures, no coverage, no versions, no matching.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import feedparser
import requests
import trafilatura

SCHEMA = """
CREATE TABLE IF NOT EXISTS document (guid TEXT PRIMARY KEY, url TEXT, title TEXT, published TEXT, text TEXT);
CREATE TABLE IF NOT EXISTS feed (url TEXT PRIMARY KEY, etag TEXT, modified TEXT);
"""


def open_table(folder: Path) -> sqlite3.Connection:
    db = sqlite3.connect(folder / "documents.db")
    db.executescript(SCHEMA)
    return db


def read_feeds(db: sqlite3.Connection, feeds: Sequence[str], *, conditional: bool, extract: bool) -> int:
    """Read every feed once and store what is new; how many documents that were.

    ``conditional`` sends back ETag and Last-Modified. Without ``extract`` a page's markup is stored as it is.
    """
    with requests.Session() as session:
        return sum(_read_feed(db, session, feed, conditional, extract) for feed in feeds)


def _read_feed(
    db: sqlite3.Connection, session: requests.Session, feed: str, conditional: bool, extract: bool
) -> int:
    headers = _conditions(db, feed) if conditional else {}
    response = session.get(feed, headers=headers, timeout=30)
    if response.status_code == 304:
        return 0
    response.raise_for_status()
    new = 0
    for entry in feedparser.parse(response.content).entries:
        if db.execute("SELECT 1 FROM document WHERE guid = ?", (entry.id,)).fetchone() is None:
            _store(db, session, entry, extract)
            new += 1
    kept = (feed, response.headers.get("ETag"), response.headers.get("Last-Modified"))
    db.execute("INSERT OR REPLACE INTO feed VALUES (?, ?, ?)", kept)
    db.commit()
    return new


def _store(
    db: sqlite3.Connection, session: requests.Session, entry: feedparser.FeedParserDict, extract: bool
) -> None:
    page = session.get(entry.link, timeout=30)
    page.raise_for_status()
    text = trafilatura.extract(page.text) if extract else page.text
    row = (entry.id, entry.link, entry.title, entry.published, text)
    db.execute("INSERT INTO document VALUES (?, ?, ?, ?, ?)", row)


def _conditions(db: sqlite3.Connection, feed: str) -> dict[str, str]:
    row = db.execute("SELECT etag, modified FROM feed WHERE url = ?", (feed,)).fetchone() or (None, None)
    pairs = zip(("If-None-Match", "If-Modified-Since"), row, strict=True)
    return {name: value for name, value in pairs if value}
