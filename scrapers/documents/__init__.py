"""Title, date, digest and text of a page or a PDF."""
