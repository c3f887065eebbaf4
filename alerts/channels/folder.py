"""Mails as files, for whoever has no mail server: one ``.eml`` each, as any mail program opens it."""

from __future__ import annotations

import hashlib
import re
from email.parser import BytesHeaderParser
from pathlib import Path
from tempfile import NamedTemporaryFile

from servanda.alerts.channels.delivery import ClosingSender, DeliveryError, Receipt, RecheckContent

NAME_LIMIT = 120


class FolderSender(ClosingSender):
    """Writes each mail to ``folder``, named by its Message-ID: the same Message-ID, the same file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(
        self,
        envelope: bytes,
        sender: str,  # noqa: ARG002
        recipient: str,  # noqa: ARG002
        recheck_before_content: RecheckContent | None = None,
    ) -> Receipt:
        """Written whole or not at all; an unwritable folder is a DeliveryError that passes."""
        path = self._folder / file_name(envelope)
        content = envelope if recheck_before_content is None else recheck_before_content()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            _write_whole(path, content)
        except OSError as error:
            words = f"{path} could not be written: {error}"
            raise DeliveryError(False, 0, words, concerns="server") from error
        return Receipt(250, f"written to {path}")


def file_name(envelope: bytes) -> str:
    """A file name from the mail's Message-ID; ValueError where it has none."""
    message_id = str(BytesHeaderParser().parsebytes(envelope)["Message-ID"] or "").strip()
    if not message_id:
        raise ValueError("a mail without Message-ID has no name to be kept under")
    name = message_id.strip("<>")
    safe = re.sub(r"[^A-Za-z0-9@._-]", "_", name).lstrip(".")
    if safe != name or len(safe) > NAME_LIMIT:
        safe = f"{safe[:NAME_LIMIT]}-{hashlib.sha256(message_id.encode()).hexdigest()[:12]}"
    return f"{safe}.eml"


def _write_whole(path: Path, content: bytes) -> None:
    with NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".tmp", delete=False) as draft:
        written = Path(draft.name)
        try:
            draft.write(content)
            draft.close()
            written.replace(path)
        except OSError:
            written.unlink(missing_ok=True)
            raise
