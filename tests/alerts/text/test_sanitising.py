from __future__ import annotations

import unicodedata

import pytest

from servanda.alerts.text.sanitising import LINK_LIMIT, language_tag, link, one_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Joint  Statement\ton Cuba ", "Joint Statement on Cuba"),
        (
            "one\r\ntwo\nthree\x0bfour\x0cfive\x85six\u2028seven\u2029eight",
            "one two three four five six seven eight",
        ),
        ("\x1b[2Jcleared\x07\x00", "[2Jcleared"),
        ("safe\u202egpj.exe\u2066x\u2069\u200fy\u061c", "safegpj.exexy"),
        ("ze\u200bro\u200c-\u200dwi\u2060dth\ufeff so\u00adft", "zero-width soft"),
        ("tag\U000e0041\U000e007f", "tag"),
        ("lone\ud800surrogate", "lonesurrogate"),
        ("pri\ue000vate", "private"),
        ("no\u00a0break\u2003wide", "no break wide"),
        ("Me\u0301xico", "México"),
        ("z" + "\u0335" * 50 + "algo", "z" + "\u0335" * 3 + "algo"),
        ("hangul\u3164filler\u2800", "hangulfiller"),
        ("<b>bold</b> & *strong*", "<b>bold</b> & *strong*"),
        ("", "(empty)"),
        ("\u200b\u202e \n", "(empty)"),
    ],
)
def test_text_becomes_one_visible_line(text: str, shown: str) -> None:
    assert one_line(text) == shown
    assert one_line(shown) == shown


def test_nothing_of_all_unicode_breaks_a_line_or_hides() -> None:
    every = "".join(map(chr, range(0x110000)))
    for start in range(0, len(every), 4000):
        shown = one_line(every[start : start + 4000], 8000)
        assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
        assert len(shown.splitlines()) == 1


def test_length_is_bounded_with_an_ellipsis() -> None:
    assert one_line("x" * 300, 300) == "x" * 300
    assert one_line("x" * 301, 300) == "x" * 299 + "…"
    assert one_line("word " * 10_000, 20) == "word word word word…"
    assert len(one_line("\u200b" * 10_000_000 + "x", 20)) <= 20


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://www.state.gov/us-mexico/", "https://www.state.gov/us-mexico/"),
        ("http://WWW.gob.mx:8080/a?b=1&c=2#d", "http://www.gob.mx:8080/a?b=1&c=2#d"),
        ("https://www.gob.mx/sre/prensa/mañana", "https://www.gob.mx/sre/prensa/ma%C3%B1ana"),
        ("https://www.gob.mx/a%20b", "https://www.gob.mx/a%20b"),
        ('https://www.gob.mx/"onclick="x', "https://www.gob.mx/%22onclick=%22x"),
        ("https://www.gob.mx/<script>", "https://www.gob.mx/%3Cscript%3E"),
        ("https://еxample.org/", "https://xn--xample-2of.org/"),
        ("http://[::1]:8000/x", "http://[::1]:8000/x"),
    ],
)
def test_web_addresses_become_links_in_ascii(url: str, address: str) -> None:
    assert link(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<b>x</b>",
        "file:///etc/passwd",
        "ftp://example.org/x",
        "//example.org/x",
        "/relative",
        "https://",
        "https:///path",
        "https://www.state.gov@evil.example/",
        "https://user:secret@www.state.gov/",
        "https://www.state.gov\\@evil.example/",
        "https://evil.example\\.state.gov/",
        "https://www.state.gov/a b",
        "https://www.state.gov/\r\nx",
        "https://www.state.gov/\u202egnp",
        " https://www.state.gov/",
        "java\tscript:alert(1)",
        "https://www.state.gov:99999/",
        "https://[::1/",
        "https://www.state.gov/" + "x" * LINK_LIMIT,
        "https://www.gob.mx/" + "ñ" * (LINK_LIMIT // 4),
    ],
)
def test_anything_else_is_no_link(url: str) -> None:
    assert link(url) is None


@pytest.mark.parametrize(
    ("given", "tag"),
    [("es", "es"), ("es-MX", "es-MX"), ("", "und"), ('es" onload="x', "und"), ("español", "und")],
)
def test_language_tags(given: str, tag: str) -> None:
    assert language_tag(given) == tag
