"""Contact with publishers: fetch, read, refuse what is not understood. No opinion on compliance, no SQL."""

if __name__ != "servanda.scrapers":
    raise ImportError("import servanda.scrapers: this folder is a part of the package servanda")
