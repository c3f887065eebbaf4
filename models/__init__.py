"""Contact with storage: tables, queries named for their questions, and the archive of what was fetched."""

if __name__ != "servanda.models":
    raise ImportError("import servanda.models: this folder is a part of the package servanda")
