"""Check the labelled matching set: its form, its labels, its references, and that no text is a near copy.

Usage: python3 check.py [SHARED]

SHARED is the folder that holds `brief/` and `real/`. Without it, or where a file is absent there, the
quotes and the references to real texts are not looked up, and the output says how many were.
Exit status 0 if all holds, 1 if anything does not.
"""

import hashlib
import html
import json
import re
import sys
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
STYLES = {"official release", "statement", "transcript", "fact sheet", "statistics", "legal notice"}
SPLITS = {"tune", "frozen"}
FIELDS = {
    "id",
    "instrument",
    "title",
    "publisher",
    "party",
    "published",
    "language",
    "url",
    "style",
    "kind",
    "evidence",
    "restates",
    "announces",
    "split",
}
LEAST_ROWS = 400
LEAST_NEGATIVES = 150
LEAST_POSITIVES = {"us-mexico-2019": 12, "ice-pact-2024": 6, "palenque-2023": 6}
SHORTEST, LONGEST, MOST_PARAGRAPHS = 40, 300, 6
GRAM, NEAR_COPY = 5, 0.5

Row = dict[str, Any]


def read_rows(name: str, problems: list[str]) -> list[Row]:
    """The JSON objects of a file, one a line."""
    rows: list[Row] = []
    for number, line in enumerate((HERE / name).read_text(encoding="utf-8").splitlines(), 1):
        try:
            rows.append(json.loads(line))
        except json.JSONDecodeError as error:
            problems.append(f"{name}:{number}: {error}")
    return rows


