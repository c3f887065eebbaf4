"""Contact with people: what an alert carries, says and looks like, and how it travels."""

if __name__ != "servanda.alerts":
    raise ImportError("import servanda.alerts: this folder is a part of the package servanda")
