"""The command line: the same jobs without Airflow."""

if __name__ != "servanda.cli":
    raise ImportError("import servanda.cli: this folder is a part of the package servanda")