def day(value: Any) -> date | None:
    """The date, or None where the value is not one."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def squeeze(text: str) -> str:
    """The text with every run of white space made one space."""
    return " ".join(text.split())


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def paragraphs(path: Path, by: str) -> list[str]:
    """The paragraphs of a real text, parted by blank lines or, `by` line, one for each line not blank."""
    text = path.read_text(encoding="utf-8")
    parts = text.split("\n") if by == "line" else re.split(r"\n[ \t\r]*\n", text)
    return [part for part in parts if part.strip()]


def plain(part: str, path: Path) -> str:
    """A paragraph as it is read: without the tags and entities of an HTML page."""
    if path.suffix == ".html":
        part = html.unescape(re.sub(r"<[^>]+>", "", part))
    return squeeze(part)


def grams(text: str) -> set[tuple[str, ...]]:
    """The runs of five words in a text."""
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[i : i + GRAM]) for i in range(len(words) - GRAM + 1)}


class Check:
    """One run over the set."""

    def __init__(self, shared: Path | None) -> None:
        self.shared = shared
        self.problems: list[str] = []
        self.texts: dict[str, str] = {}
        self.looked_up: Counter[str] = Counter()
        self.instruments: dict[str, Row] = {}
        self.commitments: dict[str, set[str]] = {}

    def say(self, where: str, what: str) -> None:
        self.problems.append(f"{where}: {what}")

    def file(self, relative: str) -> Path | None:
        """A file below the shared folder, where it is present."""
        path = self.shared / relative if self.shared else None
        return path if path and path.is_file() else None

    def check_instruments(self) -> None:
        loaded = json.loads((HERE / "instruments.json").read_text(encoding="utf-8"))
        for item in loaded["instruments"]:
            name = item["id"]
            if name in self.instruments:
                self.say(name, "instrument twice")
            self.instruments[name] = item
            ids = [commitment["id"] for commitment in item["commitments"]]
            self.commitments[name] = set(ids)
            if len(ids) != len(set(ids)):
                self.say(name, "commitment twice")
            if day(item["date"]) is None:
                self.say(name, "date")
            self.check_window(name, item)
            self.check_quotes(name, item)

    def check_window(self, name: str, item: Row) -> None:
        window = item["window"]
        if window is None:
            return
        first, last = day(window["first_day"]), day(window["last_day"])
        if window["commitment"] not in self.commitments[name]:
            self.say(name, f"window of an unknown commitment {window['commitment']}")
        if first is None or last is None or not item["date"] < window["first_day"] < window["last_day"]:
            self.say(name, "window dates")

    def check_quotes(self, name: str, item: Row) -> None:
        path = self.file(item["text"]["file"])
        for commitment in item["commitments"]:
            if not (commitment["quote"].strip() and commitment["counts"].strip()):
                self.say(name, f"{commitment['id']} lacks its quote or what counts")
        if path is None:
            return
        if digest(path) != item["text"]["sha256"]:
            self.say(name, f"digest of {item['text']['file']}")
        whole = squeeze(path.read_text(encoding="utf-8"))
        for commitment in item["commitments"]:
            self.looked_up["quotes"] += 1
            if squeeze(commitment["quote"]) not in whole:
                self.say(name, f"quote of {commitment['id']} does not stand in the text")

    def check_row(self, row: Row) -> None:
        name = str(row.get("id"))
        odd = set(row) ^ FIELDS
        if odd not in ({"text"}, {"real"}):
            self.say(name, f"fields missing or unknown: {sorted(odd)}")
            return
        instrument = self.instruments.get(row["instrument"])
        if instrument is None:
            self.say(name, f"unknown instrument {row['instrument']}")
            return
        if not re.fullmatch(rf"(um|ic|pa)-{row['language']}-\d{{3}}", name):
            self.say(name, "id")
        for field in ("title", "publisher", "kind"):
            if not (isinstance(row[field], str) and row[field].strip()):
                self.say(name, f"{field} is empty")
        if row["party"] is not None and not re.fullmatch(r"[A-Z]{2}", row["party"]):
            self.say(name, f"party {row['party']}")
        for field, known in (("style", STYLES), ("split", SPLITS), ("language", {"en", "es"})):
            if row[field] not in known:
                self.say(name, f"{field} {row[field]}")
        self.check_labels(name, row, instrument)
        if "text" in row:
            self.check_text(name, row)
        else:
            self.check_real(name, row["real"])

    def check_labels(self, name: str, row: Row, instrument: Row) -> None:
        published = day(row["published"])
        if published is None:
            self.say(name, f"published {row['published']}")
            return
        for field in ("evidence", "restates"):
            unknown = set(row[field]) - self.commitments[row["instrument"]]
            if unknown or len(set(row[field])) != len(row[field]):
                self.say(name, f"{field}: {row[field]}")
        if set(row["evidence"]) & set(row["restates"]):
            self.say(name, "a commitment is both evidenced and only restated")
        if row["evidence"] and row["published"] <= instrument["date"]:
            self.say(name, "evidence not later than the instrument")
        if type(row["announces"]) is not bool:
            self.say(name, "announces")
        elif row["announces"]:
            window = instrument["window"]
            if window is None or not window["first_day"] <= row["published"] <= window["last_day"]:
                self.say(name, "announces outside a window")
            elif window["commitment"] not in row["evidence"]:
                self.say(name, "announces without evidence for the commitment of the window")

    def check_text(self, name: str, row: Row) -> None:
        parts = row["text"].split("\n\n")
        if not 1 <= len(parts) <= MOST_PARAGRAPHS or not all(part.strip() for part in parts):
            self.say(name, f"{len(parts)} paragraphs")
        if not str(row["url"]).startswith("https://example.org/"):
            self.say(name, "an invented row needs an example.org address")
        self.keep(name, row["text"])

    def check_real(self, name: str, real: Row) -> None:
        if set(real) != {"file", "sha256", "paragraphs", "by"} or real["by"] not in ("blank", "line"):
            self.say(name, f"real: {real}")
            return
        path = self.file("real/" + real["file"])
        if path is None:
            return
        self.looked_up["real texts"] += 1
        if digest(path) != real["sha256"]:
            self.say(name, f"digest of {real['file']}")
        parts = paragraphs(path, real["by"])
        first, last = real["paragraphs"]
        if not 0 <= first <= last < len(parts):
            self.say(name, f"paragraphs {first} to {last} of {len(parts)}")
            return
        self.keep(name, "\n\n".join(plain(part, path) for part in parts[first : last + 1]))

    def keep(self, name: str, text: str) -> None:
        words = len(text.split())
        if not SHORTEST <= words <= LONGEST:
            self.say(name, f"{words} words")
        self.texts[name] = text

    def check_copies(self) -> None:
        """No two texts share more than half of the five-word runs of the shorter one."""
        sets = {name: grams(text) for name, text in self.texts.items()}
        where: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
        for name, runs in sets.items():
            for run in runs:
                where[run].append(name)
        shared: Counter[tuple[str, str]] = Counter()
        for names in where.values():
            for i, one in enumerate(names):
                shared.update((one, other) for other in names[i + 1 :])
        for (one, other), count in shared.items():
            share = count / min(len(sets[one]), len(sets[other]))
            if share > NEAR_COPY:
                self.say(f"{one}, {other}", f"near copies, {share:.0%} of the word runs shared")

    def check_files_apart(self, rows: list[Row]) -> None:
        """The passages of one real text stand in one part of the split and do not overlap."""
        parts: defaultdict[str, set[str]] = defaultdict(set)
        taken: defaultdict[str, set[int]] = defaultdict(set)
        for row in rows:
            if "real" in row:
                real = row["real"]
                parts[real["file"]].add(row["split"])
                span = set(range(real["paragraphs"][0], real["paragraphs"][1] + 1))
                if span & taken[real["file"]]:
                    self.say(row["id"], "a paragraph stands in another row")
                taken[real["file"]] |= span
        for name, found in parts.items():
            if len(found) > 1:
                self.say(name, "passages on both sides of the split")

    def check_second(self, rows: list[Row]) -> None:
        second = {row["id"]: row for row in read_rows("labels_second.jsonl", self.problems)}
        if set(second) != {row["id"] for row in rows}:
            self.say("labels_second.jsonl", "ids are not those of documents.jsonl")
        for row in rows:
            labels = second.get(row["id"], {}).get("evidence", [])
            if set(labels) - self.commitments[row["instrument"]]:
                self.say("labels_second.jsonl", f"{row['id']}: {labels}")

    def check_counts(self, rows: list[Row]) -> None:
        repeated = [name for name, count in Counter(row["id"] for row in rows).items() if count > 1]
        if repeated:
            self.say("documents.jsonl", f"ids twice: {repeated}")
        if len(rows) < LEAST_ROWS:
            self.say("documents.jsonl", f"{len(rows)} rows")
        spanish = sum(row["language"] == "es" for row in rows) / len(rows)
        if not 0.45 <= spanish <= 0.55:
            self.say("documents.jsonl", f"{spanish:.0%} Spanish")
        frozen = sum(row["split"] == "frozen" for row in rows) / len(rows)
        if not 0.37 <= frozen <= 0.43:
            self.say("documents.jsonl", f"{frozen:.0%} frozen")
        if sum(not row["evidence"] for row in rows) < LEAST_NEGATIVES:
            self.say("documents.jsonl", "too few hard negatives")
        found = Counter(
            (row["instrument"], commitment, row["language"]) for row in rows for commitment in row["evidence"]
        )
        for instrument, commitments in self.commitments.items():
            for commitment in sorted(commitments):
                each = [found[instrument, commitment, language] for language in ("en", "es")]
                if sum(each) < LEAST_POSITIVES.get(instrument, 0) or 0 in each:
                    self.say(instrument, f"{commitment}: {each[0]} English, {each[1]} Spanish positives")

    def report(self, rows: list[Row]) -> None:
        real = sum("real" in row for row in rows)
        print(f"{len(rows)} rows, {real} of real texts; sha256 {digest(HERE / 'documents.jsonl')}")
        print(f"looked up: {self.looked_up['quotes']} quotes, {self.looked_up['real texts']} real texts")
        for instrument in self.instruments:
            own = [row for row in rows if row["instrument"] == instrument]
            counts = Counter((row["language"], row["split"]) for row in own)
            cells = [
                f"{language} {split} {counts[language, split]}"
                for language in ("en", "es")
                for split in ("tune", "frozen")
            ]
            cells.append(f"with evidence {sum(bool(row['evidence']) for row in own)}")
            cells.append(f"announcements {sum(row['announces'] for row in own)}")
            print(f"{instrument}: {len(own)} rows;", ", ".join(cells))

    def run(self) -> int:
        self.check_instruments()
        rows = read_rows("documents.jsonl", self.problems)
        for row in rows:
            self.check_row(row)
        if not self.problems:
            self.check_copies()
            self.check_files_apart(rows)
            self.check_second(rows)
            self.check_counts(rows)
            if digest(HERE / "documents.jsonl") not in (HERE / "README.md").read_text(encoding="utf-8"):
                self.say("README.md", "does not name the digest of documents.jsonl")
        self.report(rows)
        for problem in self.problems:
            print(problem)
        return 1 if self.problems else 0


if __name__ == "__main__":
    sys.exit(Check(Path(sys.argv[1]) if len(sys.argv) > 1 else None).run())
