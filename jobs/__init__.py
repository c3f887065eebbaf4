"""The meeting point: gather, decide, record."""

if __name__ != "servanda.jobs":
    raise ImportError("import servanda.jobs: this folder is a part of the package servanda")
