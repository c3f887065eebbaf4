"""Every relative link leads to a file that exists, and to a heading that it has."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

_LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")


def headings(text: str) -> set[str]:
    """The anchors of a document's headings, as forges make them."""
    found = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found}


def broken(path: Path, target: str) -> str | None:
    """What is wrong with a relative link, None where nothing is."""
    name, _, anchor = target.partition("#")
    leads_to = (path.parent / name).resolve() if name else path
    if not leads_to.exists():
        return f"{path.name}: {target}: there is no such file"
    if anchor and anchor not in headings(leads_to.read_text(encoding="utf-8")):
        return f"{path.name}: {target}: there is no such heading"
    return None


def test_every_relative_link_resolves(documents: dict[str, Any]) -> None:
    links = [
        (document.path, target)
        for document in documents.values()
        for target in _LINK.findall(document.prose)
        if not re.match(r"[a-z]+:", target)
    ]
    assert [wrong for path, target in links if (wrong := broken(path, target))] == []
    assert len(links) > 25


def test_every_document_is_listed_in_the_index(documents: dict[str, Any]) -> None:
    index = documents["docs/README.md"]
    listed = {(index.path.parent / target).resolve() for target in _LINK.findall(index.prose)}
    expected = {
        document.path.resolve()
        for name, document in documents.items()
        if name != "docs/README.md" and not re.match(r"docs/decisions/\d", name)
    }
    assert listed == expected


def test_every_decision_is_listed_with_its_title(documents: dict[str, Any]) -> None:
    index = documents["docs/decisions/README.md"].text
    for name, document in documents.items():
        if number := re.fullmatch(r"docs/decisions/((\d{4})-.*\.md)", name):
            title = document.text.splitlines()[0].removeprefix(f"# {number[2]}: ")
            assert f"| [{number[2]}]({number[1]}) | {title} |" in index


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One heading\n")
    assert broken(page, "page.md#one-heading") is None
    assert "no such file" in (broken(page, "other.md") or "")
    assert "no such heading" in (broken(page, "#two") or "")
