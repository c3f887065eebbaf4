"""The pages in headless Chromium: nothing overflows, nothing is refused, and everybody can use them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from support.browser import FOCUS, OVERFLOW, SMALL_TARGETS, Scheme, Width, looking, running_chromium
from support.desk_pages import WINDOW, Reader

pytestmark = [pytest.mark.slow, pytest.mark.browser]

BEFORE = f"{WINDOW}/as-of/20190906T040000Z"
PAGES = [
    "", "?verdict=unverified", "us-mexico-2019", "us-mexico-2019?party=MX", WINDOW, BEFORE,
    f"{WINDOW}/compare/20190906T040000Z/20190913T020000Z", "sources", "sources/mx-presidencia", "documents",
    "documents/71", "evidence/1", "evidence/14", "captures/1", "search", "search?q=guardia+nacional",
    "search?q=nothing+of+the+kind", "alerts", "alerts/17", "watchers", "watchers/1", "no-such-page",
]  # fmt: skip
"""Every kind of page, and each of its states that looks another way."""

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_chromium() as running:
        yield running


@pytest.mark.parametrize(("width", "scheme", "language"), [("wide", "light", "en"), ("narrow", "dark", "es")])
def test_axe_finds_nothing_on_any_page(
    browser: Browser, reader: Reader, width: Width, scheme: Scheme, language: str
) -> None:
    found = {}
    with looking(browser, width, scheme) as seen:
        for path in PAGES:
            seen.page.goto(f"{reader.server}/{language}/{path}")
            result = Axe().run(seen.page, options={"runOnly": TAGS})
            if result.violations_count:
                found[path] = result.generate_report()
    assert found == {}


@pytest.mark.parametrize(
    ("width", "language"), [("wide", "en"), ("narrow", "es"), ("zoomed", "es"), ("zoomed", "en")]
)
def test_no_page_is_wider_than_its_window_and_no_target_is_too_small(
    browser: Browser, reader: Reader, width: Width, language: str
) -> None:
    wrong = {}
    with looking(browser, width) as seen:
        for path in PAGES:
            seen.page.goto(f"{reader.server}/{language}/{path}")
            said = [seen.page.evaluate(OVERFLOW), seen.page.evaluate(SMALL_TARGETS)]
            if said != [0, []]:
                wrong[path] = said
    assert wrong == {}


def test_the_browser_refuses_nothing_and_asks_nobody_else(browser: Browser, reader: Reader) -> None:
    with looking(browser) as seen:
        for path in PAGES[:-1]:
            seen.page.goto(f"{reader.server}/{path}")
    assert seen.complaints == []
    assert {url for url in seen.asked if not url.startswith(reader.server)} == set()


def test_a_page_is_walked_through_by_keyboard_alone(browser: Browser, reader: Reader) -> None:
    """The skip link first; then every control, each seen, outlined and not covered; then round again."""
    with looking(browser) as seen:
        for path in ("", WINDOW, "search?q=guardia"):
            seen.page.goto(f"{reader.server}/{path}")
            count = seen.page.locator("a[href], button, select, input, summary, [tabindex='0']").count()
            for n in range(count):
                seen.page.keyboard.press("Tab")
                focus = seen.page.evaluate(FOCUS)
                if (
                    focus["tag"] == "BODY"
                ):  # the parts of date controls count by themselves, or some are hidden
                    break
                assert focus["seen"] and focus["outlined"] and not focus["covered"], (path, n, focus)
            assert n > 10, path


def test_the_skip_link_leads_past_the_navigation(browser: Browser, reader: Reader) -> None:
    with looking(browser) as seen:
        seen.page.goto(f"{reader.server}/{WINDOW}")
        seen.page.keyboard.press("Tab")
        seen.page.keyboard.press("Enter")
        assert seen.page.evaluate("document.activeElement.id") == "content"


def test_a_reader_finds_what_was_known_before_a_gap_was_closed(browser: Browser, reader: Reader) -> None:
    """From the overview to the window, back to the day of its end, and to the comparison with now; no script."""
    with looking(browser, scripts=False) as seen:
        page = seen.page
        page.goto(f"{reader.server}/")
        page.get_by_role("link", name="Further actions announced within 90 days", exact=True).click()
        assert page.locator("svg.picture.wide").is_visible()
        assert "coverage complete" in page.inner_text("p.answer")
        page.get_by_label("Day", exact=True).fill("2019-09-05")
        page.get_by_role("button", name="View").click()
        assert page.url.endswith(f"{WINDOW}/as-of/20190906T040000Z")
        assert "absence not proven" in page.inner_text("p.answer")
        page.get_by_role("link", name="Compare with now").click()
        assert "Presidencia de la República, prensa: 28 July 2019" in page.inner_text(
            "[aria-labelledby=changes]"
        )


def test_a_reader_searches_and_filters(browser: Browser, reader: Reader) -> None:
    with looking(browser, "narrow", scripts=False) as seen:
        page = seen.page
        page.goto(f"{reader.server}/search")
        page.get_by_label("Words in titles and texts").fill("protección migrantes")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name="Protocolos de Protección a Migrantes se aplican").click()
        assert "it matches" in page.inner_text("[aria-labelledby=why]")
        page.goto(f"{reader.server}/")
        page.get_by_label("Verdict").select_option("unverified")
        page.get_by_role("button", name="Show these").click()
        assert "verdict=unverified" in page.url
        assert page.get_by_label("Verdict").input_value() == "unverified"
        assert "No window matches what you chose." in page.inner_text("main")


def test_a_window_can_be_printed(browser: Browser, reader: Reader) -> None:
    with looking(browser, "narrow") as seen:
        seen.page.goto(f"{reader.server}/{BEFORE}")
        seen.page.emulate_media(media="print")
        assert seen.page.locator("svg.picture.wide").is_visible()
        assert not seen.page.locator("header.top").is_visible()
        assert len(seen.page.pdf(format="A4")) > 20_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_states_differ_by_more_than_colour(browser: Browser, reader: Reader, scheme: Scheme) -> None:
    """In forced colours, where only outlines and patterns are left, no two signs of the legend look alike."""
    with looking(browser, "wide", scheme) as seen:
        seen.page.emulate_media(forced_colors="active", color_scheme=scheme)
        seen.page.goto(f"{reader.server}/{BEFORE}")
        swatches = seen.page.locator(".legend .swatch")
        pictures = [swatches.nth(n).screenshot() for n in range(swatches.count())]
    assert len(pictures) >= 6
    assert len(set(pictures)) == len(pictures)
