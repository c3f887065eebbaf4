"""A listing that changes while it is read: no item that stood there all the while is missing or doubled."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.answers import exchange_of, source_with

from servanda.instruments.routes import DateField, ListingOptions
from servanda.scrapers.exchange import Exchange, Unreachable, Validators
from servanda.scrapers.platforms.listing import read_listing
from servanda.scrapers.platforms.repeated_reads import MOST_READS, merge_reads, reads_agree
from servanda.scrapers.route_reading import ReadRequest, RouteReading

URL = "https://www.agency.example/news/?page=1"
NOW = datetime(2019, 9, 6, tzinfo=UTC)
READ = ListingOptions(
    platform="listing",
    row="li",
    title="a",
    link="a",
    date=DateField(selector="i", formats=("iso",)),
    next="a.next",
)
PER_PAGE = 4

Change = Callable[[list[str]], None]


@dataclass
class Moving:
    """A listing of a publisher. ``changes[n]`` is made just before the n-th request (from 0) is answered."""

    rows: list[str]
    changes: dict[int, list[Change]] = field(default_factory=dict)
    tagged: bool = False
    asked: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    stood: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.stood = set(self.rows)

    def __call__(self, url: str, *, pause_seconds: float, validators: Validators | None = None) -> Exchange:
        for change in self.changes.get(len(self.asked), []):
            change(self.rows)
            self.stood &= set(self.rows)
        self.asked.append(url)
        page = int(url.partition("page=")[2])
        shown = self.rows[(page - 1) * PER_PAGE : page * PER_PAGE]
        if not shown and page > 1:
            raise Unreachable("http_404", f"{url} is not there")
        body = self._page(shown, page)
        tag = f'"{hash(body)}"'
        unchanged = self.tagged and validators is not None and validators.etag == tag
        self.statuses.append(304 if unchanged else 200)
        headers = (("ETag", tag),) if self.tagged else ()
        return exchange_of(url, b"" if unchanged else body, headers=headers, status=self.statuses[-1])

    def _page(self, shown: list[str], page: int) -> bytes:
        items = "".join(f'<li><a href="/news/{row}/">{row}</a><i>2019-09-01</i></li>' for row in shown)
        more = f'<a class="next" href="?page={page + 1}">more</a>' if len(self.rows) > page * PER_PAGE else ""
        return f"<html><body><ul>{items}</ul>{more}</body></html>".encode()


def read(moving: Moving, max_pages: int = 50) -> RouteReading:
    source, route = source_with(READ, url=URL, max_pages=max_pages, minimum_items=1)
    reading = read_listing(source, route, moving, ReadRequest(NOW, back_to=datetime(2000, 1, 1, tzinfo=UTC)))
    assert isinstance(reading, RouteReading)
    return reading


def titles(reading: RouteReading) -> list[str]:
    return [item.title for item in reading.items]


def rows(n: int) -> list[str]:
    return [f"item-{k}" for k in range(n)]


def insert(at: int, name: str) -> Change:
    return lambda listed: listed.insert(min(at, len(listed)), name)


def delete(name: str) -> Change:
    return lambda listed: listed.remove(name) if name in listed else None


def move(name: str, to: int) -> Change:
    """Pinned on top, taken from there, or dated anew."""

    def change(listed: list[str]) -> None:
        if name in listed:
            listed.remove(name)
            listed.insert(to, name)

    return change


# --- what it costs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "requests"), [(3, [1]), (4, [1]), (5, [1, 2, 1]), (16, [1, 2, 3, 4, 3, 2, 1])]
)
def test_at_rest_each_page_but_the_last_is_read_twice(items: int, requests: list[int]) -> None:
    moving = Moving(rows(items))
    reading = read(moving)
    assert [int(url[-1]) for url in moving.asked] == requests
    assert titles(reading) == rows(items)
    assert (reading.pages, reading.reached_end) == (max(requests), max(requests) > 1)


def test_the_way_back_is_conditional_where_pages_gave_validators() -> None:
    moving = Moving(rows(12), tagged=True)
    reading = read(moving)
    assert moving.statuses == [200, 200, 200, 304, 304]
    assert titles(reading) == rows(12)


def test_only_as_many_pages_as_the_route_allows() -> None:
    moving = Moving(rows(16))
    assert titles(read(moving, max_pages=2)) == rows(8)
    assert len(moving.asked) == 3


# --- one change ------------------------------------------------------------------------------------------


def test_a_deletion_that_moves_an_item_to_a_page_already_read() -> None:
    """Read downwards only, item-4 would be met on neither page."""
    moving = Moving(rows(8), {1: [delete("item-0")]})
    assert titles(read(moving)) == rows(8), "and the deleted one, which was seen, keeps its place"


def test_an_item_that_is_no_longer_pinned() -> None:
    pinned = ["item-9", *rows(9), *[f"item-{n}" for n in range(10, 14)]]
    moving = Moving(pinned, {2: [move("item-9", 9)]})
    assert sorted(titles(read(moving))) == sorted(rows(14))


def test_an_insertion_is_found_on_the_way_back_and_stands_where_it_was_found() -> None:
    moving = Moving(rows(12), {3: [insert(0, "new")]})
    assert titles(read(moving)) == ["new", *rows(12)]


def test_the_last_page_may_vanish_meanwhile() -> None:
    moving = Moving(rows(9), {3: [delete("item-2")]})
    assert titles(read(moving)) == rows(9)


def test_an_item_that_is_pinned_and_taken_down_again_meanwhile() -> None:
    """Pages 2 to 4 are the same on both ways, and so is page 1: only that items were met twice tells."""
    moving = Moving(rows(20), {1: [move("item-15", 0)], 8: [move("item-15", 15)]})
    assert titles(read(moving)) == rows(20)


def test_a_row_that_stands_on_two_pages_for_good_is_kept_once() -> None:
    moving = Moving([*rows(6), "item-2", *rows(9)[6:]])
    assert titles(read(moving)) == rows(9)
    assert len(moving.asked) == 7, "there, back, and there again"


def test_a_last_page_that_goes_and_comes_back_is_to_be_tried_again() -> None:
    moving = Moving(rows(9), {2: [delete("item-5")], 4: [insert(0, "new")]})
    with pytest.raises(Unreachable) as caught:
        read(moving)
    assert caught.value.kind == "shifted"


def test_a_listing_that_never_rests_is_to_be_tried_again() -> None:
    never = {n: [insert(0, f"new-{n}")] for n in range(200)}
    with pytest.raises(Unreachable) as caught:
        read(Moving(rows(12), never))
    assert caught.value.kind == "shifted"
    assert f"{MOST_READS} sweeps" in caught.value.reason


NAMES = st.integers(0, 25).map("item-{}".format)


def a_change(n: int) -> st.SearchStrategy[Change]:
    """An item may be moved to the top or from it; a deleted one does not come back."""
    return st.one_of(
        st.integers(0, 26).map(lambda at: insert(at, f"new-{n}")),
        NAMES.map(delete),
        NAMES.map(lambda name: move(name, 0)),
        st.integers(0, 20).map(lambda to: lambda listed: listed.insert(to, listed.pop(0))),
    )


@settings(max_examples=150, deadline=None)
@given(st.integers(5, 26), st.integers(1, 20), a_change(0), st.booleans())
def test_one_change_at_any_moment_loses_and_doubles_nothing(
    items: int, before: int, change: Change, tagged: bool
) -> None:
    moving = Moving(rows(items), {before: [change]}, tagged)
    found = titles(read(moving))
    assert len(found) == len(set(found))
    assert moving.stood <= set(found)
    assert_in_order(found, moving)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(
    st.integers(5, 26),
    st.lists(st.integers(1, 25), min_size=2, max_size=6, unique=True).flatmap(
        lambda moments: st.tuples(st.just(moments), st.tuples(*map(a_change, range(len(moments)))))
    ),
    st.booleans(),
)
def test_several_changes_lose_and_double_nothing_either(
    items: int, planned: tuple[list[int], tuple[Change, ...]], tagged: bool
) -> None:
    changes: dict[int, list[Change]] = {}
    for moment, change in zip(*planned, strict=True):
        changes.setdefault(moment, []).append(change)
    moving = Moving(rows(items), changes, tagged)
    with suppress(Unreachable):
        found = titles(read(moving))
        assert len(found) == len(set(found))
        assert moving.stood <= set(found)


def assert_in_order(found: list[str], moving: Moving) -> None:
    """Of those that stood all the while and were not moved, each stands before the next."""
    order = [int(name.partition("-")[2]) for name in found if name in moving.stood]
    disorder = sum(one > next_one for one, next_one in pairwise(order))
    assert disorder <= 1, "one item may have been moved, and no other"


# --- the rule --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("older", "newer", "from_second", "agreed"),
    [
        pytest.param(["ab", "cd", "ef"], ["ab", "cd"], False, True, id="at rest, upwards"),
        pytest.param(["ab", "cd", "ef"], ["cd", "ef"], True, True, id="at rest, downwards"),
        pytest.param(["ab", "cd", "ef"], ["xa", "bc"], False, False, id="moved down, and b | e out of sight"),
        pytest.param(["ab", "cd", "ef"], ["bc", "de"], True, True, id="all moved down by one new"),
        pytest.param(
            ["ab", "cd", "ef"], ["xa", "bc"], True, False, id="moved down too far to show the last page"
        ),
        pytest.param(
            ["ab", "cd", "efg"],
            ["xa", "bcde"],
            True,
            True,
            id="a whole page of new ones, all the rest in sight",
        ),
        pytest.param(["ab", "cd", "ef"], ["xa", "cd"], False, False, id="moved down during the way back"),
        pytest.param(["ab", "de", "fg"], ["bc", "de"], False, False, id="moved up on the way down"),
        pytest.param(["ab", "cd", "ef"], ["ax", "bc"], False, False, id="something new in between"),
        pytest.param(["ab", "cd", "ef"], ["de", "fg"], True, False, id="moved up, downwards"),
        pytest.param(["ab", "bc", "de"], ["xa", "bc"], False, False, id="met twice"),
        pytest.param(["ab", "bc", "de"], ["ab", "bc"], False, False, id="met twice, and just the same"),
        pytest.param(["ab", "cd"], ["xy"], False, False, id="nothing in common"),
        pytest.param(["ab", "c"], [""], True, False, id="the last page is gone"),
    ],
)
def test_when_two_sweeps_agree(older: list[str], newer: list[str], from_second: bool, agreed: bool) -> None:
    assert reads_agree(older, newer, from_second=from_second) is agreed


def test_what_other_sweeps_met_stands_after_its_upper_neighbour() -> None:
    assert merge_reads("abcd", [["xa", "bd"], ["ay", "cz"]]) == list("xaybczd")
    assert merge_reads("aba", [[]]) == ["a", "b"]
