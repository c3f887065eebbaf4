"""``python -m servanda.demo.pictures``: draws the demo's mails as the documents show them, with Chromium."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from tempfile import TemporaryDirectory

OUTBOX = Path("var/demo/outbox")
PICTURES = Path("docs/pictures")
LIGHT, DARK = 1, 0
"""What Chromium calls the reader's preference."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The first mail whose subject holds ``says``, in a window of so many CSS pixels."""

    name: str
    says: str
    scheme: int
    width: int
    height: int


DRAWN = (
    Picture("flag", "Window ended, no announcement accepted", LIGHT, 760, 1080),
    Picture("quiet-week", "Nothing to tell, but not all was seen", DARK, 500, 1040),
)


def draw(picture: Picture, browser: str, folder: Path) -> Path:
    """Draw one; LookupError where the demo has sent no such mail."""
    page = folder / f"{picture.name}.html"
    page.write_text(_html(picture.says), encoding="utf-8")
    drawn = PICTURES / f"{picture.name}.png"
    options = (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        f"--blink-settings=preferredColorScheme={picture.scheme}",
        f"--window-size={picture.width},{picture.height}", f"--screenshot={drawn.resolve()}",
    )  # fmt: skip
    subprocess.run([browser, *options, page.as_uri()], check=True, capture_output=True, timeout=60)
    return drawn


def _html(says: str) -> str:
    for path in sorted(OUTBOX.glob("*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=default)
        part = message.get_body(("html",))
        if says in str(message["Subject"]) and part is not None:
            return str(part.get_content())
    raise LookupError(f"no mail in {OUTBOX} says “{says}”; `make demo` writes them")


def main() -> int:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        print("pictures need chromium", file=sys.stderr)
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        for picture in DRAWN:
            print(draw(picture, browser, Path(folder)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
