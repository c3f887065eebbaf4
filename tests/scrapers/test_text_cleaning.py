"""Text from the web as plain text."""

from __future__ import annotations

import pytest

from servanda.scrapers.exchange import Unrecognised
from servanda.scrapers.text_cleaning import html_to_text, one_line, parse_html, shorten


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  a\u00a0b\t c\r\n d\u2028e\u3000f ", "a b c d e f"),
        ("a\u200bb\u2060c\ufeffd\u00ade", "abcde"),
        ("\u202eevil\u202c \u2066text\u2069", "evil text"),
        ("a\x00b\x1bc\x7fd\x85e", "abcd e"),
        ("a\x1cb\x0bc", "a b c"),
        ("o\ufe0f\u034f\U000e0101k", "ok"),
        ("cafe\u0301", "café"),
        ("\ud800x\ue000y", "xy"),
        ("🇲🇽 Más–que «citas»…", "🇲🇽 Más–que «citas»…"),
        ("\u200b \u2060", ""),
    ],
)
def test_one_visible_line(text: str, line: str) -> None:
    assert one_line(text) == line
    assert one_line(line) == line


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("plain", "plain"),
        ("a < b & c > d", "a < b & c > d"),
        ("R&D; AT&T", "R&D; AT&T"),
        ("AT&amp;T &#8211; M&eacute;xico&#x27;s", "AT&T – México's"),
        ("26<sup>th</sup> of <em>May</em>,", "26th of May,"),
        ("<p>One.</p><p>Two</p>three<br>four<ul><li>five</ul>", "One. Two three four five"),
        ("<script>var a = '<p>';</script><style>p {}</style>text<!-- not this -->", "text"),
        ("<noscript><img src=x></noscript><template>t</template>after", "after"),
        ("a&#0;b&#1;c&#x1f;d&#xFFFE;e&#xD800;f", "abcdef"),
        ("a\x00<b>\x01b</b>", "ab"),
        ("</div></div>text<div", "text"),
        ("<img src=x onerror=alert(1)>", ""),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("", ""),
    ],
)
def test_html_as_text(fragment: str, text: str) -> None:
    assert html_to_text(fragment) == text


@pytest.mark.parametrize(
    "markup", ["", " ", "<!-- -->", "text", "<p", "\x00", "<?xml version='1.0'?><a/>", "<!DOCTYPE html>"]
)
def test_anything_has_a_tree(markup: str) -> None:
    tree = parse_html(markup)
    assert (tree.tag, tree.find("body").tag) == ("html", "body")


def test_a_tree_never_reads_a_file() -> None:
    entity = f'<!DOCTYPE html [<!ENTITY e SYSTEM "file://{__file__}">]><p>&e;</p>'
    assert "test_a_tree_never" not in parse_html(entity).text_content()


@pytest.mark.parametrize(("text", "short"), [("abcde", "abcde"), ("abcdef", "abcd…"), ("abc def", "abc…")])
def test_a_cut_is_shown(text: str, short: str) -> None:
    assert shorten(text, 5) == short


def test_a_page_that_is_nested_too_deeply_is_refused_and_never_cut() -> None:
    """The parser stops at the 256th level, and says so in its log alone."""
    for levels in (250, 300):
        markup = "<html><body>" + "<div>" * levels + "The text." + "</div>" * levels + "<p>After.</p>"
        if levels == 250:
            assert parse_html(markup).text_content() == "The text.After."
        else:
            with pytest.raises(Unrecognised, match="too_deep"):
                parse_html(markup)
        assert html_to_text(markup) == "The text. After."
