"""One document: fetch, archive, extract, read again, observe."""
