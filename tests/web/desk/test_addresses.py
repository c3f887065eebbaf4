from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from servanda.web.desk.addresses import TAKEN, Addresses, from_stamp, names_taken, stamp, window_path

END = datetime(2019, 9, 6, 4, tzinfo=UTC)


def test_a_window_has_one_address_in_both_homes() -> None:
    path = window_path("us-mexico-2019", "further-actions-90d", END)
    assert path == "us-mexico-2019/further-actions-90d/as-of/20190906T040000Z"
    assert Addresses("desk").page(path) == f"/{path}"
    assert Addresses("site").page(path) == f"{path}/index.html"


@pytest.mark.parametrize(
    ("here", "spoken", "target", "relative"),
    [
        ("", None, "", "index.html"),
        ("", None, "a/b", "a/b/index.html"),
        ("a/b", None, "", "../../index.html"),
        ("a/b", None, "a", "../index.html"),
        ("a/b", None, "a/b", "index.html"),
        ("a/b", "es", "a", "../index.html"),
        ("", "es", "a/b", "a/b/index.html"),
    ],
)
def test_pages_of_the_site_link_to_each_other_from_where_they_lie(
    here: str, spoken: str | None, target: str, relative: str
) -> None:
    assert Addresses("site", spoken=spoken, here=here).page(target) == relative  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("spoken", "other", "there"),
    [
        (None, "es", "../../es/a/b/index.html"),
        ("es", "en", "../../../a/b/index.html"),
        ("es", "es", "index.html"),
    ],
)
def test_a_page_of_the_site_has_its_twin_in_the_other_language(
    spoken: str | None, other: str, there: str
) -> None:
    assert Addresses("site", spoken=spoken, here="a/b").in_language(other) == there  # type: ignore[arg-type]


def test_files_are_the_same_in_every_language() -> None:
    assert Addresses("site", spoken="es", here="a/b").file("static/x.css") == "../../../static/x.css"
    assert (
        Addresses("desk", root="/servanda", spoken="es", here="a/b").file("static/x.css")
        == "/servanda/static/x.css"
    )


def test_what_is_asked_stays_in_the_address_and_what_is_not_asked_does_not() -> None:
    asked = Addresses("desk", spoken="es", here="", query={"party": "MX", "verdict": "unverified"})
    assert asked.again(verdict=None, ended_after="x y") == "/es/?party=MX&ended_after=x+y"
    assert asked.in_language("en") == "/en/?party=MX&verdict=unverified"


@pytest.mark.parametrize(
    "at",
    [
        END,
        END + timedelta(microseconds=1),
        datetime(2019, 9, 6, tzinfo=timezone(timedelta(hours=-4))),
    ],
)
def test_an_instant_in_an_address_is_read_as_it_was_written(at: datetime) -> None:
    assert from_stamp(stamp(at)) == at


@pytest.mark.parametrize(
    "text", ["", "now", "20190906", "20190906T040000", "20190931T040000Z", "٢٠١٩0906T040000Z1"]
)
def test_what_is_no_instant_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        from_stamp(text)


def test_no_instrument_may_lie_where_other_pages_lie() -> None:
    assert names_taken(("us-mexico-2019", "sources", "es")) == ["es", "sources"]
    assert {"en", "es"} <= TAKEN
