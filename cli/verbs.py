"""The verbs of the command line, each with where it is defined and the first sentence of its help."""

from __future__ import annotations

from servanda.cli.lazy_commands import LazyVerb

VERBS = {
    "run": LazyVerb("servanda.cli.jobs", "Collect, assess and notify once."),
    "collect": LazyVerb(
        "servanda.cli.jobs",
        "Read the sources: all, or the ones named; now, or over a range of days.",
    ),
    "assess": LazyVerb("servanda.cli.jobs", "Judge every window; record and alert what changed."),
    "notify": LazyVerb(
        "servanda.cli.jobs", "Send what is waiting to be sent; exit code 1 where mail does not leave."
    ),
    "status": LazyVerb("servanda.cli.show", "Windows and commitments: what is known."),
    "window": LazyVerb(
        "servanda.cli.show", "One window in full: derivation, verdict, duties, readings, coverage."
    ),
    "coverage": LazyVerb(
        "servanda.cli.show",
        "What became of each source's time: covered, failed, blocked or not read.",
    ),
    "documents": LazyVerb("servanda.cli.show", "The documents that listings named, newest first."),
    "evidence": LazyVerb(
        "servanda.cli.show",
        "What matched which commitment, with the passages; near misses included.",
    ),
    "sources": LazyVerb("servanda.cli.sources", "The sources and their routes, and how they do."),
    "document": LazyVerb(
        "servanda.cli.document",
        "One document over time: what listings said, its contents, edits, withdrawals, and what rests on it.",
    ),
    "review": LazyVerb(
        "servanda.cli.decisions",
        "Candidates, evidence, shortlists and doubtful documents that wait for a person.",
    ),
    "condition": LazyVerb("servanda.cli.decisions", "Record that the condition of WINDOW is met or not."),
    "calendar": LazyVerb(
        "servanda.cli.publishing",
        "The windows as an iCalendar file: what is due when, with alarms.",
    ),
    "feed": LazyVerb(
        "servanda.cli.publishing",
        "What happened to the instruments as an Atom feed: the newest 100 alerts.",
    ),
    "export": LazyVerb(
        "servanda.cli.export",
        "All of a subject as CSV or JSON, safe to open in a spreadsheet (see docs/exports.md).",
    ),
    "alerts": LazyVerb(
        "servanda.cli.alerts",
        "What was told to whom, when, and with what answer; what waits; what was not told, and why.",
    ),
    "silence": LazyVerb(
        "servanda.cli.alerts",
        "What is not to be told for a while; the end of a window, its final word and corrections always are.",
    ),
    "watchers": LazyVerb("servanda.cli.watchers", "Who gets mail, and about what."),
    "bounces": LazyVerb(
        "servanda.cli.bounces",
        "Mails that came back: addresses that are dead are suspended after some of them.",
    ),
    "capture": LazyVerb("servanda.cli.captures", "The bytes of every exchange, as they were received."),
    "backup": LazyVerb(
        "servanda.cli.backups",
        "Copy database, archive and secret into one folder, while the monitor goes on.",
    ),
    "restore": LazyVerb(
        "servanda.cli.backups",
        "Bring a backup back to where the settings say; its mails wait until `servanda mail release`.",
    ),
    "mail": LazyVerb("servanda.cli.backups", "Mails that a restored copy holds back."),
    "catalogue": LazyVerb("servanda.cli.catalogue", "The instruments and sources as data."),
    "web": LazyVerb(
        "servanda.cli.web",
        "Serve the desk, the pages to which mails link, calendars and feeds, until Ctrl-C.",
    ),
    "site": LazyVerb(
        "servanda.cli.site",
        "Write what everybody may see as a site of files: DIR can be published as it is.",
    ),
    "watchdog": LazyVerb(
        "servanda.jobs.watchdog.command", "Tell the operator when the monitor has gone silent."
    ),
}
