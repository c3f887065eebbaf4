from __future__ import annotations

from datetime import UTC, datetime, timedelta

from servanda.models.polls.robots import StoredRobots
from servanda.models.store import Store

NOW = datetime(2019, 6, 7, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_file_is_recalled_while_it_is_fresh_and_replaced_when_read_again(store: Store) -> None:
    kept = StoredRobots(store)
    assert kept.recall("https://a.example", NOW) is None
    kept.remember("https://a.example", b"User-agent: *\nDisallow: /x", NOW)
    assert kept.recall("https://a.example", NOW) == b"User-agent: *\nDisallow: /x"
    assert kept.recall("https://a.example", NOW + timedelta(seconds=1)) is None, "it is older than asked for"
    assert kept.recall("https://b.example", NOW) is None
    kept.remember("https://a.example", b"", NOW + HOUR)
    assert kept.recall("https://a.example", NOW + HOUR) == b"", "no file is an answer too"
