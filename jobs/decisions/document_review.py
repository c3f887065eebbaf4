"""What a person says of a doubtful document. It holds for the content that it was said of, and can be undone.

The next assessment takes it into account; another content of the document asks for another look.
"""

from __future__ import annotations

from servanda.compliance.vocabulary import DocumentAnswer
from servanda.jobs.bootstrap.account import current_account
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.bootstrap.usage import UsageError
from servanda.models.documents.document_reviews import KIND, subject_of
from servanda.models.documents.observations import newest_seen
from servanda.models.documents.versions import versions
from servanda.models.findings import verdicts as findings
from servanda.models.findings.verdicts import Decision


def review_document(
    ledger: Ledger, document: int, answer: DocumentAnswer, *, by: str, reason: str, text_at: str | None = None
) -> str:
    """Record an answer on what was last seen of a document; the digest of that content.

    ``text_at``: where the document's text stands, for who asks later. UsageError where the document was
    never read, or a name or reason is missing.
    """
    for name, value in (("--by", by), ("--reason", reason)):
        if not value.strip():
            raise UsageError(f"{name} is empty; say who looked, and why")
    with ledger.writing() as (db, now):
        version = newest_seen(db, document)
        seen = [one for one in versions(db, document, now) if one.id == version]
        if not seen:
            raise UsageError(
                f"there is no document {document} that was read; `servanda review documents` lists what waits"
            )
        said = reason if text_at is None else f"{reason} (its text stands at {text_at})"
        subject = subject_of(document, seen[0].digest)
        made = Decision(KIND, subject, answer.value, by, said, now, account=current_account())
        findings.record_decision(db, made)
    return seen[0].digest
