"""Headless Chromium, as Debian packages it: what a reader's browser makes of a page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from playwright.sync_api import Browser, Dialog, Page, sync_playwright

WIDTHS = {"wide": 1200, "narrow": 360, "zoomed": 320}
"""``zoomed``: what is left of 1280 pixels at 400 %."""

Width = Literal["wide", "narrow", "zoomed"]
Scheme = Literal["light", "dark"]


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """The browser; a test that needs it fails where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "no Chromium on this machine; on Debian: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Seen:
    """A page that is looked at, and what the browser complained of meanwhile."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def refuse(self, dialog: Dialog) -> None:
        """A page that opens a dialog has run a script."""
        self.complaints.append(dialog.message)
        dialog.dismiss()


@contextmanager
def looking(
    browser: Browser, width: Width = "wide", scheme: Scheme = "light", *, scripts: bool = True
) -> Iterator[Seen]:
    context = browser.new_context(
        viewport={"width": WIDTHS[width], "height": 800},
        color_scheme=scheme,
        java_script_enabled=scripts,
        locale="en-GB",
    )
    page = context.new_page()
    seen = Seen(page)
    page.on("console", lambda message: seen.complaints.append(message.text))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("dialog", lambda dialog: seen.refuse(dialog))
    page.on("request", lambda request: seen.asked.append(request.url))
    yield seen
    context.close()


OVERFLOW = "() => document.documentElement.scrollWidth - window.innerWidth"

SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, select, input, summary')]
  .filter(one => one.checkVisibility() && !one.closest('p, td, th, dd, figcaption, li:not(nav li), .skip, h3, h4, mark'))
  .map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24))
  .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""
"""Targets below 24 pixels (WCAG 2.5.8), but for links within sentences and cells, which it leaves out."""

FOCUS = """() => { const one = document.activeElement, box = one.getBoundingClientRect();
  const style = getComputedStyle(one);
  const top = document.elementFromPoint(box.x + Math.min(box.width, 8) / 2, box.y + Math.min(box.height, 8) / 2);
  return {tag: one.tagName, seen: box.bottom > 0 && box.top < window.innerHeight && box.width > 0,
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    covered: !!top && top !== one && !one.contains(top) && !top.contains(one)}; }"""
