"""Pictures that may hold a document's words, and those that look like photographs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from servanda.scrapers.documents.page_parts import in_furniture, is_hidden

LEAST_PICTURE = 120
"""Pixels. A smaller picture, where its size is stated, is an icon."""

LARGEST_ICON = 512
"""The grid that icons are drawn on. A larger drawing shows something."""

_PIXELS = re.compile(r"([0-9]{1,5})(?:px)?")
_BACKGROUND = re.compile(r"background(-image)?\s*:[^;]*url\(", re.IGNORECASE)

_ICON = re.compile(r"logo|icon|icono|avatar|spinner|sprite|share|banner|escudo|flag|bandera", re.IGNORECASE)


def pictures_in(main: Any) -> Iterator[Any]:
    for image in main.iter("img", "canvas"):
        if not in_furniture(image) and not _is_icon(image):
            yield image


def is_photograph(image: Any) -> bool:
    width, height = _size(image)
    if width is not None and height is not None and width > height:
        return True
    return any(one.tag == "figure" and one.find(".//figcaption") is not None for one in image.iterancestors())


def count_drawings(page: Any) -> int:
    """Pictures without an element of their own: drawings in the page, and backgrounds of empty elements."""
    drawn = [
        one
        for one in page.iter("svg")
        if not any(around.tag in ("a", "button", "span", "i") for around in one.iterancestors())
        and max(_measures(one), default=0) > LARGEST_ICON
    ]
    backed = [
        one
        for one in page.xpath("//body//*[contains(@style, 'background')]")
        if _BACKGROUND.search(one.get("style")) and not one.text_content().strip()
    ]
    return sum(not in_furniture(one) and not is_hidden(one) for one in (*drawn, *backed))


def _measures(drawing: Any) -> list[float]:
    grid = re.findall(r"[0-9]+(?:\.[0-9]+)?", drawing.get("viewbox") or "")[2:4]
    return [float(size) for size in (*grid, *_size(drawing)) if size is not None]


def _size(image: Any) -> tuple[int | None, int | None]:
    width, height = (_PIXELS.fullmatch((image.get(name) or "").strip()) for name in ("width", "height"))
    return width and int(width[1]), height and int(height[1])


def _is_icon(image: Any) -> bool:
    small = any(size is not None and size < LEAST_PICTURE for size in _size(image))
    named = " ".join(image.get(name) or "" for name in ("src", "class", "id"))
    return small or bool(_ICON.search(named))
