"""The pages that watchers reach from their mails, without log-in; and calendars and feeds for anybody."""

if __name__ != "servanda.web":
    raise ImportError("import servanda.web: this folder is a part of the package servanda")
