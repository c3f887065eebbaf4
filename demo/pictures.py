"""``python -m servanda.demo.pictures``: draws the demo's mails and pages for the documents, with Chromium."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn

from servanda.demo.prepare import replay_settings
from servanda.jobs.bootstrap.wiring import wire
from servanda.web.app import create_app
from servanda.web.desk.door import Door

DEMO = Path("var/demo")
OUTBOX = DEMO / "outbox"
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


WINDOW_PAGE = "us-mexico-2019/further-actions-90d"

PAGES = (
    Picture("desk-overview", "", LIGHT, 1100, 1500),
    Picture("desk-window", f"{WINDOW_PAGE}/as-of/20190906T040000Z", LIGHT, 1100, 1780),
    Picture("desk-compare", f"{WINDOW_PAGE}/compare/20190906T040000Z/now", LIGHT, 1100, 1500),
    Picture("desk-evidence", "evidence/1", DARK, 1100, 1500),
)
"""Pages of the desk; ``says`` is the path."""


def draw(picture: Picture, browser: str, folder: Path) -> Path:
    """Draw a mail; LookupError where the demo has sent no such one."""
    page = folder / f"{picture.name}.html"
    page.write_text(_html(picture.says), encoding="utf-8")
    return photograph(picture, browser, page.as_uri())


def photograph(picture: Picture, browser: str, address: str) -> Path:
    """Draw what lies at an address."""
    drawn = PICTURES / f"{picture.name}.png"
    options = (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        f"--blink-settings=preferredColorScheme={picture.scheme}",
        f"--window-size={picture.width},{picture.height}", f"--screenshot={drawn.resolve()}",
    )  # fmt: skip
    subprocess.run([browser, *options, address], check=True, capture_output=True, timeout=60)
    return drawn


@contextmanager
def serving_desk(folder: Path) -> Iterator[str]:
    """The address of the desk over the demo's database."""
    with (
        wire(settings=replay_settings(folder)) as wiring,
        socket.create_server(("127.0.0.1", 0)) as listening,
    ):
        config = uvicorn.Config(create_app(wiring, Door()), lifespan="off", log_level="warning")
        server = uvicorn.Server(config)
        serving = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        serving.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        serving.join()


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
    with serving_desk(DEMO) as desk:
        for picture in PAGES:
            print(photograph(picture, browser, f"{desk}/{picture.says}"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
