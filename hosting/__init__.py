"""The embedded Airflow: `make run`."""

if __name__ != "servanda.hosting":
    raise ImportError("import servanda.hosting: this folder is a part of the package servanda")
