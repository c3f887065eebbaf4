"""The files that the scripts write."""

DOCUMENTS = "documents.jsonl"
"""One JSON object a document: url, title, published (RFC 822), text."""
