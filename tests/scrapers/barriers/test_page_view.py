"""What a response shows at a glance: quick ways to look see what plain ways see."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.scrapers.barriers.page_view import PageView
from servanda.scrapers.exchange import Exchange

WHOLE_ELEMENT = re.compile(
    r"<(script|style|template|noscript|svg|title)\b[^>]*>.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL
)
PIECES = st.lists(
    st.sampled_from(
        ["<script>", "</script>", "</script >", "<script", "<style media=all>", "</style>", "<svg>", "</svg>",
         "<title>", "</title>", "<titles>", "<noscript>", "</noscript>", "<!--", "-->", "->", "<p>", "</p>",
         "a word", " ", "if (a < b) c", ">", "Á", "é", "’", "&amp;", "\n"]
    ),
    max_size=25,
)  # fmt: skip


def sight(markup: str) -> PageView:
    body = markup.encode()
    return PageView(
        Exchange(
            url="https://press.example/a", final_url="https://press.example/a", request_headers=(), status=200,
            reason="OK", headers=(("Content-Type", "text/html"),), wire=body, body=body,
            sha256=sha256(body).hexdigest(), at=datetime(2019, 6, 7, tzinfo=UTC), seconds=0.1,
        )
    )  # fmt: skip


@given(PIECES)
def test_unseen_elements_are_left_out_as_one_pattern_would(pieces: list[str]) -> None:
    seen = sight("".join(pieces))
    without = re.sub(r"<[^<>]*>", " ", WHOLE_ELEMENT.sub(" ", seen.markup))
    assert seen.text == " ".join(without.replace("&amp;", "&").split())


@pytest.mark.parametrize(
    "written, shown",
    [
        ("Página NO Encontrada", "página no encontrada"),
        ("INICIAR SESIÓN, CANCELACIÓN DEL AÑO, ÁÉÍÓÚÜÑ", "iniciar sesión, cancelación del año, áéíóúüñ"),
        ("We’ll  be\n back\xa0soon", "we'll be back soon"),
    ],
)
def test_all_is_in_lower_case_with_even_white_space(written: str, shown: str) -> None:
    assert sight(written).markup == shown


@pytest.mark.parametrize(
    "markup, holds",
    [
        ("<TIME datetime=2019>", True),
        ("<timer>", False),
        ('<meta property="article:published_time">', True),
        ('"datePublished": "2019"', True),
        ("<article class=a>", True),
        ("<articles>", False),
        ("<p>an article of our time</p>", False),
    ],
)
def test_a_publication_is_dated_or_marked(markup: str, holds: bool) -> None:
    assert sight(markup).holds_publication is holds
